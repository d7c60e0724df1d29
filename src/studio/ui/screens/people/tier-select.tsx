import type { PublicationHead } from '../../../contract/issues.ts'
import type { SubscriberTier } from '../../../contract/people.ts'
import { Select } from '../../parts/field.tsx'
import { tierName } from './words.ts'

/** One of the two tiers that people have, by the publication's names. */
export function TierSelect(props: {
  readonly value: SubscriberTier
  readonly onChange: (tier: SubscriberTier) => void
  readonly publication: PublicationHead | null
}) {
  const { value, onChange, publication } = props
  return (
    <Select
      label="Tier"
      value={value}
      onChange={(chosen) => onChange(chosen === 'member' ? 'member' : 'subscriber')}
      options={(['subscriber', 'member'] as const).map((each) => ({
        value: each,
        label: tierName(publication, each),
      }))}
    />
  )
}
