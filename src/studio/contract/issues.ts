import type { Tier } from '../../core/tier.ts'
import type { FindingCounts, ShownFinding, TextPlace } from './finding.ts'

/** `GET /api/shelf`: the publication and its issues, latest id first. */
export interface Shelf {
  /** Null while onrecord.yaml cannot be used; `findings` say why. */
  readonly publication: PublicationHead | null
  /** Of onrecord.yaml. */
  readonly findings: readonly ShownFinding[]
  readonly issues: readonly IssueSummary[]
  /** Whether every issue has been built since the start; until then `counts` may be null. */
  readonly complete: boolean
}

export interface PublicationHead {
  readonly name: string
  readonly timeZone: string
  /** Key → name, in the order of onrecord.yaml. */
  readonly newsletters: Readonly<Record<string, string>>
  readonly tiers: Readonly<Record<Tier, string>>
  /** Where readers reach the site, without a trailing slash. */
  readonly baseUrl: string
  /** Whether mail goes to the outbox alone. */
  readonly rehearsal: boolean
}

/**
 * Where an issue stands. From `scheduled` on the delivery store decides, before that the record of
 * approvals, and before that the frontmatter; `broken`: not even the frontmatter can be read.
 */
export type IssueState =
  | 'broken'
  | 'draft'
  | 'review'
  | 'approved'
  | 'scheduled'
  | 'sending'
  | 'paused'
  | 'sent'
  | 'cancelled'

export interface IssueSummary {
  readonly id: string
  readonly state: IssueState
  /** Null where not even the frontmatter can be read. */
  readonly subject: string | null
  readonly newsletter: string | null
  /** ISO day. */
  readonly date: string | null
  /** Null while it has never been built. */
  readonly counts: FindingCounts | null
  readonly readiness: Readiness
  /** Goes up with every build; 0: none yet. */
  readonly version: number
  /** Words of all its briefs; null while it has never been built. */
  readonly words: number | null
}

/** The one light: whether the issue could be sent as it is on the disk. */
export interface Readiness {
  /** `unknown` until it is built once; `blocked`: something must be mended; `open`: nothing is wrong, something is to be done. */
  readonly light: 'unknown' | 'blocked' | 'open' | 'ready'
  /** One short sentence: “3 things to mend before it can go out.” */
  readonly sentence: string
  /** What stands in the way, the first thing to do first, at most ten. */
  readonly lines: readonly ReadinessLine[]
  /** How many more there are. */
  readonly more: number
}

export interface ReadinessLine {
  readonly text: string
  /** Which screen mends it. */
  readonly screen: IssueScreen
  /** Where in the text, if it is there. */
  readonly place: TextPlace | null
}

/** The screens of one issue, in the order of the work. */
export type IssueScreen = 'draft' | 'check' | 'preview' | 'compare' | 'approve' | 'send'

/** `GET /api/issues/:id`. */
export interface IssueHead extends IssueSummary {
  /** Why the newest build failed altogether, in a sentence, or null. */
  readonly fault: string | null
  /** Whether what is shown is older than what is written: the draft is broken, the last good version stays. */
  readonly stale: boolean
}
