import type { App } from '../app.ts'
import { OnrecordError } from '../core/errors.ts'
import type { Round } from '../delivery/round.ts'
import { sendIssue, type SendReport } from '../delivery/send-issue.ts'
import { readStatus } from '../delivery/status.ts'
import { confirmAfterRestore } from './after-restore.ts'
import { exit, type Context, type ExitCode } from './context.ts'
import { limitsOf } from './limits-of.ts'
import { readyIssue } from './ready-issue.ts'
import { refuseUnknownIssue } from './known-issue.ts'
import type { Resolution } from './resolutions.ts'
import { resolveUnknown } from './resolve-unknown.ts'
import { people, stateLines } from './round-text.ts'
import { changeLine, describeSend, localServerLine } from './send-report.ts'
import { hintAtDraining } from './drain-hint.ts'
import { dryRun } from './send-dry-run.ts'
import { drawProgress } from './send-progress.ts'
import { sendTest } from './send-test.ts'

export interface SendOptions {
  readonly issue: string
  /** An address: one test message, nothing else. */
  readonly test: string | null
  readonly tier: string | null
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
  const { test, dryRun: dry, pause, cancel, corrected, resolveUnknown: resolution } = options
  if ([test !== null, dry, pause, cancel, corrected, resolution !== null].filter(Boolean).length > 1)
    throw new OnrecordError(
      'usage',
      'Give only one of --test, --dry-run, --pause, --cancel, --corrected and --resolve-unknown.',
    )
  if (options.tier !== null && options.test === null)
    throw new OnrecordError('usage', '--tier goes with --test: a send mails each person their own tier.')
  if (options.test !== null) return sendTest(context, options.issue, options.test, options.tier)
  if (options.dryRun) return dryRun(context, options.issue)
  if (resolution !== null) return resolveUnknown(context, resolution, options)
  if (options.pause || options.cancel) return halt(context, options)
  return send(context, options)
}

async function send(context: Context, options: SendOptions): Promise<ExitCode> {
  const config = context.config()
  const app = await context.app()
  const transport = await app.openTransport()
  // Before anything goes out, and not among the JSON.
  const say = (line: string): void => (context.options.json ? context.note(line) : context.print(line))
  const endHint = hintAtDraining(context.interrupted, (line) => context.note(line))
  try {
    const round = await app.deliveries.round(options.issue, 'real')
    if (transport.kind === 'smtp' && transport.local && round?.state !== 'done')
      say(localServerLine(transport.label, options.issue))
    if (options.afterRestore && transport.kind === 'smtp') await confirmAfterRestore(context, app, options)
    await askFirst(context, app, options)
    const started = Date.now()
    const report = await sendIssue(app, options.issue, {
      transport,
      ready: () => readyIssue(app, options.issue),
      limits: limitsOf(config),
      corrected: options.corrected,
      interrupted: context.interrupted,
      onProgress: drawProgress(context, app),
      onChange: (change, how) => say(changeLine(change, how, options.issue)),
    })
    context.drawProgress('')
    if (context.options.json) context.print(JSON.stringify([report.status], null, 2))
    else for (const line of describeSend(report, Date.now() - started)) context.print(line)
    return exitOf(report)
  } finally {
    endHint()
    context.drawProgress('')
    await transport.close()
  }
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
    const { subscriber, member } = await app.deliveries.audience(ready.newsletter)
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

/** `--pause` and `--cancel`: what is not yet on the wire stays here. */
async function halt(context: Context, { issue, cancel }: SendOptions): Promise<ExitCode> {
  const app = await context.app()
  const rounds = await app.deliveries.rounds(issue)
  const open = rounds.find((round) => isOpen(round))
  if (rounds.length === 0) refuseUnknownIssue(context.config().root, issue)
  if (open === undefined)
    throw new OnrecordError('refused', `Nothing of ${issue} is being sent.`, {
      hint: `“onrecord status ${issue}” says how it stands`,
    })
  const round = cancel
    ? await app.deliveries.setState(open.id, 'cancelled', null)
    : await app.deliveries.setState(open.id, 'paused', 'paused by the operator')
  await settleDeadSender(app, round)
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

/** What a sender that died had left on the wire is unknown; nobody may come after it who would say so. */
async function settleDeadSender(app: App, { id }: Round): Promise<void> {
  const lock = app.lockSender()
  if (lock === null) return
  try {
    await app.deliveries.recover(id)
  } finally {
    lock.release()
  }
}

function isOpen({ state }: Round): boolean {
  return state === 'freezing' || state === 'sending' || state === 'paused'
}
