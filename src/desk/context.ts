import type { Publication } from '../core/publication.ts'
import type { Ledger } from '../sources/source.ts'
import type { CitedSource } from './cited-source.ts'
import type { Voices } from '../sources/independence.ts'
import type { KeptSnapshot } from '../sources/snapshot.ts'
import type { LinkState } from './evidence.ts'
import type { DeskText } from './desk-text.ts'
import type { SnapshotText } from './snapshot-text.ts'

/** The publication's `desk:`. */
export type DeskSettings = Publication['desk']

/** All that a rule over one text may look at. */
export interface TextContext {
  readonly text: DeskText
  /** The sources that the text cites, and those these name as their origin. */
  readonly sources: ReadonlyMap<string, CitedSource>
  /** Every id of the ledger, for “did you mean …?”. */
  readonly ids: readonly string[]
  /** Files of briefs: a source listed in one is for that brief alone. */
  readonly briefFiles: ReadonlySet<string>
  /** Which sources speak with one voice. */
  readonly voices: Voices
  /** The stored copy of a cited source, or null: none, or not on this machine. */
  snapshot(id: string): SnapshotText | null
  /** The issue's date, EDTF, and language. */
  readonly date: string
  readonly lang: string
  readonly settings: DeskSettings
}

/** All that a rule over the issue may look at. */
export interface IssueContext {
  readonly texts: readonly DeskText[]
  readonly ledger: Ledger
  /** By hash, for each source that has one; null where nothing was looked for. */
  readonly snapshots: ReadonlyMap<string, KeptSnapshot> | null
  /** By the id of the source: what `source verify` has noted. */
  readonly links: ReadonlyMap<string, LinkState>
  readonly date: string
  readonly settings: DeskSettings
}
