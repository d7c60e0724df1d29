import type { Citation, CitationItem } from '../brief/tree.ts'
import type { SourceKind } from '../sources/source.ts'

/** A key claim as the desk reads it. */
export interface KeyClaim {
  /** The citation marked `{key}`. */
  readonly citation: Citation
  /** Of every citation of its sentence. */
  readonly items: readonly CitationItem[]
}

/** What an issue rests on, as a reader of one tier is told at its end. */
export interface SourcingStatement {
  /** Sources cited anywhere in the issue, and those read besides. */
  readonly cited: number
  readonly consulted: number
  /** Of those cited, the most frequent first. */
  readonly kinds: readonly { readonly kind: SourceKind; readonly count: number }[]
  /** Of those cited: of a primary kind. */
  readonly primary: number
  /** Of those cited: how many are left where reprints, relays and one party’s offices count once. */
  readonly voices: number
  /** Of those cited: with a stored copy. */
  readonly snapshots: number
  /** Claims marked key, in what the tier may read. */
  readonly keyClaims: number
  /** Of these: those on one independent voice, with the numbers of its sources. */
  readonly singleVoice: readonly { readonly numbers: readonly number[] }[]
  /** Sources without a name; why and how they know, where the tier may see what they are cited for. */
  readonly unnamed: readonly {
    readonly number: number | null
    readonly reason: string | null
    readonly access: string | null
  }[]
  /** Corrections that stand in what the tier may read, the latest first. */
  readonly corrections: readonly { readonly date: string; readonly brief: string }[]
}
