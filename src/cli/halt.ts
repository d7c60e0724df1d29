import type { App } from '../app.ts'
import type { Config } from '../config.ts'
import { OnrecordError } from '../core/errors.ts'
import type { Round } from '../delivery/round.ts'
import { readStatus } from '../delivery/status.ts'
import { exit, type Context, type ExitCode } from './context.ts'
import { refuseUnknownIssue } from './known-issue.ts'
import { stateLines } from './round-text.ts'
import { scheduledOf, timeOf } from './scheduled.ts'

/** `send --pause` and `--cancel`: what is not yet on the wire stays here; what is scheduled is taken back. */
export async function halt(
  context: Context,
  { issue, cancel }: { readonly issue: string; readonly cancel: boolean },
): Promise<ExitCode> {
  const config = context.config()
  const app = await context.app()
  const round = await haltRound(app, issue, cancel ? 'cancelled' : 'paused')
  if (round === null) return takeBack(context, app, config, { issue, cancel })
  const status = await readStatus(app.deliveries, round)
  if (context.options.json) context.print(JSON.stringify([status], null, 2))
  else {
    context.print(`${issue} is ${round.state}.`)
    for (const line of stateLines(status)) context.print(line)
    if (!cancel) context.print(`“onrecord send ${issue}” goes on.`)
    else if (!(await app.deliveries.hasGoneOut(round.id)))
      context.print(`Nothing of it had gone out: “onrecord send ${issue}” begins it anew.`)
    else
      context.print(
        `Whoever was not mailed gets nothing, unless “onrecord send ${issue} --corrected” sends them the issue as it is then.`,
      )
  }
  return exit.done
}

/** The reason of a pause that somebody asked for: they know. */
export const pausedByHand = 'paused by the operator'

/** Pauses or cancels what is in flight of an issue; null: nothing is. */
export async function haltRound(
  app: App,
  issue: string,
  state: 'paused' | 'cancelled',
): Promise<Round | null> {
  const open = (await app.deliveries.rounds(issue)).find((round) => isOpen(round))
  if (open === undefined) return null
  const reason = state === 'paused' ? pausedByHand : null
  const round = await app.deliveries.setState(open.id, state, reason)
  await settleDeadSender(app, round)
  return round
}

async function takeBack(
  context: Context,
  app: App,
  { root, publication }: Config,
  { issue, cancel }: { readonly issue: string; readonly cancel: boolean },
): Promise<ExitCode> {
  const scheduled = await scheduledOf(app, issue)
  if (scheduled === null) {
    if ((await app.deliveries.rounds(issue)).length === 0) refuseUnknownIssue(root, issue)
    throw new OnrecordError('refused', `Nothing of ${issue} is being sent.`, {
      hint: `“onrecord status ${issue}” says how it stands`,
    })
  }
  const when = timeOf(scheduled, publication)
  if (!cancel)
    throw new OnrecordError('refused', `${issue} is not being sent: it is scheduled for ${when}.`, {
      hint: `“onrecord send ${issue} --cancel” takes it back, “--at” gives it another time`,
    })
  if (!(await app.schedule.remove(scheduled.id)))
    throw new OnrecordError('refused', `${issue} has started, or was moved, this very moment.`, {
      hint: `“onrecord status ${issue}” says how it stands; run the command again to stop it`,
    })
  if (context.options.json)
    context.print(JSON.stringify([{ issue, scheduled: null, was: new Date(scheduled.at).toISOString() }]))
  else context.print(`${issue} is not scheduled any more (it was, for ${when}). Nothing of it was sent.`)
  return exit.done
}

/** What a sender that died had left on the wire is unknown; nobody may come after it who would say so. */
async function settleDeadSender(app: App, { id }: Round): Promise<void> {
  const lock = await app.lockSender(id)
  if (lock === null) return
  try {
    await app.deliveries.recover(id)
  } finally {
    await lock.release()
  }
}

function isOpen({ state }: Round): boolean {
  return state === 'freezing' || state === 'sending' || state === 'paused'
}
