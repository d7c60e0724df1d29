import { readdir } from 'node:fs/promises'
import { envelopeOf, type Envelope } from './envelope.ts'
import { parseFileName, type FileName } from './file-name.ts'
import { headerLines, headerOf, splitHead, type HeaderLine } from './headers.ts'
import { openMessage, readStart } from './open-message.ts'
import { parseParts } from './parts.ts'

/** One line of the mailbox. */
export interface MessageSummary extends Envelope {
  /** The file's name. */
  readonly name: string
  /** Milliseconds since the epoch, when the outbox received it. */
  readonly received: number
  /** How many files hold a message with this Message-ID: 2 is a second copy. */
  readonly copies: number
}

export interface Mailbox {
  readonly total: number
  /** How many Message-IDs came more than once, over the whole mailbox; a send without repeats has none. */
  readonly repeated: number
  /** Newest first. */
  readonly messages: readonly MessageSummary[]
}

/** One kept message, read back. */
export interface KeptMessage extends MessageSummary {
  readonly messageId: string
  readonly html: string | null
  readonly text: string | null
  readonly headers: readonly HeaderLine[]
  /** The bytes received, read as UTF-8. */
  readonly source: string
  readonly bytes: number
}

/** Enough for the headers that a list shows. */
export const HEAD_BYTES = 16 * 1024

/** So much of a message's head is read; what is longer is shown in its source alone. */
const LARGEST_HEAD = 256 * 1024

/** What our server takes at most; of a larger file, so much is shown. */
const LARGEST_MESSAGE = 25 * 1024 * 1024

/**
 * A page of the mailbox, newest first. Only the folder is read, and the headers of the messages on the page.
 *
 * @param dir may not exist yet: an empty mailbox
 */
export async function listMessages(
  dir: string,
  page: { readonly offset: number; readonly limit: number },
): Promise<Mailbox> {
  const files = await keptFiles(dir)
  const copies = copiesOf(files)
  const shown = files.slice(page.offset, page.offset + page.limit)
  const messages = await Promise.all(
    shown.map(async (file) => summaryOf(dir, file, copies.get(file.id) ?? 1)),
  )
  const repeated = [...copies.values()].filter((count) => count > 1).length
  return { total: files.length, repeated, messages: messages.filter((each) => each !== null) }
}

/** The message in file `name`, or null when the name is not one of ours or there is no such file. */
export async function readMessage(dir: string, name: string): Promise<KeptMessage | null> {
  const handle = await openMessage(dir, name)
  const file = parseFileName(name)
  if (handle === null || file === null) return null
  try {
    const bytes = await readStart(handle, LARGEST_MESSAGE)
    const { mtimeMs, size } = await handle.stat()
    const { head } = splitHead(bytes.subarray(0, LARGEST_HEAD))
    const parts = await parseParts(bytes)
    return {
      name: file.name,
      ...envelopeOf(head),
      received: mtimeMs,
      copies: copiesOf(await keptFiles(dir)).get(file.id) ?? 1,
      messageId: headerOf(head, 'message-id') ?? '',
      html: parts.html,
      text: parts.text,
      headers: headerLines(head),
      source: bytes.toString('utf8'),
      bytes: size,
    }
  } finally {
    await handle.close()
  }
}

/** Newest first. A folder that does not exist yet is an empty mailbox. */
export async function keptFiles(dir: string): Promise<FileName[]> {
  const names = await readdir(dir).catch((error: unknown) => {
    if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return []
    throw error
  })
  return names
    .map(parseFileName)
    .filter((file) => file !== null)
    .sort((a, b) => b.sequence - a.sequence)
}

/** By the id in the name, which is the same for the same Message-ID: no file is opened. */
export function copiesOf(files: readonly FileName[]): Map<string, number> {
  const copies = new Map<string, number>()
  for (const { id } of files) if (id !== 'no-id') copies.set(id, (copies.get(id) ?? 0) + 1)
  return copies
}

/** Null: it is gone meanwhile. */
export async function summaryOf(
  dir: string,
  { name }: FileName,
  copies: number,
): Promise<MessageSummary | null> {
  const handle = await openMessage(dir, name)
  if (handle === null) return null
  try {
    const { head } = splitHead(await readStart(handle, HEAD_BYTES))
    return { name, ...envelopeOf(head), received: (await handle.stat()).mtimeMs, copies }
  } finally {
    await handle.close()
  }
}
