import type { MiddlewareHandler } from 'hono'
import type { SiteEnv } from '../env.ts'

/**
 * Answers only to the host of BASE_URL, and to this machine by its own names (a proxy, a health check): a page
 * can then neither be cached nor mailed under a host that somebody made up. Nothing is ever written from Host.
 */
export function knownHost(baseUrl: string): MiddlewareHandler<SiteEnv> {
  const { host, protocol } = new URL(baseUrl)
  const withPort = host + (protocol === 'https:' ? ':443' : ':80')
  return async (c, next) => {
    const given = (c.req.header('Host') ?? new URL(c.req.url).host).toLowerCase()
    const known =
      given === host || given === withPort || /^(?:localhost|127\.0\.0\.1|\[::1\])(?::\d+)?$/.test(given)
    return known ? next() : c.text('There is no such site here.\n', 421, { 'Cache-Control': 'no-store' })
  }
}
