import type { Surface } from '../deps.ts'
import { unfinished } from './unfinished.ts'

/** The subscribers: list, search, import, one person’s history. */
export const people: Surface = (app) => {
  app.get('/api/people', unfinished)
  app.get('/api/people/:id', unfinished)
  app.post('/api/people/import/look', unfinished)
  app.post('/api/people/import', unfinished)
}
