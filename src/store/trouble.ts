import { statSync } from 'node:fs'
import { dirname } from 'node:path'
import { messageOf, OnrecordError } from '../core/errors.ts'

/**
 * What SQLite refused, as an error for a person that names the file and the next step; null for what
 * is no fault of the machine. Codes of sqlite3.h.
 */
export function storeTrouble(error: unknown, file: string, noun = 'The store'): OnrecordError | null {
  const code = sqliteCode(error)
  const say = (what: string, hint: string): OnrecordError =>
    new OnrecordError('io', `${noun} ${file} ${what}.`, { cause: error, hint })
  switch (code) {
    case 5: // busy
      return say('is busy with another process for too long', 'run the command again when that one has ended')
    case 8: // readonly
      return say('cannot be written', 'check who owns it and its folder, and that the disk is not read-only')
    case 10: // ioerr
      return say(
        'met an error of the disk',
        'nothing of this step was kept; look at the disk (room, limits, its log), then run the command again',
      )
    case 11: // corrupt
      return say('is damaged', RESTORE)
    case 26: // notadb
      return say('is no database, or is damaged', RESTORE)
    case 13: // full
      return say('has no room: the disk is full', 'nothing of this step was kept; make room and run it again')
    case 14: // cantopen
      return say(
        `cannot be opened: ${whyNot(file)}`,
        'DATABASE_URL says where it is; mend that and run the command again',
      )
    default:
      return null
  }
}

const RESTORE = '“onrecord restore <backup>” puts the last backup in its place, and keeps this file beside it'

/** SQLite's result code without its extension, which is above the low byte; null for other errors. */
export function sqliteCode(error: unknown): number | null {
  return error instanceof Error && 'errcode' in error ? Number(error.errcode) & 0xff : null
}

function whyNot(file: string): string {
  try {
    if (statSync(file).isDirectory()) return 'it is a folder, and a file is needed'
    return `it, or its folder ${dirname(file)}, is not yours to write`
  } catch (error) {
    return messageOf(error)
  }
}
