import type { Tier } from '../../core/tier.ts'
import type { ReadLine } from '../../email/compat/reading-order.ts'
import type { TextPlace } from './finding.ts'

/** `GET /api/personas?q=…&issue=…`: the sample people, then real subscribers whose name or address holds `q`. */
export interface Personas {
  readonly personas: readonly Persona[]
  /** What is wrong with the publication's own sample people, as a sentence, or null. */
  readonly problem: string | null
}

/** As whom an issue is looked at. */
export interface Persona {
  /** `sample`, `sample:<number>`, or a subscriber's public id. */
  readonly id: string
  readonly name: string | null
  readonly address: string
  /** Null: of any tier, as samples are. */
  readonly tier: Tier | null
  readonly sample: boolean
  /** Wants mail as text alone; known only of the one who looks. */
  readonly plain: boolean
  /** What should be known before it is believed, as “Left this newsletter: gets no issue.”; or null. */
  readonly note: string | null
}

/**
 * `GET /api/issues/:id/preview?tier=…&persona=…&look=…`; 404 with a sentence while nothing could ever be shown. A look that
 * is left out is the issue's own.
 */
export interface IssuePreview {
  /** The version that last changed this picture; as long as it is the same, the frame need not be loaded again. */
  readonly version: number
  /** Goes up with everything that is new about the issue: when to ask again for its text and its source. */
  readonly build: number
  /** The other tiers, and what the desk judges, are still to come. */
  readonly partial: boolean
  /** What is shown is the last good version, of a draft that is broken now. */
  readonly stale: boolean
  readonly tier: Tier
  readonly persona: Persona
  readonly look: string
  /** That the issue's own files say. */
  readonly ownLook: string
  /** All there are. */
  readonly looks: readonly string[]
  readonly lang: string
  readonly subject: string
  /** Of the HTML, for this person. */
  readonly bytes: number
  /** Bytes of HTML above which we warn and refuse, and above which Gmail cuts a message. */
  readonly limits: { readonly warn: number; readonly refuse: number; readonly clip: number }
  /** In the order of the mail. */
  readonly sections: readonly SectionBytes[]
  /** Where Gmail cuts it; null: it is shown whole. */
  readonly clip: ClipLine | null
  readonly inbox: readonly InboxRow[]
  /** What hovering `[3]` shows. */
  readonly sources: readonly PreviewSource[]
  /** What the numbers of files in the frame's marks stand for; the issue's own is the first. */
  readonly files: readonly string[]
  /** Addresses of frames, to which a query of `FrameQuery` is added. */
  readonly frames: { readonly mail: string; readonly web: string }
}

/** What a frame's address takes as its query; all are strings. */
export interface FrameQuery {
  /** `dark`: the mail's own dark styles; `forced`: as a program that turns mails dark by itself shows it. */
  readonly scheme?: 'light' | 'dark' | 'forced'
  readonly images?: 'off'
  /** `200`: text at twice its size. */
  readonly text?: '200'
  readonly persona?: string
  readonly look?: string
  /** The version, so that a newer one is another address. */
  readonly v?: string
}

/** How much of the mail's HTML a part of it takes. */
export interface SectionBytes {
  readonly label: string
  readonly bytes: number
  /** Where its HTML ends, counted from the beginning. */
  readonly end: number
  /** Matches an element of the frame that begins it, or null. */
  readonly selector: string | null
  readonly place: TextPlace | null
}

/** The first block that Gmail does not show whole; the line is drawn before it. */
export interface ClipLine {
  /** Where the block's HTML begins, in bytes of what is sent. */
  readonly at: number
  /** Matches the block in the frame. */
  readonly selector: string
  readonly place: TextPlace | null
}

/** One line of a list of mails, cut as that program cuts it. */
export interface InboxRow {
  readonly client: 'gmail' | 'gmail-phone' | 'ios' | 'outlook'
  readonly label: string
  /** Of the row, in CSS pixels. */
  readonly width: number
  readonly sender: CutText
  readonly subject: CutText
  readonly preheader: CutText
  /** Sender, subject and preheader stand side by side. */
  readonly oneLine: boolean
}

export interface CutText {
  /** With “…” where it is cut. */
  readonly shown: string
  /** How many letters of how many. */
  readonly letters: number
  readonly of: number
}

export interface PreviewSource {
  readonly number: number
  readonly id: string
  readonly title: string
  readonly publisher: string
  /** EDTF, as it is written; empty where it is not known. */
  readonly published: string
  /** When the stored copy was taken, ISO 8601, or null. */
  readonly capturedAt: string | null
  /** At the passage where one is known; null where the tier has no link. */
  readonly url: string | null
  readonly quotes: readonly string[]
  /** Why there is no link, as a sentence, or null. */
  readonly locked: string | null
}

/**
 * Where the words of a mail come from: in a frame, `data-l="<file>:<line>:<column>-<line>:<column>"` stands at the
 * element that a block of an editor's file became; the file is a number into `IssuePreview.files`, the end is exclusive
 * (src/render/position-marks.ts).
 */
export type PositionMark = string

/** `GET /api/issues/:id/preview/text?tier=…&persona=…&look=…` */
export interface PreviewText {
  readonly text: string
  /** The HTML as a screen reader says it. */
  readonly readingOrder: readonly SpokenLine[]
}

export interface SpokenLine extends Omit<ReadLine, 'place'> {
  /** Of the nearest block; null: no words of an editor's. */
  readonly mark: PositionMark | null
}

/**
 * `GET /api/issues/:id/preview/source?…`, with the same query. `GET /api/issues/:id/preview/message.eml?…` is the whole
 * message, as a file.
 */
export interface PreviewMime {
  /** At most 512 KB of it; null: a header must not be sent, and `headers` say which. */
  readonly source: string | null
  /** Only its beginning. */
  readonly cut: boolean
  readonly bytes: number
  readonly headers: readonly ExplainedHeader[]
  readonly structure: MimePart | null
}

export interface ExplainedHeader {
  readonly name: string
  readonly value: string
  /** As the reader sees it, where letters beyond ASCII stand in a code (RFC 2047); null: as it is. */
  readonly shown: string | null
  /** What it is for, in a sentence. */
  readonly explanation: string
}

/** One part of a message. */
export interface MimePart {
  readonly type: string
  readonly charset: string | null
  readonly encoding: string | null
  /** How many fields its head has; of the message alone. */
  readonly headers: number | null
  readonly bytes: number
  readonly parts: readonly MimePart[]
}
