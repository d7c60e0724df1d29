import { createHash } from 'node:crypto'
import { setTimeout as sleep } from 'node:timers/promises'
import { Readable } from 'node:stream'
import { pipeline } from 'node:stream/promises'
import pg from 'pg'
import { from as copyFrom } from 'pg-copy-streams'
import { systemClock, type Clock } from '../../core/clock.ts'
import type { Row } from '../subscriber-rows.ts'
import { postgresLabel } from './address.ts'
import { createAway } from './away.ts'
import type { PoolOptions } from './pool-options.ts'
import { ANSWER_TIMEOUT, settingsOf } from './session-settings.ts'
import {
  connectionTrouble,
  isConflict,
  isHeldUp,
  isLost,
  isUnreachable,
  notWaitedFor,
  postgresTrouble,
} from './trouble.ts'
import { sendable, type Value } from './values.ts'

/** Runs statements: the pool, each on its own, or a transaction, together. */
export interface Connection {
  rows(sql: string, values?: readonly Value[]): Promise<readonly Row[]>
  /**
   * The first row, or undefined.
   * @param within milliseconds after which a server that says nothing counts as lost; default: after the server would have ended it
   */
  row(sql: string, values?: readonly Value[], within?: number): Promise<Row | undefined>
  /** How many rows it changed. */
  run(sql: string, values?: readonly Value[]): Promise<number>
  /** Several statements at once, without values. */
  script(sql: string): Promise<void>
  /** @param sql `copy … from stdin` @param lines of `copyLine` */
  copy(sql: string, lines: string): Promise<void>
}

/** An open PostgreSQL store. Whoever opens closes. */
export interface Postgres extends Connection {
  /** Where it is, without user and password. */
  readonly label: string
  readonly clock: Clock
  /**
   * Runs `work` in one transaction (read committed) and commits it durably; rolls back what threw. After a
   * deadlock or a serialization failure, of which nothing was kept, it is run again: it changes nothing
   * but the database.
   */
  transaction<T>(work: (connection: Connection) => Promise<T>): Promise<T>
  /**
   * Runs again what was cut off, so that nobody knows whether it was carried out, and what met a deadlock or was held up.
   * @param work told whether it is run again
   */
  repeat<T>(work: (again: boolean) => Promise<T>): Promise<T>
  /** Runs what another package wrote, with values as pg itself reads them: several statements at once where it has none. */
  foreign(sql: string, values: readonly unknown[]): Promise<{ rows: unknown[] }>
  /** A connection of one's own, for what lasts as long as it: a temporary table, a session's lock. */
  session(): Promise<Session>
  /** It is ready for use: from now on what it is asked has to be answered within `answer` of its options. */
  opened(): void
  close(): Promise<void>
}

/** One connection, until it is closed. */
export interface Session extends Connection, Pick<Postgres, 'transaction'> {
  /** @param destroy ends the connection, and with it what it holds; default: the pool keeps it */
  close(destroy?: boolean): void
  /** Called once should the connection break, and with it what it held. */
  onBroken(tell: () => void): void
}

/** What one process takes of the server's connections at most. */
export const CONNECTIONS = 10

/** How often a transaction is run again after a conflict. */
const CONFLICTS = 6

/** Numbers of 64 bits come as numbers: ids and milliseconds stay below 2^53. */
const types = new pg.TypeOverrides()
types.setTypeParser(pg.types.builtins.INT8, Number)
for (const oid of [pg.types.builtins.JSON, pg.types.builtins.JSONB]) types.setTypeParser(oid, String)

/**
 * A pool of connections to the database of a `postgres://` URL. Connects when first asked; a connection that
 * breaks is replaced. Statements are prepared once a connection: behind a pooler, that has to be one of sessions.
 */
export function openPool(url: string, options: PoolOptions = {}): Postgres {
  const { clock = systemClock, connections = CONNECTIONS, patience = 15_000, atStart = patience } = options
  const { onAway, interrupted, answer = ANSWER_TIMEOUT } = options
  const label = postgresLabel(url)
  const away = createAway(label, onAway)
  const pool = new pg.Pool({
    connectionString: url,
    max: connections,
    types,
    application_name: 'onrecord',
    keepAlive: true,
    connectionTimeoutMillis: patience === 0 ? 10_000 : Math.min(10_000, patience),
    onConnect: (client) => client.query(settingsOf(answer)),
  })
  // One that breaks while nobody uses it: the pool opens another.
  pool.on('error', () => undefined)

  /** Tries again while the server cannot be reached: nothing was asked of it yet. */
  let reached = false
  const connect = async (): Promise<pg.PoolClient> => {
    const deadline = performance.now() + (reached ? patience : atStart)
    for (let pause = 50; ; pause = Math.min(pause * 2, 1_000)) {
      try {
        const client = await pool.connect()
        reached = true
        away.reached()
        return client
      } catch (error) {
        if (!isUnreachable(error) || performance.now() + pause > deadline)
          throw connectionTrouble(error, label)
        away.failed(deadline)
        // What was on the wire is still to be written down: once there was a database, it is waited for.
        const signal = reached ? undefined : interrupted
        await sleep(pause, undefined, { signal }).catch(() => undefined)
        if (signal?.aborted === true) throw notWaitedFor(label)
      }
    }
  }
  const withClient = async <T>(work: (client: pg.PoolClient) => Promise<T>): Promise<T> => {
    const client = await connect()
    // One that breaks in use says so to the statement too.
    const ignore = (): void => undefined
    client.on('error', ignore)
    let broken = false
    try {
      return await work(client)
    } catch (error) {
      broken = isLost(error)
      throw error
    } finally {
      client.off('error', ignore)
      client.release(broken)
    }
  }
  let isOpened = false
  const within = (): number => (isOpened ? answer : ANSWER_TIMEOUT)
  const own = connectionOf((ask) => withClient(ask), within)
  const sessions = new Set<Session>()

  const told = async <T>(work: () => Promise<T>): Promise<T> => {
    try {
      return await work()
    } catch (error) {
      throw postgresTrouble(error, label) ?? error
    }
  }
  return {
    label,
    clock,
    rows: (sql, values) => told(() => own.rows(sql, values)),
    row: (sql, values, within) => told(() => own.row(sql, values, within)),
    run: (sql, values) => told(() => own.run(sql, values)),
    script: (sql) => told(() => own.script(sql)),
    copy: (sql, lines) => told(() => own.copy(sql, lines)),
    transaction: (work) => told(() => withClient((client) => transactionOn(client, work, within()))),
    async repeat(work) {
      const deadline = performance.now() + patience
      for (let again = false; ; again = true) {
        try {
          return await work(again)
        } catch (error) {
          const cause = error instanceof Error ? (error.cause ?? error) : error
          const mayPass = isLost(cause) || isConflict(cause) || isHeldUp(cause)
          if (!mayPass || performance.now() > deadline) throw error
          await sleep(50)
        }
      }
    },
    async foreign(text, values) {
      const client = await told(connect)
      const ignore = (): void => undefined
      client.on('error', ignore)
      let failed = true
      try {
        const asked = { text, types: pg.types, query_timeout: ANSWER_TIMEOUT }
        const found: unknown = await client.query(
          values.length === 0 ? asked : { ...asked, values: [...values] },
        )
        failed = false
        return Array.isArray(found) ? { rows: found.flatMap(rowsOf) } : { rows: rowsOf(found) }
      } finally {
        client.off('error', ignore)
        // It may have begun a transaction that nobody ends.
        client.release(failed)
      }
    },
    async session() {
      const client = await told(connect)
      let broken = false
      let tell = (): void => undefined
      const lost = (): void => {
        if (broken) return
        broken = true
        tell()
      }
      for (const event of ['error', 'end'] as const) client.on(event, lost)
      const session: Session = {
        ...connectionOf((ask) => told(() => ask(client))),
        transaction: (work) => told(() => transactionOn(client, work)),
        onBroken(called) {
          tell = called
          if (broken) called()
        },
        close(destroy = false) {
          if (!sessions.delete(session)) return
          tell = () => undefined
          for (const event of ['error', 'end'] as const) client.off(event, lost)
          client.release(destroy || broken)
        },
      }
      sessions.add(session)
      return session
    },
    opened() {
      isOpened = true
    },
    close() {
      for (const session of sessions) session.close(true)
      return pool.end()
    },
  }
}

async function transactionOn<T>(
  client: pg.PoolClient,
  work: (connection: Connection) => Promise<T>,
  answer = ANSWER_TIMEOUT,
): Promise<T> {
  for (let conflicts = 0; ; conflicts++) {
    try {
      await client.query({ text: 'begin', ...{ query_timeout: answer } })
      const result = await work(connectionOf((ask) => ask(client)))
      await client.query('commit')
      return result
    } catch (error) {
      if (isLost(error)) throw error
      await client.query('rollback')
      if (!isConflict(error) || conflicts === CONFLICTS) throw error
      await sleep(Math.random() * 20 * 2 ** conflicts)
    }
  }
}

/** The same calls on whatever runs a query; `answered`: within how many milliseconds, where nothing else is said. */
function connectionOf(
  on: <T>(ask: (client: pg.PoolClient) => Promise<T>) => Promise<T>,
  answered?: () => number,
): Connection {
  const run = (text: string, values: readonly Value[] = [], within = answered?.()) =>
    on((client) =>
      client.query<Row>({
        ...{ name: nameOf(text), text, values: values.map(sendable) },
        ...(within === undefined ? {} : { query_timeout: within }),
      }),
    )
  return {
    script: async (sql) => void (await on((client) => client.query(sql))),
    copy: (sql, lines) => on((client) => pipeline(Readable.from([lines]), client.query(copyFrom(sql)))),
    rows: async (sql, values) => (await run(sql, values)).rows,
    row: async (sql, values, within) => (await run(sql, values, within)).rows[0],
    run: async (sql, values) => (await run(sql, values)).rowCount ?? 0,
  }
}

/** A statement's name on its connection: every text of ours is a constant, so that there are few. */
const names = new Map<string, string>()
function nameOf(text: string): string {
  const name = names.get(text) ?? createHash('sha256').update(text).digest('hex').slice(0, 24)
  names.set(text, name)
  return name
}

function rowsOf(result: unknown): unknown[] {
  return typeof result === 'object' && result !== null && 'rows' in result && Array.isArray(result.rows)
    ? result.rows
    : []
}
