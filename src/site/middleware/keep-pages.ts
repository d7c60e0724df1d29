import type { MiddlewareHandler } from 'hono'
import type { SiteDeps } from '../deps.ts'
import type { SiteEnv } from '../env.ts'
import { createPageCache } from '../page-cache.ts'

/** Gives every request of a site the same cache, and what its looks are known by. */
export function keepPages(
  { pages }: Pick<SiteDeps, 'pages'>,
  cache = createPageCache(),
): MiddlewareHandler<SiteEnv> {
  const looks = pages.hash.slice(0, 16)
  return async (c, next) => {
    c.set('pageCache', cache)
    c.set('looks', looks)
    await next()
  }
}
