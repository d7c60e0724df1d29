import { existsSync, mkdirSync } from 'node:fs'
import { dirname } from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import { messageOf, OnrecordError } from '../core/errors.ts'
import type { SenderLock } from '../delivery/store.ts'

/**
 * Says that a worker is there, for as long as this process lives: a shared lock on a database of its own, which
 * several may hold. The kernel gives it back when the process dies, however it dies.
 * @throws OnrecordError `io` when the file cannot be opened
 */
export function enterWorker(file: string): SenderLock {
  mkdirSync(dirname(file), { recursive: true })
  try {
    // Whoever looks has it for a moment.
    const connection = new DatabaseSync(file, { timeout: 2_000 })
    connection.exec('begin')
    connection.prepare('select count(*) from sqlite_schema').get()
    return {
      release() {
        if (connection.isOpen) connection.close()
      },
    }
  } catch (error) {
    throw new OnrecordError('io', `The worker’s lock ${file} cannot be taken: ${messageOf(error)}.`, {
      cause: error,
      hint: 'check who owns it and its folder, and that the disk has room',
    })
  }
}

/** Whether a worker is there; null where that cannot be told: on a full disk, or another's files. */
export function hasWorker(file: string): boolean | null {
  if (!existsSync(file)) return false
  let connection: DatabaseSync | null = null
  try {
    connection = new DatabaseSync(file, { timeout: 0 })
    connection.exec('begin exclusive')
    return false
  } catch (error) {
    const busy = error instanceof Error && 'errcode' in error && (Number(error.errcode) & 0xff) === 5
    return busy ? true : null
  } finally {
    if (connection?.isOpen) connection.close()
  }
}
