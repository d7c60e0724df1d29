import { waiting, type RoundStatus } from '../delivery/status.ts'
import type { UsedUp } from '../delivery/limits.ts'
import type { DomainCount } from '../delivery/report.ts'
import type { TroubleGroup } from '../delivery/trouble-groups.ts'
import { domainLines, troubleHeading, troubleLines } from './domain-table.ts'
import {
  clock,
  counted,
  duration,
  number,
  paceText,
  people,
  progressLine,
  reasonText,
  shorten,
} from './round-text.ts'

/** What a watcher knows of a round at one moment. */
export interface Watched {
  /** With the rate of the last seconds. */
  readonly status: RoundStatus
  /** Null while they are counted for the first time. */
  readonly domains: readonly DomainCount[] | null
  readonly troubles: readonly TroubleGroup[]
  /** When the next deferred delivery may be tried, milliseconds since the epoch. */
  readonly nextDue: number | null
  /** Whether a process is sending now; null: not known. */
  readonly sender: boolean | null
  /** For how long no delivery has changed, in milliseconds. */
  readonly idle: number
  /** The limit that holds it up, if one does. */
  readonly usedUp: UsedUp | null
}

/** A sender that keeps a pace, or waits for a server, is not told of at once. */
const IDLE_MS = 30_000

/** A round as a few lines to be redrawn, none wider than `columns` and no more of them than `rows`. */
export function watchBlock(watched: Watched, columns: number, rows: number): string[] {
  const { status, domains, troubles } = watched
  const width = columns - 1
  const head = [
    `${status.issue}: ${stateText(status)}, through ${status.transport}`,
    progressLine(status, columns, null, paceText(status, null, watched.usedUp)),
    countsLine(status),
    ...situation(watched),
  ]
  const foot = ['', 'Ctrl-C ends the watching; the sending goes on.']
  const free = Math.max(0, rows - head.length - foot.length - 1)
  // Half of what is left is for what the servers say.
  const said = troubleLines(troubles, Math.max(0, Math.min(6, Math.floor(free / 2) - 2)), width)
  const below = said.length === 0 ? [] : ['', troubleHeading(troubles), ...said]
  // A blank line, a heading and a sum beside the domains themselves.
  const most = Math.min(10, free - below.length - 3)
  const table =
    domains === null
      ? ['', 'counting the domains …']
      : most < 1
        ? []
        : ['', ...domainLines(domains, most, width)]
  return [...head, ...table, ...below, ...foot].map((line) => shorten(line, width)).slice(0, rows - 1)
}

function stateText({ state, reason }: RoundStatus): string {
  return reason === null ? state : `${state} (${reasonText(reason)})`
}

/** Every state that has somebody, in words, in one line. */
function countsLine(status: RoundStatus): string {
  const parts: readonly (readonly [number, string])[] = [
    [status.queued + status.claimed + status.onWire, 'waiting'],
    [status.deferred, 'deferred'],
    [status.rejected + status.bounced, 'refused'],
    [status.unknown, 'unknown'],
    [status.suppressed, 'left out'],
    [status.cancelled, 'cancelled'],
    [status.complained, 'complained'],
  ]
  return [
    `${number(status.accepted)} accepted`,
    ...parts.filter(([count]) => count > 0).map(([count, text]) => `${number(count)} ${text}`),
  ].join(' · ')
}

/** What a person should know or do, or nothing. */
export function situation({
  status,
  nextDue,
  sender,
  idle,
  usedUp,
}: Pick<Watched, 'status' | 'nextDue' | 'sender' | 'idle' | 'usedUp'>): string[] {
  if (waiting(status) === 0 || status.state !== 'sending') return []
  if (sender === null) return []
  if (sender)
    return idle < IDLE_MS || usedUp !== null
      ? []
      : [`Nothing has moved for ${duration(idle)}: see the log of the process that sends.`]
  // A day's share is used up, or the like: it says itself when it goes on.
  if (status.reason !== null)
    return ['A worker goes on by itself: “onrecord serve” runs one, or “onrecord worker”.']
  if (waiting(status) > status.deferred) {
    const again = `Nobody is sending now: “onrecord send ${status.issue}” goes on with ${people(status.queued + status.claimed)}.`
    // Their rows say so as soon as somebody sends, pauses or cancels.
    return status.onWire === 0
      ? [again]
      : [
          again,
          `${counted(status.onWire, 'message')} on the wire when the sender ended: unknown from then on.`,
        ]
  }
  if (nextDue === null) return []
  return [
    nextDue <= Date.now()
      ? 'What is left is deferred and due now, and no worker runs: “onrecord worker”.'
      : `What is left is deferred: a worker tries it again from ${clock(nextDue)}.`,
  ]
}
