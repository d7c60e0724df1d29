import type { Context } from 'hono'
import type { SiteDeps } from './deps.ts'
import { anybody, type SiteEnv } from './env.ts'
import { leaveSession, sessionCookie } from './middleware/access.ts'

/**
 * What this browser gets when its session has ended: no cookie, the page of anybody, and nothing kept of what
 * it read as a subscriber, so that “back” shows it to nobody (OWASP ASVS 5.0, 14.3.1).
 */
export function endHere(c: Context<SiteEnv>, site: SiteDeps): void {
  leaveSession(c, site)
  c.set('reader', anybody)
  c.header('Clear-Site-Data', '"cache"')
}

/** Ends the session that the request came with, if any: a new one takes nothing over from it. */
export async function endFormer(c: Context<SiteEnv>, site: SiteDeps): Promise<void> {
  const cookie = c.var.reader.session?.renewed ?? sessionCookie(c, site)
  if (cookie !== undefined) await site.readers.logOut(cookie)
}
