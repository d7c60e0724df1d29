import type { CheckFinding, RuleWords } from '../../../contract/check.ts'
import { href } from '../../shell/routes.ts'
import { reveal } from '../../shell/workspace.ts'
import { Fixes } from './fixes.tsx'
import type { Mending } from './mend.ts'
import { placeInWords, severities } from './words.ts'

export interface FindingProps {
  readonly finding: CheckFinding
  readonly rule: RuleWords | undefined
  readonly mending: Mending
  /** Whether the place says its file: not where all of them are of one. */
  readonly withFile: boolean
  /** Whether its line is shown: not beside the text. */
  readonly quotes: boolean
}

/** A finding of the list: what is wrong, where, why it matters, and what mends it. */
export function Finding({ finding, rule, mending, withFile, quotes }: FindingProps) {
  const { severity, message, hint, sourceLine, waived } = finding
  return (
    <li class={`check-finding ${waived === null ? severity : 'waived'}`} data-key={finding.key}>
      <SeveritySign severity={waived === null ? severity : null} />
      <div class="check-finding-body">
        <p class="check-message">{message}</p>
        <div class="check-where">
          <PlaceLink issue={mending.issue} finding={finding} withFile={withFile} />
          {rule !== undefined && <span class="soft">{rule.title}</span>}
          {rule !== undefined && waived === null && (
            <details class="check-why">
              <summary>Why this matters</summary>
              <p>{rule.why}</p>
            </details>
          )}
        </div>
        {quotes && sourceLine !== null && sourceLine.trim() !== '' && (
          <p class="check-quoted">{excerpt(sourceLine, finding.column)}</p>
        )}
        {waived !== null && <p>Waived: {waived}</p>}
        {waived === null && hint !== null && <p class="soft">{hint}</p>}
        <Fixes finding={finding} mending={mending} />
      </div>
    </li>
  )
}

/** As much of a line as is read at a glance, with the place in it. */
function excerpt(line: string, column: number): string {
  const from = line.length <= 160 ? 0 : Math.max(0, column - 60)
  return `${from > 0 ? '… ' : ''}${line.slice(from, from + 160)}${line.length > from + 160 ? ' …' : ''}`
}

export function SeveritySign({ severity }: { readonly severity: CheckFinding['severity'] | null }) {
  const { sign, word } = severity === null ? { sign: '–', word: 'Waived' } : severities[severity]
  return (
    <span class={`check-sign ${severity ?? 'waived'}`}>
      <span aria-hidden="true">{sign}</span>
      <span class="visually-hidden">{word}: </span>
    </span>
  )
}

function PlaceLink({
  issue,
  finding,
  withFile,
}: {
  readonly issue: string
  readonly finding: CheckFinding
  readonly withFile: boolean
}) {
  const { file, line, column } = finding
  // Settings and templates are no text of the issue.
  if (!file.startsWith('briefs/')) return <code>{`${file}:${line}`}</code>
  return (
    <a
      class="check-place"
      href={href({ screen: 'issue', issue, tab: 'draft' })}
      onClick={() => reveal({ in: 'draft', file, line, column, focus: true })}
    >
      {withFile ? placeInWords(finding) : `Line ${line}`}
    </a>
  )
}
