import type { App } from '../app.ts'
import { readableDomain } from '../core/domain-name.ts'
import { isSentBackSince } from '../delivery/approval.ts'
import { readUsedUp } from '../delivery/limits.ts'
import { countDomains, worstDomains } from '../delivery/report.ts'
import type { Round } from '../delivery/round.ts'
import { statusOfScheduled, type Scheduled } from '../delivery/schedule.ts'
import { describeLocalTime, describeTime, describeWait } from '../delivery/schedule-time.ts'
import { readStatus, waiting, type RoundStatus } from '../delivery/status.ts'
import { groupTroubles, type TroubleGroup } from '../delivery/trouble-groups.ts'
import type {
  ScheduledSend,
  SendingDomain,
  SendingMoment,
  SendingResult,
  SendingRound,
  SendingStatus,
  SendingTo,
  SendingTrouble,
} from '../studio/sending.ts'
import { TROUBLES } from './domain-table.ts'
import { pausedByHand } from './halt.ts'
import { limitsOf } from './limits-of.ts'
import { counted, people, reasonText } from './round-text.ts'
import { nobodyStarts, sentBack } from './scheduled.ts'
import { isSending } from './watch.ts'

/** Domains and troubles that a result lists. */
const MOST = 50

/** What counting the domains of a long list may take of one core while it is sent. */
const SHARE = 0.5

export function moment({ config }: Pick<App, 'config'>, at: number): SendingMoment {
  const { timeZone } = config.publication
  return {
    at: new Date(at).toISOString(),
    words: describeLocalTime(at, timeZone),
    inFull: describeTime(at, timeZone),
  }
}

/** A send that waits for its time. @param change how the files stand to what was frozen: `changeSince` */
export async function viewScheduled(
  app: App,
  scheduled: Scheduled,
  change: string | null,
): Promise<ScheduledSend> {
  const { issue, kind, at, frozenAt, held } = scheduled
  return {
    issue,
    kind,
    to: toOf(scheduled.settings['to']),
    at: moment(app, at),
    inWords: describeWait(at, Date.now()),
    frozenAt: moment(app, frozenAt),
    held,
    sentBack: isSentBackSince(await app.approvals.steps(issue), frozenAt),
    change,
    worker: await app.hasWorker(kind),
  }
}

/** How a round stands. @param rateNow messages a second by what was accepted until now, while it is being sent */
export async function viewStatus(
  app: App,
  round: Round,
  rateNow: (accepted: number) => number,
): Promise<SendingStatus> {
  const counts = await readStatus(app.deliveries, round)
  const isGoing = round.state === 'sending' || round.state === 'freezing'
  const rate = isGoing ? rateNow(counts.accepted) : counts.rate
  const left = waiting(counts)
  const ready = left - counts.deferred
  const sender = isGoing ? await isSending(app) : false
  const nextDue = await app.deliveries.nextDue(round.id)
  return {
    ...viewCounts(counts),
    kind: round.kind,
    to: round.to ?? 'everybody',
    reason: round.reason === null || round.reason === pausedByHand ? null : reasonText(round.reason),
    rate: Math.round(rate * 10) / 10,
    secondsLeft: isGoing && rate > 0 && ready > 0 ? Math.ceil(ready / rate) : null,
    sender,
    nextDue: nextDue === null ? null : moment(app, nextDue),
    notes: [
      ...(await notesOf(app, counts, round, sender, nextDue)),
      ...(isGoing && sender === true && rate === 0 ? await limitNotes(app, round) : []),
    ],
    startedAt: moment(app, round.startedAt),
    finishedAt: round.finishedAt === null ? null : moment(app, round.finishedAt),
    scheduled: null,
  }
}

/** How a send stands that has not begun. */
export async function statusBefore(
  app: App,
  scheduled: Scheduled,
  change: string | null,
): Promise<SendingStatus> {
  const { kind, at, held } = scheduled
  const view = await viewScheduled(app, scheduled, change)
  return {
    ...viewCounts(statusOfScheduled(scheduled, app.config.publication.timeZone)),
    kind,
    to: view.to,
    reason: held,
    rate: 0,
    secondsLeft: null,
    sender: false,
    nextDue: null,
    notes: [
      ...(view.sentBack ? [sentBack] : change === null ? [] : [change]),
      ...(held === null && view.worker === false && at > Date.now() ? [nobodyStarts(kind)] : []),
    ],
    startedAt: moment(app, at),
    finishedAt: null,
    scheduled: view,
  }
}

function toOf(to: string | null | undefined): SendingTo {
  return to === 'subscriber' || to === 'member' ? to : 'everybody'
}

/** One sending among those that were. */
export async function viewRound(app: App, round: Round): Promise<SendingRound> {
  const { kind, number, state, transport: server, to, startedAt, finishedAt } = round
  const { total, counts } = viewCounts(await readStatus(app.deliveries, round))
  return {
    ...{ kind, number, state, server, total, counts, to: to ?? 'everybody' },
    startedAt: moment(app, startedAt),
    finishedAt: finishedAt === null ? null : moment(app, finishedAt),
  }
}

/** All recipient domains, those with trouble first. */
export async function allDomains(app: App, { id, state }: Round): Promise<readonly SendingDomain[]> {
  const share = state === 'sending' || state === 'freezing' ? SHARE : 1
  return worstDomains((await countDomains(app.reports, id, { share })) ?? [])
}

function viewCounts(
  status: RoundStatus,
): Pick<SendingStatus, 'issue' | 'state' | 'server' | 'total' | 'waiting' | 'counts'> {
  const { issue, state, transport: server, total } = status
  const { queued, claimed, onWire, deferred, accepted, rejected } = status
  const { unknown, suppressed, cancelled, bounced, complained } = status
  const settled = { accepted, rejected, unknown, suppressed, cancelled, bounced, complained }
  return {
    issue,
    state,
    server,
    total,
    waiting: waiting(status),
    counts: { queued, claimed, onWire, deferred, ...settled },
  }
}

/** What a person should know or do, or nothing. */
async function notesOf(
  app: App,
  status: RoundStatus,
  { state, reason, kind }: Round,
  sender: boolean | null,
  nextDue: number | null,
): Promise<string[]> {
  const left = waiting(status)
  if (state !== 'sending' || sender !== false || left === 0) return []
  if (reason !== null) return ['A worker goes on by itself.']
  if (left === status.deferred && nextDue !== null && nextDue > Date.now()) {
    const when = describeLocalTime(nextDue, app.config.publication.timeZone)
    const how = (await app.hasWorker(kind)) === true ? 'by itself' : 'by any worker that runs then'
    return [`What is left was put off by its servers: ${people(left)}, tried again ${how}, from ${when}.`]
  }
  return [
    `Nobody is sending now: ${people(left)} wait until you go on, or a worker runs.`,
    ...(status.onWire === 0
      ? []
      : [
          `${counted(status.onWire, 'message')} on the wire when the sender ended: unknown from then on, and not sent again.`,
        ]),
  ]
}

/** Which limit it is that nothing moves for. */
async function limitNotes(app: App, { kind }: Round): Promise<string[]> {
  if (kind === 'rehearsal') return []
  const usedUp = await readUsedUp(app.deliveries, limitsOf(app.config), Date.now())
  if (usedUp === null) return []
  const when = describeLocalTime(usedUp.until, app.config.publication.timeZone)
  return [`It waits for a limit: ${usedUp.reason}. It goes on by itself: ${when}.`]
}

/** What became of a round, in detail. */
export async function viewResult(app: App, round: Round, status: SendingStatus): Promise<SendingResult> {
  const domains = await allDomains(app, round)
  const groups = groupTroubles(await app.reports.troubles(round.id, TROUBLES))
  const unknowns = await app.deliveries.unknowns(round.id)
  return {
    status,
    domains: domains.slice(0, MOST).map(({ domain, ...counts }) => ({
      ...counts,
      domain: domain === null ? null : readableDomain(domain),
    })),
    domainCount: domains.length,
    troubles: groups.slice(0, MOST).map((each) => viewTrouble(app, each)),
    unknowns: unknowns.map(({ address, messageId, since, reply }) => ({
      ...{ address, messageId, reply },
      since: moment(app, since),
    })),
  }
}

function viewTrouble(app: App, group: TroubleGroup): SendingTrouble {
  const { state, domain, count, meaning, reply, nextAt } = group
  const what = state === 'deferred' ? 'put off' : 'refused'
  const who = domain === null ? 'Servers of people who were erased' : readableDomain(domain)
  return {
    ...{ state, domain, count, reply },
    words: `${who} ${what} ${counted(count, 'message')}: ${meaning ?? `“${reply}”`}.`,
    nextAt: nextAt === null ? null : moment(app, nextAt),
  }
}
