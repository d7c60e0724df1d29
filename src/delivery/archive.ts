import type { Tier } from '../core/tier.ts'
import type { Edition } from '../email/edition.ts'
import type { PublishedHead } from './editions.ts'

/**
 * What the site may read of what is published: always of one tier, and never anything of another. Every
 * answer is of one moment of the store, two may be of two: who keeps what was made asks for the version first, so
 * that what it is kept under is never newer than what it holds. A corrected issue is seen within 50 ms.
 */
export interface Archive {
  /** Changes whenever something is published: what was made from the archive before is then stale. */
  version(): Promise<number>
  /**
   * When something was last published, in milliseconds since the epoch; null: nothing is. Asked for before the
   * version, it is never later than what that version shows.
   */
  changedAt(): Promise<number | null>
  /** Latest day first; titles and preheaders as the tier may see them. */
  heads(tier: Tier, range?: ArchiveRange): Promise<readonly ArchiveHead[]>
  /** Which edition an issue's page shows to `tier`: cheap, for an ETag and a cache; null: it is not published. */
  editionOf(issue: string, tier: Tier): Promise<EditionHead | null>
  /**
   * When an issue first went out, milliseconds: its first real send was opened, or it was first published, whichever
   * was before. No rehearsal and no correction moves it. Null: it has not.
   */
  firstOutAt(issue: string): Promise<number | null>
  /** By the hash that `editionOf` gave. */
  page(hash: string): Promise<ArchivedPage | null>
  /** The `sources.json` of an edition, as it was frozen, by the hash that `editionOf` gave. */
  sources(hash: string): Promise<Edition['sources'] | null>
  /** Every place where the tier sees that work cited, in all issues, latest first; empty: no such source. */
  sourcePlaces(issue: string, source: string, tier: Tier): Promise<readonly SourcePlace[]>
  /** Each work that has a source page of its own for the tier, once, where it is cited first. */
  works(tier: Tier): Promise<readonly ArchivedWork[]>
  /** Latest first. */
  corrections(tier: Tier, range?: Omit<ArchiveRange, 'newsletter'>): Promise<readonly ArchivedCorrection[]>
  /** Words in any order, quoted phrases; never an error, whatever is typed. Best match first. */
  search(
    query: string,
    tier: Tier,
    page: { readonly from: number; readonly count: number },
  ): Promise<SearchResult>
}

/** A part of a list; default: from its beginning, all of it. */
export interface ArchiveRange {
  readonly from?: number
  readonly count?: number
  /** Of this newsletter alone. */
  readonly newsletter?: string
}

export interface ArchiveHead extends PublishedHead {
  readonly preheader: string
  readonly lang: string
  /** Of the tier's edition. */
  readonly hash: string
  readonly briefs: readonly { readonly id: string; readonly title: string; readonly standfirst: string }[]
}

/** Of one tier's edition. */
export interface EditionHead extends PublishedHead {
  readonly hash: string
}

export interface ArchivedPage {
  /** Null: frozen by a version that kept none; then `web` is all there is. */
  readonly document: Edition['page'] | null
  /** The page that stands by itself; null where there is a document: nobody asks for both. */
  readonly web: string | null
}

export interface SourcePlace {
  readonly issue: string
  readonly subject: string
  readonly date: string
  /** The source's id in that issue's ledger. */
  readonly source: string
  /** Null: the opening note, read and not cited, or frozen without a page document. */
  readonly brief: { readonly id: string; readonly title: string } | null
  /** False: its edition was frozen without a page document, so that it has no page of its sources nor briefs. */
  readonly hasPage: boolean
}

export interface ArchivedWork {
  readonly issue: string
  /** The source's id in that issue's ledger. */
  readonly source: string
  /** When an issue that cites it was last published, in milliseconds since the epoch. */
  readonly changedAt: number
}

export interface ArchivedCorrection {
  readonly issue: string
  readonly brief: string
  readonly title: string
  /** ISO day. */
  readonly day: string
  readonly words: string
}

export interface SearchResult {
  /** 1,000 also where there is more: only what was taken in last of it is weighed. */
  readonly total: number
  readonly hits: readonly {
    readonly issue: string
    /** Null: the issue's opening note. */
    readonly brief: string | null
    readonly title: string
    readonly date: string
    /** Text in pieces: every second one is what was searched for. */
    readonly snippet: readonly string[]
  }[]
}
