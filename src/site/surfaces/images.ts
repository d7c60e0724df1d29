import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import type { Context } from 'hono'
import type { Surface } from '../deps.ts'

const mediaTypes: Readonly<Record<string, string>> = {
  jpg: 'image/jpeg',
  png: 'image/png',
  gif: 'image/gif',
}

/** `/images/<name>`. */
export const images: Surface = (app, { imagesDir }) => {
  app.get('/images/:name', (c) => answerImage(c, imagesDir))
}

/** A frozen image. Its name is a hash of its bytes: it never changes, and it may be kept for ever. */
async function answerImage(c: Context, dir: string): Promise<Response> {
  const name = c.req.param('name') ?? ''
  const match = /^[0-9a-f]{32}\.(jpg|png|gif)$/.exec(name)
  const mediaType = mediaTypes[match?.[1] ?? '']
  if (mediaType === undefined) return c.notFound()
  const bytes = await readFile(join(dir, name)).catch(() => null)
  if (bytes === null) return c.notFound()
  return c.body(new Uint8Array(bytes), 200, {
    'Content-Type': mediaType,
    Vary: 'Accept-Encoding',
    'Cache-Control': 'public, max-age=31536000, immutable',
    'Cross-Origin-Resource-Policy': 'cross-origin',
    'Content-Security-Policy': "default-src 'none'",
  })
}
