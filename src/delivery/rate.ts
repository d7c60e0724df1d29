/** Messages a second over the last ten seconds. */
export interface RateMeter {
  /** Notes how many have been accepted by now (milliseconds), and gives the rate. */
  note(now: number, accepted: number): number
}

const WINDOW_MS = 10_000

export function createRateMeter(): RateMeter {
  let seen: { readonly at: number; readonly accepted: number }[] = []
  return {
    note(now, accepted) {
      // What was noted at a later time was noted before the clock was set back.
      seen = [...seen.filter(({ at }) => at <= now && now - at <= WINDOW_MS), { at: now, accepted }]
      const first = seen[0]
      if (first === undefined || now === first.at) return 0
      return Math.max(0, ((accepted - first.accepted) * 1_000) / (now - first.at))
    },
  }
}
