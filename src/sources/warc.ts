import type { WARCRecord as Record } from 'warcio'
import { undoCodings } from './content-coding.ts'

/** What one WARC file of ours holds: a server's answer, or a file that was in hand. */
export interface WarcContent {
  /** The address that answered; `file:///name` for a file. */
  readonly url: string
  /** Milliseconds since the epoch. */
  readonly capturedAt: number
  /** Null for a file. */
  readonly answer: {
    readonly status: number
    readonly statusText: string
    readonly rawHeaders: readonly string[]
  } | null
  /** As sent, still compressed. */
  readonly body: Uint8Array
  /** For a file, which has no headers to say it. */
  readonly contentType: string | null
}

/** What is read back: the bytes decompressed. */
export interface WarcPage {
  readonly url: string
  readonly contentType: string | null
  readonly body: Uint8Array
}

/** A gzipped WARC 1.1 file (ISO 28500:2017): a `warcinfo` record, and a `response` or `resource` record. */
export async function writeWarc(content: WarcContent): Promise<Uint8Array> {
  const { WARCRecord, WARCSerializer } = await import('warcio')
  const date = `${new Date(content.capturedAt).toISOString().slice(0, 19)}Z`
  const about = { software: 'onrecord', format: 'WARC File Format 1.1' }
  const info = WARCRecord.createWARCInfo({ date, warcVersion: 'WARC/1.1' }, about)
  const { answer } = content
  const record = WARCRecord.create(
    {
      url: content.url,
      date,
      warcVersion: 'WARC/1.1',
      keepHeadersCase: true,
      ...(answer === null
        ? {
            type: 'resource',
            warcHeaders: { 'Content-Type': content.contentType ?? 'application/octet-stream' },
          }
        : {
            type: 'response',
            statusline: `HTTP/1.1 ${answer.status} ${answer.statusText}`.trimEnd(),
            httpHeaders: headersOf(answer.rawHeaders),
          }),
    },
    [content.body],
  )
  const options = { gzip: true, digest: { algo: 'sha-256', prefix: 'sha256:', base32: false } }
  const parts = [
    await WARCSerializer.serialize(info, options),
    await WARCSerializer.serialize(record, options),
  ]
  return Buffer.concat(parts)
}

/**
 * Reads the page back; decompressed it may hold `limit` bytes.
 *
 * @throws Error where the file is no WARC, is cut short or holds no page
 */
export async function readWarc(bytes: Uint8Array, limit: number): Promise<WarcPage> {
  const { WARCParser } = await import('warcio')
  for await (const record of new WARCParser([bytes])) {
    if (record.warcType !== 'response' && record.warcType !== 'resource') continue
    return await pageOf(record, limit)
  }
  throw new Error('it holds no page')
}

async function pageOf(record: Record, limit: number): Promise<WarcPage> {
  const raw = await record.readFully(false)
  const header = (name: string): string | null => record.httpHeaders?.headers.get(name) ?? null
  const length = record.warcContentLength
  if (!(raw.length <= length)) throw new Error('its record is longer than it says')
  const body = await undoCodings(raw, header('content-encoding') ?? '', limit)
  const contentType =
    record.warcType === 'resource' ? (record.warcContentType ?? null) : header('content-type')
  return { url: record.warcTargetURI ?? '', contentType, body }
}

/** The body is kept whole, so that chunks are no longer its form; the header keeps its word under another name. */
function headersOf(raw: readonly string[]): [string, string][] {
  const headers: [string, string][] = []
  for (let at = 0; at + 1 < raw.length; at += 2) {
    const name = raw[at] ?? ''
    headers.push([/^transfer-encoding$/iu.test(name) ? `X-Archive-Orig-${name}` : name, raw[at + 1] ?? ''])
  }
  return headers
}
