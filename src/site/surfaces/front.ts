import { answerShared } from '../answer.ts'
import type { ArchiveHead } from '../../delivery/archive.ts'
import type { Surface } from '../deps.ts'
import { publicationData } from '../linked-data.ts'
import { askedPage, pagesBeside } from '../pager.ts'
import type { FrontIssue } from '../views.ts'

/** Issues on a page. */
const PAGE = 24

/** `/`: what is published, newest first; `/?page=2` the older ones. */
export const front: Surface = (app, { archive, pages, publication, baseUrl }) => {
  const { newsletters } = publication
  const many = Object.keys(newsletters).length > 1
  const named = (head: ArchiveHead): FrontIssue => ({
    ...head,
    newsletterName: many ? (newsletters[head.newsletter]?.name ?? null) : null,
  })
  app.get('/', async (c) => {
    const version = await archive.version()
    const reader = c.get('reader')
    const page = askedPage(c.req.query('page'))
    if (page === null) return c.notFound()
    const from = (page - 1) * PAGE
    // The first is there before anything is published.
    const isThere = page === 1 || (await archive.heads(reader.tier, { from, count: 1 })).length > 0
    if (!isThere) return c.notFound()
    return answerShared(c, `${version}-${page}`, async () => {
      // One more tells whether there are older ones.
      const heads = await archive.heads(reader.tier, { from, count: PAGE + 1 })
      const shown = heads.slice(0, PAGE).map(named)
      const [latest = null] = page === 1 ? shown : []
      const { tagline } = publication.theme
      const linkedData = publicationData({ publication, baseUrl })
      return pages.render(
        'front',
        {
          title: page === 1 ? publication.name : 'Older issues',
          ...(page === 1 ? { path: '/', home: true, description: tagline ?? null, linkedData } : {}),
        },
        {
          latest,
          issues: latest === null ? shown : shown.slice(1),
          ...pagesBeside('/', page, heads.length > PAGE),
        },
        reader,
      )
    })
  })
}
