import { answerShared } from '../answer.ts'
import type { Surface } from '../deps.ts'
import { publicationData } from '../linked-data.ts'

/** `/`: what is published, newest first. */
export const front: Surface = (app, { archive, pages, publication, baseUrl }) => {
  app.get('/', (c) => {
    const { reader } = c.var
    const etag = `${pages.hash.slice(0, 16)}-${archive.version()}-${reader.tier}${reader.signedIn ? 's' : ''}`
    return answerShared(c, etag, () =>
      pages.render(
        'front',
        { title: publication.name, path: '/', linkedData: publicationData({ publication, baseUrl }) },
        { issues: archive.heads(reader.tier), older: null },
        reader,
      ),
    )
  })
}
