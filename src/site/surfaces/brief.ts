import { answerShared } from '../answer.ts'
import type { Surface } from '../deps.ts'
import { openEditionBriefs } from '../edition-briefs.ts'
import { citedBy, issueView, sharedImage, withOneBrief } from '../issue-view.ts'
import { briefData } from '../linked-data.ts'
import { lockOf } from '../lock.ts'
import { briefPath } from '../paths.ts'

/** `/issues/<issue>/<brief>`: one brief, with the sources that it cites. */
export const brief: Surface = (app, { archive, pages, publication, baseUrl }) => {
  const briefsOf = openEditionBriefs(archive)
  app.get('/issues/:issue/:brief', async (c) => {
    const reader = c.get('reader')
    const head = await archive.editionOf(c.req.param('issue'), reader.tier)
    const at = head === null ? -1 : ((await briefsOf(head.hash))?.indexOf(c.req.param('brief')) ?? -1)
    if (head === null || at === -1) return c.notFound()
    return answerShared(c, `${head.hash}-${at}`, async () => {
      const document = (await archive.page(head.hash))?.document
      const frozen = document?.briefs[at]
      if (document === undefined || document === null || frozen === undefined)
        throw new Error('an edition has lost its document')
      const view = issueView(document, lockOf(withOneBrief(document, frozen), publication))
      const shown = view.page.briefs[at] ?? frozen
      const linked = (index: number) => {
        const other = document.briefs[index]
        return other === undefined
          ? null
          : { href: briefPath(document.issue.id, other.id), title: other.title }
      }
      const { lang, dir, newsletter, date, preheader } = document.issue
      return pages.render(
        'brief',
        {
          ...{ title: frozen.title, lang, dir, newsletter },
          description: frozen.standfirst === '' ? preheader : frozen.standfirst,
          path: briefPath(document.issue.id, frozen.id),
          image: sharedImage(frozen.image ?? document.shareImage, baseUrl),
          published: date,
          linkedData: briefData(document, frozen.id, { baseUrl }),
        },
        {
          ...view,
          brief: shown,
          cited: citedBy(shown, view.cited),
          previous: at === 0 ? null : linked(at - 1),
          next: linked(at + 1),
        },
        reader,
      )
    })
  })
}
