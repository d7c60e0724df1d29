import type { Surface } from '../deps.ts'
import { unfinished } from './unfinished.ts'

/** The record of approvals, which decides what may be sent. */
export const approval: Surface = (app) => {
  app.get('/api/issues/:id/approval', unfinished)
  app.post('/api/issues/:id/approval', unfinished)
  app.put('/api/issues/:id/sources/:source/tick', unfinished)
}
