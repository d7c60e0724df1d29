import { parseAddress } from './address.ts'
import type { Consent } from './consent.ts'
import type { Account, Accounts, MailFormat, PersonalData } from './readers.ts'
import type { SubscriberStore } from './store.ts'
import { stateOf, type Subscriber, type SubscriberState } from './subscriber.ts'

/** Everything that is kept of one person, as a page about them shows it. Times in milliseconds since the epoch. */
export interface PersonDetails {
  readonly subscriber: Subscriber
  readonly state: SubscriberState
  readonly format: MailFormat
  /** What they agreed to and withdrew, with the words and the form, in the order in which it was. */
  readonly consents: readonly Consent[]
  /** An address change that waits for a yes. */
  readonly change: Account['change']
  /** In how many browsers they are logged in. */
  readonly sessions: number
  /** When they took back the links in their mail; null: never. */
  readonly linksRevokedAt: number | null
  /** Mail to them alone that waits to be sent. */
  readonly letters: readonly WaitingLetter[]
  /** When they moved away from former addresses, of which no more is kept. */
  readonly movedAt: readonly number[]
  /** What they would download: every row there is of them. Null once erased. */
  readonly kept: PersonalData | null
}

export interface WaitingLetter {
  /** `sign-up`, `log-in`, `welcome` … */
  readonly kind: string
  readonly askedAt: number
  readonly dueAt: number
}

/** Null: there is no such person. Of one who was erased, only that they were. */
export async function personDetails(
  subscribers: Pick<SubscriberStore, 'find'>,
  accounts: Pick<Accounts, 'account' | 'personalData'>,
  publicId: string,
): Promise<PersonDetails | null> {
  const subscriber = await subscribers.find({ publicId })
  if (subscriber === null) return null
  const account = await accounts.account(publicId)
  const kept = await accounts.personalData(publicId)
  return {
    subscriber,
    state: personState(subscriber),
    format: account?.format ?? 'html',
    consents: account?.consents ?? [],
    change: account?.change ?? null,
    sessions: rowsOf(kept, 'sessions').length,
    linksRevokedAt: timeOf(kept?.['person'], 'viewsFrom'),
    letters: rowsOf(kept, 'letters').map((row) => ({
      kind: String(Reflect.get(row, 'kind')),
      askedAt: timeOf(row, 'askedAt') ?? 0,
      dueAt: timeOf(row, 'dueAt') ?? 0,
    })),
    movedAt: rowsOf(kept, 'formerAddresses').flatMap((row) => timeOf(row, 'changedAt') ?? []),
    kept,
  }
}

/**
 * One state for a person with several newsletters: what keeps all mail from them, else the one that gets them most.
 * @param newsletter of this one alone; null: of all
 */
export function personState(subscriber: Subscriber, newsletter: string | null = null): SubscriberState {
  if (subscriber.erasedAt !== null) return 'erased'
  if (subscriber.suppression !== null) return 'suppressed'
  const states = subscriber.subscriptions
    .filter((each) => newsletter === null || each.newsletter === newsletter)
    .map((each) => stateOf(subscriber, each))
  const order: readonly SubscriberState[] = ['confirmed', 'paused', 'pending', 'left']
  return order.find((state) => states.includes(state)) ?? 'left'
}

/** Whether somebody who is about to erase a person has typed that person’s address, in any spelling of it. */
export function isAddressOf(subscriber: Pick<Subscriber, 'address'>, typed: string): boolean {
  const [theirs, given] = [parseAddress(subscriber.address ?? ''), parseAddress(typed)]
  return theirs.ok && given.ok && theirs.value.key === given.value.key
}

function rowsOf(data: PersonalData | null, part: string): readonly object[] {
  const rows = data?.[part]
  return Array.isArray(rows) ? rows.filter((row) => typeof row === 'object' && row !== null) : []
}

/** Dates in the export are ISO 8601. */
function timeOf(row: unknown, key: string): number | null {
  if (typeof row !== 'object' || row === null) return null
  const at = Date.parse(String(Reflect.get(row, key)))
  return Number.isNaN(at) ? null : at
}
