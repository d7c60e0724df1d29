import type { ComparedVersions } from '../../../contract/compare.ts'
import { Notice } from '../../parts/notice.tsx'
import { apiPath } from '../../shell/api.ts'
import { useLoaded } from '../../shell/changes.ts'
import { href } from '../../shell/routes.ts'
import { headOf } from '../compare/changes.tsx'
import { ChangeNote } from '../compare/change-notes.tsx'
import { layoutOf, type Stop } from '../compare/layout.ts'
import { Words } from '../compare/words.tsx'
import { ChangedParts } from './standing.tsx'
import type { ApprovalSheet } from '../../../contract/approval.ts'

/** So many changes are shown here; Compare shows them all. */
const FIRST = 3

/** Why an approval is void: what changed, and the first words of it. */
export function SinceApproval({ issue, sheet }: { readonly issue: string; readonly sheet: ApprovalSheet }) {
  const compared = useLoaded<ComparedVersions>(
    apiPath(['issues', issue, 'compare'], { from: 'approved', to: 'now', tier: 'member' }),
    (change) => (change.what === 'issue' || change.what === 'approval') && change.id === issue,
    { keeps: true },
  )
  const { value, error } = compared
  const stops = value === null ? [] : layoutOf(value).stops
  const all = `${href({ screen: 'issue', issue, tab: 'compare' })}?from=approved&to=now`
  return (
    <Notice tone="warning" title="What changed since the approval">
      <ChangedParts issue={issue} sheet={sheet} />
      <div class="approve-words" aria-busy={value === null && error === null}>
        {value === null && <p class="soft">{error ?? 'Being compared …'}</p>}
        {value !== null && stops.length === 0 && (
          <p class="soft">A member reads the same words, links and sources as before.</p>
        )}
        {stops.slice(0, FIRST).map((stop) => (
          <Short key={stop.key} stop={stop} />
        ))}
      </div>
      <p>
        <a href={all}>
          {stops.length > FIRST
            ? `Compare: all ${stops.length} changes`
            : 'Compare it with what was approved'}
        </a>
      </p>
    </Notice>
  )
}

function Short({ stop: { block, changes } }: { readonly stop: Stop }) {
  const [first] = changes
  const segments =
    block !== null && changes.some(({ kind }) => kind === 'text')
      ? block.segments
      : first !== undefined && 'segments' in first
        ? first.segments
        : null
  if (segments !== null)
    return (
      <p class="approve-short">
        {headOf(first) !== null && <span class="soft">{headOf(first)}: </span>}
        <Words segments={segments} short />
      </p>
    )
  return first === undefined ? null : <ChangeNote change={first} />
}
