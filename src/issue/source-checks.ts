import { canonicalHash } from '../core/canonical.ts'
import type { Place } from '../core/finding.ts'
import { placedClaims } from './claims.ts'
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
  readonly kind: string
  /** EDTF, or `unknown`. */
  readonly published: string
  /** When the stored copy was made, ISO; null: there is none at hand. */
  readonly stored: string | null
  /** Its entry in the ledger. */
  readonly place: Place
  /** Each sentence that rests on it, with the words of the source that are to support it, in reading order. */
  readonly claims: readonly CheckedClaim[]
  /** SHA-256 of the entry and of those claims, wherever they stand, hex: a tick is for this and ends with it. */
  readonly hash: string
}

export interface CheckedClaim {
  /** The id of the brief, or null for the opening note. */
  readonly brief: string | null
  readonly text: string
  readonly quote: string | null
  readonly locator: string | null
  /** The citation. */
  readonly place: Place
}

/** Every cited source by its number. Another number alone changes no hash, nor does another place in its brief. */
export function sourceChecks(issue: Issue): SourceCheck[] {
  const claims = placedClaims(project(issue, 'member'))
  return [...issue.numbers].flatMap(([id, number]) => {
    const source = issue.ledger.get(id)
    if (source === undefined) return []
    const own = claims.flatMap(({ claim: { brief, text, citations }, places }) =>
      citations.flatMap(({ source, quote, locator }, index): CheckedClaim[] => {
        const place = places[index]
        if (source !== number || place === undefined) return []
        return [{ brief, text, quote: quote?.exact ?? null, locator, place }]
      }),
    )
    const { title, publisher, url, kind, published, place } = source
    const said = own
      .map(({ brief, text, quote, locator }) => canonicalHash({ brief, text, quote, locator }))
      .toSorted()
    const hash = canonicalHash({ entry: entryOf(issue, source), said })
    const stored = issue.stored.capturedAt(source)
    return [{ id, number, title, publisher, url, kind, published, stored, place, claims: own, hash }]
  })
}
