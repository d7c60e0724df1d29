import { createHash, timingSafeEqual } from 'node:crypto'
import type { Context, MiddlewareHandler } from 'hono'
import { refuse } from './api/answer.ts'

/** The header in which our own page, and no other, gives the token that it was made with. */
export const tokenHeader = 'X-Onrecord-Token'

/**
 * Lets in only who asks this machine for itself. A page elsewhere whose name was made to point here (DNS
 * rebinding) sends its own Host.
 */
export const onlyLocal: MiddlewareHandler = async (c, next) => {
  // A request names its host once or twice: in its Host, and in a target that is a whole address (RFC 9112, section 3.2.2).
  if (isLocalHost(hostOf(c)) && isLocalHost(new URL(c.req.url).host)) return next()
  return c.text('The studio answers only on this machine: open it as http://localhost:<port>.\n', 403)
}

/**
 * Under `/api/`: nothing is answered to another site's page, and a change needs our own origin and the token of a
 * page that this process has made. What is not under `/api/` changes nothing, and is only read.
 */
export function onlyOurPage(token: string): MiddlewareHandler {
  const expected = digest(token)
  return async (c, next) => {
    const reads = c.req.method === 'GET' || c.req.method === 'HEAD'
    const isApi = c.req.path.startsWith('/api/')
    if (reads && !isApi) return next()
    if (!isApi) return c.text('Nothing can be changed here.\n', 405, { Allow: 'GET, HEAD' })
    if (!asked.has(c.req.header('Sec-Fetch-Dest') ?? 'empty')) return foreign(c)
    const site = c.req.header('Sec-Fetch-Site')
    if (site !== undefined && site !== 'same-origin' && !(reads && site === 'none')) return foreign(c)
    const origin = c.req.header('Origin')
    // An older browser says no site, but the origin of whatever reads across origins.
    if (origin === undefined ? !reads : URL.parse(origin)?.origin !== `http://${hostOf(c)}`) return foreign(c)
    if (reads) return next()
    if (!timingSafeEqual(digest(c.req.header(tokenHeader) ?? ''), expected)) {
      return refuse(c, 'stale-page', 'This page is older than the studio that runs now.', {
        hint: 'Load the page again; what you have written is kept.',
      })
    }
    return next()
  }
}

/**
 * What asks under `/api/`: a script (`empty`), or a person who keeps a file. A picture, style or frame does not: a mail in our
 * frame may name one, and is of our own origin (Fetch, section 2.2.5: a request’s destination).
 */
const asked: ReadonlySet<string> = new Set(['empty', 'document'])

/** Headers of every answer; a page and a frame have set their own policy before. */
export const studioHeaders: MiddlewareHandler = async (c, next) => {
  await next()
  const { headers } = c.res
  if (!headers.has('Content-Security-Policy')) {
    headers.set(
      'Content-Security-Policy',
      "default-src 'none'; frame-ancestors 'none'; base-uri 'none'; sandbox",
    )
    headers.set('X-Frame-Options', 'DENY')
  }
  headers.set('X-Content-Type-Options', 'nosniff')
  headers.set('Referrer-Policy', 'no-referrer')
  // Nobody is to know by their name server that an editor looks at a link of theirs.
  headers.set('X-DNS-Prefetch-Control', 'off')
  headers.set('Cross-Origin-Opener-Policy', 'same-origin')
  headers.set('Cross-Origin-Resource-Policy', 'same-origin')
  if (!headers.has('Cache-Control')) headers.set('Cache-Control', 'no-store')
}

function foreign(c: Context): Response {
  return refuse(c, 'refused', 'This request came from another page.')
}

function hostOf(c: Context): string {
  return c.req.header('Host') ?? new URL(c.req.url).host
}

function isLocalHost(host: string): boolean {
  const name = URL.parse(`http://${host}`)?.hostname
  return name === 'localhost' || name === '127.0.0.1' || name === '[::1]'
}

function digest(text: string): Buffer {
  return createHash('sha256').update(text).digest()
}
