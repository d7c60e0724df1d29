import type { Tier } from '../../core/tier.ts'
import type { PastDelivery } from '../../delivery/history.ts'
import type { Encoding } from '../../subscribers/csv-records.ts'
import type { FileLook } from '../../subscribers/import-look.ts'
import type { Upload } from '../../subscribers/import-session.ts'
import type { ImportResult } from '../../subscribers/import.ts'
import type { Field, SystemName } from '../../subscribers/mapping.ts'
import type { PersonDetails } from '../../subscribers/person.ts'
import type { SubscriberCounts } from '../../subscribers/store.ts'
import type { SubscriberState, SubscriberTier } from '../../subscribers/subscriber.ts'
import type { OutboxChecks, OutboxMessage } from './outbox.ts'

/*
 * People are asked for by POST: what is searched for is often an address, and belongs in no URL, history or log.
 * A URL names a person by their public id alone.
 */

/** `POST /api/people/search` */
export interface PeopleRequest {
  /** Words that all stand in the address or the name; empty: everybody. */
  readonly text: string
  readonly newsletter: string | null
  readonly tier: SubscriberTier | null
  /** Erased people are listed only when asked for. */
  readonly state: SubscriberState | null
  /** The `next` of the page before; null: from the first on. */
  readonly after: number | null
}

/** The best match first; of equal ones, and where nothing is searched for, the newest. */
export interface PeoplePage {
  readonly people: readonly PersonLine[]
  readonly next: number | null
}

/** `GET /api/people/counts?newsletter=…` */
export type PeopleCounts = SubscriberCounts

export interface PersonLine {
  /** The person's name in addresses. */
  readonly id: string
  /** Null once erased. */
  readonly address: string | null
  readonly name: string | null
  readonly tier: SubscriberTier
  /** The state that counts, of the newsletter that was asked for. */
  readonly state: SubscriberState
  /** Those that they signed up for and have not left. */
  readonly newsletters: readonly string[]
  /** Milliseconds since the epoch. */
  readonly since: number
}

/** `GET /api/people/:id`; all that is kept, as they would download it, is at `…/data`. */
export type Person = Omit<PersonDetails, 'kept'>

/** `GET /api/people/:id/deliveries?after=…`: the newest first. */
export interface PersonDeliveries {
  readonly deliveries: readonly PersonDelivery[]
  readonly next: number | null
}

/** One delivery; `GET /api/people/deliveries/:delivery` has what exactly they received. */
export interface PersonDelivery extends Pick<PastDelivery, 'id' | 'tier' | 'subject' | 'state' | 'attempts'> {
  readonly issue: string
  readonly rehearsal: boolean
  /** What became of it, in a sentence or two. */
  readonly sentence: string
  /** Milliseconds since the epoch; null: not begun, or not at its end. */
  readonly begunAt: number | null
  readonly endedAt: number | null
}

export interface ReceivedMessage {
  readonly delivery: PersonDelivery
  /** Null: it cannot be made again; `differs` says why. */
  readonly message: OutboxMessage | null
  readonly checks: OutboxChecks | null
  /** Byte for byte what was sent. */
  readonly exact: boolean
  readonly differs: readonly string[]
}

/** `POST /api/people`, answered with `AddedPerson`. */
export interface NewPerson {
  readonly address: string
  readonly name: string
  readonly tier: SubscriberTier
  readonly newsletter: string
  /** They left, and have asked to come back. */
  readonly again: boolean
}

export interface AddedPerson {
  /** `left`: they left that newsletter, and nothing was done: ask whether they want back. */
  readonly outcome: 'added' | 'updated' | 'unchanged' | 'left'
  /** Null where nothing was done. */
  readonly id: string | null
}

/** `POST /api/people/:id`, answered with `Person`. */
export type PersonChange =
  | { readonly change: 'set'; readonly name: string; readonly tier: SubscriberTier }
  /** Null: every newsletter. */
  | { readonly change: 'unsubscribe'; readonly newsletter: string | null }
  | { readonly change: 'suppress'; readonly note: string }
  /** Of all that is confirmed, for so many weeks, at most 52; 0: the pause ends. */
  | { readonly change: 'pause'; readonly weeks: number }

/** `POST /api/people/:id/erase`: the address as it was typed, which must be theirs. */
export interface EraseRequest {
  readonly typed: string
}

export interface Erased {
  /** Copies of the store from before an upgrade or a restore, which an erasure does not reach. */
  readonly copies: readonly string[]
}

/** What a person chooses about a file. */
export interface ImportChoices {
  /** Field → the column that holds it; an empty one leaves the field out. */
  readonly map: Readonly<Partial<Record<Field, string>>>
  readonly from: SystemName | 'auto' | 'other'
  readonly encoding: Encoding
  /** Null: where a row names none, the first of the publication's. */
  readonly newsletter: string | null
  /** Null: as the file says, and what is known stays. */
  readonly tier: SubscriberTier | null
}

/**
 * `POST /api/people/import`: the body is the file, its name (URI-encoded) stands in `X-File-Name`; and
 * `POST /api/people/import/:upload/look` with `ImportChoices`.
 */
export interface ImportLook {
  readonly upload: Upload
  readonly look: FileLook
}

/** `POST /api/people/import/:upload/run`, answered with `ImportState`; `…/cancel` and `…/drop` have no body. */
export interface ImportRunRequest extends ImportChoices {
  readonly dryRun: boolean
}

/** `GET /api/people/import`: the import that is under way or ended last; an `import` change says that it is another. */
export interface ImportState {
  readonly run: ImportRunState | null
}

export interface ImportRunState {
  /** Another one for each run. */
  readonly number: number
  readonly upload: string
  readonly fileName: string
  readonly dryRun: boolean
  readonly state: 'running' | 'done' | 'stopped' | 'failed'
  /** How much of the file has been read, from 0 to 1. */
  readonly part: number
  /** So far. Without its sample but for a trial; its first refused rows. */
  readonly result: ShownResult | null
  /** Why it failed, as a sentence. */
  readonly error: string | null
}

export interface ShownResult extends Omit<ImportResult, 'sample' | 'interrupted' | 'refusals'> {
  /** How many, and why in words. */
  readonly refusals: readonly (readonly [number, string])[]
  readonly refusedTotal: number
  /** The first rows as they would be kept. */
  readonly sample: readonly ShownRow[]
}

export interface ShownRow {
  readonly line: number
  readonly address: string
  readonly name: string | null
  readonly tier: Exclude<Tier, 'public'> | null
  readonly state: string | null
  readonly newsletter: string
}

export type { Consent } from '../../subscribers/consent.ts'
export type { ColumnLook } from '../../subscribers/import-look.ts'
export type { Field, SystemName } from '../../subscribers/mapping.ts'
export type { SubscriberState, SubscriberTier, Subscription } from '../../subscribers/subscriber.ts'
