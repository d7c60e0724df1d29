import { OnrecordError } from '../core/errors.ts'
import { isFrozenIn } from './frozen-change.ts'
import {
  freezeContent,
  kindOf,
  refuseCancelled,
  refuseCorrecting,
  refuseFrozen,
  toOf,
  type OpenRoundOptions,
} from './open-round.ts'
import type { ReadyIssue, SendingDesk } from './publish.ts'
import { refuseRestored } from './restored.ts'
import type { Round } from './round.ts'
import type { NewScheduled, Scheduled, ScheduleStore } from './schedule.ts'
import { refuseTakenOut } from './taken-out.ts'

export type ScheduleDesk = SendingDesk & { readonly schedule: ScheduleStore }

export interface ScheduleIssueOptions extends Omit<OpenRoundOptions, 'publish'> {
  /** Milliseconds since the epoch. */
  readonly at: number
}

/**
 * Freezes the issue's text as it is now, to go out at a time; what was scheduled of it before is replaced. Of an
 * issue that was sent, it is those confirmed since who get what was frozen then.
 * @throws OnrecordError `refused` where it is in flight or was cancelled, and for whatever `send` refuses
 */
export async function scheduleIssue(
  desk: ScheduleDesk,
  issue: string,
  options: ScheduleIssueOptions,
): Promise<Scheduled> {
  const kind = kindOf(options)
  if (kind === 'real') await refuseRestored(desk.deliveries, issue)
  await refuseTakenOut(desk.deliveries, issue, kind)
  const latest = await desk.deliveries.round(issue, kind)
  const scheduled = await desk.schedule.set(await planned(desk, issue, latest, options))
  if (scheduled !== null) return scheduled
  throw inFlight(issue, 'in flight')
}

/**
 * Whether what follows a round that is done is a rehearsal for everybody: the issue has changed, or nobody is left
 * whom the last one did not reach. Of a real send it never is.
 */
export async function isRehearsedAnew(
  desk: Pick<ScheduleDesk, 'schedule'>,
  latest: Round,
  ready: ReadyIssue | null,
): Promise<boolean> {
  if (latest.kind !== 'rehearsal') return false
  if (ready !== null && !isFrozenIn(latest, ready)) return true
  const left = await desk.schedule.audience(latest)
  return left.subscriber + left.member === 0
}

async function planned(
  desk: ScheduleDesk,
  issue: string,
  latest: Round | null,
  options: ScheduleIssueOptions,
): Promise<NewScheduled> {
  const kind = kindOf(options)
  const { at, corrected = false } = options
  if (corrected) refuseCorrecting(issue, latest)
  if (latest === null || latest.state === 'cancelled') {
    if (latest !== null && kind === 'real' && !corrected && (await desk.deliveries.hasGoneOut(latest.id)))
      throw refuseCancelled(issue)
    return anew(desk, await options.ready(), latest, options)
  }
  if (latest.state !== 'done') throw inFlight(issue, latest.state === 'paused' ? 'paused' : 'in flight')
  if (kind === 'rehearsal') {
    const ready = await options.ready()
    if (await isRehearsedAnew(desk, latest, ready)) return anew(desk, ready, latest, options)
  }
  await refuseFrozen(desk, latest, options)
  const { number, newsletter, editions } = latest
  const settings = { to: options.to ?? null }
  return { issue, kind, number, at, newsletter, transport: options.transport.label, settings, editions }
}

async function anew(
  desk: ScheduleDesk,
  ready: ReadyIssue,
  before: Round | null,
  options: ScheduleIssueOptions,
): Promise<NewScheduled> {
  // It goes on the site when it starts.
  const frozen = await freezeContent(desk, ready, { ...options, to: toOf(before, options), publish: false })
  await desk.editions.save(ready.editions.public)
  return {
    ...frozen,
    issue: ready.id,
    kind: kindOf(options),
    number: (before?.number ?? 0) + 1,
    at: options.at,
  }
}

function inFlight(issue: string, how: string): OnrecordError {
  return new OnrecordError('refused', `The sending of ${issue} is ${how}: there is nothing to schedule.`, {
    hint: `“onrecord status ${issue}” says how far it is; “onrecord send ${issue}” goes on with it`,
  })
}
