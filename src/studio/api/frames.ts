import type { Context } from 'hono'
import type { FrameQuery } from '../contract/preview.ts'
import type { Surface } from '../deps.ts'
import { frameHtml, framePolicy, type FrameOptions } from '../frame.ts'
import { openReaders } from '../personas.ts'
import { viewReader } from '../reader-view.ts'

/** Mails and pages as pictures: their own addresses, under a policy of their own. */
export const frames: Surface = (app, bench) => {
  const { deps } = bench
  const readers = openReaders(deps.root, async () => (await deps.stores()).subscribers)
  app.get('/frame/:id/:tier/:part', async (c) => {
    const { id, tier, part } = c.req.param()
    if (part !== 'mail' && part !== 'web') return c.notFound()
    const seen = await viewReader(bench, readers, id, { ...c.req.query(), tier }).catch(() => null)
    if (seen === null || seen.tier !== tier) return c.notFound()
    return frame(c, part === 'mail' ? seen.marked : seen.edition.web, deps.baseUrl)
  })
}

const schemes: readonly FrameOptions['scheme'][] = ['light', 'dark', 'forced']
