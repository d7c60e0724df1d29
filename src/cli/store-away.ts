import type { StoreAway } from '../store/postgres/away.ts'
import { duration } from './round-text.ts'

/** What somebody who waits for a command reads while its database is away. */
export function awayLine({ label, answers, left }: StoreAway): string {
  if (answers) return `The database ${label} answers again.`
  return `The database ${label} does not answer. It is tried for ${duration(left)} more; Ctrl-C is safe: nothing is lost, and nobody is mailed twice.`
}
