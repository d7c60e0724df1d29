import type { Readiness } from '../../../contract/issues.ts'
import { ReadinessList } from '../../shell/readiness-list.tsx'

/** Why the picture is not of what is written now: the lines that stand in the way, each with the way to it. */
export function BlockingLines({
  issue,
  readiness,
  bare = false,
}: {
  readonly issue: string
  readonly readiness: Readiness | null
  /** Only the lines. */
  readonly bare?: boolean
}) {
  const list = readiness !== null && <ReadinessList issue={issue} {...readiness} />
  if (bare) return <>{list}</>
  // A strip over the picture, which stays where it is; the lines unfold above it.
  return (
    <div class="preview-stale">
      <details class="notice warning">
        <summary class="notice-title">Stale: the draft has errors</summary>
        <p>The picture is the last version that could be built. What stands in the way of sending now:</p>
        {list}
      </details>
    </div>
  )
}
