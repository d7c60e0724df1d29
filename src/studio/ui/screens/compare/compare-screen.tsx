import { useMemo, useState } from 'preact/hooks'
import type { ComparedVersions, Versions } from '../../../contract/compare.ts'
import { Button } from '../../parts/button.tsx'
import { Select } from '../../parts/field.tsx'
import { Notice } from '../../parts/notice.tsx'
import { apiPath } from '../../shell/api.ts'
import { useLoaded } from '../../shell/changes.ts'
import type { IssueScreenProps } from '../../shell/issue-frame.tsx'
import { href } from '../../shell/routes.ts'
import { tiersOf } from '../../shell/tiers.ts'
import { useChangeKeys } from './change-keys.ts'
import { Changes, stopId } from './changes.tsx'
import { layoutOf } from './layout.ts'
import { tierOf, tiers, useChoice, type Choice } from './use-choice.ts'
import { changesSentence, versionOptions } from './version-words.ts'
import './compare.css'

/** So many changes are drawn at first, and with each “Show more”. */
const A_PAGE = 150

/** What changed between two editions, as a reader would see it. */
export function CompareScreen({ issue, shelf }: IssueScreenProps) {
  const versions = useLoaded<Versions>(
    apiPath(['issues', issue, 'versions']),
    (change) =>
      change.what === 'shelf' ||
      ((change.what === 'approval' || change.what === 'sending') && change.id === issue),
    { keeps: true },
  )
  if (versions.value !== null)
    return <Compared key={issue} issue={issue} shelf={shelf} versions={versions.value} />
  return versions.error === null ? (
    <p class="loading">Looking for former versions …</p>
  ) : (
    <div class="page">
      <Notice tone="error">{versions.error}</Notice>
    </div>
  )
}

interface ComparedProps extends Pick<IssueScreenProps, 'issue' | 'shelf'> {
  readonly versions: Versions
}

function Compared({ issue, shelf, versions }: ComparedProps) {
  const [choice, setChoice] = useChoice(versions)
  const { from, to, tier, fromTier } = choice
  const [most, setMost] = useState(A_PAGE)
  const [at, setAt] = useState(0)
  const { value, error, loading } = useLoaded<ComparedVersions>(
    apiPath(['issues', issue, 'compare'], { ...choice }),
    (change) => {
      if (change.what === 'approval') return change.id === issue
      return change.what === 'issue' && isAsWritten(change.id, choice, issue)
    },
    { keeps: true },
  )
  const layout = useMemo(() => (value === null ? null : layoutOf(value)), [value])
  const count = layout?.stops.length ?? 0
  const timeZone = shelf?.publication?.timeZone ?? 'UTC'
  const names = tiersOf(shelf?.publication)
  const isTwice = from === to && (fromTier ?? tier) === tier
  const choose = (change: Partial<Choice>): void => {
    setChoice(change)
    setAt(0)
  }

  const goTo = (number: number): void => {
    if (number < 1 || number > count) return
    setAt(number)
    if (number > most) setMost(Math.ceil(number / A_PAGE) * A_PAGE)
    // After what is drawn for it.
    requestAnimationFrame(() => {
      const stop = document.getElementById(stopId(number))
      stop?.focus({ preventScroll: true })
      stop?.scrollIntoView({ block: 'center' })
    })
  }
  const step = (by: 1 | -1): void => {
    // From where one is: after a click or by Tab that is another one than the last that was led to.
    const here = document.activeElement?.closest('.compare-stop')?.id ?? stopId(at)
    const from = Number(here.slice(stopId('').length))
    goTo(Math.min(count, Math.max(1, Math.min(from, count + 1) + by)))
  }
  useChangeKeys(step)

  const options = versionOptions(versions, timeZone)
  const readers = tiers.map((each) => ({ value: each, label: names[each] }))
  return (
    <div class="compare">
      <div class="compare-bar">
        <div class="compare-choices">
          <Select label="Before" value={from} options={options} onChange={(id) => choose({ from: id })} />
          <Select
            label="Readers before"
            value={fromTier ?? ''}
            options={[{ value: '', label: 'The same readers' }, ...readers]}
            onChange={(name) => choose({ fromTier: tierOf(name) })}
          />
          <Select label="After" value={to} options={options} onChange={(id) => choose({ to: id })} />
          <Select
            label="Readers after"
            value={tier}
            options={readers}
            onChange={(name) => choose({ tier: tierOf(name) ?? tier })}
          />
        </div>
        <Steps count={count} at={at} onStep={step} />
      </div>
      <div class="page compare-page" aria-busy={loading}>
        <div role="status">
          <h2>{layout === null ? '' : changesSentence(count, choice, versions, names, timeZone)}</h2>
        </div>
        {error !== null && <Notice tone={value === null ? 'error' : 'warning'}>{error}</Notice>}
        {layout === null && error === null && <p class="loading">Being compared …</p>}
        {versions.versions.length < 2 && from === to && (
          <p>
            No approval of this issue was recorded, and it was never published or sent. Choose above whose
            editions to compare, or another issue. Once it is{' '}
            <a href={href({ screen: 'issue', issue, tab: 'approve' })}>approved</a>, whatever changes after
            that is shown here.
          </p>
        )}
        {layout !== null && count === 0 && !isTwice && (
          <p class="soft">Its words, links, citations, images and sources are the same.</p>
        )}
        {layout !== null && count > 0 && (
          <Changes issue={issue} layout={layout} most={most} onMore={() => setMost(most + A_PAGE)} />
        )}
      </div>
    </div>
  )
}

/** Whether one side of the choice is issue `id` as its files are now. */
function isAsWritten(id: string, { from, to }: Choice, issue: string): boolean {
  return [from, to].includes(id === issue ? 'now' : `now:${id}`)
}

/** From change to change. @param at the number of the last that was led to; 0: none yet */
function Steps({
  count,
  at,
  onStep,
}: {
  readonly count: number
  readonly at: number
  readonly onStep: (by: 1 | -1) => void
}) {
  return (
    <div class="compare-steps" role="group" aria-label="Changes">
      <Button disabled={count === 0} onClick={() => onStep(-1)}>
        <span class="visually-hidden">Previous change</span>
        <span aria-hidden="true">
          ↑ <kbd>p</kbd>
        </span>
      </Button>
      <span role="status">
        {count === 0 ? '' : at === 0 || at > count ? `${count}` : `${at} of ${count}`}
      </span>
      <Button disabled={count === 0} onClick={() => onStep(1)}>
        <span class="visually-hidden">Next change</span>
        <span aria-hidden="true">
          ↓ <kbd>n</kbd>
        </span>
      </Button>
    </div>
  )
}
