import type { App } from '../app.ts'
import { OnrecordError } from '../core/errors.ts'
import { kindOf } from '../delivery/open-round.ts'
import type { Scheduled } from '../delivery/schedule.ts'
import { sendIssue, type SendReport } from '../delivery/send-issue.ts'
import { readStatus } from '../delivery/status.ts'
import { confirmAfterRestore } from './after-restore.ts'
import { exit, type Context, type ExitCode } from './context.ts'
import { limitsOf, sayLimits } from './limits-of.ts'
import { readyIssue } from './ready-issue.ts'
import { halt } from './halt.ts'
import type { Resolution } from './resolutions.ts'
import { resolveUnknown } from './resolve-unknown.ts'
import { people } from './round-text.ts'
import { timeOf } from './scheduled.ts'
import { changeLine, describeSend, localServerLine } from './send-report.ts'
import { hintAtDraining } from './drain-hint.ts'
import { sendAt } from './send-at.ts'
import { dryRun } from './send-dry-run.ts'
import { drawProgress } from './send-progress.ts'
import { sendTest } from './send-test.ts'
import { whileCounting } from './while-counting.ts'

export interface SendOptions {
  readonly issue: string
  /** An address: one test message, nothing else. */
  readonly test: string | null
  readonly tier: string | null
  /** When it is to start; null: now. */
  readonly at: string | null
  readonly dryRun: boolean
  readonly yes: boolean
  readonly pause: boolean
  readonly cancel: boolean
  readonly corrected: boolean
  readonly afterRestore: boolean
  /** What becomes of those whose end is not known; nothing else is done. */
  readonly resolveUnknown: Resolution | null
}

/** `onrecord send <issue>`: each subscriber once; on an issue in flight it goes on where it stopped. */
export async function run(context: Context, options: SendOptions): Promise<ExitCode> {
  const { test, dryRun: dry, pause, cancel, corrected, resolveUnknown: resolution, at } = options
  if ([test !== null, dry, pause, cancel, corrected, resolution !== null].filter(Boolean).length > 1)
    throw new OnrecordError(
      'usage',
      'Give only one of --test, --dry-run, --pause, --cancel, --corrected and --resolve-unknown.',
    )
  if (at !== null && (test !== null || dry || pause || cancel || resolution !== null))
    throw new OnrecordError('usage', '--at goes with --corrected, --after-restore and --yes alone.')
  if (options.tier !== null && options.test === null)
    throw new OnrecordError('usage', '--tier goes with --test: a send mails each person their own tier.')
  if (options.test !== null) return sendTest(context, options.issue, options.test, options.tier)
  if (options.dryRun) return dryRun(context, options.issue)
  if (resolution !== null) return resolveUnknown(context, resolution, options)
  if (options.pause || options.cancel) return halt(context, options)
  if (options.at !== null) return sendAt(context, { ...options, at: options.at })
  return send(context, options)
}

async function send(context: Context, options: SendOptions): Promise<ExitCode> {
  const config = context.config()
  const app = await context.app()
  const transport = await app.openTransport()
  // Before anything goes out, and not among the JSON.
  const say = (line: string): void => (context.options.json ? context.note(line) : context.print(line))
  let said: Awaited<ReturnType<typeof sayLimits>> | null = null
  const endHint = hintAtDraining(context.interrupted, (line) => context.note(line))
  try {
    const { issue } = options
    const round = await app.deliveries.round(issue, 'real')
    if (transport.kind === 'smtp' && transport.local && round?.state !== 'done')
      say(localServerLine(transport.label, options.issue))
    if (options.afterRestore && transport.kind === 'smtp') await confirmAfterRestore(context, app, options)
    const held = await heldBack(context, app, issue, kindOf({ transport }))
    await askFirst(context, app, options)
    if (held !== null && !(await app.schedule.remove(held.id))) await heldBack(context, app, issue, held.kind)
    said = await sayLimits(app)
    const started = Date.now()
    const report = await sendIssue(app, options.issue, {
      transport,
      ready: () => readyIssue(app, options.issue),
      limits: limitsOf(config),
      corrected: options.corrected,
      interrupted: context.interrupted,
      onProgress: drawProgress(context, app),
      onChange: (change, how) => say(changeLine(change, how, options.issue)),
      onOtherLimits: (says) => context.note(says),
    })
    context.drawProgress('')
    if (context.options.json) context.print(JSON.stringify([report.status], null, 2))
    else for (const line of describeSend(report, Date.now() - started)) context.print(line)
    return exitOf(report)
  } finally {
    endHint()
    context.drawProgress('')
    await said?.release()
    await transport.close()
  }
}

/**
 * What was scheduled of the issue and did not start: sending it now takes its place.
 * @throws OnrecordError `refused` while it waits for its time
 */
async function heldBack(
  context: Context,
  app: App,
  issue: string,
  kind: Scheduled['kind'],
): Promise<Scheduled | null> {
  const scheduled = await app.schedule.get(issue, kind)
  if (scheduled === null) return null
  const when = timeOf(scheduled, context.config().publication)
  if (scheduled.held === null)
    throw new OnrecordError('refused', `${issue} is scheduled for ${when}.`, {
      hint: `“onrecord send ${issue} --cancel” takes that back, and then “send” sends it now; “--at” moves it`,
    })
  context.note(`It was scheduled for ${when} and did not start: ${scheduled.held}.`)
  return scheduled
}

/** A real send is confirmed by a person at a terminal, or by `--yes`. A rehearsal needs neither. */
async function askFirst(context: Context, app: App, { issue, yes, corrected }: SendOptions): Promise<void> {
  const { smtp, publication } = context.config()
  if (smtp === null || yes) return
  const round = await app.deliveries.round(issue, 'real')
  const target = `${smtp.host}:${smtp.port}`
  let question = `Go on sending ${issue} through ${target}?`
  if (round === null || round.state === 'cancelled') {
    const ready = await readyIssue(app, issue)
    const { subscriber, member } = await whileCounting(context, app.deliveries.audience(ready.newsletter))
    const name = publication.newsletters[ready.newsletter]?.name ?? ready.newsletter
    const had = round === null ? 0 : await reached(app, issue)
    question = corrected
      ? `Send “${ready.editions.subscriber.subject}”, as it is now, through ${target} to those of the ${people(subscriber + member)} of ${name} who were not mailed? ${people(had)} had been.`
      : `Send “${ready.editions.subscriber.subject}” to ${people(subscriber + member)} of ${name} through ${target}?`
  }
  if (await context.confirm(question)) return
  throw new OnrecordError('refused', 'Nothing was sent.', {
    hint: 'answer “y” on a terminal, or give --yes',
  })
}

/** How many have the issue, or may have it, by all its real rounds. */
async function reached(app: App, issue: string): Promise<number> {
  let sum = 0
  for (const round of await app.deliveries.rounds(issue)) {
    const { accepted, unknown } = await readStatus(app.deliveries, round)
    if (round.kind === 'real') sum += accepted + unknown
  }
  return sum
}

function exitOf({ status, interrupted, nextDue }: SendReport): ExitCode {
  if (interrupted) return exit.interrupted
  // As far as a send comes: what servers deferred, or a warm-up leaves to tomorrow, goes on by itself.
  return status.state === 'done' || status.state === 'sending' || nextDue !== null ? exit.done : exit.refused
}
