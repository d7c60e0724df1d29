import type { Context } from 'hono'
import { answerFrame } from '../answer-frame.ts'
import type { FrameQuery } from '../contract/preview.ts'
import type { Surface } from '../deps.ts'
import type { FrameOptions } from '../frame.ts'
import { openReaders } from '../personas.ts'
import { viewReader } from '../reader-view.ts'

/** Mails and pages as pictures: their own addresses, under a policy of their own. */
export const frames: Surface = (app, bench) => {
  const { deps } = bench
  const readers = openReaders(deps.root, deps.stores)
  app.get('/frame/:id/:tier/:part', async (c) => {
    const { id, tier, part } = c.req.param()
    if (part !== 'mail' && part !== 'web') return c.notFound()
    const seen = await viewReader(bench, readers, id, { ...c.req.query(), tier }).catch(() => null)
    if (seen === null || seen.tier !== tier) return c.notFound()
    return frame(c, part === 'mail' ? seen.marked : seen.edition.web, deps.baseUrl)
  })
}

const schemes: readonly FrameOptions['scheme'][] = ['light', 'dark', 'forced']

/** What is asked of the frame by its address (`FrameQuery`). */
function frame(c: Context, content: string, baseUrl: string): Response {
  const query: Partial<Record<keyof FrameQuery, string>> = c.req.query()
  return answerFrame(content, {
    scheme: schemes.find((each) => each === query.scheme) ?? 'auto',
    baseUrl,
    images: query.images === 'off' ? 'off' : undefined,
    text: query.text === '200' ? '200' : undefined,
  })
}
