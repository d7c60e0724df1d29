import { useEffect } from 'preact/hooks'
import type { IssueHead, IssueScreen, Shelf } from '../../contract/issues.ts'
import { Notice } from '../parts/notice.tsx'
import { useLoaded } from './changes.ts'
import { dayInWords } from './day.ts'
import { lazy } from './lazy.tsx'
import { useMedia } from './media.ts'
import { ReadinessLight } from './readiness-light.tsx'
import { useRemembered } from './remembered.ts'
import { href, issueTabs } from './routes.ts'
import { standInWords } from './states.ts'

/** What every screen of an issue is given. */
export interface IssueScreenProps {
  readonly issue: string
  /** Null until it is known. */
  readonly head: IssueHead | null
  readonly shelf: Shelf | null
  /** It stands beside another one, and has about half the width. */
  readonly beside: boolean
}

const screens = {
  draft: lazy(async () => (await import('../screens/draft/draft-screen.tsx')).DraftScreen),
  check: lazy(async () => (await import('../screens/check/check-screen.tsx')).CheckScreen),
  preview: lazy(async () => (await import('../screens/preview/preview-screen.tsx')).PreviewScreen),
  compare: lazy(async () => (await import('../screens/compare/compare-screen.tsx')).CompareScreen),
  approve: lazy(async () => (await import('../screens/approve/approve-screen.tsx')).ApproveScreen),
  send: lazy(async () => (await import('../screens/send/send-screen.tsx')).SendScreen),
}

/** From this width on, text and picture stand side by side. */
const WIDE = '(min-width: 75rem)'

/** An issue: its name, its light, its tabs, and one screen or two of them. */
export function IssueFrame({
  issue,
  tab,
  shelf,
}: {
  readonly issue: string
  readonly tab: IssueScreen
  readonly shelf: Shelf | null
}) {
  const head = useLoaded<IssueHead>(
    `/api/issues/${encodeURIComponent(issue)}`,
    (change) =>
      (change.what === 'issue' || change.what === 'approval' || change.what === 'sending') &&
      change.id === issue,
  )
  const wide = useMedia(WIDE)
  const [split, setSplit] = useRemembered('beside', 'yes', (text) =>
    text === 'yes' || text === 'no' ? text : null,
  )
  const both = wide && tab === 'draft' && split === 'yes'
  const known = head.value ?? shelf?.issues.find(({ id }) => id === issue)
  // Until it is known, no other name stands in for it and jumps away.
  const subject = known === undefined && head.error === null ? null : (known?.subject ?? issue)
  useEffect(() => {
    document.title = `${subject ?? 'Issue'} · ${issueTabs.find(({ id }) => id === tab)?.label ?? ''}`
  }, [subject, tab])
  const props = { issue, head: head.value, shelf, beside: both }
  const Screen = screens[tab]
  return (
    <div class="issue">
      <div class="issue-head">
        <div class="issue-name">
          <IssueFacts issue={issue} head={head.value} shelf={shelf} />
          <h1 class="two-lines" title={subject ?? undefined}>
            {subject ?? 'Being read …'}
          </h1>
        </div>
        {head.value !== null && <ReadinessLight issue={issue} readiness={head.value.readiness} />}
      </div>
      <nav class="issue-tabs" aria-label="This issue">
        {issueTabs.map(({ id, label }) => (
          <a
            key={id}
            href={href({ screen: 'issue', issue, tab: id })}
            data-label={label}
            aria-current={id === tab ? 'page' : undefined}
          >
            {label}
          </a>
        ))}
        {wide && tab === 'draft' && (
          <label class="checkbox beside">
            <input
              type="checkbox"
              checked={split === 'yes'}
              onChange={(event) => setSplit(event.currentTarget.checked ? 'yes' : 'no')}
            />
            Preview beside the text
          </label>
        )}
      </nav>
      {head.error !== null && head.value === null ? (
        <div class="page">
          <Notice tone="error">{head.error}</Notice>
          <p>
            <a href="/">All issues</a>
          </p>
        </div>
      ) : (
        <div class={both ? 'panes two' : 'panes'}>
          <section class="pane" tabIndex={0} aria-label={issueTabs.find(({ id }) => id === tab)?.label}>
            <Screen {...props} />
          </section>
          {both && (
            <section class="pane" tabIndex={0} aria-label="Preview">
              <screens.preview {...props} />
            </section>
          )}
        </div>
      )}
    </div>
  )
}

/** Its id, newsletter, day, length and state, in one line. */
function IssueFacts({ issue, head, shelf }: Omit<IssueScreenProps, 'beside'>) {
  const newsletter = shelf?.publication?.newsletters[head?.newsletter ?? ''] ?? head?.newsletter
  const words = head?.words ?? null
  return (
    <p class="issue-id">
      <span>
        <span class="issue-folder" title={issue}>
          {issue}
        </span>
      </span>
      {newsletter !== undefined && newsletter !== null && <span>{newsletter}</span>}
      {head !== null && head.date !== null && <time dateTime={head.date}>{dayInWords(head.date)}</time>}
      {words !== null && <span>{words.toLocaleString('en')} words</span>}
      {head !== null && <span>{standInWords(head, shelf?.publication?.timeZone ?? 'UTC')}</span>}
    </p>
  )
}
