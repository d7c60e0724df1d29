import type { Context } from 'hono'
import type { z } from 'zod'
import { OnrecordError } from '../../core/errors.ts'
import type { Failure } from '../contract/failure.ts'

const statuses = {
  refused: 403,
  'not-found': 404,
  invalid: 400,
  conflict: 409,
  'stale-page': 403,
  fault: 500,
} as const satisfies Readonly<Record<Failure['error']['code'], number>>

/** A refusal, in a sentence with its next step. */
export function refuse(
  c: Context,
  code: Failure['error']['code'],
  message: string,
  options: { readonly hint?: string | null } = {},
): Response {
  return c.json<Failure>({ error: { code, message, hint: options.hint ?? null } }, statuses[code])
}

/** What was thrown, as an answer: ours in its own words, anything else without a word of it. */
export function answerError(c: Context, error: unknown): Response {
  if (!(error instanceof OnrecordError))
    return refuse(c, 'fault', 'The studio met a fault of its own.', { hint: 'Load the page again.' })
  const { message, hint } = error
  switch (error.code) {
    case 'usage':
    case 'config':
      return refuse(c, 'invalid', message, { hint })
    case 'refused':
      return refuse(c, 'conflict', message, { hint })
    case 'not-found':
      return refuse(c, 'not-found', message, { hint })
    case 'io':
    case 'interrupted':
      return refuse(c, 'fault', message, { hint })
  }
}

/** Octets of a request in JSON: a text of 1 MB, however it is escaped, and its like beside it. */
const MOST_JSON = 8 * 1024 * 1024

/**
 * The body of a request, read by a schema.
 * @throws OnrecordError `usage`
 */
export async function bodyOf<T>(c: Context, schema: z.ZodType<T>): Promise<T> {
  const bytes = await bodyBytes(c, MOST_JSON)
  if (bytes === null) throw new OnrecordError('usage', 'This is more than the studio takes at once (8 MB).')
  const read = schema.safeParse(parsed(bytes))
  if (read.success) return read.data
  const [issue] = read.error.issues
  throw new OnrecordError(
    'usage',
    `The request is not understood: ${issue?.path.join('.') ?? ''} ${issue?.message ?? ''}`,
  )
}

/** The body, read no further than `most` octets; null: there is more. */
export async function bodyBytes(c: Context, most: number): Promise<Buffer | null> {
  if (Number(c.req.header('Content-Length') ?? 0) > most) return null
  const parts: Uint8Array[] = []
  let length = 0
  for await (const part of c.req.raw.body ?? []) {
    length += part.length
    if (length > most) return null
    parts.push(part)
  }
  return Buffer.concat(parts)
}

function parsed(bytes: Buffer): unknown {
  try {
    return JSON.parse(bytes.toString('utf8'))
  } catch {
    return undefined
  }
}

/** @throws OnrecordError `not-found` */
export function noIssue(id: string): never {
  throw new OnrecordError('not-found', `There is no issue ${id} in briefs/.`, {
    hint: 'It may have been renamed.',
  })
}

/** A file for keeping (RFC 6266): whatever its name is, it is a name and no path. */
export function download(
  content: Uint8Array | string,
  name: string,
  type = 'application/octet-stream',
): Response {
  const plain = name.replace(/[\p{Cc}\p{Cf}/\\:*?"<>|]/gu, '_').slice(0, 150)
  const ascii = plain.replace(/[^\x20-\x7e]|%/g, '_')
  const encoded = encodeURIComponent(plain.toWellFormed()).replace(/['()]/g, escape)
  return new Response(typeof content === 'string' ? content : new Uint8Array(content), {
    headers: {
      'Content-Type': type,
      'Content-Disposition': `attachment; filename="${ascii}"; filename*=UTF-8''${encoded}`,
    },
  })
}
