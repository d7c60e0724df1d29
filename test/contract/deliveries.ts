import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import type { EditionStore } from '../../src/delivery/editions.ts'
import { describeRestored } from '../../src/delivery/restored.ts'
import type { Begin, Round, Settlement } from '../../src/delivery/round.ts'
import type { DeliveryStore } from '../../src/delivery/store.ts'
import type { SubscriberStore } from '../../src/subscribers/store.ts'
import { address, addPeople } from '../delivery/people.ts'
import { sampleEdition } from '../email/sample-edition.ts'

/** Open stores on one empty database whose clock the suite sets. */
export interface OpenStores {
  readonly deliveries: DeliveryStore
  readonly editions: EditionStore
  readonly subscribers: SubscriberStore
  readonly clock: { time: number }
  close(): Promise<void>
}

const real = {
  issue: '2025-w46',
  newsletter: 'weekly',
  kind: 'real',
  number: 1,
  transport: 'smtp://test',
  settings: {},
  editions: { subscriber: 's', member: 'm' },
} as const

/** What every `DeliveryStore` and `EditionStore` must do, whatever database is behind it. */
export function deliveryContract(name: string, open: () => Promise<OpenStores>): void {
  describe(`deliveries on ${name}`, () => {
    let stores: OpenStores
    beforeEach(async () => {
      stores = await open()
    })
    afterEach(() => stores.close())

    const begin = (id: number): Begin => ({ id, messageId: `<${id}@x>`, at: stores.clock.time })
    const settle = (id: number, change: Partial<Settlement> = {}): Settlement => ({
      id,
      state: 'accepted',
      reply: '250 ok',
      class: null,
      nextAt: null,
      at: stores.clock.time,
      ...change,
    })
    const frozen = async (people: number, round: Partial<typeof real> | object = {}): Promise<Round> => {
      await addPeople(stores.subscribers, people)
      return freeze(await stores.deliveries.openRound({ ...real, ...round }))
    }
    const freeze = async (round: Round, chunk = 7): Promise<Round> => {
      while ((await stores.deliveries.freezeChunk(round.id, chunk)).more) continue
      return stores.deliveries.seal(round.id)
    }
    /** Everybody has it. */
    const deliver = async (round: Round): Promise<void> => {
      for (const { id } of await stores.deliveries.claim(round.id, 1_000)) {
        await stores.deliveries.advance(round.id, [{ settle: null, begin: begin(id) }])
        await stores.deliveries.advance(round.id, [{ settle: settle(id), begin: null }])
      }
    }
    const total = async (round: Round): Promise<number> =>
      Object.values(await stores.deliveries.tally(round.id)).reduce((sum, count) => sum + count, 0)

    test('freezing takes everybody who confirmed, once, in chunks, and seals their number', async () => {
      const round = await frozen(20)
      expect(round).toMatchObject({ state: 'sending', total: 20 })
      const claimed = await stores.deliveries.claim(round.id, 100)
      expect(new Set(claimed.map((each) => each.address)).size).toBe(20)
      expect(claimed.filter((each) => each.tier === 'member')).toHaveLength(7)
    })

    test('freezing leaves out those who left, are pending, suppressed or erased', async () => {
      await addPeople(stores.subscribers, 5)
      await stores.subscribers.unsubscribe(address('reader1@reader.test'), 'weekly')
      await stores.subscribers.suppress(address('reader2@reader.test'), 'operator', null)
      await stores.subscribers.erase(address('reader3@reader.test'))
      expect(await stores.deliveries.audience('weekly')).toEqual({ subscriber: 1, member: 1, reserved: 2 })
      const round = await freeze(await stores.deliveries.openRound(real))
      expect(round.total).toBe(2)
      expect(await stores.deliveries.audience('other')).toEqual({ subscriber: 0, member: 0, reserved: 0 })
    })

    test('freezing goes on after a crash where its last chunk ended', async () => {
      await addPeople(stores.subscribers, 20)
      const round = await stores.deliveries.openRound(real)
      await stores.deliveries.freezeChunk(round.id, 7)
      expect(await stores.deliveries.round('2025-w46', 'real')).toMatchObject({
        state: 'freezing',
        total: null,
      })
      expect((await freeze(round)).total).toBe(20)
    })

    test('two senders that open the same round get one', async () => {
      const [one, two] = [await stores.deliveries.openRound(real), await stores.deliveries.openRound(real)]
      expect(two.id).toBe(one.id)
      expect((await stores.deliveries.openRound({ ...real, kind: 'rehearsal' })).id).not.toBe(one.id)
    })

    test('a round that is done takes in those who confirmed since, and nobody twice', async () => {
      const round = await frozen(5)
      expect(await stores.deliveries.setState(round.id, 'done', null)).toMatchObject({ state: 'sending' })
      await deliver(round)
      await stores.deliveries.setState(round.id, 'done', null)
      await addPeople(stores.subscribers, 3, 'late')
      expect(await stores.deliveries.reopen(round.id)).toMatchObject({ state: 'freezing' })
      expect((await freeze(round)).total).toBe(8)
    })

    test('a round for one tier leaves the other out, until it looks for them; nobody has two rows', async () => {
      await addPeople(stores.subscribers, 7)
      const opened = await stores.deliveries.openRound({
        ...real,
        settings: { ...real.settings, to: 'member' },
      })
      expect(opened.to).toBe('member')
      const round = await freeze(opened)
      expect(round.total).toBe(3)
      await deliver(round)
      await stores.deliveries.setState(round.id, 'done', null)
      expect(await stores.deliveries.reopen(round.id, 'member')).toMatchObject({ to: 'member' })
      expect((await freeze(round)).total).toBe(3)
      await stores.deliveries.setState(round.id, 'done', null)
      expect(await stores.deliveries.reopen(round.id)).toMatchObject({ to: null })
      expect((await freeze(round)).total).toBe(7)
    })

    test('a message goes on the wire before it is settled, and every state is counted', async () => {
      const round = await frozen(6)
      const ids = (await stores.deliveries.claim(round.id, 6)).map((each) => each.id)
      const [a = 0, b = 0, c = 0, d = 0] = ids
      expect(
        await stores.deliveries.advance(
          round.id,
          ids.slice(0, 4).map((id) => ({ settle: null, begin: begin(id) })),
        ),
      ).toEqual(['begun', 'begun', 'begun', 'begun'])
      expect(await stores.deliveries.tally(round.id)).toMatchObject({ on_wire: 4 })
      await stores.deliveries.advance(round.id, [
        { settle: settle(a), begin: null },
        { settle: settle(b, { state: 'deferred', nextAt: 5_000 }), begin: null },
        { settle: settle(c, { state: 'rejected', class: 'policy' }), begin: null },
        { settle: settle(d, { state: 'unknown', reply: 'cut' }), begin: null },
      ])
      const tally = await stores.deliveries.tally(round.id)
      expect(tally).toMatchObject({ accepted: 1, deferred: 1, rejected: 1, unknown: 1 })
      expect(tally.queued + tally.claimed).toBe(2)
      expect(await total(round)).toBe(6)
      expect(await stores.deliveries.nextDue(round.id)).toBe(5_000)
      expect(await stores.deliveries.unknowns(round.id)).toMatchObject([
        { messageId: `<${d}@x>`, reply: 'cut' },
      ])
    })

    test('a deferred delivery is taken again when it is due, with the date of its first attempt', async () => {
      const round = await frozen(1)
      stores.clock.time = 1_000
      const [first] = await stores.deliveries.claim(round.id, 1)
      const id = first?.id ?? 0
      await stores.deliveries.advance(round.id, [{ settle: null, begin: begin(id) }])
      await stores.deliveries.advance(round.id, [
        { settle: settle(id, { state: 'deferred', nextAt: 9_000 }), begin: null },
      ])
      stores.clock.time = 8_999
      expect(await stores.deliveries.claim(round.id, 1)).toEqual([])
      stores.clock.time = 9_000
      expect(await stores.deliveries.claim(round.id, 1)).toMatchObject([
        { id, attempts: 1, firstAttemptAt: 1_000 },
      ])
    })

    test('an attempt on a server that cannot be reached is none, and the round may be frozen anew', async () => {
      const round = await frozen(3)
      const frozenAnew = { ...real, transport: 'smtp://other', editions: { subscriber: 't', member: 'n' } }
      const [a, b] = await stores.deliveries.claim(round.id, 2)
      const steps = [a, b].map((each) => ({ settle: null, begin: begin(each?.id ?? 0) }))
      await stores.deliveries.advance(round.id, steps)
      expect(await stores.deliveries.hasGoneOut(round.id)).toBe(true)
      expect(await stores.deliveries.refreeze(round.id, frozenAnew)).toBeNull()
      const back = [a, b].map((each) => ({ settle: settle(each?.id ?? 0, { state: 'queued' }), begin: null }))
      await stores.deliveries.advance(round.id, back)
      expect(await stores.deliveries.hasGoneOut(round.id)).toBe(false)
      await stores.subscribers.unsubscribe(address('reader1@reader.test'), 'weekly')
      stores.clock.time = 50_000
      const anew = await stores.deliveries.refreeze(round.id, frozenAnew)
      expect(anew).toMatchObject({
        id: round.id,
        state: 'freezing',
        transport: 'smtp://other',
        editions: { subscriber: 't', member: 'n' },
        startedAt: 50_000,
      })
      expect((await freeze(round)).total).toBe(2)
    })

    test('a round that was cancelled is not frozen anew', async () => {
      const round = await frozen(1)
      await stores.deliveries.setState(round.id, 'cancelled', null)
      expect(await stores.deliveries.refreeze(round.id, real)).toBeNull()
      expect(await total(round)).toBe(1)
    })

    test('what a dead sender had on the wire is unknown, and what it had only claimed is free', async () => {
      const round = await frozen(3)
      const [a] = await stores.deliveries.claim(round.id, 3)
      await stores.deliveries.advance(round.id, [{ settle: null, begin: begin(a?.id ?? 0) }])
      expect(await stores.deliveries.recover(round.id)).toMatchObject({ unknown: 1 })
      expect(await stores.deliveries.tally(round.id)).toMatchObject({
        unknown: 1,
        queued: 2,
        claimed: 0,
        on_wire: 0,
      })
      expect(await stores.deliveries.claim(round.id, 9)).toHaveLength(2)
    })

    test('after a restore what was on the wire then is told as unknown, though no worker has looked since', async () => {
      const round = await frozen(4)
      const [first, second] = await stores.deliveries.claim(round.id, 2)
      const onWire = begin(first?.id ?? 0)
      await stores.deliveries.advance(round.id, [{ settle: null, begin: onWire }])
      await stores.deliveries.advance(round.id, [
        { settle: settle(onWire.id), begin: begin(second?.id ?? 0) },
      ])
      await stores.deliveries.setState(round.id, 'paused', null)
      const mark = { backupAt: 0, restoredAt: 0, confirmed: [] }
      expect(await describeRestored(stores.deliveries, '2025-w46', mark)).toContain(
        '1 had it, 1 unknown (not mailed again), 2 waiting.',
      )
      await stores.deliveries.setState(round.id, 'cancelled', null)
      expect(await describeRestored(stores.deliveries, '2025-w46', mark)).toContain(
        'had been cancelled then: 1 had it, 1 unknown (not mailed again).',
      )
    })

    test('what was taken is not given twice before it is settled or released', async () => {
      const round = await frozen(5)
      const first = await stores.deliveries.claim(round.id, 3)
      const second = await stores.deliveries.claim(round.id, 9)
      expect(new Set([...first, ...second].map((each) => each.id)).size).toBe(5)
      expect(await stores.deliveries.claim(round.id, 9)).toEqual([])
      const [a, b] = first
      await stores.deliveries.advance(round.id, [{ settle: null, begin: begin(a?.id ?? 0) }])
      const back = [
        settle(a?.id ?? 0, { state: 'queued' }),
        settle(b?.id ?? 0, { state: 'queued', unbegun: begin(b?.id ?? 0) }),
      ]
      await stores.deliveries.advance(
        round.id,
        back.map((each) => ({ settle: each, begin: null })),
      )
      const again = await stores.deliveries.claim(round.id, 9)
      expect(again.map((each) => each.id).toSorted()).toEqual([a?.id, b?.id].toSorted())
      expect(again.map((each) => each.attempts)).toEqual([0, 0])
      await stores.deliveries.release(round.id)
      expect(await stores.deliveries.claim(round.id, 9)).toHaveLength(5)
    })

    test('a message refused at its envelope was never on the wire, and keeps what makes it again', async () => {
      const round = await frozen(3)
      const [a, b, c] = await stores.deliveries.claim(round.id, 3)
      const refused = (id = 0, change: Partial<Settlement>) => ({
        settle: settle(id, { reply: '450 later', ...change }),
        begin: null,
      })
      stores.clock.time = 1_000
      const offered = { ...begin(a?.id ?? 0), keyId: 'one' }
      await stores.deliveries.advance(round.id, [
        refused(a?.id, { state: 'deferred', nextAt: 5_000, unbegun: offered }),
        refused(b?.id, { state: 'rejected', class: 'policy', unbegun: begin(b?.id ?? 0) }),
        refused(c?.id, { state: 'rejected', class: 'other', unbegun: null }),
      ])
      expect(await stores.deliveries.tally(round.id)).toMatchObject({ deferred: 1, rejected: 2, on_wire: 0 })
      stores.clock.time = 6_000
      expect(await stores.deliveries.claim(round.id, 3)).toMatchObject([
        { id: a?.id, attempts: 1, firstAttemptAt: 1_000 },
      ])
    })

    test('an outcome is written once: one that was recovered meanwhile stays unknown', async () => {
      const round = await frozen(1)
      const [a] = await stores.deliveries.claim(round.id, 1)
      const id = a?.id ?? 0
      await stores.deliveries.advance(round.id, [{ settle: null, begin: begin(id) }])
      await stores.deliveries.recover(round.id)
      await stores.deliveries.advance(round.id, [
        { settle: settle(id), begin: null },
        { settle: settle(id, { state: 'deferred', nextAt: 1, unbegun: begin(id) }), begin: null },
        { settle: null, begin: begin(id) },
      ])
      expect(await stores.deliveries.tally(round.id)).toMatchObject({ unknown: 1, accepted: 0, on_wire: 0 })
    })

    test('the unknown are held, or go out once more and never a second time', async () => {
      const round = await frozen(3)
      const lose = async () => {
        const rows = await stores.deliveries.claim(round.id, 3)
        await stores.deliveries.advance(
          round.id,
          rows.map(({ id }) => ({ settle: null, begin: begin(id) })),
        )
        await stores.deliveries.recover(round.id)
        return rows
      }
      stores.clock.time = 1_000
      expect(await lose()).toHaveLength(3)
      expect(await stores.deliveries.resolveUnknowns(round.id, 'hold')).toEqual({ resent: 0, held: 3 })
      expect(await stores.deliveries.resolveUnknowns(round.id, 'resend')).toEqual({ resent: 3, held: 0 })
      stores.clock.time = 2_000
      expect(await lose()).toMatchObject([{ firstAttemptAt: 1_000 }, { attempts: 1 }, {}])
      expect(await stores.deliveries.resolveUnknowns(round.id, 'resend')).toEqual({ resent: 0, held: 3 })
      expect(await total(round)).toBe(3)
    })

    test('whoever leaves is not begun, whether they left before the claim or after it', async () => {
      const round = await frozen(3)
      await stores.subscribers.unsubscribe(address('reader1@reader.test'), 'weekly')
      const claimed = await stores.deliveries.claim(round.id, 3)
      expect(claimed.map((each) => each.address).toSorted()).toEqual([
        'reader2@reader.test',
        'reader3@reader.test',
      ])
      await stores.subscribers.suppress(address('reader2@reader.test'), 'complaint', null)
      const steps = claimed.map((each) => ({ settle: null, begin: begin(each.id) }))
      expect((await stores.deliveries.advance(round.id, steps)).toSorted()).toEqual(['begun', 'suppressed'])
      expect(await stores.deliveries.tally(round.id)).toMatchObject({ suppressed: 2, on_wire: 1 })
    })

    test('a whole chunk of people who left is not taken for the end', async () => {
      const round = await frozen(6)
      for (const each of [1, 2, 3, 4])
        await stores.subscribers.unsubscribe(address(`reader${each}@reader.test`), 'weekly')
      expect(await stores.deliveries.claim(round.id, 2)).toHaveLength(2)
    })

    test('after pause or cancel nothing is begun, and cancelling leaves no row waiting', async () => {
      const round = await frozen(4)
      const [a, b] = await stores.deliveries.claim(round.id, 2)
      await stores.deliveries.setState(round.id, 'paused', 'lunch')
      const step = (id: number | undefined) => [{ settle: null, begin: begin(id ?? 0) }]
      expect(await stores.deliveries.advance(round.id, step(a?.id))).toEqual(['stopped'])
      expect(await stores.deliveries.claim(round.id, 9)).toEqual([])
      await stores.deliveries.setState(round.id, 'cancelled', null)
      expect(await stores.deliveries.advance(round.id, step(b?.id))).toEqual(['stopped'])
      expect(await stores.deliveries.tally(round.id)).toMatchObject({ cancelled: 4 })
      expect(await stores.deliveries.setState(round.id, 'sending', null)).toMatchObject({
        state: 'cancelled',
      })
    })

    test('what is put off or given back once its round was cancelled waits no more', async () => {
      const round = await frozen(3)
      const ids = (await stores.deliveries.claim(round.id, 3)).map(({ id }) => id)
      await stores.deliveries.advance(
        round.id,
        ids.map((id) => ({ settle: null, begin: begin(id) })),
      )
      await stores.deliveries.setState(round.id, 'cancelled', null)
      const ends = [{ state: 'deferred', nextAt: 90_000 }, { state: 'queued' }, {}] as const
      await stores.deliveries.advance(
        round.id,
        ends.map((end, index) => ({ settle: settle(ids[index] ?? 0, end), begin: null })),
      )
      expect(await stores.deliveries.tally(round.id)).toMatchObject({ cancelled: 2, accepted: 1 })
      expect(await stores.deliveries.nextDue(round.id)).toBeNull()
    })

    test('a state that is meant to follow another does not follow any else', async () => {
      const { id } = await frozen(1)
      await stores.deliveries.setState(id, 'paused', 'lunch')
      expect(await stores.deliveries.setState(id, 'sending', 'tomorrow', 'sending')).toMatchObject({
        ...{ state: 'paused', reason: 'lunch' },
      })
    })

    test('an address that is refused for good is suppressed by a real round, never by a rehearsal', async () => {
      for (const kind of ['rehearsal', 'real'] as const) {
        await addPeople(stores.subscribers, 1)
        const round = await freeze(await stores.deliveries.openRound({ ...real, kind }))
        const id = (await stores.deliveries.claim(round.id, 1))[0]?.id ?? 0
        await stores.deliveries.advance(round.id, [{ settle: null, begin: begin(id) }])
        const reply = '550 5.1.1 <reader1@reader.test> unknown'
        await stores.deliveries.advance(round.id, [
          { settle: settle(id, { state: 'rejected', class: 'address', reply }), begin: null },
        ])
        const suppression = await stores.subscribers.suppressionOf(address('reader1@reader.test'))
        if (kind === 'rehearsal') expect(suppression).toBeNull()
        else expect(suppression).toMatchObject({ reason: 'bounced', note: '550 5.1.1' })
      }
    })

    test('erasing a person takes their address out of what was sent, and keeps the sum', async () => {
      const round = await frozen(2)
      const [a] = await stores.deliveries.claim(round.id, 1)
      await stores.deliveries.advance(round.id, [{ settle: null, begin: begin(a?.id ?? 0) }])
      await stores.deliveries.advance(round.id, [
        { settle: settle(a?.id ?? 0, { state: 'unknown', reply: `<${a?.address}>` }), begin: null },
      ])
      await stores.subscribers.erase(address(a?.address ?? ''))
      expect(await stores.deliveries.unknowns(round.id)).toMatchObject([{ address: null, reply: '' }])
      expect(await total(round)).toBe(2)
    })

    test('a round finishes when its last message does, also after a second look for new people', async () => {
      const round = await frozen(1)
      const [a] = await stores.deliveries.claim(round.id, 1)
      stores.clock.time = 70_000
      await stores.deliveries.advance(round.id, [{ settle: null, begin: begin(a?.id ?? 0) }])
      await stores.deliveries.advance(round.id, [{ settle: settle(a?.id ?? 0), begin: null }])
      stores.clock.time = 99_000
      expect(await stores.deliveries.setState(round.id, 'done', null)).toMatchObject({ finishedAt: 70_000 })
      await freeze(await stores.deliveries.reopen(round.id))
      expect(await stores.deliveries.setState(round.id, 'done', null)).toMatchObject({ finishedAt: 70_000 })
    })

    test('editions are kept by their hash, and an issue is published for all tiers at once', async () => {
      const of = (tier: 'public' | 'subscriber' | 'member') =>
        sampleEdition({ tier, hash: `${tier}-hash`, issue: '2025-w46' })
      const editions = { public: of('public'), subscriber: of('subscriber'), member: of('member') }
      expect(await stores.editions.published('2025-w46')).toBeNull()
      stores.clock.time = 5_000
      await stores.editions.publish(editions)
      stores.clock.time = 6_000
      await stores.editions.publish(editions)
      expect(await stores.editions.get('member-hash')).toEqual(editions.member)
      expect(await stores.editions.get('no-such')).toBeNull()
      expect(await stores.editions.published('2025-w46')).toEqual({
        issue: '2025-w46',
        newsletter: 'weekly',
        subject: editions.public.subject,
        date: '2025-11-12',
        publishedAt: 5_000,
        editions,
      })
      expect(await stores.editions.listPublished()).toMatchObject([{ issue: '2025-w46', publishedAt: 5_000 }])
    })
  })
}
