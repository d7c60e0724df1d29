import type { Surface } from '../deps.ts'

/** `/healthz`: the process lives. `/readyz`: it can answer; why it cannot is in the log, and on nobody's screen. */
export const health: Surface = (app, site) => {
  app.get('/healthz', (c) => c.text('ok\n', 200, { 'Cache-Control': 'no-store' }))
  app.get('/readyz', async (c) =>
    (await site.ready())
      ? c.text('ready\n', 200, { 'Cache-Control': 'no-store' })
      : c.text('not ready\n', 503, { 'Cache-Control': 'no-store', 'Retry-After': '5' }),
  )
}
