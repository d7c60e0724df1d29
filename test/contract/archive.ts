import fc from 'fast-check'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { tiers, type Tier } from '../../src/core/tier.ts'
import type { Archive } from '../../src/delivery/archive.ts'
import type { EditionStore } from '../../src/delivery/editions.ts'
import { buildEditions } from '../../src/email/build.ts'
import type { Edition } from '../../src/email/edition.ts'
import { loadIssue } from '../../src/issue/load.ts'
import { loadTemplate } from '../../src/render/template.ts'
import { samplePublication } from '../site/bed.ts'
import { secrets, writeTwoIssues } from '../site/two-issues.ts'

export interface OpenArchive {
  readonly archive: Archive
  readonly editions: EditionStore
  readonly clock: { time: number }
  /** Waits until what was published just now is seen. */
  seen(): Promise<void>
  close(): Promise<void>
}

type Editions = Readonly<Record<Tier, Edition>>

/** What every `Archive` must do, whatever database is behind it. */
export function archiveContract(name: string, open: () => Promise<OpenArchive>): void {
  describe(`the archive on ${name}`, () => {
    let stores: OpenArchive
    let archive: Archive
    let one: Editions
    let two: Editions
    beforeEach(async () => {
      stores = await open()
      archive = stores.archive
      ;[one, two] = await twoIssues()
      await stores.editions.publish(one)
      await stores.editions.publish(two)
    })
    afterEach(() => stores.close())

    const all = { from: 0, count: 50 }
    const find = async (query: string, tier: Tier) =>
      (await archive.search(query, tier, all)).hits.map(({ issue, brief }) => [issue, brief].join('/'))
    const places = async (issue: string, source: string, tier: Tier) =>
      (await archive.sourcePlaces(issue, source, tier)).map((at) => `${at.issue}/${at.brief?.id ?? ''}`)
    const sources = async (issue: string, tier: Tier) => {
      const head = await archive.editionOf(issue, tier)
      return head === null ? null : archive.sources(head.hash)
    }

    test('lists issues latest first, a page at a time', async () => {
      expect((await archive.heads('public')).map(({ issue }) => issue)).toEqual(['two', 'one'])
      expect((await archive.heads('public', { from: 1, count: 1 })).map(({ issue }) => issue)).toEqual([
        'one',
      ])
      expect(await archive.heads('public', { from: 2 })).toEqual([])
      expect((await archive.heads('public', { newsletter: 'weekly', count: 1 })).length).toBe(1)
      expect(await archive.heads('public', { newsletter: 'daily' })).toEqual([])
      expect((await archive.heads('member'))[0]).toMatchObject({
        subject: 'Canal',
        preheader: 'What the canal says',
        lang: 'en',
        briefs: [{ id: 'lock', title: 'The lock' }, { id: 'vault' }, { id: 'attic' }],
      })
    })

    test('finds every brief that cites a work, across issues and whatever it is called there', async () => {
      expect(await places('one', 'story', 'member')).toEqual(['two/lock', 'two/vault', 'one/quay'])
      expect(await places('two', 'story-again', 'member')).toEqual(['two/lock', 'two/vault', 'one/quay'])
      expect(await places('one', 'notice', 'public')).toEqual(['one/', 'one/quay'])
      expect(await places('one', 'nothing', 'member')).toEqual([])
      expect(await places('none', 'story', 'member')).toEqual([])
    })

    test('keeps where members read of a source, and that two are one page, from everybody else', async () => {
      expect(await places('one', 'deed', 'member')).toEqual(['two/attic', 'one/quay'])
      for (const tier of ['public', 'subscriber'] as const) {
        expect(await places('one', 'deed', tier)).toEqual(['one/'])
        expect(await places('two', 'deed-again', tier)).toEqual(['two/'])
        expect(await places('two', 'memo', tier)).toEqual(['two/'])
      }
      expect(await places('one', 'story', 'public')).toEqual(['two/lock', 'one/quay'])
    })

    test('names each work once, where it was cited first', async () => {
      const named = async (tier: Tier) =>
        (await archive.works(tier)).map(({ issue, source }) => `${issue}/${source}`)
      expect(await named('member')).toEqual(['two/memo', 'one/deed', 'one/notice', 'one/story'])
      expect(await named('public')).toContain('two/deed-again')
      expect(await named('public')).not.toContain('two/story-again')
    })

    test('lists corrections latest first, and a members’ brief’s to members alone', async () => {
      const words = async (tier: Tier) =>
        (await archive.corrections(tier)).map((each) => `${each.day} ${each.title}`)
      const open = '2025-11-09 The quay ]]> & the <crane>'
      expect(await words('public')).toEqual([open])
      expect(await words('subscriber')).toEqual([open])
      expect(await words('member')).toEqual(['2025-11-15 The attic', open])
      expect((await archive.corrections('member', { from: 1, count: 1 })).map(({ day }) => day)).toEqual([
        '2025-11-09',
      ])
      expect(await archive.corrections('member', { from: 2, count: 1 })).toEqual([])
    })

    test('finds words in any order, beginnings of words, accents left out, and phrases as they stand', async () => {
      expect(await find('STILL cränes', 'public')).toEqual(['one/quay', 'two/lock'])
      expect(await find('cran stan', 'public')).toEqual(['one/quay'])
      expect(await find('"stood still"', 'public')).toEqual(['one/quay'])
      expect(await find('“still stood”', 'public')).toEqual([])
      expect(await find('"cran"', 'public')).toEqual([])
      expect(await find('Canal', 'public')).toEqual(['two/'])
      expect(await find('mariners', 'public')).toEqual(['one/quay'])
      expect(await find('eleven', 'public')).toEqual(['one/quay'])
      expect(await find('crane zirconium', 'public')).toEqual([])
    })

    test('finds words of a script that has no spaces in the middle of a sentence', async () => {
      for (const word of ['停戦', '維持', 'abc', '“双方が維持”', '停戦 外務省', 'ABC停戦'])
        expect([word, await find(word, 'public')]).toEqual([word, ['two/lock']])
      expect(await find('戦停', 'public')).toEqual([])
      const [hit] = (await archive.search('停戦', 'public', all)).hits
      expect(hit?.snippet.join('')).toContain('外務省はABC停戦は双方')
      expect(hit?.snippet[1]).toBe('停戦')
    })

    test('marks what was found, and cuts the list into pages', async () => {
      const { hits } = await archive.search('eleven', 'public', all)
      expect(hits[0]?.snippet[1]).toBe('eleven')
      expect(hits[0]?.snippet.join('')).toContain('We wrote <twelve>; it was eleven & a half.')
      const page = await archive.search('cranes', 'public', { from: 1, count: 1 })
      expect(page.total).toBe(2)
      expect(page.hits).toHaveLength(1)
      expect(await archive.search('cranes', 'public', { from: 5, count: 1 })).toEqual({ total: 2, hits: [] })
    })

    test('finds for a tier what it reads, and nothing else', async () => {
      expect(await find('zirconium', 'member')).toEqual(['one/quay'])
      expect(await find('vermilion', 'member')).toEqual(['two/attic'])
      expect(await find('tourmaline', 'subscriber')).toEqual(['two/vault'])
      for (const word of ['zirconium', 'vermilion', 'quotable', 'sapphire']) {
        expect(await find(word, 'public')).toEqual([])
        expect(await find(word, 'subscriber')).toEqual([])
      }
      expect(await find('tourmaline', 'public')).toEqual([])
    })

    test('gives no answer to a lower tier that holds a marked word of a higher', async () => {
      const answers = async (tier: Tier) =>
        JSON.stringify([
          await archive.heads(tier),
          await archive.works(tier),
          await archive.corrections(tier),
          await Promise.all(
            ['one', 'two'].map(async (issue) => {
              const frozen = await sources(issue, tier)
              const ids = frozen?.sources.map(({ id }) => id) ?? []
              return [frozen, await Promise.all(ids.map((id) => archive.sourcePlaces(issue, id, tier)))]
            }),
          ),
          await Promise.all(
            ['crane', 'gate', 'members', 'attic', 'vault', 'memo', 'the'].map((word) =>
              archive.search(word, tier, all),
            ),
          ),
        ])
      const member = await answers('member')
      for (const word of ['zirconium', 'https://leak.example.com/memo']) expect(member).toContain(word)
      for (const word of secrets.member) expect(await answers('subscriber')).not.toContain(word)
      for (const word of [...secrets.member, ...secrets.subscriber])
        expect(await answers('public')).not.toContain(word)
    })

    test('takes any text for a query, and answers', async () => {
      const syntax = fc
        .array(
          fc.constantFrom(
            ...[
              '"',
              '“',
              '*',
              '^',
              '-',
              '+',
              '(',
              ')',
              ':',
              '{',
              '}',
              ',',
              "'",
              ';',
              '\\',
              '\0',
              '%',
              '\u0002',
            ],
            ...[
              ' ',
              ' AND ',
              ' OR ',
              ' NOT ',
              'NEAR(',
              'title:',
              'crane',
              'stood still',
              'é',
              '港',
              '\ud800',
            ],
          ),
          { maxLength: 40 },
        )
        .map((parts) => parts.join(''))
      await fc.assert(
        fc.asyncProperty(
          fc.oneof(syntax, fc.string({ unit: 'binary', maxLength: 400 })),
          fc.constantFrom(...tiers),
          async (query, tier) => {
            const { total, hits } = await archive.search(query, tier, all)
            expect(hits).toHaveLength(total)
            for (const { snippet } of hits) expect(snippet.length % 2).toBe(1)
          },
        ),
        { numRuns: 1_000 },
      )
      for (const nothing of ['', ' ', '"', '""', '***', '\0', '"""', '()', '–', '\u{1f600}'])
        expect(await archive.search(nothing, 'public', all)).toEqual({ total: 0, hits: [] })
    })

    test('shows a corrected issue at once, and nothing of what it said before', async () => {
      const [first] = await twoIssues()
      const [version, changedAt] = [await archive.version(), await archive.changedAt()]
      stores.clock.time += 60_000
      await stores.editions.publish(first)
      expect([await archive.version(), await archive.changedAt()]).toEqual([version, changedAt])
      await stores.editions.publish(corrected(one))
      await stores.seen()
      expect(await archive.version()).toBeGreaterThan(version)
      expect(await archive.changedAt()).toBe(stores.clock.time)
      expect(await find('creaked', 'public')).toEqual([])
      expect(await find('sang', 'public')).toEqual(['one/quay'])
      expect(await archive.corrections('public')).toEqual([])
      expect(await archive.heads('public')).toHaveLength(2)
      expect(await places('one', 'story', 'public')).toEqual(['two/lock', 'one/quay'])
    })

    test('tells that there is something new where an issue is given the document that it was frozen without', async () => {
      const [first] = await twoIssues()
      const three = renamed(first, 'three')
      await stores.editions.publish(withoutPage(three))
      await stores.seen()
      const version = await archive.version()
      stores.clock.time += 60_000
      await stores.editions.publish(three)
      await stores.seen()
      expect(await archive.version()).toBeGreaterThan(version)
      expect(await archive.changedAt()).toBe(stores.clock.time)
      expect((await archive.heads('public', { count: 1 }))[0]).toMatchObject({ issue: 'three', briefs: [{}] })
    })

    test('shows of a long text where most of what was searched for stands, the same on every store', async () => {
      const words = (from: number, to: number) =>
        Array.from({ length: to - from }, (_, index) => `w${from + index}`).join(' ')
      const text = `A Gántry. ${words(0, 50)} the gantries, “derrick” ${words(50, 100)}.`
      const [first] = await twoIssues()
      await stores.editions.publish(withWords(renamed(first, 'three'), text))
      const excerpt = async (query: string) =>
        (await archive.search(query, 'public', all)).hits.find(({ issue }) => issue === 'three')?.snippet
      expect(await excerpt('derrick gantr')).toEqual([
        `…${words(43, 50)} the `,
        'gantries',
        ', “',
        'derrick',
        `” ${words(50, 72)}…`,
      ])
      expect(await excerpt('gantry')).toEqual([
        ...['Cranes stood still for a day. · A ', 'Gántry', `. ${words(0, 24)}…`],
      ])
      expect((await excerpt('"w98 w99"'))?.slice(0, 2)).toEqual([`…${words(90, 98)} `, 'w98 w99'])
    })

    test('an empty archive has nothing and says so', async () => {
      const empty = await open()
      expect(await empty.archive.heads('public')).toEqual([])
      expect(await empty.archive.changedAt()).toBeNull()
      expect(await empty.archive.editionOf('one', 'public')).toBeNull()
      expect(await empty.archive.sources('x')).toBeNull()
      expect(await empty.archive.page('x')).toBeNull()
      expect(await empty.archive.search('crane', 'public', all)).toEqual({ total: 0, hits: [] })
      await empty.close()
    })
  })
}

let built: Promise<[Editions, Editions]> | null = null

/** Built once a test file. */
export function twoIssues(): Promise<[Editions, Editions]> {
  built ??= buildBoth()
  return built
}

async function buildBoth(): Promise<[Editions, Editions]> {
  const folder = writeTwoIssues()
  const template = await loadTemplate(join(import.meta.dirname, '..', '..', 'templates', 'weekly'))
  const options = { publication: samplePublication, baseUrl: 'https://brief.example.org', template }
  const build = async (issue: string): Promise<Editions> => {
    const { editions } = await buildEditions(await loadIssue(folder, issue, samplePublication), options)
    const of = (tier: Tier): Edition => {
      const edition = editions.find((each) => each.tier === tier)
      if (edition === undefined) throw new Error(`${issue} has no ${tier} edition`)
      return edition
    }
    return { public: of('public'), subscriber: of('subscriber'), member: of('member') }
  }
  return [await build('one'), await build('two')]
}

function each(editions: Editions, change: (edition: Edition) => Edition): Editions {
  const { public: open, subscriber, member } = editions
  return { public: change(open), subscriber: change(subscriber), member: change(member) }
}

/** The same as another issue. */
function renamed(editions: Editions, issue: string): Editions {
  return each(editions, (edition) => ({
    ...edition,
    issue,
    date: '2025-12-01',
    hash: edition.hash.split('').toReversed().join(''),
  }))
}

/** As a former version froze it. */
function withoutPage(editions: Editions): Editions {
  return each(editions, ({ page: _page, ...edition }) => edition)
}

function withWords(editions: Editions, words: string): Editions {
  return each(editions, ({ page, ...edition }) => ({
    ...edition,
    ...(page && { page: { ...page, briefs: page.briefs.map((brief) => ({ ...brief, words })) } }),
  }))
}

/** With another word in its first brief, and its correction taken back. */
function corrected(editions: Editions): Editions {
  const change = (edition: Edition): Edition => ({
    ...edition,
    hash: edition.hash.split('').toReversed().join(''),
    ...(edition.page === undefined
      ? {}
      : {
          page: {
            ...edition.page,
            briefs: edition.page.briefs.map((brief) => ({
              ...brief,
              corrections: [],
              words: brief.words.replace('creaked', 'sang'),
            })),
          },
        }),
  })
  return {
    public: change(editions.public),
    subscriber: change(editions.subscriber),
    member: change(editions.member),
  }
}
