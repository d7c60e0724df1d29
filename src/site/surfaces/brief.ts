import { answerShared } from '../answer.ts'
import type { Surface } from '../deps.ts'
import { briefData } from '../linked-data.ts'
import { briefHref, citedSources, issueView } from '../issue-view.ts'

/** `/issues/<issue>/<brief>`: one brief, with the sources that it cites. */
export const brief: Surface = (app, { archive, pages, baseUrl }) => {
  app.get('/issues/:issue/:brief', (c) => {
    const { reader } = c.var
    const head = archive.editionOf(c.req.param('issue'), reader.tier)
    const document = head === null ? null : (archive.page(head.hash)?.document ?? null)
    if (head === null || document === null) return c.notFound()
    const view = issueView(document, null)
    const at = view.page.briefs.findIndex(({ id }) => id === c.req.param('brief'))
    const shown = view.page.briefs[at]
    if (shown === undefined) return c.notFound()
    const etag = `${pages.hash.slice(0, 16)}-${head.hash.slice(0, 32)}${reader.signedIn ? 's' : ''}-${at}`
    return answerShared(c, etag, () => {
      const { issue } = document
      const linked = (index: number) => {
        const other = view.page.briefs[index]
        return other === undefined ? null : { href: briefHref(document, other.id), title: other.title }
      }
      return pages.render(
        'brief',
        {
          title: shown.title,
          description: shown.standfirst === '' ? issue.preheader : shown.standfirst,
          path: briefHref(document, shown.id),
          lang: issue.lang,
          dir: issue.dir,
          newsletter: issue.newsletter,
          image: shown.image ?? document.shareImage,
          published: issue.date,
          linkedData: briefData(document, shown.id, { baseUrl }),
        },
        {
          ...view,
          brief: shown,
          cited: citedSources(view.page, shown.cites, shown.bodyHtml),
          previous: at === 0 ? null : linked(at - 1),
          next: linked(at + 1),
        },
        reader,
      )
    })
  })
}
