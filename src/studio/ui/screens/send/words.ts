import type { SendingCounts, SendingPlan, SendingState, SendingTo } from '../../../contract/sending.ts'

/** How numbers are written: in English, as everything here is. */
export interface Figures {
  /** 12,431 */
  readonly number: (count: number) => string
  /** “1 person”, “12,431 people”. */
  readonly people: (count: number) => string
}

const format = new Intl.NumberFormat('en')
const number = (count: number): string => format.format(count)

export const figures: Figures = {
  number,
  people: (count) => `${number(count)} ${count === 1 ? 'person' : 'people'}`,
}

/** “12,431”, “12.431” and “12 431” are the number 12431; anything else but digits is none. */
export function readNumber(text: string): number | null {
  const digits = text.trim().replace(/(?<=\d)[\s.,'’\u00a0\u202f](?=\d{3})/g, '')
  return /^\d{1,9}$/.test(digits) ? Number(digits) : null
}

/** “3 min 20 s”. */
export function duration(seconds: number): string {
  if (seconds < 60) return `${seconds} s`
  const minutes = Math.floor(seconds / 60)
  return minutes < 60
    ? `${minutes} min ${seconds % 60} s`
    : `${Math.floor(minutes / 60)} h ${minutes % 60} min`
}

/** What became of a message, in the order in which it is told. */
export const stateRows: readonly {
  readonly name: string
  readonly means: string
  readonly of: (counts: SendingCounts) => number
  readonly tone?: 'good' | 'warning' | 'error'
}[] = [
  { name: 'Accepted', means: 'their server took it', of: (counts) => counts.accepted, tone: 'good' },
  {
    name: 'Waiting',
    means: 'not sent yet',
    of: ({ queued, claimed, onWire }) => queued + claimed + onWire,
  },
  {
    name: 'Put off',
    means: 'their server said: later; it is tried again for 48 hours',
    of: (counts) => counts.deferred,
    tone: 'warning',
  },
  {
    name: 'Refused',
    means: 'their server said: never',
    of: (counts) => counts.rejected,
    tone: 'error',
  },
  {
    name: 'Unknown',
    means: 'the connection broke before the answer; they may have it',
    of: (counts) => counts.unknown,
    tone: 'warning',
  },
  { name: 'Left out', means: 'they left, or must not be written to', of: (counts) => counts.suppressed },
  { name: 'Cancelled', means: 'stopped before it was their turn', of: (counts) => counts.cancelled },
  { name: 'Bounced', means: 'accepted, and sent back later', of: (counts) => counts.bounced, tone: 'error' },
  { name: 'Complained', means: 'reported as spam', of: (counts) => counts.complained, tone: 'error' },
]

export const stateNames: Readonly<Record<SendingState, string>> = {
  scheduled: 'Scheduled',
  freezing: 'Starting',
  sending: 'Being sent',
  paused: 'Paused',
  done: 'Sent',
  cancelled: 'Cancelled',
}

/** Whom of the newsletter, by the publication's names of the tiers. */
export function toName(to: SendingTo, tiers: Readonly<Record<'subscriber' | 'member', string>>): string {
  return to === 'everybody' ? 'Everybody' : `Only tier “${tiers[to]}”`
}

/** How many of those chosen would get it. */
export function countOf({ audience }: Pick<SendingPlan, 'audience'>, to: SendingTo): number {
  return to === 'everybody' ? audience.total : audience[to]
}
