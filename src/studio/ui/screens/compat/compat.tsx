import type { IssueCompat } from '../../../contract/compat.ts'
import type { Shelf } from '../../../contract/issues.ts'
import { EmptyState, Notice } from '../../parts/notice.tsx'
import { Choice } from '../../parts/tabs.tsx'
import { apiPath } from '../../shell/api.ts'
import { useLoaded, type Loaded } from '../../shell/changes.ts'
import { useRemembered } from '../../shell/remembered.ts'
import { tiersOf } from '../../shell/tiers.ts'
import { Links } from './links.tsx'
import { MailForm } from './mail-form.tsx'
import './compat.css'

type Tier = IssueCompat['tier']

/** The mail that is looked at, and whether its links are asked for. */
export interface CompatState {
  readonly loaded: Loaded<IssueCompat>
  readonly tier: Tier
  readonly setTier: (tier: Tier) => void
  readonly isOn: boolean
  readonly setOn: (on: boolean) => void
}

/** Looks at the mail in the background, for as long as it is used. */
export function useCompat(issue: string): CompatState {
  const [tier, setTier] = useRemembered<Tier>('tier', 'subscriber', (text) =>
    text === 'public' || text === 'subscriber' || text === 'member' ? text : null,
  )
  const [links, setLinks] = useRemembered('links', 'on', (text) =>
    text === 'on' || text === 'off' ? text : null,
  )
  const loaded = useLoaded<IssueCompat>(
    apiPath(['issues', issue, 'compat'], { tier, links }),
    (change) => (change.what === 'issue' || change.what === 'links') && change.id === issue,
    { keeps: true },
  )
  return { loaded, tier, setTier, isOn: links === 'on', setOn: (on) => setLinks(on ? 'on' : 'off') }
}

/** What mail programs make of the finished mail of one tier, and whether what it links to is there. */
export function Compat({
  issue,
  shelf,
  compat,
  shows,
}: {
  readonly issue: string
  readonly shelf: Shelf | null
  readonly compat: CompatState
  readonly shows: 'mail' | 'links'
}) {
  const { loaded, tier, setTier, isOn, setOn } = compat
  const names = tiersOf(shelf?.publication)
  const value = loaded.value?.tier === tier ? loaded.value : null
  return (
    <div class="compat">
      <div class="toolbar">
        <Choice
          label="Mail for"
          options={(['public', 'subscriber', 'member'] as const).map((each) => ({
            value: each,
            label: names[each],
          }))}
          chosen={tier}
          onChoose={setTier}
        />
      </div>
      {loaded.error !== null && <Notice tone="error">{loaded.error}</Notice>}
      {value === null && loaded.error === null && <p class="loading">Being looked at …</p>}
      {value !== null && value.mail === null && (
        <EmptyState title="There is no mail yet">
          Its text has errors that keep it from being built. They are under Text.
        </EmptyState>
      )}
      {value !== null && value.mail !== null && shows === 'mail' && (
        <MailForm issue={issue} mail={value.mail} />
      )}
      {value !== null && value.mail !== null && shows === 'links' && (
        <Links {...{ issue, tier, isOn }} links={value.links} onSwitch={setOn} />
      )}
    </div>
  )
}
