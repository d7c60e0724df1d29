import { useMemo, useRef, useState } from 'preact/hooks'
import type { ComparedVersions, IssueVersion, OtherVersion, Versions } from '../../../contract/compare.ts'
import { Button } from '../../parts/button.tsx'
import { Select } from '../../parts/field.tsx'
import { EmptyState, Notice } from '../../parts/notice.tsx'
import { apiPath } from '../../shell/api.ts'
import { useLoaded } from '../../shell/changes.ts'
import { momentInWords } from '../../shell/day.ts'
import type { IssueScreenProps } from '../../shell/issue-frame.tsx'
import { href } from '../../shell/routes.ts'
import { tiersOf } from '../../shell/tiers.ts'
import { useChangeKeys } from './change-keys.ts'
import { Changes, stopId } from './changes.tsx'
import { layoutOf } from './layout.ts'
import './compare.css'

/** So many changes are drawn at first, and with each “Show more”. */
const A_PAGE = 150

const tiers = ['member', 'subscriber', 'public'] as const
type Tier = (typeof tiers)[number]

/** What changed between two versions, as a reader would see it. */
export function CompareScreen({ issue, shelf }: IssueScreenProps) {
  const versions = useLoaded<Versions>(
    apiPath(['issues', issue, 'versions']),
    (change) => (change.what === 'approval' || change.what === 'sending') && change.id === issue,
    { keeps: true },
  )
  if (versions.value === null)
    return versions.error === null ? (
      <p class="loading">Looking for former versions …</p>
    ) : (
      <div class="page">
        <Notice tone="error">{versions.error}</Notice>
      </div>
    )
  const { versions: own, others } = versions.value
  if (own.length < 2 && others.length === 0)
    return (
      <div class="page">
        <EmptyState title="There is nothing to compare with yet">
          <p>
            No approval of this issue was recorded, and it was never published or sent. Once it is{' '}
            <a href={href({ screen: 'issue', issue, tab: 'approve' })}>approved</a>, whatever changes after
            that is shown here.
          </p>
        </EmptyState>
      </div>
    )
  return <Compared key={issue} issue={issue} shelf={shelf} versions={own} others={others} />
}

function Compared({ issue, shelf, versions, others }: Pick<IssueScreenProps, 'issue' | 'shelf'> & Versions) {
  const [choice, choose] = useChoice(versions, others)
  const { from, to, tier } = choice
  const [most, setMost] = useState(A_PAGE)
  const current = useRef(0)
  const compared = useLoaded<ComparedVersions>(
    apiPath(['issues', issue, 'compare'], { from, to, tier }),
    (change) => {
      if (change.what === 'approval') return change.id === issue
      return change.what === 'issue' && change.id === issue && (from === 'now' || to === 'now')
    },
    { keeps: true },
  )
  const { value, error, loading } = compared
  const layout = useMemo(() => (value === null ? null : layoutOf(value)), [value])
  const count = layout?.stops.length ?? 0
  const timeZone = shelf?.publication?.timeZone ?? 'UTC'
  const names = tiersOf(shelf?.publication)
  const options = [
    ...versions.map((each) => ({ value: each.id, label: wordsOfVersion(each, timeZone).label })),
    ...others.map((each) => ({ value: each.id, label: wordsOfOther(each, timeZone) })),
  ]
  const before = versions.find(({ id }) => id === from)
  const [at, setAt] = useState(0)

  const goTo = (number: number): void => {
    if (number < 1 || number > count) return
    current.current = number
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
    const here = document.activeElement?.closest('.compare-stop')?.id ?? stopId(current.current)
    const from = Number(here.slice(stopId('').length))
    goTo(Math.min(count, Math.max(1, Math.min(from, count + 1) + by)))
  }
  useChangeKeys(step)

  return (
    <div class="compare">
      <div class="compare-bar">
        <div class="compare-choices">
          <Select
            label="Before"
            value={from}
            options={options}
            onChange={(value) => choose({ ...choice, from: value })}
          />
          <Select
            label="After"
            value={to}
            options={options}
            onChange={(value) => choose({ ...choice, to: value })}
          />
          <Select
            label="As read by"
            value={tier}
            options={tiers.map((each) => ({ value: each, label: names[each] }))}
            onChange={(value) => choose({ ...choice, tier: tierOf(value) })}
          />
        </div>
        <div class="compare-steps" role="group" aria-label="Changes">
          <Button disabled={count === 0} onClick={() => step(-1)}>
            <span class="visually-hidden">Previous change</span>
            <span aria-hidden="true">
              ↑ <kbd>p</kbd>
            </span>
          </Button>
          <span role="status">
            {count === 0 ? '' : at === 0 || at > count ? `${count}` : `${at} of ${count}`}
          </span>
          <Button disabled={count === 0} onClick={() => step(1)}>
            <span class="visually-hidden">Next change</span>
            <span aria-hidden="true">
              ↓ <kbd>n</kbd>
            </span>
          </Button>
        </div>
      </div>
      <div class="page compare-page" aria-busy={loading}>
        <div role="status">
          <h2>{layout === null ? '' : sentence(count, before, choice, names, timeZone)}</h2>
        </div>
        {error !== null && <Notice tone={value === null ? 'error' : 'warning'}>{error}</Notice>}
        {layout === null && error === null && <p class="loading">Being compared …</p>}
        {versions.length < 2 && from === to && (
          <p>
            No approval of this issue was recorded. Choose another version above, or come back once it is{' '}
            <a href={href({ screen: 'issue', issue, tab: 'approve' })}>approved</a>.
          </p>
        )}
        {layout !== null && count === 0 && from !== to && (
          <p class="soft">Its words, links, citations, images and sources are the same.</p>
        )}
        {layout !== null && count > 0 && (
          <Changes issue={issue} layout={layout} most={most} onMore={() => setMost(most + A_PAGE)} />
        )}
      </div>
    </div>
  )
}

interface Choice {
  readonly from: string
  readonly to: string
  readonly tier: Tier
}

/** What is compared stands in the address, so that it can be linked to. */
function useChoice(
  versions: readonly IssueVersion[],
  others: readonly OtherVersion[],
): readonly [Choice, (choice: Choice) => void] {
  const isThere = (id: string | null): id is string => [...versions, ...others].some((each) => each.id === id)
  const [choice, setChoice] = useState<Choice>(() => {
    const asked = new URLSearchParams(location.search)
    const known = (name: string): string | null => {
      const id = asked.get(name)
      return isThere(id) ? id : null
    }
    const usual = versions.find(({ id }) => id === 'approved') ?? versions[1]
    return {
      from: known('from') ?? usual?.id ?? 'now',
      to: known('to') ?? 'now',
      tier: tierOf(asked.get('tier')),
    }
  })
  // A former “approved” has another id once there is a newer one.
  const usable =
    isThere(choice.from) && isThere(choice.to)
      ? choice
      : { ...choice, from: versions[1]?.id ?? 'now', to: 'now' }
  return [
    usable,
    (next) => {
      setChoice(next)
      history.replaceState(history.state, '', `?${new URLSearchParams({ ...next }).toString()}`)
    },
  ]
}

function tierOf(name: string | null): Tier {
  return tiers.find((each) => each === name) ?? 'member'
}

interface VersionWords {
  /** In a list. */
  readonly label: string
  /** “20 changes since it was …”; empty of what is now. */
  readonly since: string
}

/** A version in the publication's own time. */
function wordsOfVersion({ id, by, at }: IssueVersion, timeZone: string): VersionWords {
  if (at === null) return { label: 'Now, as it is written', since: '' }
  const when = momentInWords(at, timeZone)
  if (id === 'published')
    return { label: `On the site since ${when}`, since: `since it was put on the site on ${when}` }
  if (id === 'sent') return { label: `Sent on ${when}`, since: `since it was sent on ${when}` }
  return { label: `Approved by ${by ?? ''}, ${when}`, since: `since ${by ?? ''} approved it on ${when}` }
}

function wordsOfOther({ issue, kind, at }: OtherVersion, timeZone: string): string {
  const when = momentInWords(at, timeZone)
  return kind === 'published' ? `${issue}, on the site since ${when}` : `${issue}, sent on ${when}`
}

function sentence(
  count: number,
  before: IssueVersion | undefined,
  { from, to, tier }: Choice,
  names: Readonly<Record<Tier, string>>,
  timeZone: string,
): string {
  if (from === to) return 'This is the same version twice.'
  const since = to === 'now' && before !== undefined ? ` ${wordsOfVersion(before, timeZone).since}` : ''
  if (count === 0) return `Nothing has changed for “${names[tier]}”${since}.`
  return `${count} ${count === 1 ? 'change' : 'changes'}${since}.`
}
