import { formatDate } from '../../render/date.ts'
import { answerShared } from '../answer.ts'
import type { Surface } from '../deps.ts'
import { correctionsData } from '../linked-data.ts'
import { askedPage, pagesBeside } from '../pager.ts'
import { briefPath } from '../paths.ts'
import { policyHtml } from '../policy-html.ts'

/** Corrections on a page. */
const PAGE = 50

/** `/corrections`, latest first; `/corrections?page=2` the older ones. */
export const corrections: Surface = (app, { archive, pages, publication, baseUrl }) => {
  app.get('/corrections', async (c) => {
    const version = await archive.version()
    const reader = c.get('reader')
    const page = askedPage(c.req.query('page'))
    if (page === null) return c.notFound()
    // One more tells whether there are older ones.
    const found = await archive.corrections(reader.tier, { from: (page - 1) * PAGE, count: PAGE + 1 })
    // The first is there before anything is corrected.
    if (page > 1 && found.length === 0) return c.notFound()
    return answerShared(c, `${version}-${page}`, () => {
      const shown = found.slice(0, PAGE).map((each) => ({
        ...each,
        href: briefPath(each.issue, each.brief),
        dayText: formatDate(each.day, publication.lang),
      }))
      const policy = page === 1 ? publication.policies.corrections : undefined
      return pages.render(
        'corrections',
        {
          title: page === 1 ? 'Corrections' : 'Older corrections',
          ...(page === 1
            ? {
                path: '/corrections',
                description: `What ${publication.name} has corrected, and how.`,
                linkedData: correctionsData(shown, { publication, baseUrl }),
              }
            : {}),
        },
        {
          policyHtml: policy === undefined ? null : policyHtml(policy),
          corrections: shown,
          ...pagesBeside('/corrections', page, found.length > PAGE),
        },
        reader,
      )
    })
  })
}
