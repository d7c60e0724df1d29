import { answerShared } from '../answer.ts'
import { changeTimes } from '../change-times.ts'
import type { Surface } from '../deps.ts'

/** `/issues/<issue>/sources.json`, of the tier of the reader: what `onrecord verify` reads. */
export const sourcesJson: Surface = (app, { archive, clock }) => {
  const changedAt = changeTimes({ archive, clock })
  app.get('/issues/:issue/sources.json', async (c) => {
    const issue = c.req.param('issue')
    const { tier } = c.get('reader')
    const head = await archive.editionOf(issue, tier)
    if (head === null) return c.notFound()
    return answerShared(
      c,
      head.hash,
      async () => `${JSON.stringify(await archive.sources(head.hash), null, 2)}\n`,
      'application/json; charset=utf-8',
      await changedAt(head.publishedAt),
    )
  })
}
