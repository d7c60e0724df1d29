import { answerShared } from '../answer.ts'
import type { Surface } from '../deps.ts'
import { openEditionBriefs } from '../edition-briefs.ts'
import { frozenPolicy } from '../frozen-policy.ts'
import { issueView, sharedImage } from '../issue-view.ts'
import { lockOf } from '../lock.ts'
import { issuePath } from '../paths.ts'

/** `/issues/<issue>`, of the reader's tier. */
export const issue: Surface = (app, { archive, pages, publication, baseUrl }) => {
  const briefsOf = openEditionBriefs(archive)
  app.get('/issues/:issue', async (c) => {
    const reader = c.get('reader')
    const head = await archive.editionOf(c.req.param('issue'), reader.tier)
    const briefs = head === null ? undefined : await briefsOf(head.hash)
    if (head === null || briefs === undefined) return c.notFound()
    const page = () => archive.page(head.hash)
    if (briefs === null) {
      // The page as it was, with the policy that it was made for.
      const web = (await page())?.web ?? ''
      // Not the tag of a page from a document, which the edition may yet be given.
      return answerShared(c, `${head.hash}-0`, () => web, undefined, null, frozenPolicy(web, baseUrl))
    }
    return answerShared(c, head.hash, async () => {
      const document = (await page())?.document
      if (document === undefined || document === null) throw new Error('an edition has lost its document')
      const { id, subject, preheader, lang, dir, newsletter, date } = document.issue
      return pages.render(
        'issue',
        {
          ...{ title: subject, description: preheader, lang, dir, newsletter },
          path: issuePath(id),
          image: sharedImage(document.shareImage, baseUrl),
          published: date,
          linkedData: document.linkedData,
        },
        { ...issueView(document, lockOf(document, publication)), linkEnded: false },
        reader,
      )
    })
  })
}
