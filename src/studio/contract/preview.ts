import type { Tier } from '../../core/tier.ts'
import type { FindingCounts, TextPlace } from './finding.ts'

/** `GET /api/personas?q=…`: the sample people, then real subscribers whose name or address holds `q`. */
export interface Personas {
  readonly personas: readonly Persona[]
}

/** As whom an issue is looked at. */
export interface Persona {
  /** `sample:<name>`, or a subscriber's public id. */
  readonly id: string
  readonly label: string
  readonly tier: Tier
  readonly sample: boolean
}

/** `GET /api/issues/:id/preview?tier=…&persona=…`; 404 with a sentence while nothing could ever be shown. */
export interface IssuePreview {
  /** The version that last changed this picture; as long as it is the same, the frame need not be loaded again. */
  readonly version: number
  /** The other tiers, and what the desk judges, are still to come. */
  readonly partial: boolean
  /** What is shown is the last good version, of a draft that is broken now. */
  readonly stale: boolean
  readonly counts: FindingCounts
  readonly tier: Tier
  readonly persona: string
  readonly lang: string
  readonly subject: string
  readonly preheader: string
  readonly from: string
  readonly bytes: { readonly html: number; readonly text: number; readonly message: number }
  /** Bytes of HTML above which Gmail cuts a message, and our own limits. */
  readonly limits: { readonly warn: number; readonly refuse: number; readonly clip: number }
  /** In the order of the mail. */
  readonly sections: readonly SectionBytes[]
  readonly inbox: readonly InboxRow[]
  /** Number → what hovering `[3]` shows. */
  readonly sources: readonly PreviewSource[]
  /** What the numbers of files in the frame's marks stand for. */
  readonly files: readonly string[]
  /** Addresses of frames, to which `frameQuery` is added. */
  readonly frames: { readonly mail: string; readonly web: string }
}

/** What a frame's address takes as its query; all are strings. */
export interface FrameQuery {
  /** `dark`: the mail's own dark styles; `forced`: as a program that inverts colours shows it. */
  readonly scheme?: 'light' | 'dark' | 'forced'
  readonly images?: 'off'
  /** `200`: text at twice its size. */
  readonly text?: '200'
  readonly persona?: string
  /** The version, so that a newer one is another address. */
  readonly v?: string
}

/** How much of the mail's HTML a part of it takes. */
export interface SectionBytes {
  readonly label: string
  readonly bytes: number
  /** Where its HTML ends, counted from the beginning; the clip line is drawn after the last one that ends below it. */
  readonly end: number
  /** Matches an element of the frame that begins it, or null. */
  readonly selector: string | null
  readonly place: TextPlace | null
}

/** One line of a list of mails, cut as that program cuts it. */
export interface InboxRow {
  readonly client: 'gmail' | 'ios' | 'outlook'
  readonly label: string
  readonly sender: string
  readonly subject: string
  readonly preheader: string
  /** What is cut off is said, too: how many letters of each the row holds. */
  readonly cut: { readonly subject: boolean; readonly preheader: boolean }
}

export interface PreviewSource {
  readonly number: number
  readonly id: string
  readonly title: string
  readonly publisher: string
  readonly published: string | null
  /** Null where the tier has no link. */
  readonly url: string | null
  readonly quotes: readonly string[]
}

/**
 * Where the words of a mail come from: in a frame, `data-l="<file>:<line>:<column>-<line>:<column>"` stands at the
 * element that a block of an editor's file became; the file is a number into `IssuePreview.files`, the end is exclusive
 * (src/render/position-marks.ts).
 */
export type PositionMark = string

/** `GET /api/issues/:id/preview/text?tier=…&persona=…` */
export interface PreviewText {
  readonly text: string
  /** The HTML's words in the order of the code, which is how a screen reader says them. */
  readonly readingOrder: readonly {
    readonly kind: 'heading' | 'text' | 'link' | 'image'
    readonly words: string
  }[]
}

/** `GET /api/issues/:id/preview/source?tier=…&persona=…` */
export interface PreviewMime {
  readonly source: string
  readonly headers: readonly ExplainedHeader[]
  readonly mjml: string
}

export interface ExplainedHeader {
  readonly name: string
  readonly value: string
  /** What it is for, in a sentence. */
  readonly explanation: string
}
