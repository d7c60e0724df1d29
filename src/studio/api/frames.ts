import { tiers } from '../../core/tier.ts'
import { viewMessage } from '../../outbox/view.ts'
import type { Surface } from '../deps.ts'
import { frameHtml, framePolicy } from '../frame.ts'

/** Mails and pages as pictures: their own addresses, under a policy of their own. */
export const frames: Surface = (app, { library, deps }) => {
  app.get('/frame/outbox/:name', async (c) => {
    const message = await viewMessage(deps.outboxDir, c.req.param('name'))
    if (message === null || message.html === null) return c.notFound()
    return frame(message.html, c.req.query('scheme'), null)
  })
  app.get('/frame/:id/:tier/:part', async (c) => {
    const { id, part } = c.req.param()
    const tier = tiers.find((each) => each === c.req.param('tier'))
    const edition = tier === undefined ? null : (await library.issue(id))?.shown?.editions?.[tier]
    if (!edition || (part !== 'mail' && part !== 'web')) return c.notFound()
    const content = part === 'mail' ? edition.marked : edition.web
    return frame(content, c.req.query('scheme'), deps.baseUrl)
  })
}

function frame(content: string, scheme: string | undefined, baseUrl: string | null): Response {
  const shown = scheme === 'dark' || scheme === 'light' ? scheme : 'auto'
  return new Response(frameHtml(content, { scheme: shown, baseUrl }), {
    headers: {
      'Content-Type': 'text/html; charset=utf-8',
      'Content-Security-Policy': framePolicy,
      'X-Frame-Options': 'SAMEORIGIN',
    },
  })
}
