import { envelopeOf } from './envelope.ts'
import { factsOf, type MessageFact } from './facts.ts'
import { explainHeader } from './explain-header.ts'
import { parseFileName } from './file-name.ts'
import { headerLines, headerOf, splitHead, type HeaderLine } from './headers.ts'
import { copiesOf, keptFiles, type MessageSummary } from './messages.ts'
import { openMessage, readStart } from './open-message.ts'
import { parseParts, type Attachment } from './parts.ts'
import { preheaderOf } from './preheader.ts'

/** A message as a mail program shows it. Hostile: its HTML belongs in a sandboxed frame and nowhere else. */
export interface MessageView extends MessageSummary {
  readonly messageId: string
  /** As its header says; null: it says none that can be read. Milliseconds since the epoch. */
  readonly date: number | null
  /** What a list of mail shows behind the subject: the first words. */
  readonly preheader: string
  /** With the images that came with it in place of their `cid:` addresses. */
  readonly html: string | null
  readonly text: string | null
  /** Only its beginning is shown: the rest is in the source. */
  readonly cut: boolean
  /** Without the images that the HTML shows. */
  readonly attachments: readonly AttachmentLine[]
  readonly headers: readonly ExplainedHeader[]
  readonly facts: readonly MessageFact[]
  /** The bytes received, read as UTF-8, at most 2 MB of them. */
  readonly source: string
  readonly bytes: number
}

export interface ExplainedHeader extends HeaderLine {
  /** What it is for, in a sentence. */
  readonly explanation: string
}

/** One attachment; `attachmentOf` has its content. */
export interface AttachmentLine {
  readonly index: number
  readonly name: string
  readonly mediaType: string
  readonly bytes: number
}

/** So much of a file is read: what our server takes at most. */
const LARGEST_MESSAGE = 25 * 1024 * 1024
const LARGEST_HEAD = 256 * 1024
const LARGEST_SOURCE = 2 * 1024 * 1024
const MOST_HEADERS = 200
const LONGEST_VALUE = 8_000
/** So many characters of images are put into a page at most: one that is shown a thousand times is there a thousand times. */
const MOST_IMAGES = 16 * 1024 * 1024

/** Images that a frame may show from a `data:` address: none that could hold a script. */
const shownImages: ReadonlySet<string> = new Set(['image/png', 'image/jpeg', 'image/gif', 'image/webp'])

/** All of one message; null: there is no such message. */
export async function viewMessage(dir: string, name: string): Promise<MessageView | null> {
  const read = await readWhole(dir, name)
  if (read === null) return null
  const files = await keptFiles(dir)
  const copies = copiesOf(files).get(parseFileName(read.name)?.id ?? '') ?? 1
  return viewBytes(read.bytes, { ...read, copies })
}

/** A message in memory as a mail program shows it; `size` is that of the whole where `bytes` are its beginning. */
export async function viewBytes(
  bytes: Buffer,
  about: Pick<MessageView, 'name' | 'received' | 'copies'> & { readonly size: number },
): Promise<MessageView> {
  const { name, received, copies, size } = about
  const { head } = splitHead(bytes.subarray(0, LARGEST_HEAD))
  const headers = headerLines(head).slice(0, MOST_HEADERS)
  const parts = await parseParts(bytes)
  const { html, shown } = withImages(parts.html, parts.attachments)
  const date = Date.parse(headerOf(head, 'date') ?? '')
  return {
    name,
    ...envelopeOf(head),
    received,
    copies,
    messageId: headerOf(head, 'message-id') ?? '',
    date: Number.isNaN(date) ? null : date,
    preheader: preheaderOf(parts),
    html,
    text: parts.text,
    cut: parts.cut,
    attachments: parts.attachments.flatMap(({ name: file, mediaType, content }, index) =>
      shown.has(index) ? [] : [{ index, name: file, mediaType, bytes: content.length }],
    ),
    headers: headers.map((field) => ({
      name: field.name,
      value: field.value.slice(0, LONGEST_VALUE),
      explanation: explainHeader(field),
    })),
    facts: factsOf(headers, parts, size),
    source: bytes.subarray(0, LARGEST_SOURCE).toString('utf8'),
    bytes: size,
  }
}

/** The bytes of a message as they were received, for keeping; null: there is no such message. */
export async function sourceOf(dir: string, name: string): Promise<Buffer | null> {
  return (await readWhole(dir, name))?.bytes ?? null
}

/** One attachment with its content, never to be shown in place; null: there is none. */
export async function attachmentOf(dir: string, name: string, index: number): Promise<Attachment | null> {
  const read = await readWhole(dir, name)
  return read === null ? null : ((await parseParts(read.bytes)).attachments[index] ?? null)
}

async function readWhole(dir: string, name: string) {
  const handle = await openMessage(dir, name)
  if (handle === null) return null
  try {
    const { size, mtimeMs: received } = await handle.stat()
    return { name, bytes: await readStart(handle, LARGEST_MESSAGE), size, received }
  } finally {
    await handle.close()
  }
}

/** Puts images that came with the message in their places (RFC 2392). */
function withImages(
  html: string | null,
  attachments: readonly Attachment[],
): { readonly html: string | null; readonly shown: ReadonlySet<number> } {
  const shown = new Set<number>()
  if (html === null) return { html, shown }
  const indexes = new Map<string, number>()
  for (const [index, { contentId, mediaType }] of attachments.entries())
    if (contentId !== null && contentId !== '' && shownImages.has(mediaType) && !indexes.has(contentId))
      indexes.set(contentId, index)
  if (indexes.size === 0) return { html, shown }
  let room = MOST_IMAGES
  const replaced = html.replace(/\bcid:([^\s"'<>()]{1,300})/gi, (found, id: string) => {
    const index = indexes.get(id) ?? indexes.get(unescaped(id))
    const image = index === undefined ? undefined : attachments[index]
    if (index === undefined || image === undefined || image.content.length * 2 > room) return found
    shown.add(index)
    const url = `data:${image.mediaType};base64,${Buffer.from(image.content).toString('base64')}`
    room -= url.length
    return url
  })
  return { html: replaced, shown }
}

function unescaped(id: string): string {
  try {
    return decodeURIComponent(id)
  } catch {
    return id
  }
}
