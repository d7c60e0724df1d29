import type { RoundStatus } from '../delivery/status.ts'
import { waiting } from '../delivery/status.ts'

/** A send in one line that is redrawn: a bar, how far, how fast, how long yet. */
export function progressLine(status: RoundStatus, width: number, watching: boolean): string {
  const done = status.total - waiting(status)
  const share = status.total === 0 ? 0 : done / status.total
  const size = Math.max(10, Math.min(30, width - 60))
  const full = Math.round(share * size)
  const bar = '█'.repeat(full) + '░'.repeat(size - full)
  return [watching ? 'watching' : null, `${bar} ${Math.floor(share * 100)} %`, progressText(status)]
    .filter((part) => part !== null)
    .join('  ')
    .slice(0, Math.max(20, width - 1))
}

/** The same without a bar, for a log. */
export function progressText(status: RoundStatus): string {
  const left = waiting(status)
  const parts = [`${number(status.total - left)} of ${number(status.total)}`]
  if (status.state === 'freezing') return `freezing the audience: ${number(status.total)} so far`
  if (status.rate > 0) parts.push(`${number(Math.round(status.rate))}/s`)
  if (status.rate > 0 && left > 0) parts.push(`${duration((left / status.rate) * 1_000)} left`)
  if (status.deferred > 0) parts.push(`${number(status.deferred)} deferred`)
  if (status.rejected > 0) parts.push(`${number(status.rejected)} refused`)
  if (status.unknown > 0) parts.push(`${number(status.unknown)} unknown`)
  return parts.join(' · ')
}

/** What became of a round's deliveries, a line a state that has any. */
export function stateLines(status: RoundStatus): string[] {
  const rows: readonly (readonly [number, string])[] = [
    [status.accepted, 'accepted'],
    [status.queued + status.claimed + status.onWire, 'waiting'],
    [status.deferred, 'deferred: the server asked us to come back'],
    [status.rejected, 'refused by the server'],
    [status.unknown, `unknown: no answer came; “onrecord status ${status.issue} --unknown” lists them`],
    [status.suppressed, 'left out: they left, or must not be written to'],
    [status.cancelled, 'cancelled'],
    [status.bounced, 'bounced'],
    [status.complained, 'complained'],
  ]
  const width = number(status.total).length
  return rows
    .filter(([count]) => count > 0)
    .map(([count, text]) => `  ${number(count).padStart(width)} ${text}`)
}

/** “3 min 20 s”. */
export function duration(milliseconds: number): string {
  const seconds = Math.round(milliseconds / 1_000)
  if (milliseconds < 9_950) return `${(milliseconds / 1_000).toFixed(1)} s`
  if (seconds < 60) return `${seconds} s`
  const minutes = Math.floor(seconds / 60)
  if (minutes < 60) return `${minutes} min ${seconds % 60} s`
  return `${Math.floor(minutes / 60)} h ${minutes % 60} min`
}

/** 12345 as “12,345”. */
export function number(count: number): string {
  return count.toLocaleString('en-US')
}

/** “1 message”, “1,000 messages”. */
export function counted(count: number, noun: string): string {
  return `${number(count)} ${noun}${count === 1 ? '' : 's'}`
}

/** A time as people here write it: “14 Nov 2025, 09:30”. */
export function moment(at: number): string {
  return new Date(at).toLocaleString('en-GB', { dateStyle: 'medium', timeStyle: 'short' })
}

export function people(count: number): string {
  return count === 1 ? '1 person' : `${number(count)} people`
}
