import { Hono } from 'hono'
import { bodyLimit } from 'hono/body-limit'
import type { SiteDeps } from './deps.ts'
import { answerImage } from './image.ts'
import { answerIssue } from './issue-page.ts'
import { frontPage } from './front-page.ts'
import { pageWriter } from './page.ts'
import { addLeaving } from './leaving.ts'
import { securityHeaders } from './security-headers.ts'

/** Far more than `List-Unsubscribe=One-Click` in either form encoding needs. */
const LARGEST_BODY = 16 * 1024

/**
 * The public site as an app that does not listen: `/`, `/issues/<id>`, `/images/<name>`, `/u/<token>`,
 * `/healthz`. It sets no cookie and runs no script. A GET changes nothing, however often it is made.
 */
export function createSite(deps: SiteDeps): Hono {
  const page = pageWriter(deps.publication)
  const app = new Hono()
  app.use(securityHeaders(deps.baseUrl, page.styleHash))
  app.use(
    bodyLimit({
      maxSize: LARGEST_BODY,
      onError: (c) => c.html(page.write('Too much', 'That was more than this page takes.'), 413),
    }),
  )

  app.get('/', async (c) => c.html(frontPage(page, deps.publication, await deps.editions.listPublished())))
  app.get('/issues/:id', (c) => answerIssue(c, deps))
  app.get('/images/:name', (c) => answerImage(c, deps.imagesDir))
  addLeaving(app, deps, page)
  // Browsers ask by themselves; an answer without a picture keeps the logs quiet.
  app.get('/favicon.ico', (c) => c.body(null, 204, { 'Cache-Control': 'public, max-age=86400' }))
  app.get('/healthz', (c) => c.text('ok\n', 200, { 'Cache-Control': 'no-store' }))

  app.notFound((c) =>
    c.html(page.write('There is no such page', 'The address may be mistyped, or the page was moved.'), 404),
  )
  app.onError((_error, c) =>
    c.html(page.write('This page cannot be shown', 'The fault is ours. Please try again in a minute.'), 500),
  )
  return app
}
