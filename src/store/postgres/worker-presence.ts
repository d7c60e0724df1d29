import { randomBytes } from 'node:crypto'
import { hostname } from 'node:os'
import type { RoundKind } from '../../delivery/round.ts'
import type { SenderLock } from '../../delivery/store.ts'
import { keepSaying } from './keep-saying.ts'
import { openPool, type Postgres } from './pool.ts'

export interface PresenceOptions {
  /** How often a worker says that it is there, in milliseconds; default 2,000. */
  readonly beat?: number
  /** How long it is taken to be there after that, in milliseconds; default 8,000. */
  readonly gone?: number
  /** This machine's name, or this container's. */
  readonly host?: string
}

const say = `
insert into worker_presence (worker, kind, seen_at) values ($1, $2, database_now())
on conflict (worker) do update set seen_at = excluded.seen_at`

const leave = 'delete from worker_presence where worker = $1'

/** What workers that were killed have left, an hour on. */
const tidy = 'delete from worker_presence where seen_at < database_now() - 3600000'

const seen = `
select exists (
  select 1 from worker_presence
  where kind = $1 and seen_at > database_now() - $2::bigint and starts_with(worker, $3))::int as seen`

/** A probe has an answer by then, in milliseconds: a server that says nothing is not there. */
const PROBE_MS = 3_000

/** Its name begins with its machine's. */
const from = (host: string): string => `${host}/`

/**
 * Says that a worker is there until it is released, again and again: one that was killed, frozen or cut off from the
 * database says nothing more, which neither a lock nor an open connection would tell for hours.
 */
export async function enterPostgresWorker(
  database: Postgres,
  kind: RoundKind,
  { beat = 2_000, host = hostname() }: PresenceOptions = {},
): Promise<SenderLock & { release(): Promise<void> }> {
  const worker = from(host) + randomBytes(12).toString('hex')
  await database.run(tidy)
  return keepSaying(database, { say, leave, values: [worker, kind], beat })
}

/** Whether a worker for this kind of sends is there, on whatever machine. */
export async function hasPostgresWorker(
  database: Postgres,
  kind: RoundKind,
  { gone = 8_000 }: PresenceOptions = {},
): Promise<boolean> {
  return (await database.row(seen, [kind, gone, '']))?.['seen'] === 1
}

/**
 * Whether a worker of this machine, or of this container, is there: what a probe asks on a connection of its own.
 * @throws OnrecordError `io` when the store cannot be reached; it is not waited for
 */
export async function hasWorkerHere(
  url: string,
  kind: RoundKind,
  { gone = 8_000, host = hostname() }: PresenceOptions = {},
): Promise<boolean> {
  const database = openPool(url, { connections: 1, patience: 0 })
  try {
    return (await database.row(seen, [kind, gone, from(host)], PROBE_MS))?.['seen'] === 1
  } finally {
    await database.close()
  }
}
