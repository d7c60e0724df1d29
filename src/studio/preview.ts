import type { Finding } from '../core/finding.ts'
import type { Cadence } from '../core/publication.ts'
import type { Tier } from '../core/tier.ts'
import type { Inspection } from '../email/compat/inspect.ts'
import type { Recipient } from '../email/edition.ts'
import type { SourcesDocument } from '../issue/sources-document.ts'
import type { Fix, Mended, NotMended } from './contract/fix.ts'

/** One issue as the studio shows it: plain data, since it crosses from the worker's thread. */
export interface Preview {
  readonly id: string
  /** Null where not even the frontmatter can be read. */
  readonly meta: PreviewMeta | null
  readonly findings: readonly ShownFinding[]
  /** Null while a finding blocks the issue. */
  readonly editions: Readonly<Record<Tier, PreviewEdition>> | null
  readonly images: readonly PreviewImage[]
  /** What the numbers of files in position marks stand for. */
  readonly files: readonly string[]
  /** The same for two builds that found and made the same. */
  readonly state: string
}

/** What is known first of a build: the mail that is looked at, and nothing that takes time to find out. */
export interface FirstSight extends Pick<Preview, 'meta' | 'images' | 'files'> {
  readonly mail: PreviewMail
}

/** A mail's picture. */
export interface PreviewMail {
  readonly tier: Tier
  readonly subject: string
  readonly preheader: string
  /** As a sample reader gets it. */
  readonly html: string
  /** `html` for a frame: with `data-l` attributes that say where words come from (render/position-marks.ts). */
  readonly marked: string
  /** `marked` before a reader's values are in it, for `personalise`; its position marks are not attributes yet. */
  readonly slotted: string
  /** The same for mails that look the same, with their words at the same lines. */
  readonly picture: string
}

export interface PreviewMeta {
  readonly subject: string
  readonly newsletter: string
  readonly date: string
  readonly status: 'draft' | 'review' | 'approved'
  /** The look that it is made in. */
  readonly look: string
  /** Of the note and all briefs. */
  readonly words: number
  /** Titles, in order. */
  readonly briefs: readonly string[]
}

/** What a reader of one tier would get: text, headers and sizes are a sample reader's, too. */
export interface PreviewEdition extends PreviewMail {
  readonly lang: string
  readonly from: string
  readonly text: string
  readonly web: string
  readonly headers: readonly { readonly name: string; readonly value: string }[]
  readonly sources: SourcesDocument
  readonly bytes: { readonly html: number; readonly text: number; readonly message: number }
  /** Of the edition, as it would be frozen: SHA-256, hex. */
  readonly hash: string
}

/** What one person would get. */
export interface PreviewMessage {
  readonly html: string
  /** As in `PreviewMail`. */
  readonly marked: string
  readonly text: string
  readonly headers: PreviewEdition['headers']
  /** The whole message as it goes to the wire; empty where a header must not be sent (`headers` says which). */
  readonly source: string
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

/** What a reader would notice about a mail, by its mail program. */
export interface EditionInspection {
  /** What was looked at, with position marks as attributes. */
  readonly html: string
  readonly inspection: Inspection
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
    /** Key → name. */
    readonly newsletters: Readonly<Record<string, string>>
    /** When issues of a newsletter go out, by its key; of those that say it. */
    readonly cadences: Readonly<Record<string, Cadence>>
    readonly tiers: Readonly<Record<Tier, string>>
  } | null
}

/** How a build is asked for. */
export interface BuildWish {
  /** The tier that is looked at, which is built before the others. */
  readonly first?: Tier
  /** Somebody waits for it: it overtakes builds that nobody looks at. */
  readonly urgent?: boolean
  /** Told of `first` as soon as it is built; never after the build has ended or was given up. */
  readonly onFirst?: (sight: FirstSight) => void
}

/** Builds previews; the real one works in a thread of its own. */
export interface Builder {
  shelf(): Promise<Shelf>
  /** Null: it was given up, since the same issue was asked for once more. */
  build(issue: string, wish?: BuildWish): Promise<Preview | null>
  /** The message of the newest build, in another look if one is named; null where that was never built. */
  message(issue: string, tier: Tier, recipient: Recipient, look?: string): Promise<PreviewMessage | null>
  /**
   * An edition in another look than the issue's own, which no file says; while the draft is broken, the last that
   * there was; null: none could ever be made.
   */
  look(issue: string, tier: Tier, look: string): Promise<PreviewEdition | null>
  /** What mends each of the findings of the newest build. */
  fixes(issue: string, findings: readonly ShownFinding[]): Promise<readonly (readonly Fix[])[]>
  /** A fix carried out and checked, and nothing written. */
  mend(issue: string, finding: ShownFinding, fix: string, answer: string): Promise<Mended | NotMended>
  /** What mail programs make of the newest mail; null: there is none. */
  inspect(issue: string, tier: Tier): Promise<EditionInspection | null>
  /** Keeps nothing more of what was made of the issue; what is asked of it next has to be built first. */
  forget(issue: string): Promise<null>
  close(): Promise<void>
}
