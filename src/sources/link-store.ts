import { mkdir, open, readFile, rename, rm } from 'node:fs/promises'
import { randomUUID } from 'node:crypto'
import { join } from 'node:path'
import { z } from 'zod'
import { messageOf, OnrecordError } from '../core/errors.ts'
import { failingSince, type LinkState } from './link-states.ts'
import type { Ledger } from './source.ts'

/** What is known of every link, in `<dataDir>/links.json`; keys are addresses. */
export type LinkStates = ReadonlyMap<string, LinkState>

const fileSchema = z.object({
  version: z.literal(1),
  links: z.array(
    z.object({
      url: z.string(),
      state: z.enum(['alive', 'failing', 'dead', 'unverified']),
      checkedAt: z.number(),
      aliveAt: z.number().nullable(),
      failures: z.array(
        z.object({
          at: z.number(),
          reason: z.enum([
            'malformed',
            'blocked',
            'robots',
            'dead',
            'unverifiable',
            'unreachable',
            'timeout',
            'too-large',
            'redirects',
          ]),
        }),
      ),
      gone: z.array(z.string()),
      message: z.string().nullable(),
    }),
  ),
})

/**
 * Reads the states of links; none where the file does not exist.
 * @throws OnrecordError `io` where it is damaged: patience that was forgotten would start anew in silence
 */
export async function readLinkStates(dataDir: string): Promise<LinkStates> {
  const file = join(dataDir, 'links.json')
  let text: string
  try {
    text = await readFile(file, 'utf8')
  } catch (error) {
    if (Reflect.get(Object(error), 'code') === 'ENOENT') return new Map()
    throw new OnrecordError('io', `${file} cannot be read: ${messageOf(error)}.`, { cause: error })
  }
  try {
    const { links } = fileSchema.parse(JSON.parse(text))
    return new Map(links.map((link) => [link.url, link]))
  } catch (error) {
    const hint = 'restore it from a backup, or remove it: links are then watched from today'
    throw new OnrecordError('io', `${file} is damaged.`, { hint, cause: error })
  }
}

/** Adds `changed` to the states on the disk, whole or not at all. What another run added meanwhile stays. */
export async function writeLinkStates(dataDir: string, changed: LinkStates): Promise<void> {
  await mkdir(dataDir, { recursive: true })
  const links = [...new Map([...(await readLinkStates(dataDir)), ...changed]).values()]
  links.sort((a, b) => (a.url < b.url ? -1 : a.url > b.url ? 1 : 0))
  const unfinished = join(dataDir, `.links.${randomUUID()}.part`)
  try {
    const handle = await open(unfinished, 'wx', 0o600)
    try {
      await handle.writeFile(`${JSON.stringify({ version: 1, links }, null, 2)}\n`)
      await handle.sync()
    } finally {
      await handle.close()
    }
    await rename(unfinished, join(dataDir, 'links.json'))
  } catch (error) {
    await rm(unfinished, { force: true })
    throw new OnrecordError('io', `${join(dataDir, 'links.json')} cannot be written: ${messageOf(error)}.`, {
      cause: error,
    })
  }
}

/** What the desk check is told of links, by the id of the source. */
export function linksById(
  ledger: Ledger,
  states: LinkStates,
): ReadonlyMap<
  string,
  {
    /** `blocked`: could not verify. */
    readonly state: 'ok' | 'failing' | 'dead' | 'blocked'
    readonly reason: string | null
    /** ISO 8601. */
    readonly checkedAt: string
    readonly failingSince: string | null
    readonly gone: readonly string[]
  }
> {
  const names = { alive: 'ok', failing: 'failing', dead: 'dead', unverified: 'blocked' } as const
  const links = [...ledger.values()].flatMap((source) => {
    const state = source.url === null ? undefined : states.get(source.url)
    if (state === undefined) return []
    const since = failingSince(state)
    const link = {
      state: names[state.state],
      reason: state.message,
      checkedAt: new Date(state.checkedAt).toISOString(),
      failingSince: since === null ? null : new Date(since).toISOString(),
      gone: state.gone,
    }
    return [[source.id, link] as const]
  })
  return new Map(links)
}
