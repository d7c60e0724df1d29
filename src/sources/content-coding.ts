import type { Readable } from 'node:stream'
import { createBrotliDecompress, createGunzip, createInflate } from 'node:zlib'

/** More bytes than anybody needs to read. */
export class TooLarge extends Error {}

/** All bytes of a stream, which is destroyed when they are more than `limit`. */
export async function readBounded(stream: Readable, limit: number, signal?: AbortSignal): Promise<Buffer> {
  const chunks: Buffer[] = []
  let length = 0
  for await (const chunk of stream) {
    signal?.throwIfAborted()
    if (!Buffer.isBuffer(chunk)) continue
    length += chunk.length
    // Leaving the loop destroys the stream.
    if (length > limit) throw new TooLarge(`The page is larger than ${Math.round(limit / 1e6)} MB.`)
    chunks.push(chunk)
  }
  return Buffer.concat(chunks)
}

/**
 * Undoes a Content-Encoding, from its last to its first (RFC 9110 §8.4); at no step may there be more
 * than `limit` bytes.
 */
export async function undoCodings(encoded: Uint8Array, coding: string, limit: number): Promise<Buffer> {
  const codings = coding
    .toLowerCase()
    .split(',')
    .map((each) => each.trim())
    .filter((each) => each !== '' && each !== 'identity')
  // Nobody needs more than two.
  if (codings.length > 2) throw new Error('too many content codings')
  let bytes: Buffer = Buffer.from(encoded)
  for (const each of codings.toReversed()) {
    if (bytes.length === 0) return bytes
    const stream = decoderOf(each)
    stream.end(bytes)
    bytes = await readBounded(stream, limit)
  }
  return bytes
}

function decoderOf(coding: string) {
  switch (coding) {
    case 'gzip':
    case 'x-gzip':
      return createGunzip()
    case 'deflate':
      return createInflate()
    case 'br':
      return createBrotliDecompress()
    default:
      throw new Error(`content coding ${coding.slice(0, 20)}`)
  }
}
