import { createHash } from 'node:crypto'
import { open, readdir, readFile } from 'node:fs/promises'
import { basename, join } from 'node:path'
import { z } from 'zod'
import type { Clock } from '../core/clock.ts'
import { messageOf } from '../core/errors.ts'
import { fetchLimits, type FetchFailure, type PageFetcher } from './fetch-page.ts'
import type { DocumentMetadata } from './html-metadata.ts'
import { keepFile } from './keep-file.ts'
import { readDocument, type Unreadable } from './readable.ts'
import { readingVersion } from './reading-version.ts'
import { readWarc, writeWarc, type WarcContent } from './warc.ts'

/**
 * Snapshots: `<dir>/<hash>/text.txt` is the readable text, named by its own SHA-256, which the
 * ledger cites and a reader can compute from the live page. Beside it, for each time it was
 * captured, `<hash of the WARC>.warc.gz` and a `.json` that describes it. The text is written last:
 * a folder without one is no snapshot. No file is ever changed.
 */
export interface TakenSnapshot {
  readonly kind: 'snapshot'
  /** `sha256:…` of the text in UTF-8, as the ledger writes it. */
  readonly hash: string
  readonly text: string
  readonly metadata: DocumentMetadata
  readonly capture: Capture
}

const HASH = /^sha256:[0-9a-f]{64}$/u

const captureSchema = z.object({
  /** The address asked for, or `file:///name`. */
  url: z.string(),
  finalUrl: z.string(),
  redirects: z.array(z.object({ from: z.string(), status: z.number(), to: z.string() })),
  /** ISO 8601, UTC. */
  capturedAt: z.string(),
  format: z.enum(['html', 'pdf', 'text']),
  contentType: z.string().nullable(),
  /** SHA-256 of the text and of the WARC file: `sha256:…`. */
  text: z.string().regex(HASH),
  warc: z.string().regex(HASH),
  /** Which reading of pages made the text: `readingVersion`. */
  reading: z.number(),
})

/** One time that a text was captured. */
export type Capture = Readonly<z.output<typeof captureSchema>>

/** What a snapshot is made of: a page of the web, or a file in hand. */
export type SnapshotOrigin =
  | {
      readonly kind: 'web'
      readonly url: string
      readonly fetcher: PageFetcher
      readonly signal?: AbortSignal
    }
  | { readonly kind: 'file'; readonly path: string; readonly clock: Clock }

/**
 * Captures a page or a file under `dir`. When it resolves to a snapshot, all of it is on the disk;
 * else nothing is.
 *
 * @throws the error of the file system where `dir` or the file in hand fails
 */
export async function takeSnapshot(
  dir: string,
  origin: SnapshotOrigin,
): Promise<TakenSnapshot | FetchFailure | Unreadable> {
  const captured = await captureOf(origin)
  if (captured.kind !== 'captured') return captured
  const { content, decoded, url, redirects } = captured
  const document = await readDocument(decoded, content.contentType, content.url)
  if (document.kind === 'unreadable') return document
  const text = document.text.toWellFormed()
  const bytes = Buffer.from(text, 'utf8')
  const hash = hashOf(bytes)
  const warc = await writeWarc(content)
  const warcHash = hashOf(warc)
  const capture: Capture = {
    url,
    finalUrl: content.url,
    redirects: [...redirects],
    capturedAt: new Date(content.capturedAt).toISOString(),
    format: document.format,
    contentType: content.contentType,
    text: hash,
    warc: warcHash,
    reading: readingVersion,
  }
  const folder = join(dir, hexOf(hash))
  await keepFile(folder, `${hexOf(warcHash)}.warc.gz`, warc)
  await keepFile(folder, `${hexOf(warcHash)}.json`, Buffer.from(`${JSON.stringify(capture, null, 2)}\n`))
  await keepFile(folder, 'text.txt', bytes)
  return { kind: 'snapshot', hash, text, metadata: document.metadata, capture }
}

/** A snapshot as it was found on the disk. */
export type KeptSnapshot =
  | { readonly state: 'text'; readonly text: string }
  | { readonly state: 'missing' }
  /** What is stored is not what its hash says; `message` is for a person. */
  | { readonly state: 'damaged'; readonly message: string }

/** The text of a snapshot, checked with its WARC files against their hashes (`sha256:…`). Never throws but where the disk fails. */
export async function readSnapshot(dir: string, hash: string): Promise<KeptSnapshot> {
  if (!HASH.test(hash)) return { state: 'missing' }
  try {
    const bytes = await readFile(join(dir, hexOf(hash), 'text.txt'))
    if (hashOf(bytes) !== hash) {
      return { state: 'damaged', message: `The stored text of ${short(hash)} is not the one its hash names.` }
    }
    for (const name of await readdir(join(dir, hexOf(hash)))) {
      const named = /^([0-9a-f]{64})\.warc\.gz$/u.exec(name)?.[1]
      if (named === undefined || hexOf(hashOf(await readFile(join(dir, hexOf(hash), name)))) === named)
        continue
      return {
        state: 'damaged',
        message: `The archived page of ${short(hash)} is not the one its hash names.`,
      }
    }
    return { state: 'text', text: bytes.toString('utf8') }
  } catch (error) {
    if (codeOf(error) === 'ENOENT') return { state: 'missing' }
    throw error
  }
}

/** When a text was captured, the earliest first; a description that cannot be read is left out. */
export async function readCaptures(dir: string, hash: string): Promise<Capture[]> {
  if (!HASH.test(hash)) return []
  const folder = join(dir, hexOf(hash))
  const names = await readdir(folder).catch((error: unknown) => {
    if (codeOf(error) === 'ENOENT') return []
    throw error
  })
  const captures: Capture[] = []
  for (const name of names.filter((each) => /^[0-9a-f]{64}\.json$/u.test(each)).toSorted()) {
    try {
      const parsed = captureSchema.safeParse(JSON.parse(await readFile(join(folder, name), 'utf8')))
      if (parsed.success && `${hexOf(parsed.data.warc)}.json` === name) captures.push(parsed.data)
    } catch (error) {
      if (!(error instanceof SyntaxError)) throw error
    }
  }
  return captures.sort((a, b) => (a.capturedAt < b.capturedAt ? -1 : a.capturedAt > b.capturedAt ? 1 : 0))
}

/** Whether the WARC file of a capture is whole, and still gives the text that its snapshot holds. */
export async function checkCapture(
  dir: string,
  capture: Capture,
): Promise<{ readonly state: 'whole' } | { readonly state: 'damaged'; readonly message: string }> {
  const damaged = (why: string) => ({
    state: 'damaged' as const,
    message: `The stored copy of ${capture.url} of ${capture.capturedAt.slice(0, 10)} is damaged: ${why}.`,
  })
  try {
    const bytes = await readFile(join(dir, hexOf(capture.text), `${hexOf(capture.warc)}.warc.gz`))
    if (hashOf(bytes) !== capture.warc) return damaged('its WARC file is not the one its hash names')
    const page = await readWarc(bytes, fetchLimits.bytes)
    const document = await readDocument(page.body, page.contentType, page.url)
    if (document.kind === 'unreadable') return damaged(document.message.replace(/\.$/u, ''))
    // A later reading of pages may give another text; the hash of the WARC file still holds.
    const same = hashOf(Buffer.from(document.text.toWellFormed(), 'utf8')) === capture.text
    return same || capture.reading !== readingVersion
      ? { state: 'whole' }
      : damaged('its page gives another text')
  } catch (error) {
    if (codeOf(error) === 'ENOENT') return damaged('its WARC file is missing')
    return damaged(`its WARC file cannot be read (${messageOf(error)})`)
  }
}

interface Captured {
  readonly kind: 'captured'
  readonly url: string
  readonly redirects: Capture['redirects']
  readonly content: WarcContent
  readonly decoded: Uint8Array
}

async function captureOf(origin: SnapshotOrigin): Promise<Captured | FetchFailure | Unreadable> {
  if (origin.kind === 'file') return captureFile(origin.path, origin.clock)
  const asked = origin.signal === undefined ? {} : { signal: origin.signal }
  const page = await origin.fetcher.fetchPage(origin.url, asked)
  if (page.kind === 'failure') return page
  return {
    kind: 'captured',
    url: origin.url,
    redirects: [...page.redirects],
    decoded: page.body,
    content: {
      url: page.finalUrl,
      capturedAt: page.fetchedAt,
      answer: page,
      body: page.encodedBody,
      contentType: page.headers['content-type'] ?? null,
    },
  }
}

async function captureFile(path: string, clock: Clock): Promise<Captured | Unreadable> {
  const file = await open(path, 'r')
  try {
    const { size } = await file.stat()
    if (size > fetchLimits.bytes) {
      return { kind: 'unreadable', message: `The file is larger than ${fetchLimits.bytes / 1e6} MB.` }
    }
    const body = await file.readFile()
    // The name alone: where it lay on this machine is nobody's business.
    const url = `file:///${encodeURIComponent(basename(path))}`
    const content = { url, capturedAt: clock.now(), answer: null, body, contentType: typeOf(path) }
    return { kind: 'captured', url, redirects: [], content, decoded: body }
  } finally {
    await file.close()
  }
}

function typeOf(path: string): string | null {
  switch (/\.([a-z]+)$/iu.exec(path)?.[1]?.toLowerCase()) {
    case 'html':
    case 'htm':
    case 'xhtml':
      return 'text/html'
    case 'pdf':
      return 'application/pdf'
    case 'txt':
    case 'md':
      return 'text/plain'
    default:
      return null
  }
}

function hashOf(bytes: Uint8Array): string {
  return `sha256:${createHash('sha256').update(bytes).digest('hex')}`
}

function hexOf(hash: string): string {
  return hash.replace(/^sha256:/u, '')
}

function short(hash: string): string {
  return hash.slice(0, 'sha256:'.length + 12)
}

function codeOf(error: unknown): unknown {
  return error instanceof Error ? Reflect.get(error, 'code') : undefined
}
