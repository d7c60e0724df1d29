import { OnrecordError, messageOf } from '../core/errors.ts'
import { isSentBackSince, type ApprovalStore } from './approval.ts'
import { refuseFrozen, type OpenRoundOptions } from './open-round.ts'
import { refuseRestored } from './restored.ts'
import type { Round, RoundKind } from './round.ts'
import type { Scheduled } from './schedule.ts'
import type { ScheduleDesk } from './schedule-issue.ts'
import { describeWait } from './schedule-time.ts'
import { refuseTakenOut } from './taken-out.ts'

/** A start so late is no longer what the editor had in mind: it waits for a person. In milliseconds. */
export const LATEST_START_MS = 3_600_000

const FREEZE_CHUNK = 2_500

export interface StartOptions {
  readonly kind: RoundKind
  readonly now: number
  /** Through what it goes; asked for where something is due. */
  readonly through: () => Promise<OpenRoundOptions['transport']>
  readonly interrupted: AbortSignal
  /** One line of what it does, without addresses. */
  readonly log: (line: string) => void
}

/** What starting takes: also the record, since nobody who sent an issue back expects it to go out. */
export type StartDesk = ScheduleDesk & { readonly approvals: Pick<ApprovalStore, 'steps'> }

/**
 * Starts what is due: its row becomes a round whose audience is frozen now. What is more than an hour late, or must
 * not be sent as things are, is held with its reason instead. Safe to be called by several processes at once and to be
 * killed at any moment: a round that was begun is left `freezing`, which a worker goes on with.
 */
export async function startScheduled(desk: StartDesk, options: StartOptions): Promise<void> {
  const { kind, now, log, interrupted } = options
  for (const scheduled of await desk.schedule.list(kind)) {
    if (scheduled.at > now || interrupted.aborted) return
    if (scheduled.held !== null) continue
    const { id, issue, at } = scheduled
    const obstacle = now - at > LATEST_START_MS ? tooLate(scheduled) : await whyNot(desk, scheduled, options)
    if (obstacle !== null) {
      if (await desk.schedule.hold(id, obstacle)) log(`${issue}: not started: ${obstacle}`)
      continue
    }
    const round = await desk.schedule.begin(id)
    if (round === null) continue
    const late = now - at < 60_000 ? '' : `, ${describeWait(at, now)}`
    log(`${issue}: starts as scheduled${late}`)
    await freezeAudience(desk, round, interrupted)
  }
}

function tooLate({ issue }: Scheduled): string {
  return `no worker was running at its time, nor within an hour of it: “onrecord send ${issue}” sends it now, “--at” at another time`
}

/** Why it must not be sent as things are now. */
async function whyNot(
  desk: StartDesk,
  { issue, kind, newsletter, editions, frozenAt }: Scheduled,
  { through }: StartOptions,
): Promise<string | null> {
  if (isSentBackSince(await desk.approvals.steps(issue), frozenAt))
    return `it was sent back after it was scheduled: approve it again, or take it back (“onrecord send ${issue} --cancel”)`
  try {
    if (kind === 'real') await refuseRestored(desk.deliveries, issue)
    await refuseTakenOut(desk.deliveries, issue, kind)
    await refuseFrozen(desk, { newsletter, editions }, { transport: await through() })
    return null
  } catch (error) {
    if (!(error instanceof OnrecordError) || error.code !== 'refused') throw error
    return messageOf(error).replace(/\.$/, '')
  }
}

async function freezeAudience(
  { deliveries }: ScheduleDesk,
  { id }: Round,
  interrupted: AbortSignal,
): Promise<void> {
  while ((await deliveries.freezeChunk(id, FREEZE_CHUNK)).more) if (interrupted.aborted) return
  const sealed = await deliveries.seal(id)
  if (sealed.state === 'sending' && sealed.total === 0) await deliveries.setState(id, 'done', null)
}
