import type { SourcePlace } from '../../delivery/archive.ts'
import { answerShared } from '../answer.ts'
import type { Surface } from '../deps.ts'
import { lockOf } from '../lock.ts'
import { sourceData } from '../linked-data.ts'
import { briefPath, issuePath, sourcePath } from '../paths.ts'

/** `/sources/<issue>/<id>`: a source, and every brief that cites it. */
export const source: Surface = (app, { archive, pages, publication, baseUrl }) => {
  app.get('/sources/:issue/:id', async (c) => {
    const reader = c.get('reader')
    const { issue, id } = c.req.param()
    const version = await archive.version()
    const head = await archive.editionOf(issue, reader.tier)
    if (head === null) return c.notFound()
    const places = await archive.sourcePlaces(issue, id, reader.tier)
    // Who knows the page already costs no more than this: the document is read when the page is made.
    const isHere = (place: SourcePlace): boolean =>
      place.hasPage && place.issue === issue && place.source === id
    if (!places.some(isHere)) return c.notFound()
    return answerShared(c, `${head.hash.slice(0, 32)}-${version}`, async () => {
      const document = (await archive.page(head.hash))?.document ?? null
      const found = document?.sources.find((each) => each.id === id)
      const first = places.findLast(({ hasPage }) => hasPage)
      if (document === null || found === undefined || first === undefined)
        throw new Error('the index names a source that its edition has not')
      const path = sourcePath(first.issue, first.source)
      return pages.render(
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
      )
    })
  })
}

function hrefOf({ issue, brief }: SourcePlace): string {
  return brief === null ? issuePath(issue) : briefPath(issue, brief.id)
}
