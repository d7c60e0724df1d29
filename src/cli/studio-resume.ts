import type { App } from '../app.ts'
import { OnrecordError } from '../core/errors.ts'
import { isSentBackSince } from '../delivery/approval.ts'
import type { Round, RoundKind } from '../delivery/round.ts'
import type { Scheduled } from '../delivery/schedule.ts'

/**
 * What was held starts now, with the text that was frozen.
 * @throws OnrecordError `refused` where nothing is held, or somebody has sent the issue back since
 */
export async function release(app: App, { id, held, issue, frozenAt }: Scheduled): Promise<void> {
  if (held === null)
    throw new OnrecordError('refused', `${issue} waits for its time: there is nothing to go on with.`)
  if (isSentBackSince(await app.approvals.steps(issue), frozenAt))
    throw new OnrecordError('refused', `${issue} was sent back after it was scheduled.`, {
      hint: 'approve it again, or take the send back',
    })
  await app.schedule.release(id, Date.now())
}

/** @throws OnrecordError `refused` where what is unknown may not be sent once more */
export function refuseResending({ state, issue, kind, transport }: Round, now: RoundKind): void {
  if (state === 'cancelled')
    throw new OnrecordError('refused', `The sending of ${issue} was cancelled; nobody gets it again.`)
  if (kind !== now)
    throw new OnrecordError(
      'refused',
      kind === 'real'
        ? `${issue} went through ${transport}, and SMTP_URL is not set.`
        : `${issue} was only rehearsed, and SMTP_URL is set.`,
      { hint: 'send it again through what it went through' },
    )
}
