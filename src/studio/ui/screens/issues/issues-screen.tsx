import { useEffect } from 'preact/hooks'
import type { IssueState, IssueSummary, Shelf } from '../../../contract/issues.ts'
import { Badge, EmptyState, Notice } from '../../parts/notice.tsx'
import { dayInWords } from '../../shell/day.ts'
import { href } from '../../shell/routes.ts'
import './issues.css'

const groups: readonly { readonly title: string; readonly states: readonly IssueState[] }[] = [
  { title: 'On its way', states: ['sending', 'paused', 'scheduled'] },
  { title: 'Approved', states: ['approved'] },
  { title: 'In review', states: ['review'] },
  { title: 'Drafts', states: ['broken', 'draft'] },
  { title: 'Sent', states: ['sent', 'cancelled'] },
]

const tones = { unknown: 'plain', blocked: 'error', open: 'warning', ready: 'good' } as const

/** Every issue, by where it stands. */
export function IssuesScreen({
  shelf,
  error,
}: {
  readonly shelf: Shelf | null
  readonly error: string | null
}) {
  useEffect(() => {
    document.title = `Issues · ${shelf?.publication?.name ?? 'Onrecord'}`
  }, [shelf])
  return (
    <div class="page">
      <h1>Issues</h1>
      {error !== null && <Notice tone="error">{error}</Notice>}
      {shelf === null ? error === null && <p class="loading">Loading …</p> : <Shelves shelf={shelf} />}
    </div>
  )
}

function Shelves({ shelf }: { readonly shelf: Shelf }) {
  const { issues, findings } = shelf
  return (
    <>
      {findings.length > 0 && (
        <Notice tone="error" title="onrecord.yaml needs mending">
          <ul>
            {findings.map((each) => (
              <li key={`${each.line}:${each.column}${each.message}`}>
                <code>{`${each.file}:${each.line}:${each.column}`}</code> {each.message}
              </li>
            ))}
          </ul>
        </Notice>
      )}
      {issues.length === 0 && (
        <EmptyState title="No issue yet">
          <p>
            Make the first one: <code>onrecord new issue "Title"</code>
          </p>
        </EmptyState>
      )}
      {groups.map(({ title, states }) => {
        const members = issues.filter(({ state }) => states.includes(state))
        return (
          members.length > 0 && (
            <section key={title} class="shelf">
              <h2>{title}</h2>
              <ul>
                {members.map((each) => (
                  <IssueLine key={each.id} issue={each} names={shelf.publication?.newsletters ?? {}} />
                ))}
              </ul>
            </section>
          )
        )
      })}
    </>
  )
}

function IssueLine({
  issue,
  names,
}: {
  readonly issue: IssueSummary
  readonly names: Readonly<Record<string, string>>
}) {
  const { id, subject, date, newsletter, readiness, counts, words } = issue
  const facts = [
    id,
    newsletter === null ? null : (names[newsletter] ?? newsletter),
    date === null ? null : dayInWords(date),
    words === null ? null : `${words.toLocaleString()} words`,
    counts === null || counts.warning === 0 ? null : `${counts.warning} warnings`,
  ]
  return (
    <li class="issue-line">
      <a href={href({ screen: 'issue', issue: id, tab: 'draft' })}>{subject ?? id}</a>
      <p>{facts.filter((each) => each !== null).join(' · ')}</p>
      <Badge tone={tones[readiness.light]}>
        {readiness.light === 'unknown' ? 'Being checked' : readiness.sentence}
      </Badge>
    </li>
  )
}
