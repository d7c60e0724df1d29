import type { Tier } from '../../core/tier.ts'
import type { IssueStand } from '../standings.ts'
import type { FindingCounts, ShownFinding, TextPlace } from './finding.ts'

/** `GET /api/shelf`: the publication and its issues, latest id first; their lights without what stands in the way. */
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
  /** When the next issue of each newsletter with a cadence is due, the first one first. */
  readonly due: readonly NextDue[]
  readonly tiers: Readonly<Record<Tier, string>>
  /** Where readers reach the site, without a trailing slash. */
  readonly baseUrl: string
  /** Whether mail goes to the outbox alone. */
  readonly rehearsal: boolean
  /** The mail server, without credentials; null: the outbox. */
  readonly server: string | null
  /** Where the site is on this machine, to follow links to `baseUrl` there; null: it is not here. */
  readonly siteUrl: string | null
}

export interface NextDue {
  /** Its key. */
  readonly newsletter: string
  /** Milliseconds since the epoch. */
  readonly at: number
}

/**
 * Where an issue stands. From `scheduled` on the delivery store decides, before that the record of
 * approvals, and before that the frontmatter; `broken`: not even the frontmatter can be read; `void`: approved,
 * and changed since; `published`: on the site, and never mailed.
 */
export type IssueState = 'broken' | IssueStand['state']

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
  /** Of more than one: their titles, in order. */
  readonly briefs: readonly string[]
  /** When it came to its state, of `scheduled` when it goes out: milliseconds since the epoch; null: that is not kept. */
  readonly at: number | null
  /** Who took the last step on the record of approvals, as a draft, a review or an approval; null: nobody. */
  readonly by: string | null
  /** What is scheduled or sent goes to the outbox. */
  readonly rehearsal: boolean
  /** When it last went to the outbox as a whole; null: never. */
  readonly rehearsedAt: number | null
}

/** The one light: whether the issue could be sent as it is on the disk. */
export interface Readiness {
  /** `unknown` until it is built once; `blocked`: something must be mended; `open`: nothing is wrong, something is to be done. */
  readonly light: 'unknown' | 'blocked' | 'open' | 'ready'
  /** One short sentence: “3 things to mend before it can go out.” */
  readonly sentence: string
  /** What stands in the way, the first thing to do first, at most ten: what is to be mended, or then what is to be done. */
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
