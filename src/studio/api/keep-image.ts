import { OnrecordError } from '../../core/errors.ts'
import { listIssues } from '../../issue/load.ts'
import type { KeptImage } from '../contract/draft.ts'
import type { Surface } from '../deps.ts'
import { keepDraftImage, largestImage } from '../draft-image.ts'
import { bodyBytes, noIssue } from './answer.ts'

/** Images that are put into a text: redrawn, and kept beside it. */
export const keepImage: Surface = (app, { deps }) => {
  app.post('/api/issues/:id/images', async (c) => {
    const id = c.req.param('id')
    if (!listIssues(deps.root).includes(id)) noIssue(id)
    const bytes = (await bodyBytes(c, largestImage)) ?? tooLarge()
    c.req.raw.signal.throwIfAborted()
    return c.json<KeptImage>(await keepDraftImage(deps.root, id, c.req.query('name') ?? 'picture', bytes))
  })
}

function tooLarge(): never {
  throw new OnrecordError('refused', 'This picture is larger than 20 MB.', {
    hint: 'Save a smaller copy of it.',
  })
}
