import type { Tier } from '../core/tier.ts'
import type { SourcesDocument } from '../issue/sources-document.ts'
import type { PageDocument } from '../render/page-document.ts'
import type { Wire } from './wire.ts'

/** An issue rendered for one tier: everything that is frozen when it is sent or published. */
export interface Edition {
  readonly issue: string
  readonly newsletter: string
  readonly tier: Tier
  readonly lang: string
  readonly subject: string
  readonly preheader: string
  /** ISO day of the issue. */
  readonly date: string
  readonly mjml: string
  /** With slot marks. */
  readonly html: string
  /** With slot marks, LF line ends. */
  readonly text: string
  /** The web page for this tier, which stands by itself. */
  readonly web: string
  /** What the site's pages are made from; kept apart from the rest, so that a store's `get` has it not. */
  readonly page?: PageDocument
  readonly sources: SourcesDocument
  /** What the message's headers say, the same for every recipient of the tier. */
  readonly envelope: EditionEnvelope
  /** Names of the images it shows. */
  readonly images: readonly string[]
  /** Its messages, compiled; absent where it was frozen before editions were. */
  readonly wire?: Wire
  /** SHA-256 over all of the above, hex. */
  readonly hash: string
  readonly bytes: { readonly html: number; readonly text: number; readonly message: number }
}

export interface EditionEnvelope {
  readonly from: { readonly name: string; readonly address: string }
  readonly replyTo: string | null
  readonly listId: { readonly name: string; readonly id: string }
  /** Without a trailing slash. */
  readonly baseUrl: string
}

/** What a person wants their mail as. */
export type MailFormat = 'html' | 'text'

/** What makes one person's message from an edition; with the edition it re-creates the bytes. */
export interface Recipient {
  readonly address: string
  /** Null where there is none. */
  readonly name: string | null
  readonly messageId: string
  /** Date of the first attempt, milliseconds since the epoch; unchanged on a retry. */
  readonly date: number
  /** Absolute URL that answers RFC 8058's POST; null on a test message: it then carries harmless links. */
  readonly unsubscribeUrl: string | null
  /** Absolute URL of the issue's page as this person may see it; left out: the page that everybody sees. */
  readonly viewUrl?: string
  /** `text`: the text part alone; left out: both. */
  readonly format?: MailFormat
  /** Put before the subject of a test message: `[Test] `. */
  readonly subjectPrefix: string
}
