import type { Context } from 'hono'
import { OnrecordError } from '../../core/errors.ts'
import type { KeptImage } from '../contract/draft.ts'
import type { Surface } from '../deps.ts'
import { keepDraftImage, largestImage } from '../draft-image.ts'
import { noIssue } from './answer.ts'

/** Images that are put into a text: redrawn, and kept beside it. */
export const keepImage: Surface = (app, { deps, library }) => {
  app.post('/api/issues/:id/images', async (c) => {
    const id = c.req.param('id')
    if (!(await library.shelf()).issues.includes(id)) noIssue(id)
    const bytes = await bodyBytes(c)
    c.req.raw.signal.throwIfAborted()
    return c.json<KeptImage>(await keepDraftImage(deps.root, id, c.req.query('name') ?? 'picture', bytes))
  })
}

/** The body, read no further than is allowed. */
async function bodyBytes(c: Context): Promise<Uint8Array> {
  const said = Number(c.req.header('Content-Length') ?? 0)
  if (said > largestImage) throw tooLarge()
  const parts: Uint8Array[] = []
  let length = 0
  for await (const part of c.req.raw.body ?? []) {
    length += part.length
    if (length > largestImage) throw tooLarge()
    parts.push(part)
  }
  return Buffer.concat(parts)
}

function tooLarge(): OnrecordError {
  return new OnrecordError('refused', 'This picture is larger than 20 MB.', {
    hint: 'Save a smaller copy of it.',
  })
}
