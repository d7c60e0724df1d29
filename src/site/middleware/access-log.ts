import type { MiddlewareHandler } from 'hono'
import { routePath } from 'hono/route'
import type { SiteDeps } from '../deps.ts'
import type { SiteEnv } from '../env.ts'

/** One event a request: the route as it is registered, never the path, which can hold a token; no address. */
export function accessLog({ log, metrics }: Pick<SiteDeps, 'log' | 'metrics'>): MiddlewareHandler<SiteEnv> {
  return async (c, next) => {
    const began = performance.now()
    await next()
    const seconds = (performance.now() - began) / 1_000
    const route = routePath(c, -1)
    const { status } = c.res
    log('debug', 'request', { method: c.req.method, route, status, ms: Math.round(seconds * 1_000) })
    metrics.observe('onrecord_http_request_seconds', seconds, { route, status: String(status) })
  }
}
