import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import type { DeliveryReports } from '../../src/delivery/report.ts'
import { sendIssue } from '../../src/delivery/send-issue.ts'
import type { StartDesk } from '../../src/delivery/start-scheduled.ts'
import { runWorker } from '../../src/delivery/worker.ts'
import type { SubscriberStore } from '../../src/subscribers/store.ts'
import { readyIssue } from '../delivery/desk.ts'
import { addPeople, address } from '../delivery/people.ts'
import { scriptedServer } from '../delivery/scripted-server.ts'

type Desk = StartDesk & { readonly reports: DeliveryReports; readonly subscribers: SubscriberStore }

/** One empty publication whose clock the suite sets. */
export interface OpenRetries {
  readonly clock: { time: number; now(): number }
  /** As another process opens it. */
  worker(): Desk
  close(): Promise<void>
}

const issue = '2025-w46'
const start = Date.parse('2026-11-24T06:30:00Z')
const hour = 3_600_000

/** What every store must do for a worker that tries again for days. */
export function retriesContract(name: string, open: () => Promise<OpenRetries>): void {
  describe(`retries over days, on ${name}`, () => {
    let stores: OpenRetries
    beforeEach(async () => {
      stores = await open()
      stores.clock.time = start
    })
    afterEach(() => stores.close())

    test('whoever is put off is tried again for 48 hours by whatever worker runs then, and no longer', async () => {
      const { clock } = stores
      const random = (): number => 0.5
      const asked = new Map<string, number[]>()
      const server = scriptedServer({
        ...{ connections: 1, random },
        offered({ to }) {
          asked.set(to, [...(asked.get(to) ?? []), (clock.time - start) / hour])
          const isPutOff = to.startsWith('x1') || (to.startsWith('x2') && clock.time < start + 30 * hour)
          const reply = '450 4.2.0 the mailbox is in use'
          return isPutOff ? { state: 'deferred', reply, serverDown: false } : null
        },
      })
      const first = stores.worker()
      await addPeople(first.subscribers, 3, 'x', ['one.test', 'two.test', 'three.test'])
      await sendIssue(first, issue, {
        ...{ transport: server, clock, random },
        ready: async () => readyIssue(issue),
      })
      const round = await first.deliveries.round(issue, 'real')
      const id = round?.id ?? 0
      expect(await first.deliveries.tally(id)).toMatchObject({ accepted: 1, deferred: 2 })

      for (let turns = 0; turns < 40; turns++) {
        const due = await first.deliveries.nextDue(id)
        if (due === null) break
        const desk = stores.worker()
        clock.time = due - 1
        expect(await desk.reports.isDue(id, clock.now())).toBe(false)
        clock.time = due
        const stop = new AbortController()
        await runWorker(desk, {
          ...{ interrupted: stop.signal, every: 1, clock, random, openTransport: async () => server },
          // Its last line of a turn says how the round stands.
          log: (line) => (line.includes('goes on through') ? undefined : stop.abort()),
        })
      }

      expect(await first.deliveries.round(issue, 'real')).toMatchObject({ state: 'done', total: 3 })
      expect(await first.deliveries.tally(id)).toMatchObject({ accepted: 2, rejected: 1, deferred: 0 })
      expect(server.taken).toHaveLength(2)
      const times = asked.get('x1@one.test') ?? []
      // After 5, 10, 20 … minutes, then every four hours.
      expect(times.slice(0, 5).map((each) => Math.round(each * 60))).toEqual([0, 5, 15, 35, 75])
      expect(times.at(-1)).toBeGreaterThan(44)
      expect(times.at(-1)).toBeLessThanOrEqual(48)
      expect(asked.get('x2@two.test')?.at(-1)).toBeGreaterThanOrEqual(30)
      const [gaveUp] = await first.reports.deliveriesTo(address('x1@one.test'))
      expect(gaveUp).toMatchObject({
        state: 'rejected',
        attempts: times.length,
        reply: expect.stringContaining('the mailbox is in use'),
      })
    })
  })
}
