/**
 * An even pace after a burst of at most a tenth of a second's worth. It keeps nothing itself, so that
 * one pace serves any number of domains: each keeps the time that `after` gave it.
 */
export interface Pace {
  /**
   * When the next message may begin, in milliseconds on the caller's clock; not later than `now`: at once.
   * @param after what `after` gave for the message before, or `-Infinity`
   */
  slot(after: number, now: number): number
  /** What is kept of a message that begins at `slot`. */
  after(slot: number): number
  /** Whether what is kept makes no difference any more. */
  forgets(after: number, now: number): boolean
}

/** @param perSecond messages; a fraction is fine */
export function createPace(perSecond: number): Pace {
  const gap = 1_000 / perSecond
  const burst = Math.max(gap, 100)
  const earliest = (now: number): number => now - burst + gap
  return {
    slot: (after, now) => Math.max(after, earliest(now)),
    after: (slot) => slot + gap,
    forgets: (after, now) => after <= earliest(now),
  }
}
