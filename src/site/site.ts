import { Hono } from 'hono'
import { bodyLimit } from 'hono/body-limit'
import type { Publication } from '../core/publication.ts'
import type { Tokens } from '../core/token.ts'
import type { EditionStore } from '../delivery/editions.ts'
import type { SubscriberStore } from '../subscribers/store.ts'
import { answerImage } from './image.ts'
import { answerIssue } from './issue-page.ts'
import { frontPage } from './front-page.ts'
import { pageWriter } from './page.ts'
import { addLeaving } from './leaving.ts'
import { securityHeaders } from './security-headers.ts'

export interface SiteDeps {
  readonly publication: Publication
  /** Where readers reach the site, without a trailing slash. */
  readonly baseUrl: string
  /** What is published, frozen; the site never reads `briefs/`. */
  readonly editions: Pick<EditionStore, 'published' | 'listPublished'>
  readonly subscribers: Pick<SubscriberStore, 'unsubscribe'>
  readonly tokens: Tokens
  /** The folder of frozen images, named by their content. */
  readonly imagesDir: string
}

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
  app.get('/healthz', (c) => c.text('ok\n', 200, { 'Cache-Control': 'no-store' }))

  app.notFound((c) =>
    c.html(page.write('There is no such page', 'The address may be mistyped, or the page was moved.'), 404),
  )
  app.onError((_error, c) =>
    c.html(page.write('This page cannot be shown', 'The fault is ours. Please try again in a minute.'), 500),
  )
  return app
}
