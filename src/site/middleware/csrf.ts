import { timingSafeEqual } from 'node:crypto'
import type { MiddlewareHandler } from 'hono'
import type { Tokens } from '../../core/token.ts'
import type { Session } from '../../subscribers/readers.ts'
import type { SiteDeps } from '../deps.ts'
import type { SiteEnv } from '../env.ts'

/**
 * Refuses a POST that another site makes: by `Sec-Fetch-Site`, else by `Origin`; every browser of these years
 * sends one of the two. A program that sends neither may only leave, by RFC 8058's POST, which needs no cookie
 * and whose token is its proof. Forms of a session carry `csrf` besides (see `isOwnForm`).
 */
export function sameOrigin({ baseUrl }: Pick<SiteDeps, 'baseUrl'>): MiddlewareHandler<SiteEnv> {
  const { origin } = new URL(baseUrl)
  return async (c, next) => {
    if (c.req.method === 'GET' || c.req.method === 'HEAD') return next()
    const site = c.req.header('Sec-Fetch-Site')
    const from = c.req.header('Origin')
    const ours = site === undefined ? from === origin : site === 'same-origin'
    const bare = site === undefined && from === undefined && /^\/u\/[^/]+$/.test(c.req.path)
    if (!ours && !bare) return c.text('This form was sent from another site, and nothing was done.\n', 403)
    return next()
  }
}

/** The hidden field `csrf` of every form that acts for a session. */
export function csrfToken(tokens: Tokens, session: Pick<Session, 'id' | 'publicId'>): string {
  return tokens.digest('csrf', `${session.id}:${session.publicId}`)
}

/** Whether a form was made for this session; compares in constant time. */
export function isOwnForm(
  tokens: Tokens,
  session: Pick<Session, 'id' | 'publicId'>,
  given: string | null,
): boolean {
  const expected = Buffer.from(csrfToken(tokens, session))
  const bytes = Buffer.from(given ?? '')
  return bytes.length === expected.length && timingSafeEqual(bytes, expected)
}
