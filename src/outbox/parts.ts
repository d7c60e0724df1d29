import PostalMime, { type Email } from 'postal-mime'

/** The parts of a message, as a mail program takes them apart; hostile input is only ever less of it. */
export interface MessageParts {
  readonly html: string | null
  readonly text: string | null
  readonly attachments: readonly Attachment[]
}

/** A part that is not the message’s own words. */
export interface Attachment {
  /** As the sender names it; empty where they do not. */
  readonly name: string
  /** As the sender says: not to be believed. In lower case. */
  readonly mediaType: string
  /** Without angle brackets; null: nothing in the HTML can refer to it. */
  readonly contentId: string | null
  readonly content: Uint8Array
}

/** So much of a message is taken apart: more of it would hold up others for longer than a moment. */
const LARGEST = 8 * 1024 * 1024

/** More are in the source alone. */
const MOST_ATTACHMENTS = 100

const limits = { maxNestingDepth: 20, maxHeadersSize: 512 * 1024, maxRfc822NestingDepth: 2 } as const

/** Never throws: what cannot be read as mail has no parts. */
export async function parseParts(bytes: Uint8Array): Promise<MessageParts> {
  const email = await PostalMime.parse(bytes.subarray(0, LARGEST), limits).catch(() => null)
  return {
    html: email?.html ?? null,
    text: email?.text ?? null,
    attachments: (email?.attachments ?? []).slice(0, MOST_ATTACHMENTS).map(readAttachment),
  }
}

function readAttachment(part: Email['attachments'][number]): Attachment {
  const { filename, mimeType, contentId, content } = part
  return {
    name: filename ?? '',
    mediaType: mimeType.toLowerCase(),
    contentId: contentId === undefined ? null : contentId.replace(/^<|>$/g, ''),
    content: typeof content === 'string' ? Buffer.from(content) : new Uint8Array(content),
  }
}
