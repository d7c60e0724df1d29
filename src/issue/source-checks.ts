import { canonicalHash } from '../core/canonical.ts'
import { claimsOf } from './claims.ts'
import type { Issue } from './issue.ts'
import { entryOf } from './parts.ts'
import { project } from './project.ts'

/** A cited source as a reviewer ticks it off: what the issue says on the strength of it. */
export interface SourceCheck {
  readonly id: string
  readonly number: number
  readonly title: string
  readonly publisher: string
  readonly url: string | null
  /** Each sentence that rests on it, with the words of the source that are to support it, in reading order. */
  readonly claims: readonly CheckedClaim[]
  /** SHA-256 of the entry and of those claims, hex: a tick is for this and ends with it. */
  readonly hash: string
}

export interface CheckedClaim {
  /** The id of the brief, or null for the opening note. */
  readonly brief: string | null
  readonly text: string
  readonly quote: string | null
  readonly locator: string | null
}

/** Every cited source by its number. Another number alone changes no hash, nor does another place in its brief. */
export function sourceChecks(issue: Issue): SourceCheck[] {
  const claims = claimsOf(project(issue, 'member'))
  return [...issue.numbers].flatMap(([id, number]) => {
    const source = issue.ledger.get(id)
    if (source === undefined) return []
    const own = claims.flatMap(({ brief, text, citations }): CheckedClaim[] =>
      citations
        .filter((each) => each.source === number)
        .map(({ quote, locator }) => ({ brief, text, quote: quote?.exact ?? null, locator })),
    )
    const { title, publisher, url } = source
    const said = own.map((claim) => canonicalHash(claim)).toSorted()
    const hash = canonicalHash({ entry: entryOf(issue, source), said })
    return [{ id, number, title, publisher, url, claims: own, hash }]
  })
}
