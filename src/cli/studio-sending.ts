import type { App } from '../app.ts'
import { createLog, type Log } from '../core/log.ts'
import { OnrecordError } from '../core/errors.ts'
import { refuseFrozen } from '../delivery/open-round.ts'
import { createRateMeter, type RateMeter } from '../delivery/rate.ts'
import { refuseRestored } from '../delivery/restored.ts'
import type { Round, RoundKind } from '../delivery/round.ts'
import { scheduleIssue } from '../delivery/schedule-issue.ts'
import type { Scheduled } from '../delivery/schedule.ts'
import type { Sending, SendingStatus, TestResult } from '../studio/sending.ts'
import { parseAddress } from '../subscribers/address.ts'
import { haltRound } from './halt.ts'
import { refuseUnknownIssue } from './known-issue.ts'
import { readyIssue } from './ready-issue.ts'
import { changeSince, sendTime, timeOf } from './scheduled.ts'
import { planSending, serverOf } from './studio-plan.ts'
import { createProgress } from './studio-progress.ts'
import { statusBefore, viewResult, viewScheduled, viewStatus } from './studio-status.ts'
import { createStudioWorker, studioWorkerCommand } from './studio-worker.ts'
import { testMessage } from './test-message.ts'

export interface StudioSendingOptions {
  /** What Node is started with for the worker; default: this program's own. */
  readonly command?: readonly string[]
  /** The worker's environment; default: this process's. */
  readonly environment?: NodeJS.ProcessEnv
  /** Told when the worker dies; default: a line on stderr. */
  readonly log?: Log
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
  const changes = createChanges(app)
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

  async function start(issue: string, typed: number, when: string | null): Promise<void> {
    const now = Date.now()
    const at = when === null ? now : sendTime(when, config.publication, now)
    const { plan, ready } = await planSending(app, issue)
    if (plan.blocks.length > 0) throw new OnrecordError('refused', plan.blocks.join('\n'))
    if (typed !== plan.number)
      throw new OnrecordError('refused', `It would go to ${plan.number} now, not to ${typed}.`, {
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
    async plan(issue) {
      refuseUnknownIssue(config.root, issue)
      const { plan } = await planSending(app, issue)
      const scheduled = await app.schedule.get(issue, kind)
      if (scheduled !== null) changes.note(scheduled, plan.scheduled?.change ?? null)
      return plan
    },

    async test(issue, address, tier) {
      const parsed = parseAddress(address)
      if (!parsed.ok) throw new OnrecordError('usage', `The address ${parsed.reason}.`)
      refuseUnknownIssue(config.root, issue)
      const { to, messageId, transport, outcome } = await testMessage(app, issue, parsed.value, tier)
      const { kind: server, label, local } = transport
      const accepted = outcome.state === 'accepted'
      const words = accepted
        ? `A test went to ${to} through ${label}.`
        : `The test was not accepted (${outcome.state}): ${outcome.reply}`
      const result: TestResult = {
        ...{ accepted, to, tier, messageId, reply: outcome.reply, words },
        server: { kind: server, label, local },
      }
      return result
    },

    async start(issue, { typed, at }) {
      refuseUnknownIssue(config.root, issue)
      await start(issue, typed, at)
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

    async scheduled() {
      const all = await app.schedule.list()
      return Promise.all(all.map(async (each) => viewScheduled(app, each, await changes.of(each))))
    },

    onProgress: progress.watch,

    async close() {
      progress.close()
      await begun
      await worker.close()
    },
  }
}

/** How the files stood when they were last looked at: that takes a build, and watching must not. */
function createChanges(app: App): {
  of(scheduled: Scheduled): Promise<string | null>
  note(scheduled: Scheduled, change: string | null): void
} {
  const known = new Map<number, Promise<string | null>>()
  return {
    of(scheduled) {
      const change = known.get(scheduled.id) ?? changeSince(app, scheduled)
      known.set(scheduled.id, change)
      change.catch(() => known.delete(scheduled.id))
      return change
    },
    note: (scheduled, change) => void known.set(scheduled.id, Promise.resolve(change)),
  }
}

function isWaiting(all: readonly Scheduled[]): boolean {
  return all.some(({ held }) => held === null)
}

/** What was held starts now, with the text that was frozen. */
async function release(app: App, { id, held, issue }: Scheduled): Promise<void> {
  if (held === null)
    throw new OnrecordError('refused', `${issue} waits for its time: there is nothing to go on with.`)
  await app.schedule.release(id, Date.now())
}

function nothing(issue: string): OnrecordError {
  return new OnrecordError('refused', `Nothing of ${issue} is being sent.`)
}
