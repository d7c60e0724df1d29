import type { Address } from './address.ts'
import type { SubscriberTier, SubscriptionState } from './subscriber.ts'

/** One row of a file, read and checked. */
export interface ImportRow {
  /** The line of the file on which it begins. */
  readonly line: number
  readonly address: Address
  readonly newsletter: string
  /** Null: the file says nothing, and what is known stays. */
  readonly name: string | null
  readonly tier: SubscriberTier | null
  readonly state: SubscriptionState | 'suppressed' | null
  readonly consentAt: number | null
  readonly consentSource: string
  /** What the file says besides; kept with the consent. */
  readonly proof?: {
    /** When they asked, where that was before they confirmed. */
    readonly askedAt: number | null
    readonly leftAt: number | null
    readonly suppressedFor: string | null
    /** “Ghost’s export of members”; null: of no known system. */
    readonly title: string | null
  }
}

/** What became of a row: `added` is a subscription that did not exist. */
export type ImportOutcome = { readonly kind: 'added' | 'updated' | 'unchanged' } | Refusal

/** A row that is not carried out. */
export interface Refusal {
  readonly kind: 'refused'
  readonly why: RefusalReason
  /** One sentence that holds nothing personal but a word that was not understood. */
  readonly reason: string
}

/** Why, in one word for each: what is kept from before, what is said there, and what cannot be read. */
export const refusalReasons = [
  'left',
  'suppressed',
  'erased',
  'here',
  'there',
  'twice',
  'address',
  'name',
  'date',
  'word',
  'row',
] as const

export type RefusalReason = (typeof refusalReasons)[number]

/** What the store knows about the address of a row. */
export interface Known {
  /** The reason of a suppression, or null. */
  readonly suppressed: string | null
  readonly person: { readonly name: string | null; readonly tier: SubscriberTier } | null
  readonly subscription: { readonly state: SubscriptionState; readonly leftAt: number | null } | null
  /** When they last said here themselves that they want what the row would end; null: never. */
  readonly chosenAt: number | null
}

/** What the store is to write for a row. */
export interface Merge {
  readonly outcome: ImportOutcome
  /** The person as they are to be, or null: leave them. */
  readonly person: { readonly name: string | null; readonly tier: SubscriberTier } | null
  /** The subscription's new state, or null: leave it. */
  readonly state: SubscriptionState | null
  readonly suppress: boolean
}

/**
 * Decides what a row of a file may change. A file can take people off, never put back someone
 * who left, who is suppressed or who was erased: such a row is refused as a whole. So is an opt-out
 * that is older than their own consent here.
 */
export function mergeRow(known: Known, row: ImportRow): Merge {
  if (row.state === 'suppressed') return mergeSuppressed(known, row)
  if (known.suppressed === 'erased') return refused('erased', 'was erased on request and is not added again')
  if (known.suppressed !== null)
    return refused('suppressed', `is suppressed (${known.suppressed}) and stays so`)
  const before = known.subscription
  if (before?.state === 'left' && row.state !== 'left') {
    const since = before.leftAt === null ? '' : ` on ${new Date(before.leftAt).toISOString().slice(0, 10)}`
    return refused('left', `left${since} and is not subscribed again`)
  }
  if (before !== null && row.state === 'left' && before.state !== 'left' && isOutdated(known, row))
    return refusedOutdated(known)
  const state = nextState(before?.state ?? null, row.state ?? 'confirmed')
  const person = nextPerson(known, row)
  if (before === null) return { outcome: { kind: 'added' }, person, state, suppress: false }
  const kind = state === null && person === null ? 'unchanged' : 'updated'
  return { outcome: { kind }, person, state, suppress: false }
}

/** The state to write, or null where the one that is there outranks what the file says. */
function nextState(before: SubscriptionState | null, wanted: SubscriptionState): SubscriptionState | null {
  if (before === null) return wanted
  if (before === wanted || before === 'left') return null
  switch (wanted) {
    case 'left':
      return 'left'
    case 'paused':
      return 'paused'
    case 'confirmed':
      // A pause is the person's own wish; a file does not end it.
      return before === 'pending' ? 'confirmed' : null
    case 'pending':
      return null
  }
}

function nextPerson(known: Known, row: ImportRow): Merge['person'] {
  // Somebody's former address, which is nobody's now.
  if (known.person === null && known.subscription !== null) return null
  const next = {
    name: row.name ?? known.person?.name ?? null,
    tier: row.tier ?? known.person?.tier ?? 'subscriber',
  }
  const same = known.person !== null && next.name === known.person.name && next.tier === known.person.tier
  return same ? null : next
}

function mergeSuppressed(known: Known, row: ImportRow): Merge {
  if (known.suppressed === 'erased') return refused('erased', 'was erased on request and is not added again')
  if (known.suppressed !== null)
    return { outcome: { kind: 'unchanged' }, person: null, state: null, suppress: false }
  if (isOutdated(known, row)) return refusedOutdated(known)
  return {
    outcome: { kind: known.subscription === null ? 'added' : 'updated' },
    person: nextPerson(known, row),
    state: known.subscription === null ? 'left' : null,
    suppress: true,
  }
}

const DAY = 86_400_000

/** Whether they consented here after they had opted out there. Without a date nobody knows, and the opt-out holds. */
function isOutdated({ chosenAt }: Known, { proof }: ImportRow): boolean {
  const at = proof?.leftAt ?? null
  if (at === null || chosenAt === null) return false
  // Midnight is most often a day without a time, which may have been its end.
  return (at % DAY === 0 ? at + DAY : at) < chosenAt
}

function refusedOutdated({ chosenAt }: Known): Merge {
  const day = new Date(chosenAt ?? 0).toISOString().slice(0, 10)
  return refused('here', `subscribed here itself on ${day}, after that opt-out, and stays so`)
}

function refused(why: RefusalReason, reason: string): Merge {
  return {
    outcome: { kind: 'refused', why, reason: `The address ${reason}.` },
    person: null,
    state: null,
    suppress: false,
  }
}
