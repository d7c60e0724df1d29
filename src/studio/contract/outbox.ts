import type { Remark } from '../../email/compat/remark.ts'
import type { MailLink } from '../../email/compat/mail-links.ts'
import type { MessageSummary } from '../../outbox/messages.ts'
import type { OutboxFound } from '../../outbox/search.ts'
import type { MessageView } from '../../outbox/view.ts'

/** `POST /api/outbox/search`: what is searched for may be an address, which belongs in no URL. */
export interface OutboxRequest {
  /** Words; empty: every message. */
  readonly text: string
  /** Look for them in the text of the newest messages too. */
  readonly inText: boolean
  /** The `next` of the page before; null: from the newest on. */
  readonly after: string | null
}

/** Newest first. */
export interface OutboxPage extends Omit<OutboxFound, 'messages'> {
  readonly messages: readonly OutboxLine[]
  /** Of the whole mailbox. */
  readonly total: number
  /** Message-IDs that came more than once, over the whole mailbox. */
  readonly repeated: number
}

export interface OutboxLine extends MessageSummary {
  /** The first words, which a list of mail shows behind the subject. */
  readonly preheader: string
}

/** `GET /api/outbox/:name`; its HTML, which is hostile, is shown at `frame` alone. */
export interface OutboxMessage extends Omit<MessageView, 'html'> {
  /** The frame's address; null where it has no HTML. */
  readonly frame: string | null
}

/** `GET /api/outbox/:name/checks`: what it leads to, and what a reader would notice. */
export interface OutboxChecks {
  readonly links: readonly Pick<MailLink, 'url' | 'kind'>[]
  readonly remarks: readonly Remark[]
  /** Octets of its HTML and text. */
  readonly bytes: { readonly html: number; readonly text: number }
}

/** `POST /api/outbox/empty`: those received before or with `until`, which was the newest that was seen. */
export interface EmptyRequest {
  readonly until: string
}

export interface Emptied {
  readonly deleted: number
}

export type { MessageSummary } from '../../outbox/messages.ts'
export type { MessageFact } from '../../outbox/facts.ts'
