import type { Root } from 'mdast'
import type { Brief, BriefImage, IssueMeta } from '../brief/brief.ts'
import type { Ledger, Source } from '../sources/source.ts'
import type { Tier } from '../core/tier.ts'
import type { SourcingStatement } from './sourcing-statement.ts'
import type { StoredCopies } from './stored-copies.ts'
import type { Passage } from './surroundings.ts'

/** One number of a newsletter: briefs and ledger, with every source numbered. */
export interface Issue {
  readonly id: string
  /** Path of `issue.md` or of the single file, relative to the publication. */
  readonly file: string
  readonly meta: IssueMeta
  /** Resolved: the issue's, else the newsletter's, else the publication's. */
  readonly lang: string
  /** Resolved: the issue's, else the newsletter's. */
  readonly template: string
  /** The editor's opening note; may be empty. */
  readonly note: Root
  readonly briefs: readonly Brief[]
  /** Its files as they are written, the issue's own first. */
  readonly written: readonly WrittenFile[]
  readonly ledger: Ledger
  /** Source id → its number, from 1, by first citation over the whole issue. The same for every tier. */
  readonly numbers: ReadonlyMap<string, number>
  /** What the stored copies of its sources say of passages and voices. */
  readonly stored: StoredCopies
  /** The key in `images` of the publication's logo, or null where it has none. */
  readonly logo: string | null
  /** By the path written, from the brief's folder resolved to one relative to the publication. */
  readonly images: ReadonlyMap<string, IssueImage>
}

/** One of an issue's Markdown files. */
export interface WrittenFile {
  /** Path relative to the publication. */
  readonly file: string
  /** What the frontmatter says. */
  readonly front: unknown
  readonly markdown: string
}

/** An image made ready for mail and web: at most twice the column's width. */
export interface IssueImage {
  /** Path of the original, relative to the publication. */
  readonly file: string
  /** `<hash>.<ext>` of the bytes below; served at `<BASE_URL>/images/<name>`. */
  readonly name: string
  readonly mediaType: 'image/jpeg' | 'image/png' | 'image/gif'
  /** CSS pixels at which it is shown (at most the column's width). */
  readonly width: number
  readonly height: number
  readonly bytes: Uint8Array
}

/** What a reader of one tier may see of an issue, and nothing else. Everything downstream starts here. */
export interface ProjectedIssue {
  readonly id: string
  /** As in `Issue`. */
  readonly file: string
  readonly tier: Tier
  readonly meta: IssueMeta
  readonly lang: string
  readonly template: string
  readonly note: Root
  readonly briefs: readonly ProjectedBrief[]
  /** In the order of their numbers, then those consulted but not cited. */
  readonly sources: readonly ProjectedSource[]
  readonly count: SourceCount
  readonly sourcing: SourcingStatement
  /** The editors' exceptions that the tier is told of. */
  readonly waivers: readonly ProjectedWaiver[]
  readonly logo: string | null
  readonly images: ReadonlyMap<string, IssueImage>
}

/** A waiver as a reader of one tier may see it. */
export interface ProjectedWaiver {
  readonly rule: string
  /** The claim or source it is on, or null. */
  readonly on: string | null
  readonly reason: string
  readonly file: string
}

/** “9 sources, 3 open, 6 unlock when you confirm”. */
export interface SourceCount {
  readonly total: number
  /** Links this tier may follow. */
  readonly linked: number
  /** Links that a confirmed, free subscription would add to `linked`. */
  readonly unlockedBySubscribing: number
}

export interface ProjectedBrief {
  readonly id: string
  readonly file: string
  readonly title: string
  readonly standfirst: string
  readonly date: string
  readonly authors: readonly string[]
  readonly tags: readonly string[]
  /** Null where the brief has none, or the tier may not read the brief. */
  readonly image: BriefImage | null
  /** The tier that would unlock the brief, or null where it is open. A locked brief has an empty body. */
  readonly locked: Tier | null
  readonly body: Root
  readonly corrections: readonly { readonly date: string; readonly text: string }[]
}

/** One line of the list of sources as a reader of a tier sees it. */
export interface ProjectedSource {
  /** Null: consulted, not cited. */
  readonly number: number | null
  readonly id: string
  readonly title: string
  readonly publisher: string
  readonly authors: readonly string[]
  readonly published: string
  readonly kind: Source['kind']
  readonly lang: string | null
  readonly party: string | null
  /** Null where the tier may not follow it, or there is none. */
  readonly url: string | null
  /** `url` at the passage, where a quotation is known and unambiguous. */
  readonly passageUrl: string | null
  readonly archive: string | null
  /** The passages it is cited for; empty where the tier may not see them. */
  readonly quotes: readonly string[]
  /** `quotes` as the stored copy holds them, with the words around each. */
  readonly passages: readonly Passage[]
  /** When the stored copy was taken, ISO 8601; null: there is none at hand, or the tier may not know. */
  readonly capturedAt: string | null
  /** The snapshot's hash, or null: “not verified: no snapshot”. */
  readonly snapshot: string | null
  /** Why there is no link: the tier is not let, only locked text cites it, or there is none. */
  readonly locked: 'tier' | 'section' | null
  /** The number of the source through which it was reached, or null. */
  readonly via: readonly number[]
}
