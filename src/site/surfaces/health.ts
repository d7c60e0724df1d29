import type { Surface } from '../deps.ts'

/** `/healthz`: the process lives. `/readyz`: it can answer. */
export const health: Surface = (app, site) => {
  app.get('/healthz', (c) => c.text('ok\n', 200, { 'Cache-Control': 'no-store' }))
  app.get('/readyz', (c) =>
    site.ready()
      ? c.text('ready\n', 200, { 'Cache-Control': 'no-store' })
      : c.text('not ready\n', 503, { 'Cache-Control': 'no-store' }),
  )
}
