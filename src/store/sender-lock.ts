import { mkdirSync } from 'node:fs'
import { dirname } from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import { messageOf, OnrecordError } from '../core/errors.ts'
import type { SenderLock } from '../delivery/store.ts'

/**
 * Takes the right to send: an exclusive transaction, held open, on a database of its own. The
 * kernel gives it back when the process dies, however it dies; readers and sign-ups never wait for it.
 * @returns null while another sender holds it
 * @throws OnrecordError `io` when the file cannot be opened
 */
export function lockSender(file: string): SenderLock | null {
  mkdirSync(dirname(file), { recursive: true })
  let connection: DatabaseSync | null = null
  try {
    connection = new DatabaseSync(file, { timeout: 0 })
    connection.exec('begin exclusive')
  } catch (error) {
    if (connection?.isOpen) connection.close()
    if (isBusy(error)) return null
    throw new OnrecordError('io', `The sender’s lock ${file} cannot be taken: ${messageOf(error)}.`, {
      cause: error,
      hint: 'check who owns it and its folder, and that the disk has room',
    })
  }
  const held = connection
  return {
    release() {
      if (held.isOpen) held.close()
    },
  }
}

/** SQLITE_BUSY and its extended codes, in their low byte. */
function isBusy(error: unknown): boolean {
  return error instanceof Error && 'errcode' in error && (Number(error.errcode) & 0xff) === 5
}
