import { timingSafeEqual } from 'node:crypto'
import type { MiddlewareHandler } from 'hono'
import type { Tokens } from '../../core/token.ts'
import type { Session } from '../../subscribers/readers.ts'
import { answerMessage } from '../answer.ts'
import type { SiteDeps } from '../deps.ts'
import type { SiteEnv } from '../env.ts'

/**
 * Refuses a POST that another site makes: by `Sec-Fetch-Site`, else by `Origin`; every browser of these years
 * sends one of the two. Only leaving by RFC 8058's POST is nobody's to refuse, whatever web mail or program
 * sends it: it needs no cookie, and its token is its proof. Forms of a session carry `csrf` besides (see `isOwnForm`).
 */
export function sameOrigin(site: Pick<SiteDeps, 'baseUrl' | 'pages'>): MiddlewareHandler<SiteEnv> {
  const { origin } = new URL(site.baseUrl)
  return async (c, next) => {
    if (c.req.method === 'GET' || c.req.method === 'HEAD') return next()
    const fetchSite = c.req.header('Sec-Fetch-Site')
    const from = c.req.header('Origin')
    const ours = fetchSite === undefined ? from === origin : fetchSite === 'same-origin'
    const leaves = c.req.method === 'POST' && /^\/u\/[^/]+$/.test(c.req.path)
    return ours || leaves ? next() : answerMessage(c, site, foreign, 403)
  }
}

const foreign = {
  kind: 'error',
  title: 'Nothing was done',
  paragraphs: [
    'This form seems to have been sent from another site. Open the page here and press its button; a program that hides where a form comes from must let it through.',
  ],
  links: [{ href: '/', label: 'To the front page' }],
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
