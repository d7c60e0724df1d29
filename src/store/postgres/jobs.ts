import type { PgBoss } from 'pg-boss'
import type { RoundKind } from '../../delivery/round.ts'
import type { Wakes } from '../../delivery/wakes.ts'
import type { Postgres } from './pool.ts'

/** Where pg-boss keeps its tables, apart from ours. */
const SCHEMA = 'onrecord_jobs'

/** Where its tables cannot be made, it is tried again so much later, in milliseconds; workers look by themselves. */
const AGAIN_MS = 30_000

/** A job says no more than “look”: the worker that has it deletes it, and looks. */
const queueOf = (kind: RoundKind): string => `send-${kind}`

/**
 * `short`: of each key one job waits at most, so that there are never more rows than rounds that are sent. One that
 * nobody took within minutes, or whose worker ended with it in hand, is deleted: workers have looked by then.
 */
const queue = {
  policy: 'short',
  retentionSeconds: 600,
  expireInSeconds: 60,
  deleteAfterSeconds: 60,
  retryLimit: 0,
} as const

/**
 * Wakes workers by jobs of pg-boss, over the connections of the store. It is loaded, and its tables are made, when it is
 * first needed.
 */
export function openJobs(database: Postgres): Wakes & { close(): Promise<void> } {
  let opening: Promise<PgBoss> | null = null
  const open = async (): Promise<PgBoss> => {
    const { PgBoss } = await import('pg-boss')
    const boss = new PgBoss({
      db: { executeSql: (text, values = []) => database.foreign(text, values) },
      schema: SCHEMA,
      schedule: false,
      // What jobs are late or too many is no fault here, and every index is small.
      reindex: false,
      monitorVacuum: false,
    })
    // The store itself may be the trouble, and whoever uses it says so.
    boss.on('error', () => undefined)
    try {
      await boss.start()
      for (const kind of ['real', 'rehearsal'] as const) await create(boss, queueOf(kind))
      return boss
    } catch (error) {
      await end(boss)
      throw error
    }
  }
  const opened = (): Promise<PgBoss> => {
    opening ??= open().catch((error: unknown) => {
      setTimeout(() => (opening = null), AGAIN_MS).unref()
      throw error
    })
    return opening
  }
  return {
    async wake({ id, kind }) {
      await (await opened()).send(queueOf(kind), { round: id }, { singletonKey: String(id) })
    },
    async woken(kind) {
      const boss = await opened()
      const jobs = await boss.fetch(queueOf(kind), { batchSize: 1 })
      for (const { id } of jobs) await boss.deleteJob(queueOf(kind), id)
      return jobs.length > 0
    },
    async close() {
      const boss = await opening?.catch(() => null)
      if (boss) await end(boss)
    },
  }
}

function end(boss: PgBoss): Promise<void> {
  return boss.stop({ graceful: false, close: false })
}

/** Another process may be doing the same. */
async function create(boss: PgBoss, name: string): Promise<void> {
  if ((await boss.getQueue(name)) !== null) return
  try {
    await boss.createQueue(name, queue)
  } catch (error) {
    if ((await boss.getQueue(name)) === null) throw error
  }
}
