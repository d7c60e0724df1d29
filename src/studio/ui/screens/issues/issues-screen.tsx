import { useEffect, useMemo, useRef, useState } from 'preact/hooks'
import type { Shelf } from '../../../contract/issues.ts'
import { Button } from '../../parts/button.tsx'
import { Field, Select } from '../../parts/field.tsx'
import { useListKeys } from '../../parts/list-keys.ts'
import { EmptyState, Notice } from '../../parts/notice.tsx'
import { momentInWords, weekdayInWords } from '../../shell/day.ts'
import { useRemembered } from '../../shell/remembered.ts'
import { arrange, groupings, orders, type Grouping, type Order } from './arrange.ts'
import { IssueLine } from './issue-line.tsx'
import { NewDraftDialog } from './new-draft.tsx'
import './issues.css'

export interface IssuesScreenProps {
  readonly shelf: Shelf | null
  readonly error: string | null
}

/** Every issue, by where it stands. */
export function IssuesScreen({ shelf, error }: IssuesScreenProps) {
  useEffect(() => {
    document.title = `Issues · ${shelf?.publication?.name ?? 'Onrecord'}`
  }, [shelf])
  const [making, setMaking] = useState<'issue' | 'brief' | null>(null)
  const isUsable = shelf !== null && shelf.publication !== null
  return (
    <div class="page">
      <div class="issues-head">
        <h1>Issues</h1>
        {isUsable && (
          <div class="actions">
            {shelf.issues.length > 0 && <Button onClick={() => setMaking('brief')}>New brief</Button>}
            <Button kind="primary" onClick={() => setMaking('issue')}>
              New issue
            </Button>
          </div>
        )}
      </div>
      {error !== null && <Notice tone="error">{error}</Notice>}
      {shelf === null ? error === null && <p class="loading">Loading …</p> : <Shelves shelf={shelf} />}
      {making !== null && shelf !== null && (
        <NewDraftDialog kind={making} shelf={shelf} onClose={() => setMaking(null)} />
      )}
    </div>
  )
}

function Shelves({ shelf }: { readonly shelf: Shelf }) {
  const { issues, findings, publication } = shelf
  if (publication === null && findings.length > 0) return <BrokenSettings shelf={shelf} />
  return (
    <>
      {findings.length > 0 && <BrokenSettings shelf={shelf} />}
      {issues.length === 0 ? <FirstSteps /> : <IssueList shelf={shelf} />}
    </>
  )
}

function BrokenSettings({ shelf: { findings, publication } }: { readonly shelf: Shelf }) {
  return (
    <Notice tone="error" title="onrecord.yaml cannot be used as it is">
      <p>
        {publication === null
          ? 'It says whose mail this is and how it looks: until it can be read, nothing can be shown.'
          : 'What is shown is made with its last version that could be read.'}{' '}
        Mend it in any editor; this page follows.
      </p>
      <ul class="issues-faults">
        {findings.map((each) => (
          <li key={`${each.line}:${each.column}${each.message}`}>
            <p>
              {each.message} <code>{`${each.file}:${each.line}:${each.column}`}</code>
            </p>
            {each.sourceLine !== null && each.sourceLine.trim() !== '' && (
              <pre class="plain">
                <span class="issues-number">{each.line}</span> {each.sourceLine}
              </pre>
            )}
          </li>
        ))}
      </ul>
    </Notice>
  )
}

function FirstSteps() {
  return (
    <EmptyState title="No issue yet">
      <p>
        An issue is one mailing: a folder under <code>briefs/</code> with a file for each article, or a single
        file.
      </p>
      <p>
        “New issue” makes the first one. You write it here, or in any editor: this page follows the files.
      </p>
    </EmptyState>
  )
}

function IssueList({ shelf }: { readonly shelf: Shelf }) {
  const { issues, publication, complete } = shelf
  const names = publication?.newsletters ?? {}
  const timeZone = publication?.timeZone ?? 'UTC'
  const [text, setText] = useState('')
  const [grouping, setGrouping] = useRemembered<Grouping>('issues.by', 'state', oneOf(groupings))
  const [order, setOrder] = useRemembered<Order>('issues.order', 'date', oneOf(orders))
  const groups = useMemo(
    () => arrange(issues, { text, grouping, order, names }),
    [issues, text, grouping, order, names],
  )
  const found = groups.reduce((sum, { issues: own }) => sum + own.length, 0)
  const list = useRef<HTMLDivElement>(null)
  useListKeys(list)
  return (
    <>
      <div class="toolbar issues-tools">
        <Field
          label="Search issues"
          quiet
          type="search"
          value={text}
          onInput={setText}
          placeholder="Search subjects, briefs and ids"
        />
        <Select
          label="Group by"
          value={grouping}
          options={groupings}
          onChange={(value) => setGrouping(oneOf(groupings)(value) ?? grouping)}
        />
        <Select
          label="Sort by"
          value={order}
          options={orders}
          onChange={(value) => setOrder(oneOf(orders)(value) ?? order)}
        />
      </div>
      <p class="soft issues-count" role="status">
        {text === '' ? count(issues.length) : `${found} of ${count(issues.length)}`}
        {!complete &&
          (issues.length === 1 ? '; it is still being checked' : '; some are still being checked')}
      </p>
      <Due shelf={shelf} />
      <div ref={list}>
        {found === 0 && (
          <EmptyState title="No issue matches">
            <Button onClick={() => setText('')}>Show all</Button>
          </EmptyState>
        )}
        {groups.map(({ title, issues: own }) => (
          <section key={title} class="shelf" aria-label={title === '' ? 'All issues' : undefined}>
            {title !== '' && (
              <h2>
                {title} <span class="issues-number">{own.length}</span>
              </h2>
            )}
            <ul>
              {own.map((each) => (
                <IssueLine key={each.id} {...{ issue: each, names, timeZone }} />
              ))}
            </ul>
          </section>
        ))}
      </div>
    </>
  )
}

/** When the next issues are due, by the cadence of their newsletters. */
function Due({ shelf: { publication } }: { readonly shelf: Shelf }) {
  if (publication === null || publication.due.length === 0) return null
  const { due, newsletters, timeZone } = publication
  const several = Object.keys(newsletters).length > 1
  return (
    <p class="soft issues-count">
      {`Next due: ${due
        .map(({ newsletter, at }) => {
          const name = several ? `${newsletters[newsletter] ?? newsletter}, ` : ''
          return `${name}${weekdayInWords(at, timeZone)} ${momentInWords(at, timeZone)}`
        })
        .join(' · ')}`}
    </p>
  )
}

function count(issues: number): string {
  return `${issues.toLocaleString('en')} ${issues === 1 ? 'issue' : 'issues'}`
}

function oneOf<Value extends string>(options: readonly { readonly value: Value }[]) {
  return (text: string): Value | null => options.find(({ value }) => value === text)?.value ?? null
}
