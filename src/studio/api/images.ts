import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import type { Surface } from '../deps.ts'

const types = { jpg: 'image/jpeg', png: 'image/png', gif: 'image/gif' } as const

/** A draft's image from the newest builds, or one that was frozen; its name is a hash of its bytes. */
export const images: Surface = (app, { library, deps }) => {
  app.get('/images/:name', async (c) => {
    const name = c.req.param('name')
    const ending = /^[0-9a-f]{32}\.(jpg|png|gif)$/.exec(name)?.[1]
    if (ending !== 'jpg' && ending !== 'png' && ending !== 'gif') return c.body(null, 404)
    const bytes = library.image(name)?.bytes ?? (await readFile(join(deps.imagesDir, name)).catch(() => null))
    if (bytes === null) return c.body(null, 404)
    return c.body(new Uint8Array(bytes), 200, {
      'Content-Type': types[ending],
      'Cache-Control': 'public, max-age=31536000, immutable',
    })
  })
}
