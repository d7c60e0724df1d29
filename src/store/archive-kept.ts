import { setImmediate as nextTurn } from 'node:timers/promises'
import type { ArchivedCorrection, ArchivedWork, ArchiveRange, EditionHead } from '../delivery/archive.ts'
import type { Tier } from '../core/tier.ts'

/** A published issue by what it is listed by: little, so that a list of thousands is kept. */
export interface Listed {
  readonly issue: string
  readonly newsletter: string
  readonly date: string
  readonly publishedAt: number
}

/** A source that an issue cites; the same work has the same `work` in every issue. */
export interface CitedWork {
  readonly issue: string
  readonly source: string
  readonly work: string
}

/** What was read of the archive at one version, and holds as long as that does. */
export interface Kept {
  /** By tier and issue. */
  readonly editions: Map<string, EditionHead>
  /** Latest first. */
  readonly listed: Map<Tier, readonly Listed[]>
  readonly corrections: Map<Tier, readonly ArchivedCorrection[]>
}

export function keepNothing(): Kept {
  return { editions: new Map(), listed: new Map(), corrections: new Map() }
}

/** Issues of which is remembered what they show. */
const MOST = 3_000

/** The edition under `key`, read where it is not known; what is not there is looked for each time. */
export async function keptEdition(
  { editions }: Kept,
  key: string,
  read: () => EditionHead | null | Promise<EditionHead | null>,
): Promise<EditionHead | null> {
  const known = editions.get(key)
  if (known !== undefined) return known
  const found = await read()
  if (found !== null && editions.size < MOST) editions.set(key, found)
  return found
}

/** A list of one tier, read where it is not known. */
export async function keptList<Item>(
  lists: Map<Tier, readonly Item[]>,
  tier: Tier,
  read: () => readonly Item[] | Promise<readonly Item[]>,
): Promise<readonly Item[]> {
  const known = lists.get(tier)
  if (known !== undefined) return known
  const found = await read()
  lists.set(tier, found)
  return found
}

/** The issues that a range names, in the list's order. */
export function issuesIn(listed: readonly Listed[], { newsletter, ...range }: ArchiveRange): string[] {
  const ofOne = newsletter === undefined ? listed : listed.filter((each) => each.newsletter === newsletter)
  return cut(ofOne, range).map(({ issue }) => issue)
}

/** `count` of the list from `from` on. */
export function cut<Item>(
  list: readonly Item[],
  { from = 0, count = list.length }: Omit<ArchiveRange, 'newsletter'>,
): readonly Item[] {
  return list.slice(from, from + count)
}

/** Issues whose sources are read at once, so that nobody waits long behind them. */
const ISSUES_AT_ONCE = 100

/**
 * Each work once, where it is cited first, with the last time at which an issue that cites it was published.
 * @param read the sources that those issues cite, of those whose editions have a page document, by their ids
 */
export async function worksOf(
  listed: readonly Listed[],
  read: (issues: readonly string[]) => readonly CitedWork[] | Promise<readonly CitedWork[]>,
): Promise<readonly ArchivedWork[]> {
  const issues = listed.toSorted(
    (one, other) => compare(one.date, other.date) || compare(one.issue, other.issue),
  )
  const works = new Map<string, ArchivedWork>()
  for (let at = 0; at < issues.length; at += ISSUES_AT_ONCE) {
    const some = issues.slice(at, at + ISSUES_AT_ONCE)
    const cited = Map.groupBy(await read(some.map(({ issue }) => issue)), ({ issue }) => issue)
    for (const { issue, publishedAt } of some)
      for (const { source, work } of cited.get(issue) ?? []) {
        const first = works.get(work)
        if (first === undefined) works.set(work, { issue, source, changedAt: publishedAt })
        else if (first.changedAt < publishedAt) works.set(work, { ...first, changedAt: publishedAt })
      }
    // SQLite answers at once: others have their turn in between.
    await nextTurn()
  }
  return [...works.values()].toSorted(
    (one, other) => compare(other.issue, one.issue) || compare(one.source, other.source),
  )
}

/** As both stores compare: by code points, whatever the language. */
function compare(one: string, other: string): number {
  return one < other ? -1 : Number(one > other)
}
