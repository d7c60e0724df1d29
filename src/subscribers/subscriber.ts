import type { Tier } from '../core/tier.ts'

/** What a person with an address can be; `public` is everybody else. */
export type SubscriberTier = Exclude<Tier, 'public'>

export const subscriberTiers = ['subscriber', 'member'] as const satisfies readonly SubscriberTier[]

/**
 * What a person wants of one newsletter, apart from their tier:
 *
 * ```
 * pending ──▶ confirmed ◀──▶ paused
 *    └──────────▶ left ◀───────┘      left → confirmed only by the person's own word
 * ```
 */
export const subscriptionStates = ['pending', 'confirmed', 'left', 'paused'] as const

export type SubscriptionState = (typeof subscriptionStates)[number]

/** A subscription's state as it is acted on: erased and suppressed outrank what the person wants. */
export const subscriberStates = [...subscriptionStates, 'suppressed', 'erased'] as const

export type SubscriberState = (typeof subscriberStates)[number]

/** One person's consent to one newsletter. Times in milliseconds since the epoch. */
export interface Subscription {
  readonly newsletter: string
  readonly state: SubscriptionState
  readonly consentAt: number | null
  /** Where the consent was given: `operator`, `import:people.csv`, `sign-up` … */
  readonly consentSource: string | null
  readonly leftAt: number | null
  /** Null while paused: until the person comes back. */
  readonly pausedUntil: number | null
}

/** Why an address must not be written to, and since when. */
export interface Suppression {
  readonly reason: string
  readonly note: string | null
  readonly createdAt: number
}

/** All that the store keeps about one person, but for what they were sent. */
export interface Subscriber {
  readonly id: number
  /** Random; the only name of a person in links. */
  readonly publicId: string
  /** Null once erased, as the name. */
  readonly address: string | null
  readonly name: string | null
  readonly tier: SubscriberTier
  readonly subscriptions: readonly Subscription[]
  readonly suppression: Suppression | null
  readonly erasedAt: number | null
  readonly createdAt: number
  readonly updatedAt: number
}

/** The state that counts for `subscription` of `subscriber`. */
export function stateOf(
  subscriber: Pick<Subscriber, 'erasedAt' | 'suppression'>,
  subscription: Pick<Subscription, 'state'>,
): SubscriberState {
  if (subscriber.erasedAt !== null) return 'erased'
  return subscriber.suppression === null ? subscription.state : 'suppressed'
}
