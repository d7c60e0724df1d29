import type { Postgres, Session } from './pool.ts'

/** Says that a worker lives: what it has taken is another's as soon as it does not, without waiting for a lease. */
export interface Presence {
  /** Resolves once it is said, anew where the connection that said it broke; to be awaited before anything is taken. */
  ensure(): Promise<void>
}

/** Held alone; `is_gone` (migration 3) tries to share it. */
const hold = 'select pg_try_advisory_lock(7144, hashtext($1))::int as held'

/** Said by a lock on a connection of its own, which ends with the process, however it ends, or with the pool. */
export function createPresence(database: Postgres, worker: string): Presence {
  let session: Session | null = null
  let held = false
  let saying: Promise<void> | null = null
  const open = async (): Promise<Session> => {
    const opened = await database.session()
    session = opened
    opened.onBroken(() => {
      opened.close(true)
      session = null
      held = false
      // At once, though nothing is to be taken soon: without it what this worker has would be another's.
      ensure().catch(() => undefined)
    })
    return opened
  }
  const say = async (): Promise<void> => {
    const speaker = session ?? (await open())
    // Not held: the server has not noticed yet that the connection before broke, and that one says it still.
    held = (await speaker.row(hold, [worker]))?.['held'] === 1
  }
  const ensure = async (): Promise<void> => {
    if (held) return
    saying ??= say().finally(() => (saying = null))
    await saying
  }
  return { ensure }
}
