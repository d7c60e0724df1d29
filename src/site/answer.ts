import type { Context } from 'hono'
import type { ContentfulStatusCode } from 'hono/utils/http-status'
import type { SiteDeps } from './deps.ts'
import type { SiteEnv } from './env.ts'
import type { Message } from './views.ts'

/**
 * A page that is the same for every reader of its tier. The public's may be kept by anybody and is asked for
 * again each time, so that a correction is seen at once; what a session sees is kept by nobody but its browser.
 *
 * @param etag without quotation marks: changes with the content, the looks and the tier
 * @param html made only where it is not known already
 */
export function answerShared(
  c: Context<SiteEnv>,
  etag: string,
  html: () => string,
  mediaType = 'text/html; charset=utf-8',
): Response {
  const tag = `"${etag}"`
  const headers = {
    ETag: tag,
    'Cache-Control': c.var.reader.signedIn ? 'private, no-cache' : 'public, no-cache',
    Vary: 'Cookie',
  }
  if (matches(c.req.header('If-None-Match'), tag)) return c.body(null, 304, headers)
  return c.body(html(), 200, { ...headers, 'Content-Type': mediaType })
}

/** A page of one person or one moment: kept by nobody, told to nobody by a Referer. */
export function answerOwn(c: Context<SiteEnv>, html: string, status: ContentfulStatusCode = 200): Response {
  c.header('Cache-Control', 'no-store')
  c.header('Referrer-Policy', 'no-referrer')
  c.header('X-Robots-Tag', 'noindex')
  return c.html(html, status)
}

/** A small page in words, `message.html.hbs`. */
export function answerMessage(
  c: Context<SiteEnv>,
  { pages }: Pick<SiteDeps, 'pages'>,
  message: Pick<Message, 'kind' | 'title' | 'paragraphs'> & Partial<Message>,
  status: ContentfulStatusCode = 200,
): Response {
  const reader = c.var.reader ?? { tier: 'public' as const, signedIn: false }
  const view = { form: null, links: [], ...message }
  return answerOwn(c, pages.render('message', { title: message.title, signUp: false }, view, reader), status)
}

/** RFC 9110 §13.1.2: any of the listed tags, compared weakly. */
function matches(header: string | undefined, etag: string): boolean {
  if (header === undefined) return false
  return header.split(',').some((tag) => tag.trim().replace(/^W\//, '') === etag || tag.trim() === '*')
}
