import type { IssueCompat } from '../../../contract/compat.ts'
import type { Shelf } from '../../../contract/issues.ts'
import { EmptyState, Notice } from '../../parts/notice.tsx'
import { Choice } from '../../parts/tabs.tsx'
import { apiPath } from '../../shell/api.ts'
import { useLoaded } from '../../shell/changes.ts'
import { useRemembered } from '../../shell/remembered.ts'
import { Links } from './links.tsx'
import { MailForm } from './mail-form.tsx'
import './compat.css'

type Tier = IssueCompat['tier']

const tierNames: Readonly<Record<Tier, string>> = { public: 'Public', subscriber: 'Reader', member: 'Member' }

/** What mail programs make of the finished mail of one tier, and whether what it links to is there. */
export function Compat({
  issue,
  shelf,
  shows,
}: {
  readonly issue: string
  readonly shelf: Shelf | null
  readonly shows: 'mail' | 'links'
}) {
  const [tier, setTier] = useRemembered<Tier>('tier', 'subscriber', (text) =>
    text === 'public' || text === 'subscriber' || text === 'member' ? text : null,
  )
  const [links, setLinks] = useRemembered('links', 'on', (text) =>
    text === 'on' || text === 'off' ? text : null,
  )
  const compat = useLoaded<IssueCompat>(
    apiPath(['issues', issue, 'compat'], { tier, links: shows === 'links' ? links : 'known' }),
    (change) => (change.what === 'issue' || change.what === 'checks') && change.id === issue,
    { keeps: true },
  )
  const names = shelf?.publication?.tiers ?? tierNames
  const value = compat.value?.tier === tier ? compat.value : null
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
      {compat.error !== null && <Notice tone="error">{compat.error}</Notice>}
      {value === null && compat.error === null && <p class="loading">Being looked at …</p>}
      {value !== null && value.mail === null && (
        <EmptyState title="There is no mail yet">
          Its text has errors that keep it from being built. They are under Text.
        </EmptyState>
      )}
      {value !== null && value.mail !== null && shows === 'mail' && (
        <MailForm issue={issue} mail={value.mail} />
      )}
      {value !== null && value.mail !== null && shows === 'links' && (
        <Links
          issue={issue}
          tier={tier}
          links={value.links}
          isOn={links === 'on'}
          onSwitch={(on) => setLinks(on ? 'on' : 'off')}
        />
      )}
    </div>
  )
}
