import { expect, test } from 'vitest'
import type { Tier } from '../../src/core/tier.ts'
import type { Archive } from '../../src/delivery/archive.ts'
import type { Edition } from '../../src/email/edition.ts'
import { createSite } from '../../src/site/site.ts'
import { twoIssues } from '../contract/archive.ts'
import { openBed } from './bed.ts'

const paths = [
  ...['/', '/issues/one', '/issues/one/quay', '/issues/one/sources.json', '/sources/one/story'],
  ...['/corrections', '/feed.xml', '/feed.json', '/sitemap.xml', '/sitemap/1.xml'],
]

/** So many questions to the archive does no page ask before it is made. */
const MOST_CALLS = 5

type Editions = Readonly<Record<Tier, Edition>>

/** The same with another number in what every page shows of it. */
function corrected(editions: Editions, number: number): Editions {
  const change = (edition: Edition): Edition => {
    const { page, sources } = edition
    if (page === undefined) throw new Error('there is no document')
    const named = (title: string): string => `${title} ${number}`
    return {
      ...edition,
      hash: `${edition.hash.slice(0, 50)}${String(number).padStart(14, '0')}`,
      subject: named(edition.subject),
      sources: {
        ...sources,
        sources: sources.sources.map((each) => ({ ...each, title: named(each.title) })),
      },
      page: {
        ...page,
        issue: { ...page.issue, subject: named(page.issue.subject) },
        sources: page.sources.map((each) => ({ ...each, title: named(each.title) })),
        briefs: page.briefs.map((each) => ({
          ...each,
          title: named(each.title),
          corrections: each.corrections.map((one) => ({ ...one, text: named(one.text) })),
        })),
      },
    }
  }
  return {
    public: change(editions.public),
    subscriber: change(editions.subscriber),
    member: change(editions.member),
  }
}

test('a correction that is published while a page is made is what the next reader gets, whatever was kept', async () => {
  const bed = await openBed()
  const [one, two] = await twoIssues()
  await bed.editions.publish(two)
  let number = 0
  const correct = async (): Promise<void> => {
    bed.clock.time += 2_000
    await bed.editions.publish(corrected(one, ++number))
  }
  await correct()
  let callsLeft = Infinity
  const meanwhile = Object.fromEntries(
    Object.entries<(...given: never[]) => Promise<unknown>>({ ...bed.deps.archive }).map(([name, ask]) => [
      name,
      async (...given: never[]) => {
        if (callsLeft-- === 0) await correct()
        return ask(...given)
      },
    ]),
  ) as unknown as Archive
  const site = createSite({ ...bed.deps, archive: meanwhile })
  const stale: string[] = []
  let changes = 0
  for (const path of paths) {
    for (let calls = 0; calls <= MOST_CALLS; calls++) {
      const before = number
      callsLeft = calls
      const first = await site.request(path)
      if (number > before) changes++
      callsLeft = Infinity
      const now = await (await createSite(bed.deps).request(path)).text()
      const told = { 'If-Modified-Since': first.headers.get('Last-Modified') ?? '' }
      const known = { 'If-None-Match': first.headers.get('ETag') ?? '' }
      const isOld = (await first.text()) !== now
      for (const headers of [{}, ...(isOld ? [told, known] : [])]) {
        const next = await site.request(path, { headers })
        if (next.status !== 200 || (await next.text()) !== now)
          stale.push(`${path} after ${calls} questions: ${next.status} for ${JSON.stringify(headers)}`)
      }
      // What is made next is made anew.
      await correct()
    }
  }
  expect(stale).toEqual([])
  expect(changes).toBeGreaterThan(paths.length * 2)
})
