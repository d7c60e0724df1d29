import type { Attempts } from './breaker.ts'
import type { ClaimedDelivery } from './round.ts'
import type { Pulse } from './slow-domains.ts'

/*
 * One recipient domain, as long as a send has to do with it:
 *
 *   open ──asks to slow down──▶ resting ──▶ open, half as wide; wider again with what is accepted
 *     └───refuses for policy──▶ held (an hour) ──▶ on trial ──accepted──▶ open
 *                                 ▲                   └──refused again
 *                                 └───────────────────────┘
 *
 * While it is resting, or as much is under way as it takes, its rows are parked.
 */

/** Times are milliseconds on a clock that does not go back. */
export interface Domain extends Attempts, Pulse {
  readonly name: string
  /** Messages under way. */
  underWay: number
  /** Messages that may be under way at a time; as many as there are lanes: any number. */
  width: number
  /** Accepted since it last got wider or narrower. */
  streak: number
  /** How often in a row it has asked for rest. */
  rests: number
  restsUntil: number
  hold: 'none' | 'held' | 'trial'
  heldUntil: number
  /** Why it rests or is held. */
  reply: string
  /** Kept for its pace. */
  after: number
  /** Its rows that wait; null as long as none ever did. */
  parked: Parked | null
  /** Parked rows wait for a time, and not for something under way. */
  listed: boolean
  lastAt: number
}

/** Rows that wait, first come, first served: the first few whole, the others by their ids. */
export interface Parked {
  readonly rows: ClaimedDelivery[]
  ids: number[]
  /** Of `ids`, so many have been read again. */
  taken: number
}

export function newDomain(name: string, width: number): Domain {
  const never = Number.NEGATIVE_INFINITY
  return {
    name,
    underWay: 0,
    width,
    streak: 0,
    rests: 0,
    restsUntil: never,
    hold: 'none',
    heldUntil: never,
    reply: '',
    after: never,
    parked: null,
    listed: false,
    attempts: 0,
    refused: 0,
    shortest: Number.POSITIVE_INFINITY,
    samples: 0,
    isSlow: false,
    lastAt: never,
  }
}

/** Lower case: of a domain, case says nothing (RFC 5321 §2.4). */
export function domainOf(address: string): string {
  return address.slice(address.lastIndexOf('@') + 1).toLowerCase()
}

const FIRST_REST = 1_000
const LONGEST_REST = 5 * 60_000

/** The domain asked for fewer messages; once for all that met the same storm. */
export function rest(domain: Domain, reply: string, now: number): void {
  if (now < domain.restsUntil) return
  domain.width = Math.max(1, Math.floor(domain.width / 2))
  domain.streak = 0
  domain.restsUntil = now + Math.min(LONGEST_REST, FIRST_REST * 2 ** domain.rests)
  domain.rests = Math.min(domain.rests + 1, 16)
  domain.reply = reply
}

/** Accepted messages after which a domain gets one more at a time. */
const STREAK = 20

/** A message was accepted: slowly back to full width. */
export function recover(domain: Domain, full: number): void {
  domain.streak += 1
  if (domain.streak < STREAK || (domain.width >= full && domain.rests === 0)) return
  domain.streak = 0
  domain.width = Math.min(full, domain.width + 1)
  domain.rests = Math.max(0, domain.rests - 1)
}

const HOLD = 3_600_000

export function hold(domain: Domain, reply: string, now: number): void {
  domain.hold = 'held'
  domain.heldUntil = now + HOLD
  domain.reply = reply
}

/** After its hour a domain is tried with one message. */
export function tryAgain(domain: Domain, now: number): void {
  if (domain.hold !== 'held' || now < domain.heldUntil) return
  domain.hold = 'trial'
  domain.width = 1
  domain.attempts = 0
  domain.refused = 0
}
