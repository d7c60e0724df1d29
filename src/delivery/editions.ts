import type { Tier } from '../core/tier.ts'
import type { Edition } from '../email/edition.ts'

/** An issue on the site, as the list of issues shows it. */
export interface PublishedHead {
  readonly issue: string
  readonly newsletter: string
  readonly subject: string
  /** ISO day of the issue. */
  readonly date: string
  /** Milliseconds since the epoch. */
  readonly publishedAt: number
}

/** An issue on the site with its frozen editions. */
export interface PublishedIssue extends PublishedHead {
  readonly editions: Readonly<Record<Tier, Edition>>
}

/** Frozen editions by their hash, and which of them the site shows. */
export interface EditionStore {
  /** Keeps an edition; one of the same hash is the same edition. */
  save(edition: Edition): Promise<void>
  get(hash: string): Promise<Edition | null>
  /** Puts an issue on the site, one edition a tier, all or none. Again: what it shows is replaced. */
  publish(editions: Readonly<Record<Tier, Edition>>): Promise<void>
  published(issue: string): Promise<PublishedIssue | null>
  /** Latest day first. */
  listPublished(): Promise<readonly PublishedHead[]>
}
