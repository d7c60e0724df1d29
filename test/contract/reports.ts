import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { countDomains, worstDomains, type DeliveryReports } from '../../src/delivery/report.ts'
import type { Round } from '../../src/delivery/round.ts'
import type { DeliveryStore } from '../../src/delivery/store.ts'
import type { SubscriberStore } from '../../src/subscribers/store.ts'
import { address, addPeople } from '../delivery/people.ts'

/** Open stores on one empty database whose clock the suite sets. */
export interface OpenReports {
  readonly reports: DeliveryReports
  readonly deliveries: DeliveryStore
  readonly subscribers: SubscriberStore
  readonly clock: { time: number }
  close(): Promise<void>
}

/** What every `DeliveryReports` must do, whatever database is behind it. */
export function reportContract(name: string, open: () => Promise<OpenReports>): void {
  describe(`reports on ${name}`, () => {
    let stores: OpenReports
    let round: Round
    beforeEach(async () => {
      stores = await open()
      await addPeople(stores.subscribers, 8, 'x', [
        'One.example',
        'two.example',
        'one.example',
        'one.example',
      ])
      round = await stores.deliveries.openRound({
        ...{ issue: 'i', newsletter: 'weekly', kind: 'real', number: 1, transport: 'smtp://test' },
        ...{ settings: { template: 'weekly 1a' }, editions: { subscriber: 's', member: 'm' } },
      })
    })
    afterEach(() => stores.close())

    const freeze = async (): Promise<void> => {
      while ((await stores.deliveries.freezeChunk(round.id, 100)).more) continue
      await stores.deliveries.seal(round.id)
    }
    /** One is accepted, one refused, one put off until 90,000, one on the wire, the others wait. */
    const sendSome = async (): Promise<void> => {
      await freeze()
      const rows = (await stores.deliveries.claim(round.id, 4)).map(({ id }) => id)
      await stores.deliveries.advance(
        round.id,
        rows.map((id) => ({ settle: null, begin: { id, messageId: `<${id}@x>`, at: 5 } })),
      )
      const ends = [
        { state: 'accepted', reply: '250 ok', class: null, nextAt: null, at: 10 },
        { state: 'rejected', reply: '550 no', class: 'policy', nextAt: null, at: 20 },
        { state: 'deferred', reply: '450 later', class: null, nextAt: 90_000, at: 30 },
      ] as const
      await stores.deliveries.advance(
        round.id,
        ends.map((end, index) => ({ settle: { id: rows[index] ?? 0, ...end }, begin: null })),
      )
    }

    test.each([1, 3, 1_000])('domains are counted whole, whatever a page holds (%i)', async (page) => {
      await sendSome()
      await stores.subscribers.erase(address('x1@One.example'))
      const counts = worstDomains((await countDomains(stores.reports, round.id, { page })) ?? [])
      expect(counts.map(({ domain, total }) => [domain, total])).toEqual([
        ['one.example', 5],
        ['two.example', 2],
        [null, 1],
      ])
      const sum = (of: 'waiting' | 'deferred' | 'accepted' | 'refused') =>
        counts.reduce((total, each) => total + each[of], 0)
      expect([sum('waiting'), sum('deferred'), sum('accepted'), sum('refused')]).toEqual([5, 1, 1, 1])
    })

    test('the latest troubles come first, so many of each kind', async () => {
      await sendSome()
      const troubles = await stores.reports.troubles(round.id, 1)
      expect(troubles.map(({ state, reply, at, nextAt }) => [state, reply, at, nextAt])).toEqual([
        ['deferred', '450 later', 30, 90_000],
        ['rejected', '550 no', 20, null],
      ])
      expect(troubles[1]?.class).toBe('policy')
    })

    test('a round is due for a worker while something waits, or is put off until now; never when paused', async () => {
      const { reports, deliveries } = stores
      const started = stores.clock.time
      expect(await reports.isDue(round.id, started + 60_000)).toBe(false)
      expect(await reports.isDue(round.id, started + 60_001)).toBe(true)
      await freeze()
      expect(await reports.isDue(round.id, started)).toBe(true)
      await deliveries.setState(round.id, 'paused', 'lunch')
      expect(await reports.isDue(round.id, started)).toBe(false)
      await deliveries.setState(round.id, 'sending', null)
      const rows = (await deliveries.claim(round.id, 8)).map(({ id }) => id)
      await deliveries.advance(
        round.id,
        rows.map((id, index) => ({
          settle: {
            ...{ id, state: index === 0 ? 'deferred' : 'rejected', reply: '4', class: null, at: started },
            ...{ nextAt: index === 0 ? started + 500 : null, unbegun: null },
          },
          begin: null,
        })),
      )
      await deliveries.release(round.id)
      expect(await reports.isDue(round.id, started + 499)).toBe(false)
      expect(await reports.isDue(round.id, started + 500)).toBe(true)
    })

    test('what somebody was sent is found by the address they have, the one it went to, and their name', async () => {
      await sendSome()
      const [one, ...more] = await stores.reports.deliveriesTo(address('x1@one.example'))
      expect(more).toEqual([])
      expect(one).toMatchObject({
        round: { id: round.id, issue: 'i', kind: 'real', state: 'sending' },
        template: 'weekly 1a',
        editionHash: 'm',
        tier: 'member',
        state: 'accepted',
        address: 'x1@one.example',
        attempts: 1,
        firstAttemptAt: 5,
        acceptedAt: 10,
        reply: '250 ok',
      })
      const { publicId } = one ?? { publicId: '' }
      expect(await stores.reports.deliveriesTo({ publicId })).toEqual([one])
      expect(await stores.reports.deliveriesAt('i', address('x1@one.example'))).toEqual([one])
      expect(await stores.reports.deliveriesAt('other', address('x1@one.example'))).toEqual([])
    })
  })
}
