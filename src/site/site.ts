import { Hono } from 'hono'
import { bodyLimit } from 'hono/body-limit'
import { OnrecordError } from '../core/errors.ts'
import { answerMessage } from './answer.ts'
import type { SiteDeps, Surface } from './deps.ts'
import { anybody, type SiteEnv } from './env.ts'
import { readerAccess } from './middleware/access.ts'
import { accessLog } from './middleware/access-log.ts'
import { clientAddress } from './middleware/client-address.ts'
import { sameOrigin } from './middleware/csrf.ts'
import { keepPages } from './middleware/keep-pages.ts'
import { knownHost } from './middleware/known-host.ts'
import { securityHeaders } from './middleware/security-headers.ts'
import { assets } from './surfaces/assets.ts'
import { brief } from './surfaces/brief.ts'
import { changeAddress } from './surfaces/change-address.ts'
import { confirm } from './surfaces/confirm.ts'
import { corrections } from './surfaces/corrections.ts'
import { feeds } from './surfaces/feeds.ts'
import { front } from './surfaces/front.ts'
import { health } from './surfaces/health.ts'
import { howWeSource } from './surfaces/how-we-source.ts'
import { images } from './surfaces/images.ts'
import { issue } from './surfaces/issue.ts'
import { leaving } from './surfaces/leaving.ts'
import { logIn } from './surfaces/log-in.ts'
import { metrics } from './surfaces/metrics.ts'
import { preferences } from './surfaces/preferences.ts'
import { search } from './surfaces/search.ts'
import { signUp } from './surfaces/sign-up.ts'
import { sitemap } from './surfaces/sitemap.ts'
import { source } from './surfaces/source.ts'
import { sourcesJson } from './surfaces/sources-json.ts'
import { viewLink } from './surfaces/view-link.ts'
import { withoutSlash } from './without-slash.ts'

/** Far more than any of our forms needs. */
const LARGEST_BODY = 16 * 1024

/** docs/site.md lists their routes. */
const surfaces: readonly Surface[] = [
  ...[health, metrics, assets, images, feeds, sitemap],
  ...[front, sourcesJson, issue, brief, source, search, corrections, howWeSource],
  ...[signUp, confirm, logIn, preferences, changeAddress, leaving, viewLink],
]

/** The public site as an app that does not listen. A GET changes nothing, however often it is made. */
export function createSite(site: SiteDeps): Hono<SiteEnv> {
  const app = new Hono<SiteEnv>()
  app.use(async (c, next) => {
    c.set('reader', anybody)
    await next()
  })
  app.use(accessLog(site), securityHeaders(site.baseUrl), knownHost(site.baseUrl))
  app.use(clientAddress(site), sameOrigin(site))
  const limited = bodyLimit({
    maxSize: LARGEST_BODY,
    onError: (c) =>
      answerMessage(
        c,
        site,
        { kind: 'error', title: 'Too much', paragraphs: ['That was more than this page takes.'] },
        413,
      ),
  })
  // Nothing reads a body of these, and to look for one makes a Request anew for each page.
  app.use((c, next) => (c.req.method === 'GET' || c.req.method === 'HEAD' ? next() : limited(c, next)))
  app.use(readerAccess(site), keepPages(site))
  for (const add of surfaces) add(app, site)
  app.notFound(
    (c) =>
      withoutSlash(c) ??
      answerMessage(
        c,
        site,
        {
          kind: 'error',
          title: 'There is no such page',
          paragraphs: ['The address may be mistyped, or the page was moved.'],
        },
        404,
      ),
  )
  app.onError((error, c) => {
    // The store is gone, full or busy: what may be better in a moment.
    if (error instanceof OnrecordError) {
      site.log('error', 'store', { says: error.message })
      c.header('Retry-After', '5')
      return answerMessage(
        c,
        site,
        {
          kind: 'error',
          title: 'This page cannot be shown now',
          paragraphs: ['Something that it needs is not there at the moment. Please try again in a minute.'],
        },
        503,
      )
    }
    site.log('error', 'fault', { name: error.name })
    return answerMessage(
      c,
      site,
      {
        kind: 'error',
        title: 'This page cannot be shown',
        paragraphs: ['The fault is ours. Please try again in a minute.'],
      },
      500,
    )
  })
  return app
}
