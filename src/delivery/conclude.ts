import { OnrecordError } from '../core/errors.ts'
import type { SendingDesk } from './publish.ts'
import type { Round } from './round.ts'
import type { SendingEnd } from './send.ts'
import { readStatus, waiting } from './status.ts'

/**
 * Writes down how the sending of a round ended.
 * @param interruptedIs what an interrupted one is from then on
 * @throws OnrecordError `io` when that cannot be written either, or this one of several workers was cut off
 */
export async function conclude(
  { deliveries }: Pick<SendingDesk, 'deliveries'>,
  round: Round,
  end: SendingEnd,
  interruptedIs: 'paused' | 'sending',
): Promise<Round> {
  if (end.kind === 'stopped') return round
  if (end.kind === 'cut off')
    throw new OnrecordError('io', `This process sends no more of ${round.issue}: ${end.reason}.`, {
      hint: `what it had is sent by other workers; “onrecord send ${round.issue}” or a worker goes on`,
    })
  if (end.kind === 'halted') {
    try {
      return await deliveries.setState(
        round.id,
        end.resumesAt === null ? 'paused' : 'sending',
        end.reason,
        'sending',
      )
    } catch (error) {
      // The store itself is the trouble: the rows say all the same where to go on.
      throw new OnrecordError('io', `The send stopped: ${end.reason}.`, {
        cause: error,
        hint: `mend it, then “onrecord send ${round.issue}” goes on`,
      })
    }
  }
  const status = await readStatus(deliveries, round)
  if (waiting(status) === 0) return deliveries.setState(round.id, 'done', null)
  // What the server has only put off is sent by a worker, or by the next `send`, when it is due.
  if (end.kind === 'drained' || waiting(status) === status.deferred) return round
  if (interruptedIs === 'sending') return round
  return deliveries.setState(round.id, 'paused', 'interrupted', 'sending')
}
