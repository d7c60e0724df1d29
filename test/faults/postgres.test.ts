import { expect, onTestFinished, test } from 'vitest'
import { startPostgres } from '../contract/postgres-bed.ts'
import { openFaultBed } from './fault-bed.ts'
import { sendWithEvents } from './several-run.ts'

// `npm run soak -- workers` does the same with 100,000 people, the lease that is usual and more of everything.
test('whatever happens to four workers and to PostgreSQL: nothing is lost, nothing doubled, every sum is the total', async () => {
  const { folder, sink, random } = await openFaultBed({ thinking: 1 })
  const bed = await startPostgres(['fsync=on'])
  onTestFinished(() => bed.stop())
  const people = 3_000
  const told: string[] = []
  const standing = await sendWithEvents({
    ...{ bed, sink, people, folder, random, workers: 4, connections: 3 },
    ...{ lease: 2_000, slice: 100, perSecond: 300 },
    events: ['kill', 'freeze', 'cut', 'restart', 'silence', 'kill', 'cut'],
    say: (text) => told.push(text),
  })
  const { accepted, unknown, most, wrong, looks } = standing
  expect(standing, told.join('\n')).toMatchObject({ state: 'done', lost: 0, duplicates: 0 })
  expect(accepted + unknown).toBe(people)
  expect(unknown).toBeLessThanOrEqual(most)
  expect(wrong).toEqual([])
  expect(looks).toBeGreaterThan(20)
}, 120_000)
