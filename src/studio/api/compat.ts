import type { Surface } from '../deps.ts'
import { unfinished } from './unfinished.ts'

/** What the final HTML is like in the mail programs that readers use. */
export const compat: Surface = (app) => {
  app.get('/api/issues/:id/compat', unfinished)
}
