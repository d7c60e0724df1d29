import { tokenLife, type DueLetter, type Wish } from '../../subscribers/readers.ts'
import { text, tierOf, type Row } from '../subscriber-rows.ts'
import type { OneTime } from './one-time-row.ts'
import { DAY } from './time.ts'

/* What a letter says, and whether it may go, out of what the store holds; the same on every database. */

/** A letter to write down. */
export interface NewLetter {
  readonly kind: string
  readonly person: number | null
  readonly address: string
  readonly addressHash: string
  readonly newsletter: string
  readonly detail: unknown
}

/** What a wish asks for: the same work for every address, nothing is looked up. */
export function asked(wish: Wish, hash: string): NewLetter {
  const to = { kind: wish.kind, person: null, address: wish.address.address, addressHash: hash }
  switch (wish.kind) {
    case 'sign-up':
      return { ...to, newsletter: wish.newsletter, detail: wish.proof }
    case 'log-in':
      return { ...to, newsletter: '', detail: { next: wish.next } }
  }
}

/** How long a letter on the wire is nobody else's: then its mailer has died, and it is due again. */
export const LETTER_LEASE = 2 * 60_000

/** When a letter that was put off is due again, an hour at the most between two tries; null: it is a day old. */
export function putOff(letter: Row, now: number): number | null {
  const due = now + Math.min(60_000 * 2 ** (Number(letter['attempts']) - 1), 3_600_000)
  return due >= Number(letter['asked_at']) + DAY ? null : due
}

/** How many letters of a kind one address may get. */
export interface LetterLimit {
  readonly kind: string
  readonly most: number
  readonly windowMs: number
}

/** The count of confirmations (and of “you are subscribed already”) to one address. */
export const SIGN_UP_LETTER = 'sign-up letter'

/**
 * One of each list must let it go, asked in this order. Anybody may ask for a log-in link to any address, so that no
 * count may keep its owner out: within the first window one of its three links still holds, and once the day's are
 * used up another comes every hour. Who asks somebody to move to an address uses up nothing of its owner's letters.
 */
const limits: Readonly<Record<string, readonly (readonly LetterLimit[])[]>> = {
  'sign-up': [[{ kind: SIGN_UP_LETTER, most: 1, windowMs: DAY }]],
  'log-in': [
    [{ kind: 'log-in letter', most: 3, windowMs: tokenLife['log-in'] }],
    [
      { kind: 'log-in letter, day', most: 20, windowMs: DAY },
      { kind: 'log-in letter, hour', most: 1, windowMs: 3_600_000 },
    ],
  ],
  'change-from': [[{ kind: 'change-from letter', most: 5, windowMs: DAY }]],
  'change-to': [[{ kind: 'change-to letter', most: 5, windowMs: DAY }]],
}

/** What the store holds about a letter that is due. */
export interface LetterFacts {
  /** Why its address is suppressed, or null. */
  readonly suppressed: string | null
  /** Whose it is, or who has the address now; not erased. */
  readonly person: Row | undefined
  /** Of that person, to the letter's newsletter. */
  readonly subscription: string | null
  /** When their wish to change their address ends; null: they have none. */
  readonly changeEndsAt: number | null
  /** Another sign-up of the address is being tried: of those one is at a time. */
  readonly signUpIsTried: boolean
}

/** A letter that is yet to be counted, and to get its token. */
export interface LetterDraft {
  readonly limits: readonly (readonly LetterLimit[])[]
  /** It was counted when it was first tried; of a sign-up, the day begins when it was tried last. */
  readonly countAnew: LetterLimit | null
  /** What its token stands for, and when that ends at the latest; null: it has none. */
  readonly oneTime: OneTime | null
  readonly endsBy: number
  written(token: string): DueLetter
}

/** A row of `letter` as it is to be written now; null when it must not be. */
export function draftLetter(row: Row, facts: LetterFacts): LetterDraft | null {
  const { suppressed, person, subscription, changeEndsAt } = facts
  const kind = String(row['kind'])
  // Who was erased may come back, and show that an address is theirs, by their own word.
  if (suppressed !== null && !(suppressed === 'erased' && (kind === 'sign-up' || kind === 'change-to')))
    return null
  const isTriedAgain = Number(row['attempts']) > 0
  if (kind === 'sign-up' && !isTriedAgain && facts.signUpIsTried) return null
  const newsletter = String(row['newsletter'])
  const written = String(row['address'])
  const detail = JSON.parse(String(row['detail'])) as Record<string, unknown>
  const id = person === undefined ? null : Number(person['id'])
  // As they write it themselves, whatever spelling a form was sent with.
  const own = (person === undefined ? null : text(person, 'address')) ?? written
  const to = {
    id: Number(row['id']),
    askedAt: Number(row['asked_at']),
    name: kind === 'change-to' || person === undefined ? null : text(person, 'name'),
  }
  const token = { person: id, address: own, addressHash: String(row['address_hash']), newsletter, detail }
  const draft = {
    limits: isTriedAgain ? [] : (limits[kind] ?? []),
    countAnew: isTriedAgain && kind === 'sign-up' ? (limits[kind]?.[0]?.[0] ?? null) : null,
    endsBy: Infinity,
  }
  switch (kind) {
    case 'sign-up': {
      const known = subscription === 'confirmed' || subscription === 'paused'
      const oneTime: OneTime = known
        ? { ...token, purpose: 'log-in', detail: {} }
        : { ...token, purpose: 'confirm' }
      const what = { ...to, kind: known ? ('already' as const) : ('confirm' as const) }
      return { ...draft, oneTime, written: (token) => ({ ...what, address: own, newsletter, token }) }
    }
    case 'log-in': {
      if (id === null) return null
      const next = typeof detail['next'] === 'string' ? detail['next'] : null
      const oneTime = { ...token, purpose: kind } as const
      return { ...draft, oneTime, written: (token) => ({ ...to, kind, address: own, token, next }) }
    }
    case 'welcome': {
      if (person === undefined || subscription !== 'confirmed') return null
      const whose = { publicId: String(person['public_id']), tier: tierOf(person) }
      return { ...draft, oneTime: null, written: () => ({ ...to, ...whose, kind, address: own, newsletter }) }
    }
    case 'change-from':
    case 'change-to': {
      if (id === null || changeEndsAt === null) return null
      const oneTime = { ...token, address: written, purpose: kind } as const
      const what = { ...to, kind, address: written } as const
      return { ...draft, oneTime, endsBy: changeEndsAt, written: (token) => ({ ...what, token }) }
    }
    case 'changed':
      return { ...draft, oneTime: null, written: () => ({ ...to, kind, address: written }) }
    default:
      return null
  }
}
