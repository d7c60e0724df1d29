import type { Surface } from '../deps.ts'
import { unfinished } from './unfinished.ts'

/** Frontmatter as a form. */
export const frontmatter: Surface = (app) => {
  app.post('/api/frontmatter', unfinished)
}
