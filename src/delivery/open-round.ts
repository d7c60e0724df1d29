import { OnrecordError } from '../core/errors.ts'
import { freezeImages } from './freeze-images.ts'
import { publishIssue, type ReadyIssue, type SendingDesk } from './publish.ts'
import { refuseImpossible } from './refusals.ts'
import type { Round } from './round.ts'
import type { Transport } from './transport.ts'

export interface OpenRoundOptions {
  readonly transport: Pick<Transport, 'kind' | 'label' | 'local'>
  /** The issue as its files are now; asked for only where something is to be frozen or compared. */
  readonly ready: () => Promise<ReadyIssue>
  /** Whether the issue goes on the site too; default: with a real send. */
  readonly publish?: boolean
}

/** A round to send, and what led to it. */
export interface OpenedRound {
  readonly round: Round
  /** begun: new; resumed: one that had not ended; again: one that was done looks for people confirmed since. */
  readonly how: 'begun' | 'resumed' | 'again'
}

/**
 * The round that `send` works on. A real send of an issue is one round for ever: sending again mails
 * whom it did not mail. A rehearsal is repeated for everybody once the issue has changed.
 * @throws OnrecordError `refused` when it was cancelled, when nobody would get it, or for what a
 *   real send must not do
 */
export async function openRound(
  desk: SendingDesk,
  issue: string,
  options: OpenRoundOptions,
): Promise<OpenedRound> {
  const kind = options.transport.kind === 'outbox' ? 'rehearsal' : 'real'
  const latest = await desk.deliveries.round(issue, kind)
  if (latest === null) return begin(desk, await options.ready(), 1, options)
  switch (latest.state) {
    case 'freezing':
    case 'sending':
    case 'paused':
      await refuseFrozen(desk, latest, options)
      return { round: latest, how: 'resumed' }
    case 'cancelled':
      if (kind === 'rehearsal') return begin(desk, await options.ready(), latest.number + 1, options)
      throw new OnrecordError('refused', `The sending of ${issue} was cancelled.`, {
        hint: `“onrecord status ${issue}” says whom it had reached`,
      })
    case 'done': {
      if (kind === 'rehearsal') {
        const ready = await options.ready()
        if (!isFrozenIn(latest, ready)) return begin(desk, ready, latest.number + 1, options)
      }
      await refuseFrozen(desk, latest, options)
      return { round: await desk.deliveries.reopen(latest.id), how: 'again' }
    }
  }
}

async function begin(
  desk: SendingDesk,
  ready: ReadyIssue,
  number: number,
  { transport, publish }: OpenRoundOptions,
): Promise<OpenedRound> {
  const kind = transport.kind === 'outbox' ? 'rehearsal' : 'real'
  const { subscriber, member } = ready.editions
  const { from, baseUrl } = subscriber.envelope
  const audience = await desk.deliveries.audience(ready.newsletter)
  if (audience.subscriber + audience.member === 0)
    throw new OnrecordError('refused', `Nobody is subscribed to “${ready.newsletter}” yet.`, {
      hint: '“onrecord subscribers import people.csv” adds people',
    })
  refuseImpossible({ transport, baseUrl, from: from.address, audience })
  await desk.editions.save(subscriber)
  await desk.editions.save(member)
  if (publish ?? kind === 'real') await publishIssue(desk, ready)
  else await freezeImages(desk.imagesDir, ready.images)
  const round = await desk.deliveries.openRound({
    issue: ready.id,
    newsletter: ready.newsletter,
    kind,
    number,
    transport: transport.label,
    settings: { from: from.address, replyTo: subscriber.envelope.replyTo, baseUrl },
    editions: { subscriber: subscriber.hash, member: member.hash },
  })
  return { round, how: 'begun' }
}

/** A resumed round may have been begun with another server. */
async function refuseFrozen(desk: SendingDesk, round: Round, { transport }: OpenRoundOptions): Promise<void> {
  const edition = await desk.editions.get(round.editions.subscriber ?? '')
  if (edition === null) return
  const audience = await desk.deliveries.audience(round.newsletter)
  const { from, baseUrl } = edition.envelope
  refuseImpossible({ transport, baseUrl, from: from.address, audience })
}

function isFrozenIn(round: Round, { editions }: ReadyIssue): boolean {
  return (
    round.editions.subscriber === editions.subscriber.hash && round.editions.member === editions.member.hash
  )
}
