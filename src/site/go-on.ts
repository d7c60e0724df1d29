import type { Context } from 'hono'
import type { SiteEnv } from './env.ts'
import { ownPath } from './form.ts'

/** After a form: a GET of a page of ours (303, RFC 9110 §15.4.4), so that a reload sends nothing twice. */
export function goOn(c: Context<SiteEnv>, path: string | null, otherwise = '/preferences'): Response {
  c.header('Cache-Control', 'no-store')
  return c.redirect(ownPath(path) ?? otherwise, 303)
}
