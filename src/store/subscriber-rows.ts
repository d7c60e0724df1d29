import type { SQLOutputValue } from 'node:sqlite'
import { OnrecordError } from '../core/errors.ts'
import type {
  Subscriber,
  Subscription,
  SubscriptionState,
  SubscriberTier,
} from '../subscribers/subscriber.ts'

export type Row = Readonly<Record<string, SQLOutputValue>>

/** Selects what `readSubscriber` reads; conditions, order and limit follow it. */
export const selectSubscriber = `
select s.id, s.public_id, s.address, s.name, s.tier, s.erased_at, s.created_at, s.updated_at,
  x.reason as suppression_reason, x.note as suppression_note, x.created_at as suppression_at,
  (select json_group_array(json_object('newsletter', n.newsletter, 'state', n.state,
      'consentAt', n.consent_at, 'consentSource', n.consent_source, 'leftAt', n.left_at,
      'pausedUntil', case n.state when 'paused' then n.paused_until end) order by n.newsletter)
    from subscription n where n.subscriber_id = s.id) as subscriptions
from subscriber s
left join suppression x on x.address_hash = s.address_hash`

/** A row of `selectSubscriber` as a subscriber. */
export function readSubscriber(row: Row): Subscriber {
  const reason = text(row, 'suppression_reason')
  return {
    id: number(row, 'id'),
    publicId: needed(text(row, 'public_id'), 'public_id'),
    address: text(row, 'address'),
    name: text(row, 'name'),
    tier: tierOf(row),
    subscriptions: subscriptionsOf(row),
    suppression:
      reason === null
        ? null
        : { reason, note: text(row, 'suppression_note'), createdAt: number(row, 'suppression_at') },
    erasedAt: maybeNumber(row, 'erased_at'),
    createdAt: number(row, 'created_at'),
    updatedAt: number(row, 'updated_at'),
  }
}

/** The tier in a row; the schema lets no other value in. */
export function tierOf(row: Row): SubscriberTier {
  return row['tier'] === 'member' ? 'member' : 'subscriber'
}

/** The state of a subscription in a row, or null where there is none. */
export function subscriptionStateOf(row: Row): SubscriptionState | null {
  const state = text(row, 'state')
  switch (state) {
    case 'pending':
    case 'confirmed':
    case 'left':
    case 'paused':
    case null:
      return state
    default:
      throw damaged('state')
  }
}

/** A text column, null when empty or not there. */
export function text(row: Row, column: string): string | null {
  const value = row[column]
  return typeof value === 'string' ? value : null
}

/** A number column that is never null. */
export function number(row: Row, column: string): number {
  return needed(maybeNumber(row, column), column)
}

/** A number column, or null. */
export function maybeNumber(row: Row, column: string): number | null {
  const value = row[column]
  return typeof value === 'number' ? value : null
}

function subscriptionsOf(row: Row): readonly Subscription[] {
  // Written by `selectSubscriber` from columns that the schema has checked.
  return JSON.parse(text(row, 'subscriptions') ?? '[]') as readonly Subscription[]
}

function needed<T>(value: T | null, column: string): T {
  if (value === null) throw damaged(column)
  return value
}

function damaged(column: string): OnrecordError {
  return new OnrecordError('io', `The store is damaged: a person has no readable “${column}”.`, {
    hint: 'restore the last backup',
  })
}
