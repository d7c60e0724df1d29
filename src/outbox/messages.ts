import { open, readdir, readFile } from 'node:fs/promises'
import { join } from 'node:path'
import PostalMime, { type Address, type Email } from 'postal-mime'
import { parseFileName, type FileName } from './file-name.ts'
import { headerLines, splitHead, type HeaderLine } from './headers.ts'

/** One line of the mailbox. */
export interface MessageSummary {
  /** The file's name. */
  readonly name: string
  readonly from: string
  readonly to: string
  readonly subject: string
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
const HEAD_BYTES = 16 * 1024

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
  const file = parseFileName(name)
  if (file === null) return null
  const bytes = await readFile(join(dir, file.name)).catch(() => null)
  if (bytes === null) return null
  const copies = copiesOf(await keptFiles(dir)).get(file.id) ?? 1
  const summary = await summaryOf(dir, file, copies)
  if (summary === null) return null
  const email = await parsed(bytes)
  return {
    ...summary,
    messageId: email?.messageId ?? '',
    html: email?.html ?? null,
    text: email?.text ?? null,
    headers: headerLines(splitHead(bytes).head),
    source: bytes.toString('utf8'),
    bytes: bytes.length,
  }
}

async function keptFiles(dir: string): Promise<FileName[]> {
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
function copiesOf(files: readonly FileName[]): Map<string, number> {
  const copies = new Map<string, number>()
  for (const { id } of files) if (id !== 'no-id') copies.set(id, (copies.get(id) ?? 0) + 1)
  return copies
}

async function summaryOf(dir: string, file: FileName, copies: number): Promise<MessageSummary | null> {
  const handle = await open(join(dir, file.name), 'r').catch(() => null)
  if (handle === null) return null
  try {
    const buffer = Buffer.alloc(HEAD_BYTES)
    const { bytesRead } = await handle.read(buffer, 0, HEAD_BYTES, 0)
    const { mtimeMs } = await handle.stat()
    const { head } = splitHead(buffer.subarray(0, bytesRead))
    const email = await parsed(`${head}\r\n\r\n`)
    return {
      name: file.name,
      from: shown(email?.from === undefined ? [] : [email.from]),
      to: shown(email?.to ?? []),
      subject: email?.subject ?? '',
      received: mtimeMs,
      copies,
    }
  } finally {
    await handle.close()
  }
}

/** What cannot be read as mail is still listed, with empty fields, and its source can be looked at. */
async function parsed(bytes: Uint8Array | string): Promise<Email | null> {
  return PostalMime.parse(bytes).catch(() => null)
}

function shown(addresses: readonly Address[]): string {
  return addresses
    .flatMap((each) => each.group ?? [each])
    .map(({ name, address }) => (name === '' ? address : `${name} <${address}>`))
    .join(', ')
}
