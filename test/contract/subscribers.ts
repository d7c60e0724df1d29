import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { parseAddress, type Address } from '../../src/subscribers/address.ts'
import type { ImportOutcome, ImportRow } from '../../src/subscribers/merge.ts'
import type { NewSubscriber, SubscriberFilter, SubscriberStore } from '../../src/subscribers/store.ts'
import { stateOf, type Subscriber, type SubscriberState } from '../../src/subscribers/subscriber.ts'
import { collect } from '../collect.ts'

/** An open, empty store whose clock the suite sets. */
export interface OpenPeople {
  readonly subscribers: SubscriberStore
  readonly clock: { time: number }
  close(): Promise<void>
}

export function address(text: string): Address {
  const parsed = parseAddress(text)
  if (!parsed.ok) throw new Error(`${text} ${parsed.reason}`)
  return parsed.value
}

const day = 86_400_000
const ada = address('Ada@example.org')
const bob = address('bob@example.org')

/** What every `SubscriberStore` must do, whatever database is behind it. */
export function subscriberContract(name: string, open: () => Promise<OpenPeople>): void {
  describe(`subscribers on ${name}`, () => {
    let people: OpenPeople
    let store: SubscriberStore
    beforeEach(async () => {
      people = await open()
      store = people.subscribers
    })
    afterEach(() => people.close())

    const add = (who: Address, more: Partial<NewSubscriber> = {}) =>
      store.add({
        address: who,
        name: null,
        tier: null,
        newsletter: 'weekly',
        source: 'operator',
        again: false,
        ...more,
      })
    const find = async (who: Address): Promise<Subscriber> => {
      const found = await store.find(who)
      if (found === null) throw new Error('not found')
      return found
    }
    const stateIn = async (who: Address, newsletter = 'weekly'): Promise<SubscriberState | null> => {
      const found = await find(who)
      const subscription = found.subscriptions.find((each) => each.newsletter === newsletter)
      return subscription === undefined ? null : stateOf(found, subscription)
    }
    const row = (who: Address, more: Partial<ImportRow> = {}): ImportRow => ({
      line: 2,
      address: who,
      newsletter: 'weekly',
      name: null,
      tier: null,
      state: null,
      consentAt: null,
      consentSource: 'import:people.csv',
      ...more,
    })
    const importRows = async (
      rows: readonly ImportRow[],
      options = { dryRun: false },
    ): Promise<readonly ImportOutcome[]> => {
      const importing = store.startImport(options)
      try {
        return await importing.write(rows)
      } finally {
        await importing.close()
      }
    }
    const importOne = async (each: ImportRow): Promise<string> => {
      const [outcome] = await importRows([each])
      if (outcome === undefined) throw new Error('no outcome')
      return outcome.kind === 'refused' ? outcome.reason : outcome.kind
    }
    const listed = async (filter: SubscriberFilter): Promise<(string | null)[]> =>
      (await collect(store.list(filter))).map((each) => each.address)

    test('somebody added is confirmed, with the time and source of their consent', async () => {
      expect(await add(ada, { name: 'Ada' })).toBe('added')
      expect(await find(ada)).toMatchObject({
        address: 'Ada@example.org',
        name: 'Ada',
        tier: 'subscriber',
        suppression: null,
        erasedAt: null,
        createdAt: people.clock.time,
        subscriptions: [
          {
            newsletter: 'weekly',
            state: 'confirmed',
            consentAt: people.clock.time,
            consentSource: 'operator',
            leftAt: null,
            pausedUntil: null,
          },
        ],
      })
    })

    test('two spellings of an address are one person', async () => {
      await add(ada)
      expect(await add(address('ADA@EXAMPLE.ORG'))).toBe('unchanged')
      expect(await listed({})).toEqual(['Ada@example.org'])
    })

    test('the name of a person in links is random, and finds them', async () => {
      await add(ada)
      await add(bob)
      const { publicId } = await find(ada)
      expect(publicId).toMatch(/^[a-z2-7]{20}$/)
      expect((await find(bob)).publicId).not.toBe(publicId)
      expect((await store.find({ publicId }))?.address).toBe('Ada@example.org')
      expect(await store.find({ publicId: 'a'.repeat(20) })).toBeNull()
    })

    test('tier and name change apart from consent', async () => {
      await add(ada)
      people.clock.time += day
      expect(await store.set(ada, { tier: 'member', name: 'Ada' })).toBe('changed')
      expect(await store.set(ada, { tier: 'member' })).toBe('unchanged')
      expect(await find(ada)).toMatchObject({ tier: 'member', name: 'Ada', updatedAt: people.clock.time })
      expect(await store.set(ada, { name: null })).toBe('changed')
      expect((await find(ada)).name).toBeNull()
      expect(await store.set(bob, { tier: 'member' })).toBe('not-found')
      expect(await stateIn(ada)).toBe('confirmed')
    })

    test('leaving works once, as often as it is asked for, for one newsletter or for all', async () => {
      await add(ada)
      await add(ada, { newsletter: 'daily' })
      const { publicId } = await find(ada)
      people.clock.time += day
      expect(await store.unsubscribe({ publicId }, 'weekly')).toBe('changed')
      const left = people.clock.time
      people.clock.time += day
      expect(await store.unsubscribe({ publicId }, 'weekly')).toBe('unchanged')
      expect(await stateIn(ada, 'weekly')).toBe('left')
      expect(await stateIn(ada, 'daily')).toBe('confirmed')
      expect(await store.unsubscribe(ada, null)).toBe('changed')
      expect(await stateIn(ada, 'daily')).toBe('left')
      expect((await find(ada)).subscriptions.find((each) => each.newsletter === 'weekly')?.leftAt).toBe(left)
      expect(await store.unsubscribe(bob, null)).toBe('not-found')
    })

    test('somebody who left is added only on the word that they asked', async () => {
      await add(ada)
      await store.unsubscribe(ada, null)
      expect(await add(ada, { tier: 'member' })).toBe('left')
      expect(await find(ada)).toMatchObject({ tier: 'subscriber' })
      expect(await add(ada, { again: true })).toBe('updated')
      expect(await find(ada)).toMatchObject({ subscriptions: [{ state: 'confirmed', leftAt: null }] })
    })

    test('a suppressed address stays so, with its first reason, known or not', async () => {
      await add(ada)
      expect(await store.suppress(ada, 'bounced', '550 no such user')).toBe(true)
      expect(await store.suppress(ada, 'operator', null)).toBe(false)
      expect(await store.suppress(bob, 'operator', null)).toBe(true)
      expect(await stateIn(ada)).toBe('suppressed')
      expect((await find(ada)).suppression).toMatchObject({ reason: 'bounced', note: '550 no such user' })
      expect(await store.suppressionOf(bob)).toMatchObject({ reason: 'operator' })
      expect(await store.suppressionOf(address('eve@example.org'))).toBeNull()
      expect(await add(ada, { again: true })).toBe('suppressed')
      expect(await add(bob)).toBe('suppressed')
      expect(await store.find(bob)).toBeNull()
    })

    test('erasing keeps nothing of a person but a nameless row and a blocked hash', async () => {
      await add(ada, { name: 'Ada' })
      await store.suppress(ada, 'operator', 'Ada rang us up')
      const { publicId } = await find(ada)
      people.clock.time += day
      expect(await store.erase(ada)).toBe('erased')
      expect(await store.find(ada)).toBeNull()
      expect(await store.find({ publicId })).toMatchObject({
        address: null,
        name: null,
        subscriptions: [],
        suppression: null,
        erasedAt: people.clock.time,
      })
      expect(await store.suppressionOf(ada)).toMatchObject({ reason: 'erased', note: null })
      expect(await store.erase(ada)).toBe('already-erased')
      expect(await store.erase(bob)).toBe('not-found')
      expect(await add(ada, { again: true })).toBe('erased')
      expect(await importOne(row(address('ada@EXAMPLE.org')))).toBe(
        'The address was erased on request and is not added again.',
      )
      expect(await store.set({ publicId }, { name: 'Ada' })).toBe('not-found')
      expect(await store.unsubscribe({ publicId }, 'weekly')).toBe('unchanged')
    })

    test('a suppression of somebody unknown can be erased too, with its note', async () => {
      await store.suppress(bob, 'operator', 'Bob of Elm Street')
      expect(await store.erase(bob)).toBe('erased')
      expect(await store.suppressionOf(bob)).toMatchObject({ reason: 'erased', note: null })
    })

    test('an import adds, updates and leaves alone, and says which', async () => {
      expect(await importOne(row(ada, { name: 'Ada' }))).toBe('added')
      expect(await importOne(row(ada, { name: 'Ada' }))).toBe('unchanged')
      expect(await importOne(row(ada, { tier: 'member' }))).toBe('updated')
      expect(await importOne(row(ada))).toBe('unchanged')
      expect(await find(ada)).toMatchObject({
        name: 'Ada',
        tier: 'member',
        subscriptions: [
          { state: 'confirmed', consentSource: 'import:people.csv', consentAt: people.clock.time },
        ],
      })
      expect(await importOne(row(ada, { newsletter: 'daily' }))).toBe('added')
      expect((await find(ada)).subscriptions).toHaveLength(2)
    })

    test('an import keeps the date and source of consent that a row gives', async () => {
      await importOne(row(ada, { consentAt: 1_000, consentSource: 'the fair' }))
      await importOne(row(bob, { state: 'pending' }))
      expect((await find(ada)).subscriptions[0]).toMatchObject({
        consentAt: 1_000,
        consentSource: 'the fair',
      })
      expect((await find(bob)).subscriptions[0]).toMatchObject({ state: 'pending', consentAt: null })
    })

    test('an import never brings back who left or is suppressed, nor changes them', async () => {
      await add(ada)
      await store.unsubscribe(ada, null)
      await store.suppress(bob, 'complained', null)
      expect(await importOne(row(ada, { tier: 'member' }))).toBe(
        'The address left on 2026-01-02 and is not subscribed again.',
      )
      expect(await importOne(row(ada, { state: 'pending' }))).toContain('is not subscribed again')
      expect(await importOne(row(ada, { state: 'left' }))).toBe('unchanged')
      expect(await importOne(row(bob))).toBe('The address is suppressed (complained) and stays so.')
      expect(await store.find(bob)).toBeNull()
      expect(await find(ada)).toMatchObject({ tier: 'subscriber', subscriptions: [{ state: 'left' }] })
    })

    test.each([
      [null, 'pending', 'pending'],
      [null, 'left', 'left'],
      [null, 'paused', 'paused'],
      ['pending', 'confirmed', 'confirmed'],
      ['pending', 'left', 'left'],
      ['confirmed', 'pending', 'confirmed'],
      ['confirmed', 'paused', 'paused'],
      ['confirmed', 'left', 'left'],
      ['confirmed', 'suppressed', 'suppressed'],
      ['paused', 'confirmed', 'paused'],
      ['paused', 'left', 'left'],
      ['left', 'suppressed', 'suppressed'],
      [null, 'suppressed', 'suppressed'],
    ] as const)(
      'a row can only take mail away: %s, then %s in the file, is %s',
      async (before, said, after) => {
        if (before !== null) await importOne(row(ada, { state: before }))
        await importOne(row(ada, { state: said }))
        expect(await stateIn(ada)).toBe(after)
      },
    )

    test('an address that stands in a file twice is taken once, across batches', async () => {
      const importing = store.startImport({ dryRun: false })
      await importing.write([row(ada, { line: 2 })])
      expect(
        await importing.write([
          row(address('ADA@example.org'), { line: 9, tier: 'member' }),
          row(ada, { line: 10, newsletter: 'daily' }),
        ]),
      ).toEqual([
        { kind: 'refused', why: 'twice', reason: 'The same address stands on line 2 already.' },
        { kind: 'added' },
      ])
      await importing.close()
      expect((await find(ada)).tier).toBe('subscriber')
    })

    test('a trial says the same as the import, and changes nothing', async () => {
      await add(bob)
      const rows = [row(ada), row(bob, { line: 3, tier: 'member' }), row(ada, { line: 4 })]
      const trial = await importRows(rows, { dryRun: true })
      expect(await store.find(ada)).toBeNull()
      expect((await find(bob)).tier).toBe('subscriber')
      expect(await importRows(rows)).toEqual(trial)
    })

    test('lists are filtered by newsletter, tier and state', async () => {
      const eve = address('eve@example.org')
      const mal = address('mal@example.org')
      await add(ada, { tier: 'member' })
      await add(bob)
      await add(bob, { newsletter: 'daily' })
      await importOne(row(eve, { state: 'paused', newsletter: 'daily' }))
      await add(mal)
      await store.suppress(bob, 'bounced', null)
      await store.erase(mal)
      expect(await listed({})).toEqual([ada.address, bob.address, eve.address])
      expect(await listed({ newsletter: 'daily' })).toEqual([bob.address, eve.address])
      expect(await listed({ tier: 'member' })).toEqual([ada.address])
      expect(await listed({ state: 'confirmed' })).toEqual([ada.address])
      expect(await listed({ state: 'suppressed' })).toEqual([bob.address])
      expect(await listed({ state: 'suppressed', newsletter: 'daily' })).toEqual([bob.address])
      expect(await listed({ state: 'paused', newsletter: 'weekly' })).toEqual([])
      expect(await listed({ state: 'paused' })).toEqual([eve.address])
      expect(await listed({ state: 'erased' })).toEqual([null])
      expect(await listed({ state: 'pending' })).toEqual([])
    })

    test('a long list is read page by page, in order, while it changes', async () => {
      const all = Array.from({ length: 1_203 }, (_, index) => address(`reader${index}@example.org`))
      await importRows(all.map((each, index) => row(each, { line: index + 2 })))
      const seen: (string | null)[] = []
      for await (const each of store.list()) {
        if (seen.length === 600) await add(address('late@example.org'))
        seen.push(each.address)
      }
      expect(seen).toEqual([...all.map((each) => each.address), 'late@example.org'])
    })

    test('people are found by any part of their address or name, whatever its case and accents', async () => {
      await add(ada, { name: 'Ada Lovelace' })
      await add(address('jurgen.m@Example.ORG'), { name: 'Jürgen Großmann' })
      await add(address('zoë@bücher.test'), { name: 'ŁUKASZ “Łuk” 100%_sure' })
      // Unicode has no letter for the second: its grave accent stands by itself.
      await add(address('bola@reader.test'), { name: 'Yọ̀mí Adébọ̀lá' })
      await add(bob)
      const found = async (text: string): Promise<(string | null)[]> =>
        (await store.search({ text }, { after: null, limit: 10 })).people.map((each) => each.address)
      expect(await found('LOVE')).toEqual(['Ada@example.org'])
      expect(await found('ada@ex')).toEqual(['Ada@example.org'])
      expect(await found('xample.org')).toEqual([
        'bob@example.org',
        'jurgen.m@example.org',
        'Ada@example.org',
      ])
      for (const text of [
        'jurgen',
        'JÜRGEN',
        'Ju\u0308rgen',
        'grossm',
        'großmann',
        'GROSSMANN jürg',
        'm@ex man',
      ])
        expect([text, await found(text)]).toEqual([text, ['jurgen.m@example.org']])
      expect(await found('yomi adebola')).toEqual(['bola@reader.test'])
      for (const text of ['luk', 'łukasz', 'zoë@', '100%_s', '  ŁUK   SURE '])
        expect([text, await found(text)]).toEqual([text, ['zoë@xn--bcher-kva.test']])
      for (const text of ['ada jurgen', '_d_', '*', '[a-z]da', "' or 1=1 --", '\u0000'])
        expect([text, await found(text)]).toEqual([text, []])
      expect(await found('%')).toEqual(['zoë@xn--bcher-kva.test'])
      expect(await found('  ')).toHaveLength(5)
      expect(await found('x'.repeat(5_000))).toEqual([])
    })

    test('a search goes page by page through those who match, and takes the filters of a list', async () => {
      const all = Array.from({ length: 25 }, (_, index) => address(`reader${index}@example.org`))
      await importRows(
        all.map((each, index) => row(each, { line: index + 2, tier: index % 2 === 0 ? 'member' : null })),
      )
      await add(bob)
      await store.suppress(address('reader4@example.org'), 'bounced', null)
      await store.unsubscribe(address('reader8@example.org'), null)
      await store.erase(address('reader6@example.org'))
      const seen: string[] = []
      const query = { text: 'reader', tier: 'member', state: 'confirmed', newsletter: 'weekly' } as const
      for (let after: number | null = null, pages = 0; ; pages++) {
        const page = await store.search(query, { after, limit: 4 })
        seen.push(...page.people.map((each) => each.address ?? ''))
        // Somebody new is no reason to show anybody twice.
        await add(address(`reader-late${pages}@example.org`), { tier: 'member' })
        if (page.next === null) break
        after = page.next
      }
      const even = [24, 22, 20, 18, 16, 14, 12, 10, 2, 0]
      expect(seen).toEqual(even.map((index) => `reader${index}@example.org`))
      const states = async (state: SubscriberState, text = '') =>
        (await store.search({ state, text }, { after: null, limit: 9 })).people.map((each) => each.address)
      expect(await states('suppressed')).toEqual(['reader4@example.org'])
      expect(await states('left', 'reader')).toEqual(['reader8@example.org'])
      expect(await states('erased')).toEqual([null])
      // Nothing is left by which they could be found.
      expect(await states('erased', 'reader6')).toEqual([])
      expect(await store.search({ text: 'reader6' }, { after: null, limit: 9 })).toEqual({
        people: [],
        next: null,
      })
      expect(await store.search({ newsletter: 'daily' }, { after: null, limit: 9 })).toMatchObject({
        people: [],
      })
      const exact = await store.search({ text: 'reader2@' }, { after: null, limit: 1 })
      expect([exact.people.length, exact.next]).toEqual([1, null])
    })

    test('who matches best is found first, over all pages', async () => {
      const named = [
        ['tamara@example.org', 'Tamara Voss'],
        ['m1@example.org', 'Mara Stein'],
        ['m2@example.org', 'Maral Öztürk'],
        ['mara.k@example.org', null],
        ['omar@example.org', 'Omar Amara'],
        ['other@example.org', 'Ada'],
      ] as const
      for (const [text, name] of named) await add(address(text), { name })
      const pages = async (text: string, limit: number): Promise<string[]> => {
        const seen: string[] = []
        for (let after: number | null = null; ;) {
          const page = await store.search({ text }, { after, limit })
          seen.push(...page.people.map((each) => each.address?.split('@')[0] ?? ''))
          if (page.next === null) return seen
          after = page.next
        }
      }
      for (const limit of [1, 2, 3, 10]) {
        expect(await pages('mara', limit)).toEqual(['mara.k', 'm1', 'm2', 'omar', 'tamara'])
        expect(await pages('', limit)).toEqual(['other', 'omar', 'mara.k', 'm2', 'm1', 'tamara'])
        expect(await pages('ozt MARA', limit)).toEqual(['m2'])
      }
    })

    test('a search that is given up ends', async () => {
      await add(ada)
      const signal = AbortSignal.abort()
      expect(await store.search({ text: 'ada' }, { after: null, limit: 5, signal })).toEqual({
        people: [],
        next: null,
      })
    })

    test('counts are by state, and by tier for those who would get the next issue', async () => {
      await add(ada, { tier: 'member' })
      await add(bob)
      await add(bob, { newsletter: 'daily' })
      await importOne(row(address('eve@example.org'), { state: 'left' }))
      await add(address('mal@example.org'))
      await store.suppress(address('mal@example.org'), 'bounced', null)
      await add(address('zoe@example.org'))
      await store.erase(address('zoe@example.org'))
      expect(await store.counts('weekly')).toEqual({
        total: 5,
        states: { pending: 0, confirmed: 2, left: 1, paused: 0, suppressed: 1, erased: 1 },
        tiers: { subscriber: 1, member: 1 },
      })
      expect((await store.counts(null)).states.confirmed).toBe(3)
      expect((await store.counts('none')).states.confirmed).toBe(0)
    })
  })
}
