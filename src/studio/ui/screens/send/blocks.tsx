import type { ReadinessLine } from '../../../contract/issues.ts'
import { Notice } from '../../parts/notice.tsx'
import { ReadinessList } from '../../shell/readiness-list.tsx'

/** More than this nobody reads; Check has all of them. */
const MOST = 10

/** What keeps it from being sent, each leading to its place. */
export function Blocks({
  issue,
  blocks,
}: {
  readonly issue: string
  readonly blocks: readonly ReadinessLine[]
}) {
  if (blocks.length === 0) return null
  return (
    <Notice
      tone="error"
      title={blocks.length === 1 ? 'One thing keeps it back' : `${blocks.length} things keep it back`}
    >
      <ReadinessList issue={issue} here="send" lines={blocks.slice(0, MOST)} more={blocks.length - MOST} />
    </Notice>
  )
}
