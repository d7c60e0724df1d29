import type { ReadinessLine } from '../../../contract/issues.ts'
import { Notice } from '../../parts/notice.tsx'
import { href } from '../../shell/routes.ts'
import { reveal } from '../../shell/workspace.ts'

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
  const more = blocks.length - MOST
  return (
    <Notice
      tone="error"
      title={blocks.length === 1 ? 'One thing keeps it back' : `${blocks.length} things keep it back`}
    >
      <ul class="send-blocks">
        {blocks.slice(0, MOST).map(({ text, screen, place }) => (
          <li key={`${text} ${place?.file} ${place?.line}`}>
            {screen === 'send' && place === null ? (
              text
            ) : (
              <a
                href={href({ screen: 'issue', issue, tab: place === null ? screen : 'draft' })}
                onClick={() => place !== null && reveal({ ...place, in: 'draft', focus: true })}
              >
                {text}
              </a>
            )}{' '}
            {place !== null && <code class="soft">{`${place.file}:${place.line}`}</code>}
          </li>
        ))}
      </ul>
      {more > 0 && (
        <p>
          <a href={href({ screen: 'issue', issue, tab: 'check' })}>and {more} more</a>
        </p>
      )}
    </Notice>
  )
}
