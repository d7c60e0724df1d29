import type { Surface } from '../deps.ts'
import { unfinished } from './unfinished.ts'

/** What changed between two versions, as a reader would see it. */
export const compare: Surface = (app) => {
  app.get('/api/issues/:id/versions', unfinished)
  app.get('/api/issues/:id/compare', unfinished)
}
