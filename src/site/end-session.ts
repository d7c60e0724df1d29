import type { Context } from 'hono'
import type { SiteDeps } from './deps.ts'
import { anybody, type SiteEnv } from './env.ts'
import { leaveSession } from './middleware/access.ts'

/**
 * What this browser gets when its session has ended: no cookie, the page of anybody, and nothing kept of what
 * it read as a subscriber, so that “back” shows it to nobody (OWASP ASVS 5.0, 14.3.1).
 */
export function endHere(c: Context<SiteEnv>, site: SiteDeps): void {
  leaveSession(c, site)
  c.set('reader', anybody)
  c.header('Clear-Site-Data', '"cache"')
}
