import { Hono } from 'hono'
import { bodyLimit } from 'hono/body-limit'
import type { Publication } from '../core/publication.ts'
import { answerImage } from './image.ts'
import { answerIssue } from './issue-page.ts'
import { frontPage } from './front-page.ts'
import { pageWriter } from './page.ts'
import { addLeaving } from './leaving.ts'
import { securityHeaders } from './security-headers.ts'

/** A published issue as the front page lists it. */
export interface PublishedIssue {
  readonly id: string
  readonly subject: string
  readonly preheader: string
  /** ISO day. */
  readonly date: string
}

/** The frozen public web page of an issue. */
export interface PublishedPage {
  readonly html: string
  /** Hex; names exactly these bytes. */
  readonly hash: string
}

/** What the site reads: only what is frozen, never `briefs/`. */
export interface PublishedIssues {
  /** Newest first. */
  list(): Promise<readonly PublishedIssue[]> | readonly PublishedIssue[]
  page(issue: string): Promise<PublishedPage | null> | PublishedPage | null
}

/** Who leaves by the link in a message. */
export interface Leaving {
  /** The name of the newsletter that a token of ours would leave, or null for any other text. Changes nothing. */
  newsletterOf(token: string): string | null
  /** Takes the person off at once; a second time changes nothing. False when the token is not ours. */
  leave(token: string): Promise<boolean> | boolean
}

export interface SiteDeps {
  readonly publication: Publication
  /** Where readers reach the site, without a trailing slash. */
  readonly baseUrl: string
  readonly published: PublishedIssues
  readonly leaving: Leaving
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

  app.get('/', async (c) => c.html(frontPage(page, deps.publication, await deps.published.list())))
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
