import { OnrecordError } from '../core/errors.ts'
import { freezeImages } from './freeze-images.ts'
import { isFrozenIn, type FrozenChange } from './frozen-change.ts'
import { publishIssue, type ReadyIssue, type SendingDesk } from './publish.ts'
import { refuseImpossible } from './refusals.ts'
import { refuseRestored } from './restored.ts'
import type { Round } from './round.ts'
import type { SubscriberTier } from '../subscribers/subscriber.ts'
import type { Frozen } from './store.ts'
import type { Transport } from './transport.ts'
import { refuseTakenOut } from './taken-out.ts'

export interface OpenRoundOptions {
  readonly transport: Pick<Transport, 'kind' | 'label' | 'local'>
  /** The issue as its files are now; asked for where something is to be frozen or compared. */
  readonly ready: () => Promise<ReadyIssue>
  /** Whether the issue goes on the site too; default: with a real send. */
  readonly publish?: boolean
  /** Stop press: after a round that was cancelled, the issue as it is now goes to whom no round had reached. */
  readonly corrected?: boolean
  /** The one tier that it is for, or both (null). Default: both; of a round that was cancelled and goes on `corrected`, as that was. */
  readonly to?: SubscriberTier | null
}

/** A round to send, and what led to it. */
export interface OpenedRound {
  readonly round: Round
  /** begun: new; resumed: one that had not ended; again: one that was done looks for people confirmed since. */
  readonly how: 'begun' | 'resumed' | 'again'
  /** How the files stand to what had been frozen; null: nothing to say. */
  readonly change: FrozenChange | null
  /** To be frozen in the place of what the round holds, once this process is the only sender. */
  readonly anew: ReadyIssue | null
}

/**
 * The round that `send` works on. A real send of an issue is one round: sending again mails whom it
 * did not mail. From one that was cancelled the next follows where nothing had gone out, or on the word
 * `corrected`: to whom no round had reached. A rehearsal is repeated for everybody once the issue has changed.
 * @throws OnrecordError `refused` when it was cancelled, when nobody would get it, or for what a
 *   real send must not do
 */
export async function openRound(
  desk: SendingDesk,
  issue: string,
  options: OpenRoundOptions,
): Promise<OpenedRound> {
  const kind = kindOf(options)
  if (kind === 'real') await refuseRestored(desk.deliveries, issue)
  await refuseTakenOut(desk.deliveries, issue, kind)
  const latest = await desk.deliveries.round(issue, kind)
  if (options.corrected === true) refuseCorrecting(issue, latest)
  if (latest === null) return begin(desk, await options.ready(), null, options)
  switch (latest.state) {
    case 'freezing':
    case 'sending':
    case 'paused':
      return { ...(await compare(desk, latest, options)), round: latest, how: 'resumed' }
    case 'cancelled':
      if (
        kind === 'rehearsal' ||
        options.corrected === true ||
        !(await desk.deliveries.hasGoneOut(latest.id))
      )
        return begin(desk, await options.ready(), latest, options)
      throw refuseCancelled(issue)
    case 'done': {
      if (kind === 'rehearsal') {
        const ready = await options.ready()
        if (!isFrozenIn(latest, ready)) return begin(desk, ready, latest, options)
      }
      const compared = await compare(desk, latest, options)
      return { ...compared, round: await desk.deliveries.reopen(latest.id, options.to ?? null), how: 'again' }
    }
  }
}

/** It is not sent a second time but by the word `corrected`. */
export function refuseCancelled(issue: string): OnrecordError {
  return new OnrecordError('refused', `The sending of ${issue} was cancelled.`, {
    hint: `“onrecord send ${issue} --corrected” sends the issue as it is now to whom it had not reached; “onrecord status ${issue}” says who that is`,
  })
}

/** @throws OnrecordError `refused` where nothing was stopped */
export function refuseCorrecting(issue: string, latest: Round | null): void {
  if (latest?.state === 'cancelled') return
  const how = { freezing: 'in flight', sending: 'in flight', paused: 'paused', done: 'sent' } as const
  const state = latest === null ? 'not begun' : how[latest.state]
  throw new OnrecordError('refused', `The sending of ${issue} is ${state}, not cancelled.`, {
    hint:
      latest?.state === 'done'
        ? `everybody has it; “onrecord publish ${issue}” puts the corrected page on the site`
        : latest === null
          ? `“onrecord send ${issue}” sends it`
          : `“onrecord send ${issue} --cancel” stops it first`,
  })
}

/**
 * Freezes a round anew from which nothing has gone out; the caller is the only sender.
 * @returns null when something has, after all; what was frozen then goes out
 * @throws OnrecordError `refused` when nobody would get it, or for what a real send must not do
 */
export async function freezeAnew(
  desk: SendingDesk,
  round: Round,
  ready: ReadyIssue,
  options: OpenRoundOptions,
): Promise<Round | null> {
  if (await desk.deliveries.hasGoneOut(round.id)) {
    await refuseFrozen(desk, round, options)
    return null
  }
  return desk.deliveries.refreeze(round.id, await freezeContent(desk, ready, { ...options, to: round.to }))
}

async function begin(
  desk: SendingDesk,
  ready: ReadyIssue,
  before: Round | null,
  options: OpenRoundOptions,
): Promise<OpenedRound> {
  const frozen = await freezeContent(desk, ready, { ...options, to: toOf(before, options) })
  const round = await desk.deliveries.openRound({
    ...frozen,
    issue: ready.id,
    kind: kindOf(options),
    number: (before?.number ?? 0) + 1,
  })
  const renewed = before !== null && kindOf(options) === 'rehearsal' && !isFrozenIn(before, ready)
  const change = renewed ? { kind: 'renewed' as const, since: before.startedAt } : null
  return { round, how: 'begun', change, anew: null }
}

/** Whom a new round is for, after the one before it. */
export function toOf(before: Round | null, { to, corrected }: OpenRoundOptions): SubscriberTier | null {
  if (to !== undefined) return to
  return corrected === true ? (before?.to ?? null) : null
}

/**
 * Keeps the editions and images of an issue, and puts it on the site with a real send.
 * @throws OnrecordError `refused` when nobody would get it, or for what a real send must not do
 */
export async function freezeContent(
  desk: SendingDesk,
  ready: ReadyIssue,
  options: OpenRoundOptions,
): Promise<Frozen> {
  const { transport } = options
  const { subscriber, member } = ready.editions
  const { from, baseUrl, replyTo } = subscriber.envelope
  await refuseReady(desk, ready, options)
  await desk.editions.save(subscriber)
  await desk.editions.save(member)
  if (options.publish ?? kindOf(options) === 'real') await publishIssue(desk, ready)
  else await freezeImages(desk.imagesDir, ready.images)
  return {
    newsletter: ready.newsletter,
    transport: transport.label,
    settings: {
      from: from.address,
      replyTo,
      baseUrl,
      template: ready.template ?? null,
      to: options.to ?? null,
    },
    editions: { public: ready.editions.public.hash, subscriber: subscriber.hash, member: member.hash },
  }
}

/** What becomes of a round that was frozen before, if the files have changed since. */
async function compare(
  desk: SendingDesk,
  round: Round,
  options: OpenRoundOptions,
): Promise<Pick<OpenedRound, 'change' | 'anew'>> {
  const since = round.startedAt
  // Whatever is wrong with the files now, what is frozen can go out.
  const ready = await options.ready().catch(() => null)
  const same = ready !== null && isFrozenIn(round, ready)
  if (ready !== null && !same && !(await desk.deliveries.hasGoneOut(round.id))) {
    await refuseReady(desk, ready, options)
    return { change: { kind: 'refrozen', since }, anew: ready }
  }
  await refuseFrozen(desk, round, options)
  if (same) return { change: null, anew: null }
  return { change: { kind: ready === null ? 'blocked' : 'kept', since }, anew: null }
}

async function refuseReady(
  desk: SendingDesk,
  { newsletter, editions }: ReadyIssue,
  { transport }: OpenRoundOptions,
): Promise<void> {
  const { from, baseUrl } = editions.subscriber.envelope
  const audience = await desk.deliveries.audience(newsletter)
  if (audience.subscriber + audience.member === 0)
    throw new OnrecordError('refused', `Nobody is subscribed to “${newsletter}” yet.`, {
      hint: '“onrecord subscribers import people.csv” adds people',
    })
  refuseImpossible({ transport, baseUrl, from: from.address, audience })
}

/**
 * A resumed round may have been begun with another server.
 * @throws OnrecordError `refused` for what a real send must not do
 */
export async function refuseFrozen(
  desk: SendingDesk,
  round: Pick<Round, 'newsletter' | 'editions'>,
  { transport }: Pick<OpenRoundOptions, 'transport'>,
): Promise<void> {
  if (transport.kind === 'outbox' || transport.local) return
  const edition = await desk.editions.get(round.editions.subscriber ?? '')
  if (edition === null) return
  const audience = await desk.deliveries.audience(round.newsletter)
  const { from, baseUrl } = edition.envelope
  refuseImpossible({ transport, baseUrl, from: from.address, audience })
}

/** What goes to the outbox is a rehearsal. */
export function kindOf({ transport }: Pick<OpenRoundOptions, 'transport'>): Round['kind'] {
  return transport.kind === 'outbox' ? 'rehearsal' : 'real'
}
