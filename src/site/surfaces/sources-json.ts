import { answerShared } from '../answer.ts'
import { changeTimes } from '../change-times.ts'
import type { Surface } from '../deps.ts'

/** `/issues/<issue>/sources.json`, of the tier of the reader: what `onrecord verify` reads. */
export const sourcesJson: Surface = (app, { archive, clock }) => {
  const changedAt = changeTimes({ archive, clock })
  app.get('/issues/:issue/sources.json', (c) => {
    const issue = c.req.param('issue')
    const { tier } = c.get('reader')
    const head = archive.editionOf(issue, tier)
    if (head === null) return c.notFound()
    return answerShared(
      c,
      head.hash,
      () => `${JSON.stringify(archive.sources(issue, tier), null, 2)}\n`,
      'application/json; charset=utf-8',
      changedAt(head.publishedAt),
    )
  })
}
