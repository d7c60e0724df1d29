import { useState } from 'preact/hooks'
import { apiPath } from '../../shell/api.ts'
import type { IssuePreview } from '../../../contract/preview.ts'
import { Frame } from '../../parts/frame.tsx'
import { Notice } from '../../parts/notice.tsx'
import { Choice } from '../../parts/tabs.tsx'
import { useChanges, useLoaded } from '../../shell/changes.ts'
import type { IssueScreenProps } from '../../shell/issue-frame.tsx'
import './preview.css'

const schemes = [
  { value: 'light', label: 'Light' },
  { value: 'dark', label: 'Dark' },
] as const
const widths = [
  { value: 'desktop', label: 'Desktop' },
  { value: 'phone', label: 'Phone' },
] as const

/** What a reader gets. */
export function PreviewScreen({ issue, shelf }: IssueScreenProps) {
  const [tier, setTier] = useState<'public' | 'subscriber' | 'member'>('subscriber')
  const [scheme, setScheme] = useState<'light' | 'dark'>('light')
  const [width, setWidth] = useState<'desktop' | 'phone'>('desktop')
  const preview = useLoaded<IssuePreview>(
    apiPath(['issues', issue, 'preview'], { tier }),
    (change) => change.what === 'issue' && change.id === issue,
    { keeps: true },
  )
  const { value, error } = preview
  // The picture is asked for at once, without waiting for what else is new of it.
  const [told, setTold] = useState<Readonly<Record<string, number>>>({})
  useChanges((change) => {
    if (change !== 'everything' && change.what === 'issue' && change.id === issue)
      setTold(change.pictures ?? {})
  })
  const tiers = shelf?.publication?.tiers ?? { public: 'Public', subscriber: 'Subscriber', member: 'Member' }
  return (
    <div class="preview">
      <div class="toolbar">
        <Choice
          label="Reader"
          options={(['public', 'subscriber', 'member'] as const).map((each) => ({
            value: each,
            label: tiers[each],
          }))}
          chosen={tier}
          onChoose={setTier}
        />
        <Choice label="Width" options={widths} chosen={width} onChoose={setWidth} />
        <Choice label="Colours" options={schemes} chosen={scheme} onChoose={setScheme} />
      </div>
      {value === null && error === null && <p class="loading">The mail is being built …</p>}
      {error !== null && <Notice tone="error">{error}</Notice>}
      {value?.stale === true && (
        <Notice tone="warning">The newest version has errors; this is the last one that had none.</Notice>
      )}
      {value !== null && (
        <Frame
          title={`The mail, for ${tiers[tier]}`}
          src={`${value.frames.mail}?${new URLSearchParams({ scheme, v: String(Math.max(value.version, told[value.tier] ?? 0)) }).toString()}`}
          {...(width === 'phone' ? { width: 375 } : {})}
        />
      )}
    </div>
  )
}
