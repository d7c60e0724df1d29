import { messageOf, OnrecordError } from '../../core/errors.ts'

/**
 * What PostgreSQL refused, or why it cannot be reached, as an error for a person; null for what is no fault of
 * the machine. Codes of PostgreSQL's Appendix A.
 */
export function postgresTrouble(error: unknown, label: string): OnrecordError | null {
  if (error instanceof OnrecordError) return error
  const say = (what: string, hint: string): OnrecordError =>
    new OnrecordError('io', `The store ${label} ${what}.`, { cause: error, hint })
  const code = codeOf(error)
  if (asksForPassword(error))
    return say(
      'asks for a password, and none was given',
      'put it into the address of the database, or into PGPASSWORD',
    )
  if (code === '28P01' || code === '28000')
    return say('refuses us: user or password', 'mend the address of the database, then run the command again')
  if (code === '3D000')
    return say('does not exist', 'make the database (“createdb …”), then run the command again')
  if (code === '42501')
    return say(`refuses us: ${messageOf(error)}`, 'the user of the address must own the database')
  if (code === '53100')
    return say('has no room: the disk is full', 'nothing of this step was kept; make room and run it again')
  if (code === '55P03' || code === '57014')
    return say('is busy with another process for too long', 'run the command again when that one has ended')
  if (code === '25006')
    return say('cannot be written: it is a copy that only reads', 'let DATABASE_URL name the primary server')
  return isUnreachable(error) || isLost(error) ? unreachable(error, label) : null
}

/** Why no connection was made: whatever it was (a name, a certificate, a password that is missing), it is not our fault. */
export function connectionTrouble(error: unknown, label: string): OnrecordError {
  return postgresTrouble(error, label) ?? unreachable(error, label)
}

function unreachable(error: unknown, label: string): OnrecordError {
  return new OnrecordError('io', `The store ${label} cannot be reached: ${messageOf(error)}.`, {
    cause: error,
    hint: 'see that PostgreSQL runs and the address names it; “onrecord doctor” looks at the one of DATABASE_URL',
  })
}

/** Whoever started the command would not wait for a database that was not there. */
export function notWaitedFor(label: string): OnrecordError {
  return new OnrecordError('interrupted', `The store ${label} was not waited for; nothing was done.`)
}

/** Deadlock, serialization failure, somebody else wrote the same key first: nothing was kept, and the same may succeed now. */
export function isConflict(error: unknown): boolean {
  return ['40001', '40P01', '23505'].includes(codeOf(error) ?? '')
}

/** Whether a lock was waited for too long: nothing was kept, and who held it may have ended meanwhile. */
export function isHeldUp(error: unknown): boolean {
  return codeOf(error) === '55P03'
}

/** A name that is not known may be one of a container that is being started. */
const connecting = [
  ...['ECONNREFUSED', 'ENOENT', 'ENOTFOUND', 'EAI_AGAIN', 'ETIMEDOUT', 'EHOSTUNREACH', 'ENETUNREACH'],
  ...['57P03', '53300'],
]

/** Whether a connection could not be made, but may be soon: the server starts, ends, or has no place. */
export function isUnreachable(error: unknown): boolean {
  const code = codeOf(error) ?? ''
  return connecting.includes(code) || isLost(error)
}

/** Whether a connection broke while something was asked on it: whether that was carried out is not known. */
export function isLost(error: unknown): boolean {
  const code = codeOf(error) ?? ''
  if (['ECONNRESET', 'EPIPE', '57P01', '57P02', '25P03'].includes(code) || code.startsWith('08')) return true
  // What pg itself says has no code.
  return (
    error instanceof Error &&
    code === '' &&
    /^(Connection terminated|timeout exceeded|Query read timeout)|not queryable/.test(error.message)
  )
}

/** pg finds that out by itself, while it answers the server. */
function asksForPassword(error: unknown): boolean {
  return error instanceof Error && /client password must be a (non-empty )?string/.test(error.message)
}

function codeOf(error: unknown): string | null {
  return error instanceof Error && 'code' in error && typeof error.code === 'string' ? error.code : null
}
