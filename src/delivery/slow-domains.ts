/** How long the messages of a domain take. */
export interface Pulse {
  /** The shortest of the last few, in milliseconds: what a message waits for another one does not blur that. */
  shortest: number
  samples: number
  isSlow: boolean
}

/**
 * Keeps a domain that answers slowly (a tarpit) from holding every lane: all such domains together get a
 * quarter of them, one at least, as long as others have something to send.
 */
export interface SlowDomains {
  /** Whether a message of a slow domain may begin. */
  readonly hasRoom: boolean
  begin(): void
  end(): void
  /** Notes how long a message took, and so whether its domain is slow. */
  note(pulse: Pulse, took: number): void
}

/** Below this nothing is slow, in milliseconds. */
const SLOW = 250
/** So many times the quickest of all. */
const TIMES = 4
const SAMPLES = 4
const SAMPLES_OF_ALL = 64

export function createSlowDomains(lanes: number): SlowDomains {
  const share = Math.max(1, Math.floor(lanes / 4))
  let underWay = 0
  let before = Number.POSITIVE_INFINITY
  let quickest = Number.POSITIVE_INFINITY
  let samples = 0
  return {
    get hasRoom() {
      return underWay < share
    },
    begin() {
      underWay += 1
    },
    end() {
      underWay -= 1
    },
    note(pulse, took) {
      quickest = Math.min(quickest, took)
      samples += 1
      if (samples >= SAMPLES_OF_ALL) {
        before = quickest
        quickest = Number.POSITIVE_INFINITY
        samples = 0
      }
      pulse.shortest = Math.min(pulse.shortest, took)
      pulse.samples += 1
      if (pulse.samples < SAMPLES) return
      pulse.isSlow = pulse.shortest > SLOW && pulse.shortest > TIMES * Math.min(quickest, before)
      pulse.shortest = Number.POSITIVE_INFINITY
      pulse.samples = 0
    },
  }
}
