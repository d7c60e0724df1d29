import type { Surface } from '../deps.ts'
import { unfinished } from './unfinished.ts'

/** The ledger of an issue: searched, grown by a pasted URL. */
export const sources: Surface = (app) => {
  app.get('/api/issues/:id/sources', unfinished)
  app.post('/api/issues/:id/sources', unfinished)
}
