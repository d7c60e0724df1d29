import { readdirSync, readFileSync } from 'node:fs'
import { openPool, type Postgres } from '../../src/store/postgres/pool.ts'
import { startPostgres } from '../../test/contract/postgres-bed.ts'
import { cpuOf } from '../send/children.ts'

/** What PostgreSQL has done up to a moment, or between two. */
export interface Work {
  readonly statements: number
  /** Octets of write-ahead log. */
  readonly wal: number
  /** Seconds of a core, of all its processes. */
  readonly cpu: number
}

/** The statement that took longest. */
export interface Longest {
  readonly ms: number
  /** Its first words. */
  readonly what: string
}

/** A database of its own, and who counts what is done in it. */
export interface Counted {
  readonly url: string
  readonly database: Postgres
  work(): Promise<Work>
  /** Counts the longest statement from here on. */
  reset(): Promise<void>
  /** Since the last reset; but for the counting itself. */
  longest(): Promise<Longest>
  close(): Promise<void>
}

export interface Server {
  /** A fresh database with the newest schema. */
  create(): Promise<Counted>
  version(): Promise<string>
  stop(): Promise<void>
}

/** As in earnest: nothing of what makes a commit last is left out. */
const settings = [
  ...['fsync=on', 'synchronous_commit=on', 'full_page_writes=on', 'shared_buffers=1GB', 'max_wal_size=4GB'],
  ...['autovacuum_naptime=60s', 'max_connections=100'],
  ...['shared_preload_libraries=pg_stat_statements', 'pg_stat_statements.track=top'],
]

/** Marks what the bench asks itself, which does not count. */
const OURS = '/* bench */'

const sums = `select ${OURS} coalesce(sum(calls), 0)::bigint as statements,
  (pg_current_wal_insert_lsn() - '0/0')::bigint as wal
from pg_stat_statements s join pg_database d on d.oid = s.dbid
where d.datname = current_database() and s.query not like '%${OURS}%'`

const slowest = `select ${OURS} s.query, s.max_exec_time as ms
from pg_stat_statements s join pg_database d on d.oid = s.dbid
where d.datname = current_database() and s.query not like '%${OURS}%' order by s.max_exec_time desc limit 1`

export async function startServer(): Promise<Server> {
  const bed = await startPostgres(settings)
  const create = async (): Promise<Counted> => {
    const { url, close } = await bed.open()
    await close()
    // One connection, so that what is set stays set.
    const database = openPool(url, { connections: 1 })
    await database.script('create extension pg_stat_statements')
    await database.script('set statement_timeout = 0')
    return {
      url,
      database,
      async work() {
        const row = (await database.row(sums)) ?? {}
        const cpu = cpuOfAll(bed.process.pid)
        return { statements: Number(row['statements']), wal: Number(row['wal']), cpu }
      },
      reset: () => database.script(`select ${OURS} pg_stat_statements_reset()`),
      async longest() {
        const row = (await database.row(slowest)) ?? {}
        return { ms: Number(row['ms']), what: String(row['query']).trim().replace(/\s+/g, ' ').slice(0, 60) }
      },
      close: () => database.close(),
    }
  }
  return {
    create,
    async version() {
      const { database, close } = await create()
      const row = await database.row('show server_version')
      await close()
      return String(row?.['server_version'])
    },
    stop: () => bed.stop(),
  }
}

/** Of the server, of those that serve a connection, and of those that did. */
function cpuOfAll(postmaster: number): number {
  const children = readdirSync('/proc').filter((name) => /^\d+$/.test(name) && parentOf(name) === postmaster)
  const sum = children.reduce((all, pid) => all + (cpuOf({ pid: Number(pid) }) || 0), 0)
  return sum + cpuOf({ pid: postmaster }, true)
}

function parentOf(pid: string): number {
  try {
    const [, fields = ''] = readFileSync(`/proc/${pid}/stat`, 'utf8').split(') ')
    return Number(fields.split(' ')[1])
  } catch {
    // It has just ended.
    return 0
  }
}
