import { tiersOf } from '../../shell/tiers.ts'
import type { PublicationHead } from '../../../contract/issues.ts'
import type { SubscriberState } from '../../../contract/people.ts'

export const stateNames: Readonly<Record<SubscriberState, string>> = {
  confirmed: 'Confirmed',
  pending: 'Not confirmed',
  paused: 'Paused',
  left: 'Left',
  suppressed: 'Suppressed',
  erased: 'Erased',
}

export const stateTones = {
  confirmed: 'good',
  pending: 'info',
  paused: 'info',
  left: 'plain',
  suppressed: 'warning',
  erased: 'plain',
} as const satisfies Readonly<Record<SubscriberState, string>>

/** What a state means for the next issue. */
export const stateSentences: Readonly<Record<SubscriberState, string>> = {
  confirmed: 'They get every issue.',
  pending: 'They signed up and have not followed the link in the letter: no issue goes to them.',
  paused: 'They asked for a rest: no issue goes to them meanwhile.',
  left: 'They unsubscribed: no issue goes to them.',
  suppressed: 'Nothing is ever sent to this address.',
  erased:
    'Name, address and consents are deleted; a keyed hash keeps the address from coming back by an import.',
}

export function tierName(publication: PublicationHead | null, tier: 'subscriber' | 'member'): string {
  return tiersOf(publication)[tier]
}

export function newsletterName(publication: PublicationHead | null, key: string): string {
  const names = publication?.newsletters ?? {}
  return Object.hasOwn(names, key) ? (names[key] ?? key) : key
}

export function people(count: number): string {
  return `${count.toLocaleString('en')} ${count === 1 ? 'person' : 'people'}`
}
