import type { Finding } from '../../core/finding.ts'

/** A finding with the line it stands in, as the editor wrote it. */
export interface ShownFinding extends Finding {
  /** Null where the file cannot be read. */
  readonly sourceLine: string | null
}

/** How many findings that are not waived there are of each severity. */
export interface FindingCounts {
  readonly error: number
  readonly warning: number
  readonly info: number
}

/** A place in an editor's file; lines and columns count from 1. */
export interface TextPlace {
  /** Relative to the publication, as `briefs/2025-w46/issue.md`. */
  readonly file: string
  readonly line: number
  readonly column: number
}
