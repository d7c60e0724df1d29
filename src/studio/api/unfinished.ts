import type { Context } from 'hono'
import { refuse } from './answer.ts'

/** The answer of a route whose engine is not wired yet. */
export function unfinished(c: Context): Response {
  return refuse(c, 'unfinished', 'This part of the studio is not built yet.')
}
