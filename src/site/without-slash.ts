import type { Context } from 'hono'
import type { SiteEnv } from './env.ts'

/**
 * 308 to the same address without the slash at its end, for a page that was asked for with one; null for
 * anything else. From the root, and never to what a browser takes for another host (`//evil`).
 */
export function withoutSlash(c: Context<SiteEnv>): Response | null {
  if (c.req.method !== 'GET' && c.req.method !== 'HEAD') return null
  // Not `c.req.path`, which is decoded: what was typed as %5C or %0A must stay so.
  const { pathname, search } = new URL(c.req.url)
  const bare = /^(\/[^/].*?)\/+$/.exec(pathname)?.[1]
  if (bare === undefined) return null
  c.header('Cache-Control', 'no-store')
  return c.redirect(bare + search, 308)
}
