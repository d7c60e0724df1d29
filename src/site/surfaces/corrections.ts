import { formatDate } from '../../render/date.ts'
import { answerShared } from '../answer.ts'
import type { Surface } from '../deps.ts'
import { briefPath } from '../paths.ts'
import { correctionsData } from '../linked-data.ts'
import { policyHtml } from '../policy-html.ts'

/** `/corrections`. */
export const corrections: Surface = (app, { archive, pages, publication, baseUrl }) => {
  app.get('/corrections', async (c) => {
    const reader = c.get('reader')
    return answerShared(c, String(await archive.version()), async () => {
      const shown = (await archive.corrections(reader.tier)).map((each) => ({
        ...each,
        href: briefPath(each.issue, each.brief),
        dayText: formatDate(each.day, publication.lang),
      }))
      const policy = publication.policies.corrections
      return pages.render(
        'corrections',
        {
          title: 'Corrections',
          description: `What ${publication.name} has corrected, and how.`,
          path: '/corrections',
          linkedData: correctionsData(shown, { publication, baseUrl }),
        },
        { policyHtml: policy === undefined ? null : policyHtml(policy), corrections: shown },
        reader,
      )
    })
  })
}
