import type { ClaimedDelivery } from './round.ts'
import type { Outcome } from './transport.ts'

/** Deliveries that servers hang up on, before their content, each time they hear of them. */
export interface Losses {
  /**
   * What an outcome says of its message: once a server that greeted us has hung up on it three times,
   * it is the message that the server does not like, and no longer the server that is down.
   */
  judge(delivery: Pick<ClaimedDelivery, 'id'>, outcome: Outcome): Outcome
}

/** A server that is stopped hangs up on a message once; a restart and a bad moment make two. */
const LOSSES = 3
/** Of more, the oldest are forgotten. */
const REMEMBERED = 1_000

export function createLosses(): Losses {
  const losses = new Map<number, number>()
  return {
    judge({ id }, outcome) {
      if (outcome.state !== 'deferred' || outcome.told !== true) return outcome
      const count = (losses.get(id) ?? 0) + 1
      losses.delete(id)
      if (count >= LOSSES)
        return {
          state: 'deferred',
          reply: `the server hung up on it ${count} times: ${outcome.reply}`,
          serverDown: false,
        }
      losses.set(id, count)
      for (const oldest of losses.keys()) {
        if (losses.size <= REMEMBERED) break
        losses.delete(oldest)
      }
      return outcome
    },
  }
}
