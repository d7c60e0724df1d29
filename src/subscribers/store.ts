import type { Address } from './address.ts'
import type { ImportOutcome, ImportRow } from './merge.ts'
import type { Subscriber, SubscriberState, SubscriberTier, Suppression } from './subscriber.ts'

/** The people. Every change is durable when its promise resolves. */
export interface SubscriberStore {
  /** One person, with everything kept about them; null when there is none. */
  find(who: Who): Promise<Subscriber | null>
  /** Why an address must not be written to, whether or not it is a subscriber's; null when it may. */
  suppressionOf(address: Address): Promise<Suppression | null>
  /**
   * One person who has consented. Someone suppressed or erased is never added; someone who left
   * only with `again`, the word that they asked to come back.
   */
  add(person: NewSubscriber): Promise<AddOutcome>
  /** Sets what is given; a name of null takes it away. */
  set(who: Who, change: SubscriberChange): Promise<Changed>
  /** Takes a person off one newsletter, or off all with null. As often as asked; only the first changes. */
  unsubscribe(who: Who, newsletter: string | null): Promise<Changed>
  /** Never write to this address again, whether or not it is a subscriber's. Keeps an earlier reason. */
  suppress(address: Address, reason: string, note: string | null): Promise<boolean>
  /**
   * Deletes address, name and consents; the row stays, nameless, for the sums of past issues. A
   * keyed hash of the address blocks it from coming back.
   */
  erase(address: Address): Promise<EraseOutcome>
  /** Everybody who matches, in the order in which they came, read page by page. */
  list(filter?: SubscriberFilter): AsyncIterable<Subscriber>
  /**
   * Those who match, the best first and of equal ones the newest, a page at a time; however many people there are, it
   * never holds up others for long. See `rankOf` for what matches, and how well.
   * @returns `next`: the `after` of the next page, or null when that was the end
   */
  search(
    query: SubscriberSearch,
    page: PeoplePage,
  ): Promise<{ readonly people: readonly Subscriber[]; readonly next: number | null }>
  /** How many are in each state and tier; of one newsletter, or of all. */
  counts(newsletter: string | null): Promise<SubscriberCounts>
  /** Begins an import; `write` commits one batch. */
  startImport(options: { readonly dryRun: boolean }): SubscriberImport
}

/** Whom a call is about: an address, or the name of a person in links. */
export type Who = Address | { readonly publicId: string }

export interface NewSubscriber {
  readonly address: Address
  readonly name: string | null
  /** Null: as it is, and `subscriber` for somebody new. */
  readonly tier: SubscriberTier | null
  readonly newsletter: string
  readonly source: string
  readonly again: boolean
}

export type AddOutcome = 'added' | 'updated' | 'unchanged' | 'left' | 'suppressed' | 'erased'

export interface SubscriberChange {
  readonly tier?: SubscriberTier
  readonly name?: string | null
}

export type Changed = 'changed' | 'unchanged' | 'not-found'

export type EraseOutcome = 'erased' | 'already-erased' | 'not-found'

export interface SubscriberFilter {
  readonly newsletter?: string | null
  readonly tier?: SubscriberTier | null
  /** Of `newsletter`, or of any newsletter. Erased people are listed only when asked for. */
  readonly state?: SubscriberState | null
}

export interface SubscriberSearch extends SubscriberFilter {
  /** Words that all stand in the address or the name, each anywhere in it; empty: everybody. */
  readonly text?: string
}

export interface PeoplePage {
  /** The `next` of the page before; null: from the first on. */
  readonly after: number | null
  readonly limit: number
  /** Aborted: the search ends with what it has found, as when something else is typed meanwhile. */
  readonly signal?: AbortSignal
}

export interface SubscriberCounts {
  readonly total: number
  readonly states: Readonly<Record<SubscriberState, number>>
  /** Of those who are confirmed: who would get the next issue. */
  readonly tiers: Readonly<Record<SubscriberTier, number>>
}

/** An import under way. What was written stays, whatever happens to the rest. */
export interface SubscriberImport {
  /** One outcome a row, in order. A batch is committed as a whole, or throws and changes nothing. */
  write(rows: readonly ImportRow[]): Promise<readonly ImportOutcome[]>
  close(): Promise<void>
}
