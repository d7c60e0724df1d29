import type { Context, MiddlewareHandler } from 'hono'
import { deleteCookie, getCookie, setCookie } from 'hono/cookie'
import type { SiteDeps } from '../deps.ts'
import { anybody, type Reader, type SiteEnv } from '../env.ts'

type Deps = Pick<SiteDeps, 'readers' | 'baseUrl' | 'limits'>

/** Files named by their content, and links in mail: what they answer is not for a session to change. */
const withoutSession = /^\/(?:assets|images|v)\//

/**
 * Sets `reader`: anybody, or who has a session, at the tier that their subscriptions give now, read anew with
 * each request. Without a cookie no store is asked. What a surface loads is loaded for `reader.tier` alone.
 * A signed link in mail makes no reader: its surface asks for its own tier, of its one issue.
 */
export function readerAccess(deps: Deps): MiddlewareHandler<SiteEnv> {
  return async (c, next) => {
    c.set('reader', withoutSession.test(c.req.path) ? anybody : await readerOf(c, deps))
    await next()
    if (c.get('whole') === c.res) return
    const { headers } = c.res
    if (!headers.has('Vary')) headers.set('Vary', 'Cookie')
    // A cookie in an answer that a cache keeps would log others in with it.
    const kept = !/\b(?:private|no-store)\b/.test(headers.get('Cache-Control') ?? '')
    if (headers.has('Set-Cookie') && kept) headers.set('Cache-Control', 'private, no-cache')
  }
}

async function readerOf(c: Context<SiteEnv>, deps: Deps): Promise<Reader> {
  const cookie = sessionCookie(c, deps)
  if (cookie === undefined) return anybody
  const session = await deps.readers.session(cookie)
  if (session === null) return anybody
  if (session.renewed !== null) enter(c, deps, session.renewed)
  return { tier: session.confirmed ? session.tier : 'public', signedIn: true, session }
}

/** The value of the session's cookie, if there is one. */
export function sessionCookie(c: Context, deps: Deps): string | undefined {
  return getCookie(c, cookieName(deps))
}

/** Sets the session's cookie (OWASP ASVS 5.0, 3.3: HttpOnly, Secure, `__Host-`). */
export function enter(c: Context, deps: Deps, session: string): void {
  const secure = isSecure(deps)
  setCookie(c, cookieName(deps), session, {
    path: '/',
    httpOnly: true,
    secure,
    sameSite: 'Lax',
    maxAge: deps.limits.sessionDays * 86_400,
  })
}

/** Takes the cookie away. */
export function leaveSession(c: Context, deps: Deps): void {
  deleteCookie(c, cookieName(deps), { path: '/', secure: isSecure(deps) })
}

function cookieName(deps: Deps): string {
  return isSecure(deps) ? '__Host-reader' : 'reader'
}

function isSecure({ baseUrl }: Deps): boolean {
  return baseUrl.startsWith('https://')
}
