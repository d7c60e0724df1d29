import { createHash, timingSafeEqual } from 'node:crypto'
import type { Surface } from '../deps.ts'
import { isFromHere } from '../middleware/client-address.ts'

/** `/metrics`, for Prometheus: with METRICS_TOKEN, or from this machine. */
export const metrics: Surface = (app, site) => {
  const { metricsToken } = site
  app.get('/metrics', async (c) => {
    if (metricsToken === null) {
      if (!isFromHere(c.env, (name) => c.req.header(name))) return c.notFound()
    } else if (!isSame(c.req.header('Authorization') ?? '', `Bearer ${metricsToken}`)) {
      const headers = { 'WWW-Authenticate': 'Bearer realm="metrics"', 'Cache-Control': 'no-store' }
      return c.text('These are for who has METRICS_TOKEN.\n', 401, headers)
    }
    return c.body(await site.metrics.text(), 200, {
      'Content-Type': 'text/plain; version=0.0.4; charset=utf-8',
      'Cache-Control': 'no-store',
    })
  })
}

/** Hashed first: the time it takes says nothing of either, not even how long it is. */
function isSame(given: string, expected: string): boolean {
  const hash = (text: string): Buffer => createHash('sha256').update(text).digest()
  return timingSafeEqual(hash(given), hash(expected))
}
