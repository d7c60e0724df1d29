import { z } from 'zod'
import { systemClock } from '../../core/clock.ts'
import { OnrecordError } from '../../core/errors.ts'
import { version } from '../../core/version.ts'
import { listIssues } from '../../issue/load.ts'
import { createParseCache } from '../../issue/parse-cache.ts'
import { openFetcher } from '../../sources/fetch-page.ts'
import type { Source } from '../../sources/source.ts'
import type { PastedSource, QuoteCitation, SourceList, SourceOfUrl, StoredCopy } from '../contract/sources.ts'
import type { Surface } from '../deps.ts'
import { pasteSource, sourceOf, type SourceWorld } from '../paste-source.ts'
import { createSettings } from '../settings-file.ts'
import { readSources } from '../shown-sources.ts'
import { keepCopy, quoteCitation, readCopy } from '../stored-copy.ts'
import { bodyOf, noIssue } from './answer.ts'

const pasteSchema = z.object({
  url: z.string().max(4_000),
  open: z.object({ path: z.string(), text: z.string().max(1024 * 1024) }).nullable(),
})
const quoteSchema = z.object({ words: z.string().max(20_000) })

/** The ledger of an issue: searched, quoted from, grown by a pasted URL. */
export const sources: Surface = (app, { deps, files }) => {
  const { root, snapshotsDir = null, baseUrl } = deps
  const fetcher =
    deps.fetcher ??
    openFetcher({ userAgent: `Onrecord/${version} (+${baseUrl}; reads pages that an editor cites)` })
  const parsed = createParseCache()

  const settings = createSettings(root)

  const known = (id: string): string => (listIssues(root).includes(id) ? id : noIssue(id))
  const world = async (): Promise<SourceWorld> => {
    const timeZone = (await settings())?.timeZone ?? 'UTC'
    return { root, files, fetcher, snapshotsDir, timeZone, clock: systemClock, parsed }
  }
  const entryOf = async (issue: string, id: string): Promise<Source> => {
    const found = (await readSources(root, known(issue), parsed)).entries.get(id)
    if (found !== undefined) return found
    throw new OnrecordError('not-found', `The ledger has no entry “${id}”.`, {
      hint: 'It may have been renamed.',
    })
  }

  app.get('/api/issues/:id/sources', async (c) => {
    const { ledger, sources: list, problem } = await readSources(root, known(c.req.param('id')), parsed)
    return c.json<SourceList>({ ledger, sources: list, problem })
  })
  app.get('/api/issues/:id/source-of', async (c) => {
    const found = await readSources(root, known(c.req.param('id')), parsed)
    return c.json<SourceOfUrl>({ source: sourceOf(found, c.req.query('url') ?? '') })
  })
  app.post('/api/issues/:id/sources', async (c) => {
    const issue = known(c.req.param('id'))
    const request = await bodyOf(c, pasteSchema)
    return c.json<PastedSource>(await pasteSource(issue, request, c.req.raw.signal, await world()))
  })
  app.get('/api/issues/:id/sources/:source/copy', async (c) => {
    const { id, source } = c.req.param()
    return c.json<StoredCopy>(await readCopy(snapshotsDir, await entryOf(id, source)))
  })
  app.post('/api/issues/:id/sources/:source/copy', async (c) => {
    const { id, source } = c.req.param()
    await keepCopy(await entryOf(id, source), c.req.raw.signal, await world())
    return c.json<StoredCopy>(await readCopy(snapshotsDir, await entryOf(id, source)))
  })
  app.post('/api/issues/:id/sources/:source/citation', async (c) => {
    const { id, source } = c.req.param()
    const { words } = await bodyOf(c, quoteSchema)
    const entry = await entryOf(id, source)
    const { text, reason } = await readCopy(snapshotsDir, entry)
    const answer = text === null ? { citation: null, problem: reason } : quoteCitation(entry.id, words, text)
    return c.json<QuoteCitation>(answer)
  })
}
