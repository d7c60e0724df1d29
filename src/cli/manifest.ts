import { readFile } from 'node:fs/promises'
import { basename, resolve } from 'node:path'
import { z } from 'zod'
import { messageOf, OnrecordError } from '../core/errors.ts'
import { tiers } from '../core/tier.ts'
import type { PageFetcher } from '../sources/fetch-page.ts'

/** What `onrecord verify` reads of a `sources.json`; what it does not need is let through unread. */
const manifestSchema = z.object({
  version: z.literal(1, 'must be 1'),
  issue: line(200),
  tier: z.enum(tiers),
  checks: z.object({ quotations: z.number(), reading: z.number() }).optional(),
  sources: z
    .array(
      z.object({
        number: z.number().int().nullable(),
        title: line(1000),
        publisher: line(500),
        url: z.string().max(8000).nullable(),
        archive: z.string().max(8000).nullable(),
        quotes: z.array(z.string().max(8000)).max(200),
        snapshot: z.string().max(100).nullable(),
      }),
    )
    .max(2000),
  claims: z
    .array(
      z.object({
        brief: line(200).nullable(),
        key: z.boolean(),
        text: line(2000),
        citations: z
          .array(
            z.object({
              source: z.number().int(),
              quote: z.object({ exact: z.string().max(8000) }).nullable(),
            }),
          )
          .max(100),
      }),
    )
    .max(10_000)
    .optional(),
})

/** The manifest of one tier's edition, as its readers have it. */
export type Manifest = Readonly<z.output<typeof manifestSchema>>

const MOST_BYTES = 20_000_000

/**
 * Reads a manifest from a file or an address.
 * @throws OnrecordError `not-found`, `io`, or `refused` where it is none, with what is wrong in it
 */
export async function readManifest(
  cwd: string,
  target: string,
  fetcher: PageFetcher,
  signal: AbortSignal,
): Promise<Manifest> {
  const isAddress = /^https?:\/\//iu.test(target)
  const bytes = isAddress ? await fetched(target, fetcher, signal) : await readBytes(cwd, target)
  const name = isAddress ? target : basename(target)
  let value: unknown
  try {
    value = JSON.parse(new TextDecoder('utf-8', { fatal: true }).decode(bytes))
  } catch (error) {
    const hint = 'a published issue has one beside its page: <tier>.sources.json'
    throw new OnrecordError('refused', `${name} is no sources.json: it is not JSON.`, { hint, cause: error })
  }
  const parsed = manifestSchema.safeParse(value)
  if (parsed.success) return parsed.data
  const [first] = parsed.error.issues
  const where = first === undefined || first.path.length === 0 ? 'it' : first.path.map(String).join('.')
  throw new OnrecordError(
    'refused',
    `${name} is no sources.json: ${where} ${first?.message ?? 'is wrong'}.`,
    {
      hint: 'it may come from a newer version of Onrecord, or from another program',
    },
  )
}

async function fetched(url: string, fetcher: PageFetcher, signal: AbortSignal): Promise<Uint8Array> {
  const page = await fetcher.fetchPage(url, { signal })
  if (page.kind === 'page') return page.body
  throw new OnrecordError('io', `${url} could not be read. ${page.message}`, {
    hint: 'save it, and verify the file',
  })
}

async function readBytes(cwd: string, target: string): Promise<Uint8Array> {
  let bytes: Uint8Array
  try {
    bytes = await readFile(resolve(cwd, target))
  } catch (error) {
    throw new OnrecordError('not-found', `${target} cannot be read: ${messageOf(error)}.`, { cause: error })
  }
  if (bytes.length > MOST_BYTES) throw new OnrecordError('refused', `${target} is larger than 20 MB.`)
  return bytes
}

/** Text of a stranger's file that goes to a terminal: one line, without signs that move the cursor. */
function line(longest: number) {
  return z
    .string()
    .max(longest)
    .transform((text) => text.replace(/[\p{Cc}\p{Cf}\s]+/gu, ' ').trim())
}
