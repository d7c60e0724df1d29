import type { Surface } from '../deps.ts'
import { unfinished } from './unfinished.ts'

/** The editor’s files: read, saved against the version that was read, made new; images kept beside them. */
export const draft: Surface = (app) => {
  app.get('/api/issues/:id/files', unfinished)
  app.get('/api/file', unfinished)
  app.put('/api/file', unfinished)
  app.post('/api/issues', unfinished)
  app.post('/api/issues/:id/briefs', unfinished)
}
