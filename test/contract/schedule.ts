import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import type { EditionStore } from '../../src/delivery/editions.ts'
import type { NewScheduled, ScheduleStore } from '../../src/delivery/schedule.ts'
import type { DeliveryStore } from '../../src/delivery/store.ts'
import type { SubscriberStore } from '../../src/subscribers/store.ts'
import { addPeople } from '../delivery/people.ts'
import { sampleEdition } from '../email/sample-edition.ts'

/** Open stores on one empty database whose clock the suite sets; `again`: the same database, as another process. */
export interface OpenSchedule {
  readonly schedule: ScheduleStore
  readonly again: ScheduleStore
  readonly deliveries: DeliveryStore
  readonly editions: EditionStore
  readonly subscribers: SubscriberStore
  readonly clock: { time: number }
  close(): Promise<void>
}

const planned: NewScheduled = {
  issue: '2025-w46',
  kind: 'real',
  number: 1,
  at: 5_000_000,
  newsletter: 'weekly',
  transport: 'smtp://test',
  settings: { from: 'desk@brief.test', template: null },
  editions: { public: 'hash-public', subscriber: 'hash-subscriber', member: 'hash-member' },
}

/** What every `ScheduleStore` must do, whatever database is behind it. */
export function scheduleContract(name: string, open: () => Promise<OpenSchedule>): void {
  describe(`what is scheduled, on ${name}`, () => {
    let stores: OpenSchedule
    beforeEach(async () => {
      stores = await open()
      for (const tier of ['public', 'subscriber', 'member'] as const)
        await stores.editions.save(sampleEdition({ issue: '2025-w46', tier, hash: `hash-${tier}` }))
    })
    afterEach(() => stores.close())

    const set = async (change: Partial<NewScheduled> = {}) => {
      const scheduled = await stores.schedule.set({ ...planned, ...change })
      if (scheduled === null) throw new Error('it was refused')
      return scheduled
    }
    const finish = async (state: 'done' | 'cancelled', number = 1) => {
      const round = await stores.deliveries.openRound({ ...planned, number })
      await stores.deliveries.seal(round.id)
      return stores.deliveries.setState(round.id, state, null)
    }

    test('it is kept whole, one of an issue and a kind, the next first', async () => {
      stores.clock.time = 1_234
      const scheduled = await set()
      expect(scheduled).toEqual({ ...planned, id: scheduled.id, frozenAt: 1_234, held: null })
      expect(await stores.again.get('2025-w46', 'real')).toEqual(scheduled)
      expect(await stores.schedule.get('2025-w46', 'rehearsal')).toBeNull()
      await set({ issue: '2025-w47', at: 4_000_000 })
      await set({ kind: 'rehearsal', at: 6_000_000 })
      const order = (await stores.schedule.list()).map(({ issue, kind }) => `${issue} ${kind}`)
      expect(order).toEqual(['2025-w47 real', '2025-w46 real', '2025-w46 rehearsal'])
      expect(await stores.schedule.list('rehearsal')).toHaveLength(1)
    })

    test('it becomes a round of its editions once, with its page, whoever is faster', async () => {
      await addPeople(stores.subscribers, 3)
      const { id } = await set()
      expect(await stores.editions.published('2025-w46')).toBeNull()
      stores.clock.time = 5_000_123
      const begun = await Promise.all([stores.schedule.begin(id), stores.again.begin(id)])
      const [round, ...others] = begun.filter((each) => each !== null)
      expect(others).toEqual([])
      expect(round).toMatchObject({
        ...{ issue: '2025-w46', kind: 'real', number: 1, state: 'freezing', transport: 'smtp://test' },
        ...{ editions: planned.editions, startedAt: 5_000_123 },
      })
      expect((await stores.editions.published('2025-w46'))?.editions.member.hash).toBe('hash-member')
      expect(await stores.schedule.list()).toEqual([])
      expect(await stores.deliveries.rounds()).toHaveLength(1)
    })

    test('a rehearsal puts nothing on the site', async () => {
      const { id } = await set({ kind: 'rehearsal' })
      expect(await stores.schedule.begin(id)).toMatchObject({ kind: 'rehearsal', state: 'freezing' })
      expect(await stores.editions.published('2025-w46')).toBeNull()
    })

    test('what was moved, held or taken back is not begun by who had read it before', async () => {
      const first = await set()
      const moved = await set({ at: 7_000_000 })
      expect(await stores.again.begin(first.id)).toBeNull()
      expect(await stores.again.hold(first.id, 'too late')).toBe(false)
      expect(await stores.schedule.hold(moved.id, 'too late')).toBe(true)
      expect(await stores.again.get('2025-w46', 'real')).toMatchObject({ held: 'too late', at: 7_000_000 })
      expect(await stores.again.begin(moved.id)).toBeNull()
      const again = await set()
      expect(again.held).toBeNull()
      expect(await stores.schedule.remove(moved.id)).toBe(false)
      expect(await stores.schedule.remove(again.id)).toBe(true)
      expect(await stores.again.begin(again.id)).toBeNull()
      expect(await stores.deliveries.rounds()).toEqual([])
    })

    test('what was held starts at the time that somebody gives, with the text that was frozen', async () => {
      const { id } = await set()
      expect(await stores.schedule.release(id, 8_000_000)).toBe(false)
      await stores.schedule.hold(id, 'too late')
      expect(await stores.again.release(id, 8_000_000)).toBe(true)
      expect(await stores.schedule.get('2025-w46', 'real')).toMatchObject({ id, held: null, at: 8_000_000 })
      expect(await stores.schedule.begin(id)).toMatchObject({ editions: planned.editions })
    })

    test('whom it would reach is whoever has confirmed, and of a round that is there, who has no message of it', async () => {
      await addPeople(stores.subscribers, 4)
      const audience = (number = 1, kind: 'real' | 'rehearsal' = 'real') =>
        stores.schedule.audience({ issue: '2025-w46', newsletter: 'weekly', kind, number })
      expect(await audience()).toEqual({ subscriber: 2, member: 2 })
      const round = await stores.deliveries.openRound(planned)
      while ((await stores.deliveries.freezeChunk(round.id, 10)).more) continue
      await stores.deliveries.seal(round.id)
      await addPeople(stores.subscribers, 1, 'late')
      expect([await audience(), await audience(1, 'rehearsal')]).toEqual([
        { subscriber: 0, member: 1 },
        { subscriber: 2, member: 3 },
      ])
      const [first] = await stores.deliveries.claim(round.id, 1)
      const begin = { id: first?.id ?? 0, messageId: '<one@brief.test>', at: 1 }
      await stores.deliveries.advance(round.id, [{ settle: null, begin }])
      await stores.deliveries.setState(round.id, 'cancelled', null)
      // The next one leaves out who may have had it.
      const next = await audience(2)
      expect(next.subscriber + next.member).toBe(4)
    })

    test('an issue in flight is not scheduled, and one sent meanwhile in another way is not sent again', async () => {
      const { id } = await set()
      const round = await stores.deliveries.openRound(planned)
      expect(await stores.schedule.set(planned)).toBeNull()
      expect(await stores.schedule.set({ ...planned, number: 2 })).toBeNull()
      expect(await stores.again.begin(id)).toBeNull()
      expect(await stores.schedule.list()).toEqual([])
      expect(await stores.deliveries.rounds()).toEqual([round])
    })

    test('after a cancelled round the next one is opened; one that is done looks for people confirmed since', async () => {
      await finish('cancelled')
      expect(await stores.schedule.set(planned)).toBeNull()
      const corrected = await set({ number: 2 })
      const second = await stores.schedule.begin(corrected.id)
      expect(second).toMatchObject({ number: 2, state: 'freezing' })
      await stores.deliveries.seal(second?.id ?? 0)
      await stores.deliveries.setState(second?.id ?? 0, 'done', null)
      const again = await set({ number: 2 })
      expect(await stores.schedule.begin(again.id)).toMatchObject({ id: second?.id, state: 'freezing' })
    })
  })
}
