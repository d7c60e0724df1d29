import type { Tier } from '../core/tier.ts'
import type { Issue } from './issue.ts'
import { createMask } from './mask.ts'
import { citedBy, mayFollow } from './project-sources.ts'
import type { Projection } from './project-tree.ts'

/** What decides, for one tier, which words and addresses stay. */
export function projectionOf(issue: Issue, tier: Tier): Projection {
  const cited = citedBy(issue, tier)
  const ledger = [...issue.ledger.values()]
  const open = ledger.filter((source) => mayFollow(issue, source, tier, cited))
  const hidden = ledger.filter((source) => !open.includes(source))
  return { issue, tier, cited, mask: createMask(hidden, open) }
}
