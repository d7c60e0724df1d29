import { tokenLife, type DueLetter } from '../../subscribers/readers.ts'
import { text, tierOf, type Row } from '../subscriber-rows.ts'
import { DAY, personAt, subscriptionState, type Desk } from './desk.ts'
import { countAnew, countOne } from './limits.ts'
import { makeOneTime } from './one-time.ts'

/** The count of confirmations (and of “you are subscribed already”) to one address. */
export const SIGN_UP_LETTER = 'sign-up letter'

/** Of each kind, to one address; who asks somebody to move there uses up nothing of their own letters. */
const limits = {
  'sign-up': { kind: SIGN_UP_LETTER, most: 1, windowMs: DAY },
  'change-from': { kind: 'change-from letter', most: 5, windowMs: DAY },
  'change-to': { kind: 'change-to letter', most: 5, windowMs: DAY },
} as const

/**
 * Anybody may ask for a log-in link to any address, so that no count may keep its owner out: within the first
 * window one of its three links still holds, and once the day's are used up another comes every hour.
 */
const logInLimits = {
  soon: { kind: 'log-in letter', most: 3, windowMs: tokenLife['log-in'] },
  day: { kind: 'log-in letter, day', most: 20, windowMs: DAY },
  after: { kind: 'log-in letter, hour', most: 1, windowMs: 3_600_000 },
} as const

/** A row of `letter` with a fresh token, as it is to be written now; null when it must not be. */
export function dueLetter(desk: Desk, row: Row): DueLetter | null {
  const hash = String(row['address_hash'])
  const kind = String(row['kind'])
  const suppressed = desk.people.suppression(hash)?.reason ?? null
  // Who was erased may come back, and show that an address is theirs, by their own word.
  if (suppressed !== null && !(suppressed === 'erased' && (kind === 'sign-up' || kind === 'change-to')))
    return null
  const person =
    typeof row['subscriber_id'] === 'number'
      ? desk.database
          .prepare('select * from subscriber where id = ? and erased_at is null')
          .get(row['subscriber_id'])
      : personAt(desk, hash)
  const made = make(desk, row, person)
  if (made === null) return null
  const id = Number(row['id'])
  const name = kind === 'change-to' || person === undefined ? null : text(person, 'name')
  return { id, askedAt: Number(row['asked_at']), name, ...made }
}

type Made = DueLetter extends infer L
  ? L extends DueLetter
    ? Omit<L, 'id' | 'askedAt' | 'name'>
    : never
  : never

function make(desk: Desk, row: Row, person: Row | undefined): Made | null {
  const newsletter = String(row['newsletter'])
  const address = String(row['address'])
  const addressHash = String(row['address_hash'])
  const detail = JSON.parse(String(row['detail'])) as Record<string, unknown>
  const kind = String(row['kind'])
  const id = person === undefined ? null : Number(person['id'])
  // As they write it themselves, whatever spelling a form was sent with.
  const own = (person === undefined ? null : text(person, 'address')) ?? address
  const token = { person: id, address: own, addressHash, newsletter, detail }
  switch (kind) {
    case 'sign-up': {
      if (!first(desk, row, kind)) return null
      const state = id === null ? null : subscriptionState(desk, id, newsletter)
      const known = state === 'confirmed' || state === 'paused'
      const purpose = known ? 'log-in' : 'confirm'
      const made = makeOneTime(desk, { ...token, purpose, detail: known ? {} : detail })
      return { kind: known ? 'already' : 'confirm', address: own, newsletter, token: made }
    }
    case 'log-in': {
      if (id === null || !mayLogIn(desk, row)) return null
      const next = typeof detail['next'] === 'string' ? detail['next'] : null
      return { kind, address: own, token: makeOneTime(desk, { ...token, purpose: kind }), next }
    }
    case 'welcome': {
      if (person === undefined || id === null) return null
      if (subscriptionState(desk, id, newsletter) !== 'confirmed') return null
      return { kind, address: own, newsletter, publicId: String(person['public_id']), tier: tierOf(person) }
    }
    case 'change-from':
    case 'change-to': {
      if (id === null) return null
      const change = desk.database.prepare('select * from address_change where subscriber_id = ?').get(id)
      if (change === undefined || !first(desk, row, kind)) return null
      const made = makeOneTime(desk, { ...token, address, purpose: kind }, Number(change['expires_at']))
      return { kind, address, token: made }
    }
    case 'changed':
      return { kind, address }
    default:
      return null
  }
}

/**
 * Whether one more of its kind may go to the address today. A letter that is tried again was counted; of
 * sign-ups one is tried at a time, and the day begins when it was tried last.
 */
function first(desk: Desk, row: Row, letter: keyof typeof limits): boolean {
  const { kind, ...limit } = limits[letter]
  const hash = String(row['address_hash'])
  const isTriedAgain = Number(row['attempts']) > 0
  if (letter === 'sign-up' && isTriedAgain) countAnew(desk, kind, hash, DAY)
  if (isTriedAgain) return true
  return !(letter === 'sign-up' && isTried(desk, hash)) && countOne(desk, kind, hash, limit)
}

/** The same for a log-in link. */
function mayLogIn(desk: Desk, row: Row): boolean {
  if (Number(row['attempts']) > 0) return true
  const count = ({ kind, ...limit }: (typeof logInLimits)[keyof typeof logInLimits]): boolean =>
    countOne(desk, kind, String(row['address_hash']), limit)
  return count(logInLimits.soon) && (count(logInLimits.day) || count(logInLimits.after))
}

function isTried({ database }: Desk, hash: string): boolean {
  const row = database
    .prepare(`select 1 from letter where address_hash = ? and kind = 'sign-up' and attempts > 0`)
    .get(hash)
  return row !== undefined
}
