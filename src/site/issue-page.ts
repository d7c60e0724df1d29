import type { Context } from 'hono'
import { styleHashes } from '../render/style-hashes.ts'
import type { SiteDeps } from './deps.ts'

/** The frozen public page, as it was frozen; its policy allows the page's own styles and images alone. */
export async function answerIssue(c: Context, deps: SiteDeps): Promise<Response> {
  const issue = await deps.editions.published(c.req.param('id') ?? '')
  if (issue === null) return c.notFound()
  const { web, hash } = issue.editions.public
  const etag = `"${hash}"`
  const styles = styleHashes(web).map((hash) => `'${hash}'`)
  const headers = {
    ETag: etag,
    // A corrected edition is seen at once; an unchanged one costs a 304.
    'Cache-Control': 'public, no-cache',
    'Content-Security-Policy': [
      "default-src 'none'",
      `style-src ${styles.length === 0 ? "'none'" : styles.join(' ')}`,
      `img-src 'self' ${new URL(deps.baseUrl).origin}`,
      "base-uri 'none'",
      "form-action 'none'",
      "frame-ancestors 'none'",
    ].join('; '),
  }
  if (matches(c.req.header('If-None-Match'), etag)) return c.body(null, 304, headers)
  return c.html(web, 200, headers)
}

/** RFC 9110 §13.1.2: any of the listed tags, compared weakly. */
function matches(header: string | undefined, etag: string): boolean {
  if (header === undefined) return false
  return header.split(',').some((tag) => tag.trim().replace(/^W\//, '') === etag || tag.trim() === '*')
}
