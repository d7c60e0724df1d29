import type { CheckFinding, IssueCheck } from '../../../contract/check.ts'
import { Badge, EmptyState, Notice } from '../../parts/notice.tsx'
import { apiPath } from '../../shell/api.ts'
import { useLoaded } from '../../shell/changes.ts'
import type { IssueScreenProps } from '../../shell/issue-frame.tsx'
import { href } from '../../shell/routes.ts'
import { reveal } from '../../shell/workspace.ts'

const tones = { error: 'error', warning: 'warning', info: 'info' } as const
const names = { error: 'Error', warning: 'Warning', info: 'Note' } as const

/** What the desk has found, each at its place. */
export function CheckScreen({ issue }: IssueScreenProps) {
  const check = useLoaded<IssueCheck>(
    apiPath(['issues', issue, 'check']),
    (change) => change.what === 'issue' && change.id === issue,
  )
  if (check.error !== null) return <Notice tone="error">{check.error}</Notice>
  if (check.value === null) return <p class="loading">Being checked …</p>
  const { readiness, findings } = check.value
  return (
    <div class="page">
      <h2>{readiness.sentence}</h2>
      {findings.length === 0 && <EmptyState title="Nothing found" />}
      <ol class="findings">
        {findings.map((each) => (
          <Finding key={each.key} issue={issue} finding={each} />
        ))}
      </ol>
    </div>
  )
}

function Finding({ issue, finding }: { readonly issue: string; readonly finding: CheckFinding }) {
  const { severity, message, hint, file, line, column, rule, name, waived } = finding
  return (
    <li class={`finding ${severity}`}>
      <p class="finding-head">
        <Badge tone={waived === null ? tones[severity] : 'plain'}>
          {waived === null ? names[severity] : 'Waived'}
        </Badge>{' '}
        <a
          href={href({ screen: 'issue', issue, tab: 'draft' })}
          onClick={() => reveal({ in: 'draft', file, line, column, focus: true })}
        >
          <code>{`${file}:${line}:${column}`}</code>
        </a>{' '}
        <span class="soft">
          {rule} {name}
        </span>
      </p>
      <p>{message}</p>
      {hint !== null && <p class="soft">{hint}</p>}
    </li>
  )
}
