import type { SubscriberTier } from '../subscribers/subscriber.ts'
import type { Address } from '../subscribers/address.ts'
import { recreateMessage, type Making } from './provenance.ts'
import { replyMeaning } from './reply-meaning.ts'
import type { DeliveryRecord } from './report.ts'
import type { DeliveryState } from './round.ts'

/** One delivery to a person, as their history lists it. */
export interface PastDelivery extends DeliveryRecord {
  readonly id: number
  readonly tier: SubscriberTier
  /** Of the edition that was frozen; null where that is not in the store. */
  readonly subject: string | null
}

/** What was meant for one person, whatever their address was then. */
export interface DeliveryHistory {
  /**
   * The newest first.
   * @param page.after the `next` of the page before; null: from the newest on
   * @returns `next`: where to go on, or null when that was the end
   */
  page(
    who: Address | { readonly publicId: string },
    page: { readonly after: number | null; readonly limit: number },
  ): Promise<{ readonly deliveries: readonly PastDelivery[]; readonly next: number | null }>
  /** Null: there is no such delivery. */
  delivery(id: number): Promise<PastDelivery | null>
}

/** What exactly a person received, or would have. */
export interface Received {
  /** The message as our server was given it; null when it cannot be made again: `differs` says why. */
  readonly bytes: Buffer | null
  /** Byte for byte what was sent, the DKIM-Signature included. */
  readonly exact: boolean
  /** What is not as it was sent, in plain words. */
  readonly differs: readonly string[]
}

/** What a state means for the person, in words. */
export const stateMeanings: Readonly<Record<DeliveryState, string>> = {
  queued: 'waiting to be sent',
  claimed: 'about to be sent',
  on_wire: 'being sent now',
  deferred: 'put off by their server, to be tried again',
  accepted: 'accepted by their server',
  rejected: 'refused by their server',
  unknown: 'it is not known whether they have it',
  suppressed: 'left out: they left, or must not be written to',
  cancelled: 'cancelled before it was sent',
  bounced: 'accepted, and sent back later',
  complained: 'accepted, and reported as spam',
}

/**
 * Makes the message of a delivery again, from what its row and its edition kept: how the person is called and
 * where they have their mail now does not matter.
 * @returns null: there is no such delivery
 */
export async function received(
  making: Making,
  history: Pick<DeliveryHistory, 'delivery'>,
  id: number,
): Promise<Received | null> {
  const delivery = await history.delivery(id)
  if (delivery === null) return null
  const made = await recreateMessage(making, delivery)
  if ('reason' in made) return { bytes: null, exact: false, differs: [`${capitalised(made.reason)}.`] }
  const differs = made.differs.map((each) => `${capitalised(each)}.`)
  return { bytes: made.raw, exact: differs.length === 0, differs }
}

/**
 * What became of a delivery, in a sentence or two for the person who asks.
 *
 * @example “Refused by their server: there is no such address.”
 */
export function deliverySentence({
  state,
  reply,
  round,
}: Pick<DeliveryRecord, 'state' | 'reply' | 'round'>): string {
  const meaning = reply === null ? null : replyMeaning(reply)
  const why = meaning === null || state === 'accepted' ? '' : `: ${meaning}`
  // Our own words for what broke say it themselves.
  const own = meaning === null && reply !== null && !/^\d{3}[ -]/.test(reply) ? ` (${reply})` : ''
  if (round.kind === 'rehearsal' && state === 'accepted')
    return 'A rehearsal: it went to the outbox, to nobody.'
  const rehearsal = round.kind === 'rehearsal' ? 'A rehearsal. ' : ''
  return `${rehearsal}${capitalised(stateMeanings[state])}${why}${own}.`
}

/** When a delivery was begun and when it came to its end, milliseconds since the epoch; null: not yet, or never. */
export function deliverySpan(
  delivery: Pick<DeliveryRecord, 'state' | 'firstAttemptAt' | 'acceptedAt' | 'updatedAt'>,
): { readonly begunAt: number | null; readonly endedAt: number | null } {
  const { state, firstAttemptAt, acceptedAt, updatedAt } = delivery
  switch (state) {
    case 'queued':
    case 'claimed':
    case 'on_wire':
    case 'deferred':
    case 'unknown':
      return { begunAt: firstAttemptAt, endedAt: null }
    case 'accepted':
    case 'bounced':
    case 'complained':
      return { begunAt: firstAttemptAt, endedAt: acceptedAt ?? updatedAt }
    case 'rejected':
    case 'suppressed':
    case 'cancelled':
      return { begunAt: firstAttemptAt, endedAt: updatedAt }
  }
}

function capitalised(text: string): string {
  return text.charAt(0).toUpperCase() + text.slice(1)
}
