import type { MessageSummary } from '../../outbox/messages.ts'
import type { MessageView } from '../../outbox/view.ts'

/** `GET /api/outbox?q=…&inText=yes&after=…`: newest first. */
export interface OutboxPage {
  readonly total: number
  /** Message-IDs that came more than once, over the whole mailbox. */
  readonly repeated: number
  readonly messages: readonly MessageSummary[]
}

/** `GET /api/outbox/:name`; its HTML, which is hostile, is shown at `frame` alone. */
export interface OutboxMessage extends Omit<MessageView, 'html'> {
  /** The frame's address; null where it has no HTML. */
  readonly frame: string | null
}

export type { MessageSummary } from '../../outbox/messages.ts'
