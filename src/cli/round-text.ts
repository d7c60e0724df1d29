import type { UsedUp } from '../delivery/limits.ts'
import type { RoundStatus } from '../delivery/status.ts'
import { waiting } from '../delivery/status.ts'

/**
 * A send in one line that is redrawn: a bar, how far, how fast, how long yet.
 *
 * @param audience whom freezing will come to, where that is known
 * @param text beside the bar
 */
export function progressLine(
  status: RoundStatus,
  width: number,
  audience: number | null,
  text = progressText(status, audience),
): string {
  const freezing = status.state === 'freezing'
  const whole = freezing ? (audience ?? 0) : status.total
  const done = freezing ? status.total : status.total - waiting(status)
  if (whole === 0) return shorten(text, width - 1)
  const share = Math.min(1, done / whole)
  const percent = `${Math.floor(share * 100)} %`.padStart(5)
  // The bar gives way to the words.
  const size = Math.min(30, width - 1 - percent.length - text.length - 4)
  if (size < 5) return shorten(`${percent.trim()}  ${text}`, width - 1)
  const full = Math.round(share * size)
  return `${'█'.repeat(full)}${'░'.repeat(size - full)} ${percent}  ${text}`
}

/** The same without a bar, for a log. */
export function progressText(
  status: RoundStatus,
  audience: number | null = null,
  usedUp: UsedUp | null = null,
): string {
  const parts = [paceText(status, audience, usedUp)]
  if (status.state === 'freezing') return parts.join('')
  if (status.deferred > 0) parts.push(`${number(status.deferred)} deferred`)
  if (status.rejected > 0) parts.push(`${number(status.rejected)} refused`)
  if (status.unknown > 0) parts.push(`${number(status.unknown)} unknown`)
  return parts.join(' · ')
}

/** How far, how fast, how long yet; or what it waits for. */
export function paceText(status: RoundStatus, audience: number | null, usedUp: UsedUp | null = null): string {
  const left = waiting(status)
  if (status.state === 'freezing') {
    const whole = audience === null ? 'so far' : `of ${number(Math.max(audience, status.total))}`
    return `freezing the audience: ${number(status.total)} ${whole}`
  }
  const parts = [`${number(status.total - left)} of ${number(status.total)}`]
  const ready = left - status.deferred
  if (usedUp !== null && ready > 0)
    return [...parts, `${usedUp.reason}; goes on at ${clock(usedUp.until)}`].join(' · ')
  if (status.rate > 0) parts.push(`${rateText(status.rate)}/s`)
  if (status.rate > 0 && ready > 0) parts.push(`${duration((ready / status.rate) * 1_000)} left`)
  return parts.join(' · ')
}

/** A slow send is not one that stands. */
function rateText(rate: number): string {
  return rate < 10 ? rate.toFixed(1) : number(Math.round(rate))
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

/** “10:35”, with its day where that is not today. */
export function clock(at: number): string {
  const today = new Date(at).toDateString() === new Date().toDateString()
  return new Date(at).toLocaleString('en-GB', {
    ...(today ? {} : { dateStyle: 'medium' }),
    timeStyle: 'short',
  })
}

/** Cut to `width` characters, the cut marked. */
export function shorten(text: string, width: number): string {
  return text.length <= width ? text : `${text.slice(0, Math.max(0, width - 1))}…`
}

/** A time as the studio writes it: “14 Nov 2025, 09:30 CET”; by this machine's clock, or that of a zone. */
export function moment(at: number, timeZone?: string): string {
  return new Date(at).toLocaleString('en-GB', {
    ...{ day: 'numeric', month: 'short', year: 'numeric', hour: '2-digit', minute: '2-digit' },
    ...{ timeZone, timeZoneName: 'short' },
  })
}

/** Why a round stands, as people here write times: it is kept with those of a machine. */
export function reasonText(reason: string): string {
  return reason.replace(/\b\d{4}-\d\d-\d\dT[\d:.]+Z/g, (time) => moment(Date.parse(time)))
}

export function people(count: number): string {
  return count === 1 ? '1 person' : `${number(count)} people`
}
