import type { SourcePlace } from '../../delivery/archive.ts'
import { answerShared } from '../answer.ts'
import type { Surface } from '../deps.ts'
import { lockOf } from '../lock.ts'
import { sourceData } from '../linked-data.ts'
import { briefPath, issuePath, sourcePath } from '../paths.ts'

/** `/sources/<issue>/<id>`: a source, and every brief that cites it. */
export const source: Surface = (app, { archive, pages, publication, baseUrl }) => {
  app.get('/sources/:issue/:id', (c) => {
    const reader = c.get('reader')
    const { issue, id } = c.req.param()
    const head = archive.editionOf(issue, reader.tier)
    if (head === null) return c.notFound()
    const places = archive.sourcePlaces(issue, id, reader.tier)
    const first = places.findLast(({ hasPage }) => hasPage)
    if (first === undefined) return c.notFound()
    const document = archive.page(head.hash)?.document
    const found = document?.sources.find((each) => each.id === id)
    if (document === undefined || document === null || found === undefined) return c.notFound()
    const path = sourcePath(first.issue, first.source)
    return answerShared(c, `${head.hash.slice(0, 32)}-${archive.version()}`, () =>
      pages.render(
        'source',
        {
          title: found.title,
          description: `${found.publisher}, ${found.date}: where we cite it.`,
          path,
          lang: document.issue.lang,
          dir: document.issue.dir,
          newsletter: head.newsletter,
          linkedData: sourceData(document, found, path, { baseUrl }),
        },
        {
          source: found,
          places: places.map((place) => ({ ...place, href: hrefOf(place) })),
          lock: lockOf(document, publication, found),
        },
        reader,
      ),
    )
  })
}

function hrefOf({ issue, brief }: SourcePlace): string {
  return brief === null ? issuePath(issue) : briefPath(issue, brief.id)
}
