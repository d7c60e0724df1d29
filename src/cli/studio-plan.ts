import type { App } from '../app.ts'
import { OnrecordError } from '../core/errors.ts'
import { isFrozenIn } from '../delivery/frozen-change.ts'
import { kindOf, refuseFrozen } from '../delivery/open-round.ts'
import type { ReadyIssue } from '../delivery/publish.ts'
import { refuseImpossible } from '../delivery/refusals.ts'
import { describeRestored } from '../delivery/restored.ts'
import type { Round, RoundKind } from '../delivery/round.ts'
import { readStatus } from '../delivery/status.ts'
import type { Transport } from '../delivery/transport.ts'
import type { SendingPlan, SendingServer } from '../studio/sending.ts'
import { readyIssue } from './ready-issue.ts'
import { changeTo } from './scheduled.ts'
import { moment, viewScheduled } from './studio-status.ts'

/** Through what it would go: opened for a look alone. */
export async function serverOf(app: App): Promise<SendingServer> {
  const transport = await app.openTransport()
  await transport.close()
  return { kind: transport.kind, label: transport.label, local: transport.local }
}

/** What one press of “Send” would do now, and the issue as it would go out; null: it could not. */
export async function planSending(
  app: App,
  issue: string,
): Promise<{ readonly plan: SendingPlan; readonly ready: ReadyIssue | null }> {
  const server = await serverOf(app)
  const kind = kindOf({ transport: server })
  const latest = await app.deliveries.round(issue, kind)
  const blocks: string[] = []
  const ready = await readyIssue(app, issue).catch((error: unknown) => {
    blocks.push(...sentences(error))
    return null
  })
  const { mode, number } = await modeOf(app, latest, kind, ready)
  // Whoever is new gets what was frozen; whatever is wrong with the files now, that can go out.
  if (mode === 'again' && kind === 'real') blocks.length = 0
  const newsletter = mode === 'again' ? (latest?.newsletter ?? null) : (ready?.newsletter ?? null)
  const audience =
    newsletter === null
      ? { subscriber: 0, member: 0 }
      : await app.schedule.audience({ issue, kind, number, newsletter })
  const total = audience.subscriber + audience.member
  if (latest !== null) blocks.push(...inFlight(latest))
  if (blocks.length === 0 && total === 0) blocks.push(nobody(mode, newsletter ?? ''))
  if (blocks.length === 0) blocks.push(...(await impossible(app, server, mode, latest, ready)))
  if (kind === 'real') blocks.push(...(await restored(app, issue)))
  const scheduled = await app.schedule.get(issue, kind)
  const name = app.config.publication.newsletters[newsletter ?? '']?.name
  const change = scheduled === null ? null : changeTo(scheduled, ready, app.config.publication)
  const plan: SendingPlan = {
    issue,
    newsletter: newsletter === null ? null : { key: newsletter, name: name ?? newsletter },
    subject: ready?.editions.subscriber.subject ?? null,
    mode,
    audience: { ...audience, total },
    number: total,
    server,
    before: latest === null ? null : await beforeOf(app, latest),
    scheduled: scheduled === null ? null : viewScheduled(app, scheduled, change),
    blocks,
    notes: notesOf(server, mode, latest, ready),
  }
  return { plan, ready }
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
  if (latest.state === 'done' && kind === 'rehearsal' && ready !== null && !isFrozenIn(latest, ready))
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
): Promise<string[]> {
  try {
    if (mode === 'again' && latest !== null) await refuseFrozen(app, latest, { transport: server })
    else if (ready !== null) {
      const { from, baseUrl } = ready.editions.subscriber.envelope
      const audience = await app.deliveries.audience(ready.newsletter)
      refuseImpossible({ transport: server, baseUrl, from: from.address, audience })
    }
    return []
  } catch (error) {
    return sentences(error)
  }
}

/** Nobody has said that sending may go on after a restore. */
async function restored(app: App, issue: string): Promise<string[]> {
  const mark = await app.deliveries.restored()
  if (mark === null || mark.confirmed.includes(issue)) return []
  const words = await describeRestored(app.deliveries, issue, mark)
  return [`${words} “onrecord send ${issue} --after-restore” sends it all the same.`]
}

function notesOf(
  server: SendingServer,
  mode: SendingPlan['mode'],
  latest: Round | null,
  ready: ReadyIssue | null,
): string[] {
  const changed = mode === 'again' && latest !== null && (ready === null || !isFrozenIn(latest, ready))
  return [
    ...(server.kind === 'outbox' ? ['A rehearsal into the outbox: nobody is mailed.'] : []),
    ...(server.kind === 'smtp' && server.local
      ? [`${server.label} is on this machine; this counts as the real delivery.`]
      : []),
    ...(changed
      ? ['The files have changed since it went out: whoever is new gets what the others got.']
      : []),
    ...(mode === 'corrected'
      ? ['It was cancelled in mid-send: this goes, as it is now, to whom it had not reached.']
      : []),
  ]
}

/** Each line of what was refused, and what to do about it. */
function sentences(error: unknown): string[] {
  if (!(error instanceof OnrecordError) || error.code === 'not-found') throw error
  const lines = error.message.split('\n')
  return error.hint === null ? lines : [...lines.slice(0, -1), `${lines.at(-1) ?? ''} → ${error.hint}`]
}
