import { OnrecordError } from '../core/errors.ts'

/** What the system says about a file, and what to do next. */
const troubles: Readonly<Record<string, readonly [fault: string, next: string]>> = {
  EACCES: ['is not yours to read or write', 'change its permissions, or name another place'],
  EPERM: ['is not yours to read or write', 'change its permissions, or name another place'],
  EROFS: ['is on a file system that cannot be written', 'name a place on another disk'],
  EEXIST: ['is there already', 'name another place, or move it away first'],
  EISDIR: ['is a folder, and a file is needed', 'name a file'],
  ENOTDIR: [
    'cannot be used: it is a file where a folder is needed, or it leads through one',
    'name a folder, or move the file away',
  ],
  ENOTEMPTY: ['is a folder that is not empty', 'name another place, or empty it first'],
  ENOENT: ['is not there, or its folder is not', 'look at the path; make the folder first'],
  ELOOP: ['is a symbolic link that leads back to itself', 'mend the link'],
  ENAMETOOLONG: ['has too long a name', 'choose a shorter one'],
  EINVAL: ['has a name that cannot be used', 'choose another name'],
  EBUSY: ['is in use by another program', 'close that program, and run this again'],
  ETXTBSY: ['is in use by another program', 'close that program, and run this again'],
  EMFILE: ['cannot be opened: too many files are open', 'raise the limit (ulimit -n), and run this again'],
  ENFILE: ['cannot be opened: too many files are open', 'close other programs, and run this again'],
  ENOSPC: ['cannot be written: the disk is full', 'make room, and run this again'],
  EDQUOT: ['cannot be written: your share of the disk is full', 'make room, and run this again'],
  EFBIG: ['is too large for its disk', 'name a place on another disk'],
  EIO: ['cannot be read or written: the disk failed', 'look at the disk, and name a place on another'],
  EXDEV: ['is on another disk', 'name a place on the same disk'],
}

/**
 * What the system refused to do with a file, as an error for a person that names the file and
 * the next step; null for anything else, network errors among them. Errors are told apart by
 * the `code` and the `path` that Node gives to errors of its file system.
 *
 * @param named what the person called the file, where the program works on another
 */
export function asFileTrouble(error: unknown, named: string | null = null): OnrecordError | null {
  if (!(error instanceof Error) || error instanceof OnrecordError) return null
  if (!('code' in error) || typeof error.code !== 'string') return null
  if (!('path' in error) || typeof error.path !== 'string') return null
  const trouble = troubles[error.code]
  if (trouble === undefined) return null
  const [fault, hint] = trouble
  // What is renamed or copied is ours; where it was to go is what the person named.
  const path = named ?? ('dest' in error && typeof error.dest === 'string' ? error.dest : error.path)
  return new OnrecordError('io', `${path} ${fault}.`, { hint, cause: error })
}
