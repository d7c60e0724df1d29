import type { App } from '../app.ts'
import { createLog, type Log } from '../core/log.ts'
import { OnrecordError } from '../core/errors.ts'
import { refuseFrozen } from '../delivery/open-round.ts'
import { createRateMeter, type RateMeter } from '../delivery/rate.ts'
import { refuseRestored } from '../delivery/restored.ts'
import type { Round, RoundKind } from '../delivery/round.ts'
import { scheduleIssue } from '../delivery/schedule-issue.ts'
import type { Scheduled } from '../delivery/schedule.ts'
import { describeWait } from '../delivery/schedule-time.ts'
import type { Sending, SendingStatus, TestResult } from '../studio/sending.ts'
import { parseAddress } from '../subscribers/address.ts'
import { haltRound } from './halt.ts'
import { startIssueThread, type IssueThread } from './issue-thread.ts'
import { refuseUnknownIssue } from './known-issue.ts'
import { readyIssue } from './ready-issue.ts'
import { counted, number } from './round-text.ts'
import { changeTo, sendTime, timeOf } from './scheduled.ts'
import { lookAt, planSending, serverOf } from './studio-plan.ts'
import { createChanges } from './studio-changes.ts'
import { createProgress } from './studio-progress.ts'
import { refuseResending, release } from './studio-resume.ts'
import {
  allDomains,
  moment,
  statusBefore,
  viewResult,
  viewRound,
  viewScheduled,
  viewStatus,
} from './studio-status.ts'
import { createStudioWorker, studioWorkerCommand } from './studio-worker.ts'
import { testMessage } from './test-message.ts'

export interface StudioSendingOptions {
  /** What Node is started with for the worker; default: this program's own. */
  readonly command?: readonly string[]
  /** The worker's environment; default: this process's. */
  readonly environment?: NodeJS.ProcessEnv
  /** Told when the worker dies; default: a line on stderr. */
  readonly log?: Log
  /** What builds issues, closed by whoever gives it; default: a thread of its own. */
  readonly thread?: IssueThread
}

/**
 * Sends from the studio: rows in the store are the truth, and a worker in a process of its own does what they say. It
 * ends once nothing is left, and with `close`; what is scheduled already keeps one running from the start.
 */
export function createStudioSending(app: App, options: StudioSendingOptions = {}): Sending {
  const { config } = app
  const kind: RoundKind = config.smtp === null ? 'rehearsal' : 'real'
  const worker = createStudioWorker({
    command: options.command ?? studioWorkerCommand(config),
    ...(options.environment === undefined ? {} : { environment: options.environment }),
    log: options.log ?? createLog(config.logLevel, (line) => void process.stderr.write(`${line}\n`)),
    isNeeded: async () => isWaiting(await app.schedule.list(kind)) || (await isInFlight()),
  })
  const meters = new Map<string, RateMeter>()
  const thread = options.thread ?? startIssueThread(config)
  const changes = createChanges(async (scheduled) => {
    const { ready } = await lookAt(app, thread, scheduled.issue)
    return changeTo(scheduled, ready, config.publication)
  })
  const progress = createProgress(status)
  // Nobody need wait for it; what is wrong with the store is told by the first question.
  const begun = app.schedule.list(kind).then(
    (all) => void (isWaiting(all) && worker.wake()),
    () => undefined,
  )

  /** Of this kind where there is one, else of the other: a real send is seen without a server too. */
  async function roundOf(issue: string): Promise<Round | null> {
    const other = kind === 'real' ? 'rehearsal' : 'real'
    return (await app.deliveries.round(issue, kind)) ?? app.deliveries.round(issue, other)
  }

  async function isInFlight(): Promise<boolean> {
    const rounds = await app.deliveries.rounds()
    return rounds.some((round) => round.kind === kind && /^(sending|freezing)$/.test(round.state))
  }

  async function status(issue: string): Promise<SendingStatus | null> {
    const scheduled = await app.schedule.get(issue, kind)
    if (scheduled !== null) return statusBefore(app, scheduled, await changes.of(scheduled))
    const round = await roundOf(issue)
    return round === null ? null : viewStatus(app, round, rateOf(issue))
  }

  function rateOf(issue: string): (accepted: number) => number {
    const meter = meters.get(issue) ?? createRateMeter()
    meters.set(issue, meter)
    return (accepted) => meter.note(Date.now(), accepted)
  }

  async function statusNow(issue: string): Promise<SendingStatus> {
    const now = await status(issue)
    progress.look(issue)
    if (now === null) throw nothing(issue)
    return now
  }

  async function start(
    issue: string,
    { typed, at: when, to: whom, through }: Parameters<Sending['start']>[1],
  ): Promise<void> {
    const now = Date.now()
    const at = when === null ? now : sendTime(when, config.publication, now)
    const { plan, ready } = await planSending(app, thread, issue)
    if (plan.blocks.length > 0)
      throw new OnrecordError('refused', plan.blocks.map(({ text }) => text).join('\n'))
    if (through !== undefined && through !== plan.server.kind)
      throw new OnrecordError('refused', `It would go through ${plan.server.label} now: nothing was sent.`, {
        hint: 'look at it again',
      })
    const count = whom === 'everybody' ? plan.audience.total : plan.audience[whom]
    if (count === 0) throw new OnrecordError('refused', 'Nobody of those would get it.')
    if (typed !== count)
      throw new OnrecordError('refused', `It would go to ${number(count)} now, not to ${number(typed)}.`, {
        hint: 'look at the number again, and type it',
      })
    const waits = await app.schedule.get(issue, kind)
    if (when === null && waits !== null && waits.held === null)
      throw new OnrecordError('refused', `${issue} is scheduled for ${timeOf(waits, config.publication)}.`, {
        hint: 'take that back first, or give it another time',
      })
    const scheduled = await scheduleIssue(app, issue, {
      transport: plan.server,
      ready: async () => ready ?? readyIssue(app, issue),
      corrected: plan.mode === 'corrected',
      to: whom === 'everybody' ? null : whom,
      at,
    })
    changes.note(scheduled, null)
    worker.wake()
  }

  async function resume(issue: string): Promise<void> {
    const held = await app.schedule.get(issue, kind)
    if (held !== null) await release(app, held)
    else {
      const round = await app.deliveries.round(issue, kind)
      if (round === null || round.state === 'done' || round.state === 'cancelled') throw nothing(issue)
      if (kind === 'real') await refuseRestored(app.deliveries, issue)
      await refuseFrozen(app, round, { transport: await serverOf(app) })
      const to = round.total === null ? 'freezing' : 'sending'
      if (round.state === 'paused') await app.deliveries.setState(round.id, to, null, 'paused')
    }
    worker.wake()
  }

  return {
    setting: { lang: config.publication.lang, timeZone: config.publication.timeZone },

    async plan(issue) {
      refuseUnknownIssue(config.root, issue)
      const { plan } = await planSending(app, thread, issue)
      const scheduled = await app.schedule.get(issue, kind)
      if (scheduled !== null) changes.note(scheduled, plan.scheduled?.change ?? null)
      return plan
    },

    async test(issue, address, tier) {
      const parsed = parseAddress(address)
      if (!parsed.ok) throw new OnrecordError('usage', `The address ${parsed.reason}.`)
      refuseUnknownIssue(config.root, issue)
      const { ready, blocking } = await thread.build(issue)
      if (ready === null)
        throw new OnrecordError(
          'refused',
          `It cannot be built: ${counted(blocking.length, 'thing')} to mend first.`,
          { hint: blocking[0]?.message ?? 'look at Check' },
        )
      const { to, messageId, transport, outcome } = await testMessage(app, ready, parsed.value, tier)
      const { kind: server, label, local } = transport
      const accepted = outcome.state === 'accepted'
      const words = accepted
        ? `A test went to ${to} through ${label}.`
        : `${missed[outcome.state]}: ${outcome.reply}`
      const result: TestResult = {
        ...{ accepted, to, tier, messageId, reply: outcome.reply, words },
        server: { kind: server, label, local },
      }
      return result
    },

    async start(issue, options) {
      refuseUnknownIssue(config.root, issue)
      await start(issue, options)
      return statusNow(issue)
    },

    async pause(issue) {
      if ((await haltRound(app, issue, 'paused')) === null) {
        if ((await app.schedule.get(issue, kind)) === null) throw nothing(issue)
        throw new OnrecordError('refused', `${issue} has not started yet.`, { hint: 'take it back instead' })
      }
      return statusNow(issue)
    },

    async resume(issue) {
      await resume(issue)
      return statusNow(issue)
    },

    async cancel(issue) {
      // Between the two it may begin: then it is in flight.
      if ((await haltRound(app, issue, 'cancelled')) !== null) return statusNow(issue)
      const scheduled = await app.schedule.get(issue, kind)
      if (scheduled !== null && (await app.schedule.remove(scheduled.id))) {
        progress.look(issue)
        return status(issue)
      }
      if ((await haltRound(app, issue, 'cancelled')) !== null) return statusNow(issue)
      throw nothing(issue)
    },

    status,

    async result(issue) {
      const round = await roundOf(issue)
      return round === null ? null : viewResult(app, round, await viewStatus(app, round, rateOf(issue)))
    },

    async resolve(issue, how) {
      const round = await roundOf(issue)
      if (round === null) throw nothing(issue)
      if (how === 'resend') {
        if (round.kind === 'real') await refuseRestored(app.deliveries, issue)
        refuseResending(round, kind)
      }
      const resolved = await app.deliveries.resolveUnknowns(round.id, how)
      if (resolved.resent > 0) {
        // One that is paused sends them when somebody goes on with it.
        await app.deliveries.setState(round.id, 'sending', null, 'done')
        worker.wake()
      }
      progress.look(issue)
      return resolved
    },

    async readTime(at) {
      const now = Date.now()
      const read = sendTime(at, config.publication, now)
      return { at: moment(app, read), inWords: describeWait(read, now) }
    },

    async domains(issue) {
      const round = await roundOf(issue)
      return round === null ? [] : allDomains(app, round)
    },

    async rounds(issue) {
      return Promise.all((await app.deliveries.rounds(issue)).map((round) => viewRound(app, round)))
    },

    async scheduled() {
      const all = await app.schedule.list()
      return Promise.all(all.map(async (each) => viewScheduled(app, each, await changes.of(each))))
    },

    onProgress: progress.watch,

    async close() {
      progress.close()
      await begun
      await worker.close()
      if (options.thread === undefined) await thread.close()
    },
  }
}

/** What became of a test that was not accepted. */
const missed = {
  deferred: 'The test was put off',
  rejected: 'The test was refused',
  unknown: 'It is not known whether the test arrived',
} as const

function isWaiting(all: readonly Scheduled[]): boolean {
  return all.some(({ held }) => held === null)
}

function nothing(issue: string): OnrecordError {
  return new OnrecordError('refused', `Nothing of ${issue} is being sent.`)
}
