import type { Readiness } from '../../../contract/issues.ts'
import { href } from '../../shell/routes.ts'
import { reveal } from '../../shell/workspace.ts'

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
  const lines = readiness?.lines ?? []
  const list = lines.length > 0 && (
    <ul class="preview-blocking">
      {lines.map((line) => (
        <li key={`${line.text}${line.place?.line ?? ''}`}>
          <a
            href={href({ screen: 'issue', issue, tab: line.place === null ? line.screen : 'draft' })}
            onClick={() => line.place !== null && reveal({ ...line.place, in: 'draft', focus: true })}
          >
            {line.text}
          </a>
          {line.place !== null && <code>{` ${line.place.file}:${line.place.line}`}</code>}
        </li>
      ))}
      {readiness !== null && readiness.more > 0 && (
        <li>
          <a href={href({ screen: 'issue', issue, tab: 'check' })}>and {readiness.more} more</a>
        </li>
      )}
    </ul>
  )
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
