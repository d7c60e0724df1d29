import PostalMime, { type Email } from 'postal-mime'

/** The parts of a message, as a mail program takes them apart; hostile input is only ever less of it. */
export interface MessageParts {
  readonly html: string | null
  readonly text: string | null
  readonly attachments: readonly Attachment[]
  /** Only its beginning was taken apart, so that a part may be missing or end too early. */
  readonly cut: boolean
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
const LARGEST = 5 * 1024 * 1024

/** So many lines are read, which is all of 5 MB of base64: each takes time, and may be a part. */
const MOST_LINES = 70_000

/** More are in the source alone. */
const MOST_ATTACHMENTS = 100

/** A message within a message is an attachment: to look into each would take longer the deeper they are. */
const limits = { maxNestingDepth: 20, maxHeadersSize: 512 * 1024, maxRfc822NestingDepth: 0 } as const

/** Never throws: what cannot be read as mail has no parts. */
export async function parseParts(bytes: Uint8Array): Promise<MessageParts> {
  const start = bounded(bytes)
  const email = await PostalMime.parse(start, limits).catch(() => null)
  return {
    html: email?.html ?? null,
    text: email?.text ?? null,
    attachments: (email?.attachments ?? []).slice(0, MOST_ATTACHMENTS).map(readAttachment),
    cut: start.length < bytes.length,
  }
}

/** The beginning that is taken apart. */
function bounded(bytes: Uint8Array): Uint8Array {
  const start = Buffer.from(bytes.buffer, bytes.byteOffset, Math.min(bytes.length, LARGEST))
  let at = -1
  for (let count = 0; count < MOST_LINES; count++) {
    at = start.indexOf('\n', at + 1)
    if (at === -1) return start
  }
  return start.subarray(0, at + 1)
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
