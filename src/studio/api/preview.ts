import { OnrecordError } from '../../core/errors.ts'
import { tiers, type Tier } from '../../core/tier.ts'
import { sizeBudget } from '../../email/size.ts'
import type { IssuePreview, Personas } from '../contract/preview.ts'
import type { Surface } from '../deps.ts'
import { countFindings } from '../readiness.ts'
import { noIssue } from './answer.ts'
import { unfinished } from './unfinished.ts'

/** Gmail cuts a message whose HTML is larger, in bytes. */
const CLIP = 102 * 1024

/** What readers get of an issue: its numbers here, its pictures at /frame/. */
export const preview: Surface = (app, { library }) => {
  app.get('/api/personas', async (c) => {
    const names = (await library.shelf()).publication?.tiers
    return c.json<Personas>({
      personas: tiers.map((tier) => ({
        id: `sample:${tier}`,
        label: names?.[tier] ?? tier,
        tier,
        sample: true,
      })),
    })
  })
  app.get('/api/issues/:id/preview', async (c) => {
    const id = c.req.param('id')
    const tier = tierOf(c.req.query('tier'))
    const issue = (await library.issue(id, tier)) ?? noIssue(id)
    const edition = issue.shown?.editions?.[tier]
    if (edition === undefined)
      throw new OnrecordError('not-found', 'Nothing can be shown yet: the draft has errors.')
    const frame = `/frame/${encodeURIComponent(id)}/${tier}`
    return c.json<IssuePreview>({
      version: issue.pictures[tier],
      partial: issue.partial,
      stale: issue.fault !== null || issue.shown !== issue.latest,
      counts: countFindings(issue.latest?.findings ?? []),
      tier,
      persona: `sample:${tier}`,
      lang: edition.lang,
      subject: edition.subject,
      preheader: edition.preheader,
      from: edition.from,
      bytes: edition.bytes,
      limits: { ...sizeBudget, clip: CLIP },
      sections: [],
      inbox: [],
      sources: [],
      files: issue.shown?.files ?? [],
      frames: { mail: `${frame}/mail`, web: `${frame}/web` },
    })
  })
  app.get('/api/issues/:id/preview/text', unfinished)
  app.get('/api/issues/:id/preview/source', unfinished)
}

function tierOf(name: string | undefined): Tier {
  return tiers.find((tier) => tier === name) ?? 'subscriber'
}
