import type { IssueSummary } from '../../../contract/issues.ts'
import { Badge } from '../../parts/notice.tsx'
import { dayInWords, momentInWords } from '../../shell/day.ts'
import { href } from '../../shell/routes.ts'
import { standInWords } from '../../shell/states.ts'

export interface IssueLineProps {
  readonly issue: IssueSummary
  /** Of newsletters, by their keys. */
  readonly names: Readonly<Record<string, string>>
  readonly timeZone: string
}

const tones = { unknown: 'plain', blocked: 'error', open: 'warning', ready: 'good' } as const

/** One issue: its name, what it is, where it stands and what is to be done. */
export function IssueLine({ issue, names, timeZone }: IssueLineProps) {
  const { id, subject, date, newsletter, words, briefs, rehearsedAt } = issue
  const facts = [
    id,
    newsletter === null ? null : (names[newsletter] ?? newsletter),
    date === null ? null : dayInWords(date),
    words === null ? null : `${words.toLocaleString('en')} words`,
  ].filter((each) => each !== null)
  return (
    <li class="issue-line">
      <a class="two-lines" data-row href={href({ screen: 'issue', issue: id, tab: tabOf(issue) })}>
        {subject ?? id}
      </a>
      <p class="issues-facts">
        {facts.map((each) => (
          <span key={each}>{each}</span>
        ))}
      </p>
      {briefs.length > 0 && (
        <p class="issues-briefs">
          {briefs.length} briefs: {briefs.join('; ')}
        </p>
      )}
      <div class="issues-stand">
        <p>{standInWords(issue, timeZone)}</p>
        {rehearsedAt !== null && <p class="soft">Rehearsed {momentInWords(rehearsedAt, timeZone)}</p>}
        <Light issue={issue} />
      </div>
    </li>
  )
}

/** What is to be done; nothing for what is out or on its way. */
function Light({ issue: { state, readiness, counts } }: { readonly issue: IssueSummary }) {
  if (state === 'sent' || state === 'sending' || state === 'cancelled' || state === 'published') return null
  const warnings = counts?.warning ?? 0
  return (
    <p>
      <Badge tone={tones[readiness.light]}>
        {readiness.light === 'unknown' ? 'Being checked' : readiness.sentence}
      </Badge>
      {warnings > 0 && (
        <>
          {' '}
          <Badge tone="plain">{`${warnings} ${warnings === 1 ? 'warning' : 'warnings'}`}</Badge>
        </>
      )}
    </p>
  )
}

/** Where the work on it goes on. */
function tabOf({ state }: IssueSummary): 'draft' | 'approve' | 'send' {
  switch (state) {
    case 'review':
      return 'approve'
    case 'scheduled':
    case 'sending':
    case 'paused':
    case 'sent':
    case 'cancelled':
      return 'send'
    case 'broken':
    case 'draft':
    case 'approved':
    case 'void':
    case 'published':
      return 'draft'
  }
}
