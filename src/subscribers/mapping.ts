import type { ImportRow } from './merge.ts'
import type { SubscriberTier } from './subscriber.ts'

/** What a column of a file can hold for us. */
export const fields = [
  'address',
  'name',
  'first-name',
  'last-name',
  'tier',
  'state',
  'newsletter',
  'consent-at',
  'consent-source',
  'asked-at',
  'left-at',
  'suppressed-for',
] as const

export type Field = (typeof fields)[number]

/** The systems whose exports are known by name. */
export const systems = ['substack', 'ghost', 'mailchimp'] as const

export type SystemName = (typeof systems)[number]

/** A file of which the first line has been read. Columns are asked for in any case and punctuation. */
export interface ForeignFile {
  /** Without its folder. */
  readonly name: string
  has(column: string): boolean
}

/** How one system's exports are read. */
export interface Mapping {
  readonly system: string
  /** A file is this system's where it has every column of one of these sets. */
  readonly signs: readonly (readonly string[])[]
  /** @throws OnrecordError `refused` for a file of people who never agreed to mail */
  open(file: ForeignFile): OpenMapping
}

/** How one file of a known system is read. */
export interface OpenMapping {
  /** “Ghost’s export of members”. */
  readonly title: string
  /** Our fields: of these columns, the first whose cell is not empty. */
  readonly fields: Readonly<Partial<Record<Field, readonly string[]>>>
  /** The columns that `decide` asks for, with what each says, in words. */
  readonly says: Readonly<Record<string, string>>
  /** What else to do, for the operator; null: nothing. */
  readonly advice: string | null
  /** What a row says; or in one sentence why it is refused. `now` in milliseconds. */
  decide(cell: (column: string) => string, now: number): Decision | string
}

/** Null: the row does not say. */
export interface Decision {
  readonly tier: SubscriberTier | null
  readonly state: ImportRow['state']
}

/** A name of a column as it is compared: letters and digits, in lower case. */
export function plainName(column: string): string {
  return column.toLowerCase().replace(/[^\p{L}\p{N}]/gu, '')
}
