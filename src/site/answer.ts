import type { Context } from 'hono'
import { routePath } from 'hono/route'
import type { ContentfulStatusCode } from 'hono/utils/http-status'
import type { SiteDeps } from './deps.ts'
import type { SiteEnv } from './env.ts'
import type { Message } from './views.ts'

/**
 * A page that is the same for every reader of its tier, kept in memory. The public's may be kept by anybody
 * and is asked for again each time, so that a correction is seen at once; what a session sees is kept by nobody
 * but its browser.
 *
 * @param madeFrom without quotation marks: changes with the content and, where the page depends on it, with the
 *   query; read before anything that the page is made from, so that what is corrected meanwhile is not kept under
 *   what comes after it. Looks, tier and path are added here
 * @param make made only where it is not known already
 * @param changedAt when it last changed, in milliseconds since the epoch, for programs that know no ETag; null: unsaid.
 *   Nor is it said in a session: the same address shows other content of the same time to another tier
 * @param policy the Content-Security-Policy of a page that needs its own
 */
export async function answerShared(
  c: Context<SiteEnv>,
  madeFrom: string,
  make: () => string | Promise<string>,
  mediaType = 'text/html; charset=utf-8',
  changedAt: number | null = null,
  policy: string | null = null,
): Promise<Response> {
  const tag = pageTag(c, madeFrom)
  const { signedIn, session } = c.get('reader')
  const time = signedIn ? null : changedAt
  const headers = {
    ...c.get('securityHeaders'),
    ...(policy === null ? {} : { 'Content-Security-Policy': policy }),
    ETag: tag,
    'Cache-Control': signedIn ? 'private, no-cache' : 'public, no-cache',
    Vary: 'Cookie',
    ...(time === null ? {} : { 'Last-Modified': new Date(time).toUTCString() }),
  }
  const known = c.req.header('If-None-Match')
  const isKnown =
    known === undefined ? isUnchanged(c.req.header('If-Modified-Since'), time) : matches(known, tag)
  const page = isKnown ? null : await c.get('pageCache').get(pageKey(c, tag), make)
  const all = page === null ? headers : { ...headers, 'Content-Type': mediaType }
  const status = page === null ? 304 : 200
  // With a cookie to set, what stands in the context goes along.
  if (session !== null && session.renewed !== null)
    return page === null ? c.body(null, 304, all) : c.body(page, 200, all)
  // A plain record of headers is written as it is: `Headers`, which the context makes, cost as much as the page.
  const answer = new Response(page, { status, headers: all })
  c.set('whole', answer)
  return answer
}

/**
 * A page of one person or one moment: kept by nobody, told to no other site by a Referer. (With `no-referrer` the
 * forms on it would come with `Origin: null`, which a browser without Sec-Fetch-Site is refused for.)
 */
export function answerOwn(
  c: Context<SiteEnv>,
  html: string | Uint8Array<ArrayBuffer>,
  status: ContentfulStatusCode = 200,
): Response {
  c.header('Cache-Control', 'no-store')
  c.header('Referrer-Policy', 'same-origin')
  c.header('X-Robots-Tag', 'noindex')
  return c.body(html, status, { 'Content-Type': 'text/html; charset=UTF-8' })
}

/** A small page in words, `message.html.hbs`. */
export function answerMessage(
  c: Context<SiteEnv>,
  { pages }: Pick<SiteDeps, 'pages'>,
  message: Pick<Message, 'kind' | 'title' | 'paragraphs'> & Partial<Message>,
  status: ContentfulStatusCode = 200,
): Response {
  const reader = c.get('reader') ?? { tier: 'public' as const, signedIn: false }
  const view = { form: null, links: [], ...message }
  return answerOwn(c, pages.render('message', { title: message.title, signUp: false }, view, reader), status)
}

/** RFC 9110 §13.1.3, in whole seconds; asked only where there is no If-None-Match. */
function isUnchanged(header: string | undefined, changedAt: number | null): boolean {
  if (header === undefined || changedAt === null) return false
  const since = Date.parse(header)
  return Number.isFinite(since) && Math.floor(changedAt / 1_000) * 1_000 <= since
}

/** RFC 9110 §13.1.2: any of the listed tags, compared weakly. */
function matches(header: string, etag: string): boolean {
  return header.split(',').some((tag) => tag.trim().replace(/^W\//, '') === etag || tag.trim() === '*')
}

/**
 * The strong ETag of a page: what a surface says that it was made from, the looks, the tier, and whether its
 * frame is that of somebody signed in. Nobody's own page has one.
 */
function pageTag(c: Context<SiteEnv>, madeFrom: string): string {
  const { tier, signedIn } = c.get('reader')
  return `"${madeFrom}.${c.get('looks')}.${tier}${signedIn ? '.in' : ''}"`
}

/**
 * Its key in memory: the tag, the route and what stands in its path, decoded, so that other spellings are not
 * other pages. The query is no part of it: a surface whose page depends on its query says so in `madeFrom`.
 * Who the reader is, is no part of the key nor of the page.
 */
function pageKey(c: Context<SiteEnv>, tag: string): string {
  return JSON.stringify([routePath(c), c.req.param(), tag])
}
