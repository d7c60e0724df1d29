import type { App } from '../app.ts'
import { OnrecordError } from '../core/errors.ts'
import { refuseRestored } from '../delivery/restored.ts'
import type { Round } from '../delivery/round.ts'
import { resumeRound } from '../delivery/send-issue.ts'
import { readStatus } from '../delivery/status.ts'
import type { Transport } from '../delivery/transport.ts'
import { exit, type Context, type ExitCode } from './context.ts'
import { refuseUnknownIssue } from './known-issue.ts'
import { limitsOf, sayLimits } from './limits-of.ts'
import type { Resolution } from './resolutions.ts'
import { people, stateLines } from './round-text.ts'
import { drawProgress } from './send-progress.ts'
import { unknownRows } from './status-unknown.ts'
import { alignRows } from './table.ts'

interface Resolving {
  readonly issue: string
  readonly yes: boolean
}

/**
 * `send --resolve-unknown hold|resend <issue>`: of those whose end is not known. hold: they are not mailed
 * again, as before. resend: each once more, with the same Message-ID, and never a third time.
 */
export async function resolveUnknown(
  context: Context,
  how: Resolution,
  options: Resolving,
): Promise<ExitCode> {
  const { issue, yes } = options
  const app = await context.app()
  const round =
    (await app.deliveries.round(issue, 'real')) ?? (await app.deliveries.round(issue, 'rehearsal'))
  if (round === null) {
    refuseUnknownIssue(context.config().root, issue)
    throw new OnrecordError('not-found', `Nothing of ${issue} has been sent.`)
  }
  const unknown = await app.deliveries.unknowns(round.id)
  if (unknown.length > 0) {
    context.note(`${issue}: whether ${people(unknown.length)} got it is not known.`)
    if (context.options.verbose) for (const line of alignRows(unknownRows(unknown))) context.note(line)
    else context.note(`  “onrecord status ${issue} --unknown” lists them.`)
  }
  if (how === 'resend' && unknown.length > 0) await allowResend(context, app, round, unknown.length, yes)
  const resolved = await app.deliveries.resolveUnknowns(round.id, how)
  const sent = resolved.resent > 0 ? await sendAgain(context, app, round) : 'none'
  const now = (await app.deliveries.round(issue, round.kind)) ?? round
  const status = await readStatus(app.deliveries, now)
  if (context.options.json) {
    context.print(JSON.stringify([{ issue, resolution: how, ...resolved, status }], null, 2))
    return exit.done
  }
  for (const line of describe(issue, how, resolved, sent)) context.print(line)
  for (const line of stateLines(status)) context.print(line)
  return context.interrupted.aborted ? exit.interrupted : exit.done
}

/** @throws OnrecordError `refused` when nobody says yes, or where nothing may be sent */
async function allowResend(
  context: Context,
  app: App,
  round: Round,
  count: number,
  yes: boolean,
): Promise<void> {
  const real = round.kind === 'real'
  if (real) await refuseRestored(app.deliveries, round.issue)
  if (round.state === 'cancelled')
    throw new OnrecordError('refused', `The sending of ${round.issue} was cancelled; nobody gets it again.`)
  if (real !== (context.config().smtp !== null))
    throw new OnrecordError(
      'config',
      real
        ? `${round.issue} went through ${round.transport}, and SMTP_URL is not set.`
        : `${round.issue} was only rehearsed, and SMTP_URL is set.`,
      { hint: 'send it again through what it went through' },
    )
  const question = `Send it once more to ${people(count)}? Some may get it twice.`
  if (yes || (await context.confirm(question))) return
  throw new OnrecordError('refused', 'Nobody is mailed again.', {
    hint: 'answer “y” on a terminal, or give --yes',
  })
}

type Sent = 'sent' | 'none' | 'other process' | 'paused'

/** Sends what went back to the queue, where this process may. */
async function sendAgain(context: Context, app: App, round: Round): Promise<Sent> {
  if (round.state === 'paused' || round.state === 'freezing') return 'paused'
  const going = await app.deliveries.setState(round.id, 'sending', null)
  const lock = await app.lockSender(round.id)
  if (lock === null) return 'other process'
  let transport: Transport | null = null
  let said: Awaited<ReturnType<typeof sayLimits>> | null = null
  try {
    transport = await app.openTransport()
    said = await sayLimits(app)
    await resumeRound(app, going, {
      transport,
      limits: limitsOf(context.config()),
      interrupted: context.interrupted,
      onOtherLimits: (says) => context.note(says),
      onProgress: drawProgress(context, app),
    })
    return 'sent'
  } finally {
    context.drawProgress('')
    await said?.release()
    await lock.release()
    await transport?.close()
  }
}

function describe(
  issue: string,
  how: Resolution,
  { resent, held }: { readonly resent: number; readonly held: number },
  sent: Sent,
): string[] {
  if (resent + held === 0) return [`${issue}: nobody is unknown.`]
  if (how === 'hold')
    return [
      held === 1
        ? `${issue}: 1 person stays unknown and is not mailed again.`
        : `${issue}: ${people(held)} stay unknown and are not mailed again.`,
    ]
  const never =
    held === 0
      ? []
      : [
          `${people(held)} had been mailed once more before and ${held === 1 ? 'stays' : 'stay'} unknown: nobody is mailed a third time.`,
        ]
  if (resent === 0) return never
  const lines: Readonly<Record<Sent, string>> = {
    sent: `${issue}: ${people(resent)} mailed once more, with the Message-ID they had.`,
    none: '',
    'other process': `${issue}: ${people(resent)} will be mailed once more by the process that is sending now.`,
    paused: `${issue}: ${people(resent)} will be mailed once more when it goes on: “onrecord send ${issue}”.`,
  }
  return [lines[sent], ...never]
}
