import type { SlotName } from '../render/slots.ts'

/**
 * An edition compiled for the wire: what is the same for everybody as encoded ASCII, what differs as
 * slots. Frozen with the edition as JSON, so that a message comes out in the same bytes whatever
 * becomes of the libraries that made it.
 */
export interface Wire {
  /** Of this format: what fills the slots depends on it. */
  readonly version: 1
  /** In order. Each field with its line end; a folded one with those within it. */
  readonly headers: Readonly<Record<MessageKind, readonly WireField[]>>
  /** After the empty line. Every piece begins and ends at the start of a line. */
  readonly body: readonly WirePiece[]
  /** The text part alone, for those who want no HTML; absent where it was frozen before there were such. */
  readonly plain?: Pick<Wire, 'headers' | 'body'>
}

/** A header field: text alone, or text around what the person fills in. */
export type WireField =
  | string
  | { readonly before: string; readonly slot: HeaderSlot; readonly after: string }

export type WirePiece = string | WireSlot | WireChoice

/** A value, written as the part it stands in asks for. */
export interface WireSlot {
  readonly slot: SlotName
  readonly as: 'html' | 'text'
}

/** Two texts, of which each person gets the one that fits. */
export interface WireChoice {
  readonly when: SlotName
  readonly present: readonly WirePiece[]
  readonly absent: readonly WirePiece[]
}

/** What a message is: mail that can be unsubscribed from, or a test, which cannot. */
export type MessageKind = 'issue' | 'test'

/** What the person fills in; `subject` only puts something before its text. */
export type HeaderSlot = 'to' | 'subject' | 'date' | 'messageId' | 'unsubscribe'
