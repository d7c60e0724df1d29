import type { Surface } from '../deps.ts'

/** `/assets/<hash>.css`, `.js`: named by their content, kept for ever. */
export const assets: Surface = (app, { pages }) => {
  app.get('/assets/:name', (c) => {
    const asset = pages.assets.get(c.req.param('name'))
    if (asset === undefined) return c.notFound()
    return c.body(asset.text, 200, {
      'Content-Type': asset.mediaType,
      'Cache-Control': 'public, max-age=31536000, immutable',
      Vary: 'Accept-Encoding',
    })
  })
  // Browsers ask by themselves; an answer without a picture keeps the logs quiet.
  app.get('/favicon.ico', (c) => c.body(null, 204, { 'Cache-Control': 'public, max-age=86400' }))
}
