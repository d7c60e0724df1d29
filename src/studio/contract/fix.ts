import type { TextPlace } from './finding.ts'

/** Something that mends a finding. */
export interface Fix {
  /** `copy:<source>` keeps a copy of the source’s page; it has no place in a file. */
  readonly id: string
  /** An imperative: “Cite Harbour Daily”. */
  readonly label: string
  /** What a person has to say first; `source`: the id of an entry of the ledger. */
  readonly asks: 'reason' | 'source' | 'description' | 'title' | null
  /** What it would change; null where that depends on what is asked. */
  readonly change: FixChange | null
  /** Where the citation goes of a source that may be sought, or made one, there first. */
  readonly place?: TextPlace
}

/** A stretch of a file before and after, with what stands around it in its lines. */
export interface FixChange {
  readonly file: string
  /** Of the first line that is another. */
  readonly line: number
  readonly lead: string
  readonly removed: string
  readonly added: string
  readonly tail: string
}

/** A file before and after a fix; nothing is written. */
export interface Mended {
  readonly path: string
  /** The version that `before` is. */
  readonly hash: string
  readonly before: string
  readonly after: string
  readonly change: FixChange
}

/** Why a finding is not mended, as a sentence. */
export interface NotMended {
  readonly problem: string
}
