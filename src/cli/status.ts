import { setTimeout as sleep } from 'node:timers/promises'
import type { App } from '../app.ts'
import { OnrecordError } from '../core/errors.ts'
import type { Round } from '../delivery/round.ts'
import { readStatus, type RoundStatus } from '../delivery/status.ts'
import { createRateMeter } from '../delivery/rate.ts'
import { exit, type Context, type ExitCode } from './context.ts'
import { refuseUnknownIssue } from './known-issue.ts'
import { number, people, progressLine, progressText, stateLines } from './round-text.ts'

export interface StatusOptions {
  /** Null: every issue. */
  readonly issue: string | null
  readonly watch: boolean
  readonly unknown: boolean
}

/** `onrecord status [issue]`: what became of every message. */
export async function run(context: Context, options: StatusOptions): Promise<ExitCode> {
  const app = await context.app()
  const rounds = latest(await app.deliveries.rounds(options.issue ?? undefined))
  if (rounds.length === 0 && options.issue !== null) {
    refuseUnknownIssue(context.config().root, options.issue)
    throw new OnrecordError('not-found', `Nothing of ${options.issue} has been sent.`, {
      hint: `“onrecord send ${options.issue}” sends it`,
    })
  }
  if (options.unknown) return listUnknown(context, app, rounds)
  if (options.watch) await Promise.all(rounds.slice(0, 1).map((round) => watch(context, app, round)))
  const statuses: RoundStatus[] = []
  for (const round of latest(await app.deliveries.rounds(options.issue ?? undefined)))
    statuses.push(await readStatus(app.deliveries, round))
  if (context.options.json) context.print(JSON.stringify(statuses, null, 2))
  else if (statuses.length === 0) context.print('Nothing has been sent yet.')
  else for (const status of statuses) print(context, status)
  return exit.done
}

/** Of each issue the real round where there is one, else its latest rehearsal. */
function latest(rounds: readonly Round[]): readonly Round[] {
  const chosen = new Map<string, Round>()
  for (const round of rounds) {
    const held = chosen.get(round.issue)
    if (held === undefined || (held.kind === 'rehearsal' && round.kind === 'real'))
      chosen.set(round.issue, round)
  }
  return [...chosen.values()]
}

function print(context: Context, status: RoundStatus): void {
  const reason = status.reason === null ? '' : ` (${status.reason})`
  context.print(
    `${status.issue}: ${status.state}${reason}, through ${status.transport}, ${people(status.total)}`,
  )
  for (const line of stateLines(status)) context.print(line)
}

async function watch(context: Context, app: App, round: Round): Promise<void> {
  const meter = createRateMeter()
  while (!context.interrupted.aborted) {
    const now = (await app.deliveries.round(round.issue, round.kind)) ?? round
    const status = await readStatus(app.deliveries, now)
    const rated = { ...status, rate: meter.note(Date.now(), status.accepted) }
    if (context.terminal) context.drawProgress(progressLine(rated, process.stderr.columns ?? 80, false))
    else context.note(progressText(rated))
    if (now.state !== 'sending' && now.state !== 'freezing') break
    await sleep(context.terminal ? 500 : 5_000, undefined, { signal: context.interrupted }).catch(
      () => undefined,
    )
  }
  context.drawProgress('')
}

async function listUnknown(context: Context, app: App, rounds: readonly Round[]): Promise<ExitCode> {
  const lists = []
  for (const round of rounds)
    lists.push({ issue: round.issue, unknown: await app.deliveries.unknowns(round.id) })
  if (context.options.json) {
    const dated = lists.map(({ issue, unknown }) => ({
      issue,
      unknown: unknown.map((each) => ({ ...each, since: new Date(each.since).toISOString() })),
    }))
    context.print(JSON.stringify(dated, null, 2))
    return exit.done
  }
  for (const { issue, unknown } of lists) {
    context.print(
      `${issue}: ${number(unknown.length)} whose end is not known; they may have it, and are not mailed again.`,
    )
    for (const each of unknown)
      context.print(`  ${each.address ?? '(erased)'}  ${each.messageId ?? ''}  ${each.reply}`)
  }
  return exit.done
}
