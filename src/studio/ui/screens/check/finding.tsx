import type { ComponentChildren } from 'preact'
import type { CheckFinding, RuleWords } from '../../../contract/check.ts'
import { placeInWords, PlaceLink } from '../../shell/place-link.tsx'
import { excerptOf } from './excerpt.ts'
import { Fixes } from './fixes.tsx'
import type { Mending } from './mend.ts'
import { severities } from './words.ts'

export interface FindingProps {
  readonly finding: CheckFinding
  readonly rule: RuleWords | undefined
  readonly mending: Mending
  /** Whether the place says its file: not where all of them are of one. */
  readonly withFile: boolean
  /** What says the same of its parts. */
  readonly children?: ComponentChildren
}

/** A finding of the list: what is wrong, where, why it matters, and what mends it. */
export function Finding({ finding, rule, mending, withFile, children }: FindingProps) {
  const { severity, message, hint, waived } = finding
  return (
    <li class={`check-finding ${waived === null ? severity : 'waived'}`} data-key={finding.key}>
      <SeveritySign severity={waived === null ? severity : null} />
      <div class="check-finding-body">
        <p class="check-message">{message}</p>
        <div class="check-where">
          <FindingPlace issue={mending.issue} finding={finding} withFile={withFile} />
          {rule !== undefined && <span class="soft">{rule.title}</span>}
          {rule !== undefined && waived === null && (
            <details class="check-why">
              <summary>Why this matters</summary>
              <p>{rule.why}</p>
            </details>
          )}
        </div>
        <FoundWords finding={finding} />
        {waived !== null && <p>Waived: {waived}</p>}
        {waived === null && hint !== null && <p class="soft">{hint}</p>}
        <Fixes finding={finding} mending={mending} />
        {children}
      </div>
    </li>
  )
}

/** The words of a finding in their line, marked. */
function FoundWords({ finding }: { readonly finding: CheckFinding }) {
  const excerpt = excerptOf(finding)
  if (excerpt === null) return null
  const { lead, words, tail } = excerpt
  return (
    <p class="check-quoted" dir="auto">
      {lead}
      {words !== '' && <mark>{words}</mark>}
      {tail}
    </p>
  )
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

function FindingPlace({
  issue,
  finding,
  withFile,
}: {
  readonly issue: string
  readonly finding: CheckFinding
  readonly withFile: boolean
}) {
  const { file, line } = finding
  // Settings and templates are no text of the issue.
  if (!file.startsWith('briefs/')) return <code>{`${file}:${line}`}</code>
  return (
    <PlaceLink class="check-place" issue={issue} place={finding}>
      {withFile ? placeInWords(finding) : `Line ${line}`}
    </PlaceLink>
  )
}
