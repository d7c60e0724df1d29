import { answerShared } from '../answer.ts'
import type { Surface } from '../deps.ts'
import { frozenPolicy } from '../frozen-policy.ts'
import { issueView } from '../issue-view.ts'

/** `/issues/<issue>`, of the reader's tier. */
export const issue: Surface = (app, { archive, pages, baseUrl }) => {
  app.get('/issues/:issue', (c) => {
    const { reader } = c.var
    const head = archive.editionOf(c.req.param('issue'), reader.tier)
    const page = head === null ? null : archive.page(head.hash)
    if (head === null || page === null) return c.notFound()
    const document = page.document ?? null
    if (document === null) {
      // Frozen by a version that kept no document: the page as it was, with the policy that it was made for.
      c.header('Content-Security-Policy', frozenPolicy(page.web, baseUrl))
      return answerShared(c, head.hash, () => page.web)
    }
    const etag = `${pages.hash.slice(0, 16)}-${head.hash.slice(0, 32)}${reader.signedIn ? 's' : ''}`
    return answerShared(c, etag, () => {
      const { issue } = document
      return pages.render(
        'issue',
        {
          title: issue.subject,
          description: issue.preheader,
          path: `/issues/${encodeURIComponent(issue.id)}`,
          lang: issue.lang,
          dir: issue.dir,
          newsletter: issue.newsletter,
          image: document.shareImage,
          published: issue.date,
          linkedData: document.linkedData,
        },
        issueView(document, null),
        reader,
      )
    })
  })
}
