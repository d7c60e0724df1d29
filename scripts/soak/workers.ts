import { spawnSync } from 'node:child_process'
import { mkdirSync } from 'node:fs'
import { join } from 'node:path'
import { startPostgres } from '../../test/contract/postgres-bed.ts'
import { seeded } from '../../test/faults/faults.ts'
import { sendWithEvents, workerEvents, type Event } from '../../test/faults/several-run.ts'
import { startSinkProcess } from '../../test/faults/start-sink.ts'
import type { Part, Row } from './part.ts'

const WORKERS = 4
const CONNECTIONS = 5
const RESTARTS = 2

/** Four workers on PostgreSQL, killed, frozen and cut off at random, and the server restarted twice. */
export async function workersPart(part: Part, people: number): Promise<Row[]> {
  const folder = join(part.folder, 'workers')
  mkdirSync(folder)
  const random = seeded(part.seed)
  const events = Array.from({ length: part.kills }, (_, index): Event => {
    return workerEvents[(index + Math.floor(random() * 2)) % workerEvents.length] ?? 'kill'
  })
  for (let each = 1; each <= RESTARTS; each++)
    events.splice(Math.floor((events.length * each) / (RESTARTS + 1)), 0, 'restart')
  const sink = await startSinkProcess({ thinking: 1 })
  const bed = await startPostgres(['fsync=on', 'synchronous_commit=on', 'full_page_writes=on'])
  try {
    const standing = await sendWithEvents({
      ...{ bed, sink, people, folder, random, events, workers: WORKERS, connections: CONNECTIONS },
      // As they are by default; the pace leaves time for all of it to happen in mid-send.
      ...{ lease: 20_000, slice: 500, perSecond: Math.max(50, people / 300) },
      say: part.say,
    })
    const { state, accepted, unknown, most, lost, duplicates, looks, wrong } = standing
    return [
      {
        what: `${WORKERS} workers on PostgreSQL and ${people.toLocaleString('en')} messages: ${part.kills} times one was killed, frozen, cut off or left in silence, and PostgreSQL was restarted ${RESTARTS} times`,
        bar: `lost 0, duplicates 0, unknown ≤ ${most}, each listed; every sum is the total`,
        found: `lost ${lost}, duplicates ${duplicates}, ${unknown} unknown; ${looks - wrong.length} of ${looks} sums`,
        held:
          state === 'done' &&
          accepted + unknown === people &&
          lost === 0 &&
          duplicates === 0 &&
          unknown <= most &&
          wrong.length === 0,
      },
    ]
  } finally {
    await sink.close()
    await bed.stop()
  }
}

/** The plans of hot statements, and how long reads of a whole round take, on the million rows themselves. */
export function plansPart(part: Part, rows: number): Row[] {
  const root = join(import.meta.dirname, '../..')
  const vitest = join(root, 'node_modules/vitest/vitest.mjs')
  const env = { ...process.env, ONRECORD_PLAN_ROWS: String(rows) }
  const args = [vitest, 'run', 'test/store/postgres/plans.test.ts', '--retry', '0']
  const { status, stdout } = spawnSync(process.execPath, args, { cwd: root, env, encoding: 'utf8' })
  if (status !== 0) part.say(stdout)
  return [
    {
      what: `the plans of PostgreSQL with ${rows.toLocaleString('en')} subscribers and deliveries`,
      bar: 'no big table is read whole, no read of a round takes 0.1 s, a million are frozen in 20 s',
      found: status === 0 ? 'all hold' : 'not all hold',
      held: status === 0,
    },
  ]
}
