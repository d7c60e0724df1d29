import type { Surface } from '../deps.ts'
import { unfinished } from './unfinished.ts'

/** Images that are put into a text: redrawn, and kept beside it. */
export const keepImage: Surface = (app) => {
  app.post('/api/issues/:id/images', unfinished)
}
