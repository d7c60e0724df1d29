import type { App } from '../app.ts'
import { readPublication } from '../config.ts'
import { OnrecordError } from '../core/errors.ts'
import { standingOf } from '../delivery/approval.ts'
import { isFrozenIn } from '../delivery/frozen-change.ts'
import { kindOf, refuseFrozen } from '../delivery/open-round.ts'
import type { ReadyIssue } from '../delivery/publish.ts'
import { refuseImpossible } from '../delivery/refusals.ts'
import { describeRestored } from '../delivery/restored.ts'
import type { Round, RoundKind } from '../delivery/round.ts'
import { isRehearsedAnew } from '../delivery/schedule-issue.ts'
import { describeWait } from '../delivery/schedule-time.ts'
import { readStatus } from '../delivery/status.ts'
import { refuseTakenOut } from '../delivery/taken-out.ts'
import type { Audience } from '../delivery/store.ts'
import type { Transport } from '../delivery/transport.ts'
import type { ReadinessLine } from '../studio/contract/issues.ts'
import type { SendingLeftOut, SendingPlan, SendingServer } from '../studio/sending.ts'
import type { IssueThread } from './issue-thread.ts'
import { notApproved, standingText } from './not-approved.ts'
import { cadenceTime, changeTo } from './scheduled.ts'
import { moment, viewScheduled } from './studio-status.ts'

/** Through what it would go: opened for a look alone. */
export async function serverOf(app: App): Promise<SendingServer> {
  const transport = await app.openTransport()
  await transport.close()
  return { kind: transport.kind, label: transport.label, local: transport.local }
}

/** What may go out of an issue, and what keeps it from it. */
export interface LookedAt {
  /** Approved, and nothing blocks it; else null. */
  readonly ready: ReadyIssue | null
  /** As it is, approved or not; null where it cannot be built. */
  readonly built: ReadyIssue | null
  readonly newsletter: string | null
  /** Where its approval stands, as a sentence; null where its files cannot be read. */
  readonly approval: string | null
  readonly blocks: readonly ReadinessLine[]
}

/** Builds an issue in its thread, and asks the record whether it may go out. @throws OnrecordError `not-found` */
export async function lookAt(app: App, thread: IssueThread, id: string): Promise<LookedAt> {
  const { read, ready: built, blocking } = await thread.build(id)
  const blocks = blocking.map(({ message, file, line, column }): ReadinessLine => ({
    text: message,
    screen: 'check',
    place: { file, line, column },
  }))
  if (read === null) return { ready: null, built: null, newsletter: null, approval: null, blocks }
  const { written, parts, file, newsletter } = read
  const last = (await app.approvals.steps(id)).at(-1) ?? null
  const standing = standingOf({ id, written, parts }, { inUse: await app.approvals.isInUse(), last })
  const { timeZone } = app.config.publication
  const approved = standing.state === 'approved'
  if (!approved)
    blocks.push({
      text: notApproved(standing, file, [], timeZone).message,
      screen: 'approve',
      place: null,
    })
  return {
    ready: approved ? built : null,
    ...{ built, newsletter, blocks },
    approval: standingText(standing, timeZone),
  }
}

/** What one press of “Send” would do now, and the issue as it would go out; null: it could not. */
export async function planSending(
  app: App,
  thread: IssueThread,
  issue: string,
): Promise<{ readonly plan: SendingPlan; readonly ready: ReadyIssue | null }> {
  const server = await serverOf(app)
  const kind = kindOf({ transport: server })
  const latest = await app.deliveries.round(issue, kind)
  const looked = await lookAt(app, thread, issue)
  const { ready, built } = looked
  const { mode, number } = await modeOf(app, latest, kind, ready)
  // Whoever is new gets what was frozen; whatever is wrong with the files now, that can go out.
  const blocks = mode === 'again' && kind === 'real' ? [] : [...looked.blocks]
  const newsletter = mode === 'again' ? (latest?.newsletter ?? null) : looked.newsletter
  const name = app.config.publication.newsletters[newsletter ?? '']?.name
  const audience =
    newsletter === null
      ? { subscriber: 0, member: 0 }
      : await app.schedule.audience({ issue, kind, number, newsletter })
  const total = audience.subscriber + audience.member
  // Looking at every address takes a while on a long list, and what stays on this machine need not be asked.
  const reserved =
    newsletter === null || server.kind === 'outbox' || server.local
      ? 0
      : (await app.deliveries.audience(newsletter)).reserved
  const stops = (texts: readonly string[]): void =>
    void blocks.push(...texts.map((text): ReadinessLine => ({ text, screen: 'send', place: null })))
  if (latest !== null) stops(inFlight(latest))
  if (blocks.length === 0 && total === 0) stops([nobody(mode, name ?? newsletter ?? '')])
  if (blocks.length === 0)
    stops(await impossible(app, server, mode, latest, ready, { ...audience, reserved }))
  if (kind === 'real') stops(await restored(app, issue))
  await refuseTakenOut(app.deliveries, issue, kind).catch((error: unknown) => stops(sentences(error)))
  const scheduled = await app.schedule.get(issue, kind)
  const change = scheduled === null ? null : changeTo(scheduled, ready, app.config.publication)
  const envelope = built?.editions.subscriber.envelope ?? null
  const plan: SendingPlan = {
    issue,
    newsletter: newsletter === null ? null : { key: newsletter, name: name ?? newsletter },
    subject: built?.editions.subscriber.subject ?? null,
    from: envelope === null ? null : `${envelope.from.name} <${envelope.from.address}>`,
    replyTo: envelope?.replyTo ?? null,
    mode,
    audience: { ...audience, total },
    leftOut: await leftOutOf(app, newsletter, total, reserved),
    server,
    before: latest === null ? null : await beforeOf(app, latest),
    scheduled: scheduled === null ? null : await viewScheduled(app, scheduled, change),
    due: await dueOf(app, issue),
    approval: looked.approval,
    blocks,
    notes: notesOf(server, mode, latest, ready),
  }
  return { plan, ready }
}

/** Who of the newsletter gets nothing. @param total whom it would go to */
async function leftOutOf(
  app: App,
  newsletter: string | null,
  total: number,
  reserved: number,
): Promise<SendingLeftOut> {
  if (newsletter === null) return { pending: 0, paused: 0, left: 0, suppressed: 0, had: 0, reserved: 0 }
  const { pending, paused, left, suppressed, confirmed } = (await app.subscribers.counts(newsletter)).states
  return { pending, paused, left, suppressed, reserved, had: Math.max(0, confirmed - total) }
}

/** Where the cadence says nothing of a time to come, there is none to be offered. */
async function dueOf(app: App, issue: string): Promise<SendingPlan['due']> {
  const now = Date.now()
  try {
    const { root } = app.config
    // As the file says now, not as it did when the studio started.
    const at = await cadenceTime({ root, publication: readPublication(root) }, issue, now)
    return { at: moment(app, at), inWords: describeWait(at, now) }
  } catch (error) {
    if (error instanceof OnrecordError) return null
    throw error
  }
}

/** What a send of it would be, and the number of its round. */
async function modeOf(
  app: App,
  latest: Round | null,
  kind: RoundKind,
  ready: ReadyIssue | null,
): Promise<{ readonly mode: SendingPlan['mode']; readonly number: number }> {
  if (latest === null) return { mode: 'first', number: 1 }
  const next = latest.number + 1
  if (latest.state === 'cancelled') {
    const isCorrected = kind === 'real' && (await app.deliveries.hasGoneOut(latest.id))
    return { mode: isCorrected ? 'corrected' : 'first', number: next }
  }
  if (latest.state === 'done' && (await isRehearsedAnew(app, latest, ready)))
    return { mode: 'first', number: next }
  return { mode: 'again', number: latest.number }
}

async function beforeOf(app: App, round: Round): Promise<SendingPlan['before']> {
  const { accepted, unknown, state } = await readStatus(app.deliveries, round)
  return { at: moment(app, round.startedAt), state, accepted, unknown }
}

function inFlight({ state, issue }: Round): string[] {
  switch (state) {
    case 'freezing':
    case 'sending':
      return [`${issue} is being sent.`]
    case 'paused':
      return [`The sending of ${issue} is paused: go on with it, or cancel it.`]
    case 'done':
    case 'cancelled':
      return []
  }
}

function nobody(mode: SendingPlan['mode'], newsletter: string): string {
  return mode === 'first'
    ? `Nobody is subscribed to “${newsletter}” yet.`
    : 'Everybody who is subscribed has it, or may have it.'
}

/** What a real send must not do. */
async function impossible(
  app: App,
  server: Pick<Transport, 'kind' | 'label' | 'local'>,
  mode: SendingPlan['mode'],
  latest: Round | null,
  ready: ReadyIssue | null,
  audience: Audience,
): Promise<string[]> {
  try {
    if (mode === 'again' && latest !== null) await refuseFrozen(app, latest, { transport: server })
    else if (ready !== null) {
      const { from, baseUrl } = ready.editions.subscriber.envelope
      refuseImpossible({ transport: server, baseUrl, from: from.address, audience })
    }
    return []
  } catch (error) {
    return sentences(error)
  }
}

/** Nobody has said that sending may go on after a restore. */
async function restored(app: App, issue: string): Promise<string[]> {
  try {
    const mark = await app.deliveries.restored()
    if (mark === null || mark.confirmed.includes(issue)) return []
    const words = await describeRestored(app.deliveries, issue, mark)
    return [`${words} “onrecord send ${issue} --after-restore” sends it all the same.`]
  } catch (error) {
    return sentences(error)
  }
}

function notesOf(
  server: SendingServer,
  mode: SendingPlan['mode'],
  latest: Round | null,
  ready: ReadyIssue | null,
): string[] {
  const changed = mode === 'again' && latest !== null && (ready === null || !isFrozenIn(latest, ready))
  return [
    ...(server.kind === 'smtp' && server.local
      ? [`${server.label} is on this machine; this counts as the real delivery.`]
      : []),
    ...(changed
      ? ['The files have changed since it went out: whoever is new gets what the others got.']
      : []),
  ]
}

/** Each line of what was refused, and what to do about it. */
function sentences(error: unknown): string[] {
  if (!(error instanceof OnrecordError) || error.code === 'not-found') throw error
  const lines = error.message.split('\n')
  return error.hint === null ? lines : [...lines.slice(0, -1), `${lines.at(-1) ?? ''} → ${error.hint}`]
}
