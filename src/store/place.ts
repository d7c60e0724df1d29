import { linkSync, renameSync, rmSync, statSync } from 'node:fs'
import { dirname } from 'node:path'
import { OnrecordError } from '../core/errors.ts'
import { syncPath } from './backup-files.ts'

/**
 * Gives a whole, synced file its name, which is on the disk when this returns.
 * @throws OnrecordError `refused` where there is something of that name and `replace` is not set
 */
export function place(part: string, file: string, replace: boolean): void {
  if (replace) renameSync(part, file)
  else if (linked(part, file)) rmSync(part)
  syncPath(dirname(file))
}

/** A link, other than a rename, never replaces what somebody put there in the meantime. */
function linked(part: string, file: string): boolean {
  try {
    linkSync(part, file)
    return true
  } catch (error) {
    if (Reflect.get(Object(error), 'code') === 'EEXIST') throw refuseThere(file)
    // A disk that knows no links, such as a memory stick's.
    renameSync(part, file)
    return false
  }
}

/** There is something of that name. */
export function refuseThere(file: string): OnrecordError {
  if (statSync(file).isDirectory())
    return new OnrecordError('refused', `${file} is a folder, and a file is needed.`, {
      hint: 'name a file in it',
    })
  return new OnrecordError('refused', `${file} is there already; it was not touched.`, {
    hint: 'name another file, or give --force to replace it',
  })
}
