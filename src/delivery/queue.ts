import type { ClaimedDelivery } from './round.ts'
import type { Outcome } from './transport.ts'

/**
 * What goes next, and when: claims rows, keeps the pace (per second, per hour, per recipient domain,
 * warm-up), lets a domain rest that asked for it, and trips breakers. Shared by all lanes of a send.
 */
export interface Queue {
  /**
   * The next delivery that may begin, as soon as it may.
   * @returns null when nothing is left that may be sent now, when interrupted, or when halted
   */
  next(): Promise<ClaimedDelivery | null>
  /** The same without waiting: one whose envelope may go with the message before it, or null. */
  nextNow(): ClaimedDelivery | null
  /** One that was taken and never begun. */
  giveBack(delivery: ClaimedDelivery): void
  /** What became of one that was begun. */
  note(delivery: ClaimedDelivery, outcome: Outcome): void
  /** Why the whole round must pause, or null. */
  readonly halted: string | null
}
