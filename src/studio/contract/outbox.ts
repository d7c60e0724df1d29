/** `GET /api/outbox?offset=…&limit=…&q=…`: newest first. */
export interface OutboxPage {
  readonly total: number
  /** How many match `q`; `total` without one. */
  readonly found: number
  /** Message-IDs that came more than once, over the whole mailbox. */
  readonly repeated: number
  readonly messages: readonly OutboxLine[]
}

export interface OutboxLine {
  /** The file's name. */
  readonly name: string
  readonly from: string
  readonly to: string
  readonly subject: string
  /** Milliseconds since the epoch. */
  readonly received: number
  /** 2: a second copy. */
  readonly copies: number
}

/** `GET /api/outbox/:name`; its HTML is shown at `frame`. */
export interface OutboxMessage extends OutboxLine {
  readonly messageId: string
  readonly text: string | null
  /** The frame's address; null where it has no HTML. */
  readonly frame: string | null
  readonly headers: readonly { readonly name: string; readonly value: string }[]
  readonly source: string
  readonly bytes: number
}
