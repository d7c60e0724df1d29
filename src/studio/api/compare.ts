import { OnrecordError } from '../../core/errors.ts'
import { tiers, type Tier } from '../../core/tier.ts'
import type { ComparedVersions, Versions } from '../contract/compare.ts'
import type { Surface } from '../deps.ts'
import { approvalsOf } from './approval.ts'

/** What changed between two versions, as a reader would see it. */
export const compare: Surface = (app, bench) => {
  app.get('/api/issues/:id/versions', async (c) => {
    const { approvals, id } = await approvalsOf(bench, c.req.param('id'))
    return c.json<Versions>({
      versions: await approvals.versions(id),
      others: await approvals.otherVersions(id),
    })
  })

  app.get('/api/issues/:id/compare', async (c) => {
    const { approvals, id } = await approvalsOf(bench, c.req.param('id'))
    const { from = 'approved', to = 'now', tier = 'member', fromTier = tier } = c.req.query()
    const [before, after] = [tierOf(fromTier), tierOf(tier)]
    return c.json<ComparedVersions>(
      await approvals.compare(id, { version: from, tier: before }, { version: to, tier: after }),
    )
  })
}

function tierOf(name: string): Tier {
  const tier = tiers.find((each) => each === name)
  if (tier === undefined) throw new OnrecordError('usage', 'Readers are public, subscriber or member.')
  return tier
}
