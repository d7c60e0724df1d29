import type { Finding } from '../core/finding.ts'
import type { Tier } from '../core/tier.ts'
import type { SourcesDocument } from '../issue/sources-document.ts'

/** One issue as the studio shows it: plain data, since it crosses from the worker's thread. */
export interface Preview {
  readonly id: string
  /** Null where not even the frontmatter can be read. */
  readonly meta: PreviewMeta | null
  readonly findings: readonly ShownFinding[]
  /** Null while a finding blocks the issue. */
  readonly editions: Readonly<Record<Tier, PreviewEdition>> | null
  readonly images: readonly PreviewImage[]
}

export interface PreviewMeta {
  readonly subject: string
  readonly newsletter: string
  readonly date: string
  readonly status: 'draft' | 'review' | 'approved'
}

/** What a reader of one tier would get. */
export interface PreviewEdition {
  readonly tier: Tier
  readonly lang: string
  readonly subject: string
  readonly preheader: string
  readonly from: string
  readonly html: string
  readonly text: string
  readonly web: string
  readonly mjml: string
  readonly headers: readonly { readonly name: string; readonly value: string }[]
  readonly sources: SourcesDocument
  readonly bytes: { readonly html: number; readonly text: number; readonly message: number }
}

export interface PreviewImage {
  readonly name: string
  readonly mediaType: string
  readonly bytes: Uint8Array
}

/** A finding with the line it stands in, as the editor wrote it. */
export interface ShownFinding extends Finding {
  /** Null where the file cannot be read. */
  readonly sourceLine: string | null
}

/** A publication as the studio sees it before any issue is built. */
export interface Shelf {
  readonly issues: readonly string[]
  /** Of onrecord.yaml. */
  readonly findings: readonly ShownFinding[]
  /** Null while onrecord.yaml cannot be used. */
  readonly publication: {
    readonly name: string
    readonly timeZone: string
    readonly tiers: Readonly<Record<Tier, string>>
  } | null
}

/** Builds previews; the real one works in a thread of its own. */
export interface Builder {
  shelf(): Promise<Shelf>
  build(issue: string): Promise<Preview>
  close(): Promise<void>
}
