import type { Root } from 'mdast'
import type { Brief, Waiver } from '../brief/brief.ts'
import type { Finding } from '../core/finding.ts'
import type { Ledger } from '../sources/source.ts'

/** What the desk reads of an issue; `issue/`'s `LoadedIssue` is one. */
export interface CheckedIssue {
  readonly issue: {
    readonly file: string
    readonly meta: { readonly date: string }
    readonly lang: string
    readonly note: Root
    readonly briefs: readonly Brief[]
    readonly ledger: Ledger
  } | null
  /** What reading the files found. */
  readonly findings: readonly Finding[]
  readonly waivers: readonly Waiver[]
  /** False where a brief could not be read, so that nobody can say what cites a source; default: true. */
  readonly isWhole?: boolean
  /** False where sources.yaml could not be read, so that nobody can say which sources there are; default: true. */
  readonly isLedgerRead?: boolean
}
