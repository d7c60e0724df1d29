import type { MiddlewareHandler } from 'hono'
import { routePath } from 'hono/route'
import type { SiteDeps } from '../deps.ts'
import type { SiteEnv } from '../env.ts'

/** Others are no method of ours, and a client may make up any number of them. */
const methods = new Set(['GET', 'HEAD', 'POST'])

/** One event a request: the route as it is registered, never the path, which can hold a token; no address. */
export function accessLog({ log, metrics }: Pick<SiteDeps, 'log' | 'metrics'>): MiddlewareHandler<SiteEnv> {
  return async (c, next) => {
    const began = performance.now()
    await next()
    const seconds = (performance.now() - began) / 1_000
    // Only what stands before every route matched: there is no such page.
    const matched = routePath(c, -1)
    const route = matched === '*' || matched === '/*' ? 'none' : matched
    const method = methods.has(c.req.method) ? c.req.method : 'other'
    const { status } = c.res
    log('debug', 'request', { method, route, status, ms: Math.round(seconds * 1_000) })
    metrics.count('onrecord_http_requests_total', { method, route, status: String(status) })
    metrics.observe('onrecord_http_request_seconds', seconds, { route })
  }
}
