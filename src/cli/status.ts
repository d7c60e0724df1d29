import type { App } from '../app.ts'
import { OnrecordError } from '../core/errors.ts'
import { countDomains, worstDomains } from '../delivery/report.ts'
import type { Round } from '../delivery/round.ts'
import { statusOfScheduled, type Scheduled } from '../delivery/schedule.ts'
import { readStatus, type RoundStatus } from '../delivery/status.ts'
import { takenOut, takenOutText } from '../delivery/taken-out.ts'
import { groupTroubles, type TroubleGroup } from '../delivery/trouble-groups.ts'
import { exit, type Context, type ExitCode } from './context.ts'
import { domainLines, troubleHeading, troubleLines, TROUBLES } from './domain-table.ts'
import { refuseUnknownIssue } from './known-issue.ts'
import { moment, people, reasonText, stateLines } from './round-text.ts'
import { scheduledLines, timeOf } from './scheduled.ts'
import { listUnknown } from './status-unknown.ts'
import { who } from './status-who.ts'
import { isSending, watch } from './watch.ts'
import { situation } from './watch-block.ts'

export interface StatusOptions {
  /** Null: every issue. */
  readonly issue: string | null
  readonly watch: boolean
  readonly unknown: boolean
  /** How many recipient domains; true: as many as is usual. Null: not asked for. */
  readonly domains: number | true | null
  /** One person's deliveries, by address. */
  readonly who: string | null
  /** With `who`: where to write the message; `-`: stdout. */
  readonly eml: string | null
}

const DOMAINS = 10

/** `onrecord status [issue]`: what became of every message. */
export async function run(context: Context, options: StatusOptions): Promise<ExitCode> {
  const { issue, who: address, eml } = options
  const apart = [
    options.watch,
    options.unknown,
    address !== null,
    options.domains !== null && context.options.json,
  ]
  if (apart.filter(Boolean).length > 1)
    throw new OnrecordError('usage', 'Give only one of --watch, --unknown, --who and --domains --json.')
  if (eml !== null && address === null)
    throw new OnrecordError('usage', '--eml goes with --who: the message of one person.')
  if (address !== null) return who(context, { issue, address, eml })
  const app = await context.app()
  const read = async () =>
    options.issue === null
      ? latest(await app.deliveries.rounds())
      : ofOne(await app.deliveries.rounds(options.issue))
  const rounds = await read()
  const scheduled = await readScheduled(app, options.issue)
  if (rounds.length === 0 && scheduled.length === 0 && options.issue !== null) {
    refuseUnknownIssue(context.config().root, options.issue)
    throw new OnrecordError('not-found', `Nothing of ${options.issue} has been sent.`, {
      hint: `“onrecord send ${options.issue}” sends it`,
    })
  }
  if (options.unknown) return listUnknown(context, app, rounds)
  if (options.domains !== null && context.options.json)
    return domainsJson(context, app, latest(rounds), options.domains)
  const [first] = rounds
  const watched = rounds.find(isGoingOn) ?? first
  if (options.watch && watched !== undefined) await watch(context, app, watched)
  const statuses: RoundStatus[] = []
  const waiting = scheduled.filter(({ issue, kind }) => !isCounted(rounds, issue, kind))
  const now = (await read()).filter(({ issue }) => !waiting.some((each) => each.issue === issue))
  for (const round of now) statuses.push(await readStatus(app.deliveries, round))
  const { timeZone } = context.config().publication
  if (context.options.json) {
    const first = waiting.map((each) => statusOfScheduled(each, timeZone))
    context.print(JSON.stringify([...first, ...statuses], null, 2))
    return ended(context, options)
  }
  for (const each of waiting) await printScheduled(context, app, each)
  if (statuses.length === 0 && waiting.length > 0) return ended(context, options)
  const isSeveral = options.issue !== null && statuses.length > 1
  if (statuses.length === 0) context.print('Nothing has been sent yet.')
  else for (const [at, status] of statuses.entries()) await print(context, app, status, now[at], isSeveral)
  if (isSeveral) context.print(reachedLine(statuses))
  const detailed = options.issue !== null && !context.options.json && !options.watch
  if (detailed && first !== undefined) await printDetails(context, app, first, options.domains)
  return ended(context, options)
}

function ended({ interrupted }: Context, { watch: watched }: StatusOptions): ExitCode {
  return watched && interrupted.aborted ? exit.interrupted : exit.done
}

/** What waits for its time, of each issue the real send where there is one. */
async function readScheduled({ schedule }: App, issue: string | null): Promise<readonly Scheduled[]> {
  const all = (await schedule.list()).filter((each) => issue === null || each.issue === issue)
  return all.filter(
    (each) =>
      each.kind === 'real' || !all.some((other) => other.issue === each.issue && other.kind === 'real'),
  )
}

/** A rehearsal that waits says nothing of an issue that is sent. */
function isCounted(rounds: readonly Round[], issue: string, kind: Scheduled['kind']): boolean {
  return kind === 'rehearsal' && rounds.some((round) => round.issue === issue && round.kind === 'real')
}

async function printScheduled(context: Context, app: App, scheduled: Scheduled): Promise<void> {
  const { issue, transport, held } = scheduled
  const state = held === null ? 'scheduled for' : 'paused; it was scheduled for'
  context.print(`${issue}: ${state} ${timeOf(scheduled, app.config.publication)}, through ${transport}`)
  for (const line of await scheduledLines(app, scheduled, Date.now())) context.print(`  ${line}`)
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

/** Every real round of an issue, the newest first: a correction goes to whom the one before had not reached. */
function ofOne(rounds: readonly Round[]): readonly Round[] {
  const real = rounds.filter(({ kind }) => kind === 'real')
  return real.length > 0 ? real : latest(rounds)
}

/** Nobody is in two rounds of an issue as somebody who has it. */
function reachedLine(rounds: readonly RoundStatus[]): string {
  const sum = (of: 'accepted' | 'unknown'): number => rounds.reduce((count, each) => count + each[of], 0)
  const unknown = sum('unknown')
  const more = unknown === 0 ? '' : `; of ${people(unknown)} it is not known`
  return `By these ${rounds.length} rounds ${people(sum('accepted'))} got it${more}.`
}

function isGoingOn({ state }: Round): boolean {
  return state === 'sending' || state === 'freezing'
}

async function print(
  context: Context,
  app: App,
  status: RoundStatus,
  round: Round | undefined,
  isOneOfSeveral: boolean,
): Promise<void> {
  const reason = status.reason === null ? '' : ` (${reasonText(status.reason)})`
  const begun = isOneOfSeveral ? `; begun ${moment(Date.parse(status.startedAt))}` : ''
  context.print(
    `${status.issue}: ${status.state}${reason}, through ${status.transport}, ${people(status.total)}${begun}`,
  )
  for (const line of stateLines(status)) context.print(line)
  if (round === undefined || status.state !== 'sending') return
  const nextDue = await app.deliveries.nextDue(round.id)
  for (const line of situation({ status, nextDue, sender: await isSending(app), idle: 0, usedUp: null }))
    context.print(line)
}

/** Where the mail of one issue went and what servers said of it. */
async function printDetails(
  context: Context,
  app: App,
  round: Round,
  domains: StatusOptions['domains'],
): Promise<void> {
  const width = process.stdout.columns ?? 100
  const most = typeof domains === 'number' ? domains : DOMAINS
  if ((await takenOut(app.deliveries, [round])).length > 0) context.print(takenOutText(round.issue))
  const counts = await countDomains(app.reports, round.id, { interrupted: context.interrupted })
  const table = domainLines(counts ?? [], most, width)
  if (table.length > 0) context.print(['', ...table].join('\n'))
  const groups = groupTroubles(await app.reports.troubles(round.id, TROUBLES))
  const said = troubleLines(groups, DOMAINS, width)
  if (said.length > 0) context.print(['', troubleHeading(groups), ...said].join('\n'))
}

async function domainsJson(
  context: Context,
  { reports }: App,
  rounds: readonly Round[],
  domains: number | true,
): Promise<ExitCode> {
  const all = []
  for (const round of rounds) {
    const counts = worstDomains((await countDomains(reports, round.id)) ?? [])
    const troubles = groupTroubles(await reports.troubles(round.id, TROUBLES))
    all.push({
      issue: round.issue,
      domains: domains === true ? counts : counts.slice(0, domains),
      troubles: troubles.map(troubleJson),
    })
  }
  context.print(JSON.stringify(all, null, 2))
  return exit.done
}

/** Without the address: who is asked for by name. */
function troubleJson({ state, domain, count, code, meaning, reply, lastAt, nextAt }: TroubleGroup): object {
  return { state, domain, count, code, meaning, reply, lastAt: iso(lastAt), nextAt: iso(nextAt) }
}

function iso(at: number | null): string | null {
  return at === null ? null : new Date(at).toISOString()
}
