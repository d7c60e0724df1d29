import type { MiddlewareHandler } from 'hono'

/**
 * Lets in only who asks this machine for itself. A page elsewhere whose name was made to point here (DNS
 * rebinding) sends its own Host; one that posts here sends its own Origin.
 */
export const onlyLocal: MiddlewareHandler = async (c, next) => {
  if (!isLocalHost(c.req.header('Host') ?? new URL(c.req.url).host)) {
    return c.text('The studio answers only on this machine: open it as http://localhost:<port>.\n', 403)
  }
  return next()
}

/** Nothing here changes by a request, so that only reading is answered. */
export const onlyReading: MiddlewareHandler = async (c, next) => {
  if (c.req.method === 'GET' || c.req.method === 'HEAD') return next()
  const origin = c.req.header('Origin')
  const host = c.req.header('Host') ?? new URL(c.req.url).host
  if (origin === undefined || URL.parse(origin)?.host !== host) {
    return c.text('This request came from another page.\n', 403)
  }
  return c.text('The studio only shows: edit the files under briefs/.\n', 405, { Allow: 'GET, HEAD' })
}

const pagePolicy = [
  "default-src 'none'",
  "script-src 'self'",
  "style-src 'self'",
  "img-src 'self' data:",
  "connect-src 'self'",
  "frame-src 'self'",
  "form-action 'none'",
  "base-uri 'none'",
  "frame-ancestors 'none'",
].join('; ')

/** Headers of every answer; a frame has set its own policy before. */
export const studioHeaders: MiddlewareHandler = async (c, next) => {
  await next()
  const { headers } = c.res
  if (!headers.has('Content-Security-Policy')) {
    headers.set('Content-Security-Policy', pagePolicy)
    headers.set('X-Frame-Options', 'DENY')
  }
  headers.set('X-Content-Type-Options', 'nosniff')
  headers.set('Referrer-Policy', 'no-referrer')
  headers.set('Cross-Origin-Opener-Policy', 'same-origin')
  if (!headers.has('Cache-Control')) headers.set('Cache-Control', 'no-store')
}

function isLocalHost(host: string): boolean {
  const name = URL.parse(`http://${host}`)?.hostname
  return name === 'localhost' || name === '127.0.0.1' || name === '[::1]'
}
