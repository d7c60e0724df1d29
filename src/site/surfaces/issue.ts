import { styleHashes } from '../../render/style-hashes.ts'
import { answerShared } from '../answer.ts'
import type { Surface } from '../deps.ts'

/** `/issues/<issue>`, of the reader's tier. For now the page as it was frozen, without the site's frame. */
export const issue: Surface = (app, { archive, baseUrl }) => {
  app.get('/issues/:issue', (c) => {
    const head = archive.editionOf(c.req.param('issue'), c.var.reader.tier)
    const page = head === null ? null : archive.page(head.hash)
    if (head === null || page === null) return c.notFound()
    const styles = styleHashes(page.web).map((hash) => `'${hash}'`)
    c.header(
      'Content-Security-Policy',
      [
        "default-src 'none'",
        `style-src ${styles.length === 0 ? "'none'" : styles.join(' ')}`,
        `img-src 'self' ${new URL(baseUrl).origin}`,
        "base-uri 'none'",
        "form-action 'none'",
        "frame-ancestors 'none'",
      ].join('; '),
    )
    return answerShared(c, head.hash, () => page.web)
  })
}
