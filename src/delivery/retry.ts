/** Minutes to wait after each failed attempt: the first is long enough for greylisting. */
const minutes = [5, 10, 20, 40, 80, 160, 240] as const

/** After this long, and as many attempts at least, a deferred delivery is given up. */
const GIVE_UP_MS = 48 * 3_600_000
/** The clock that says so may have been wrong before, and set right since. */
const GIVE_UP_ATTEMPTS = 3

/**
 * When a deferred delivery is tried again, or null when it is given up: 48 hours after the first
 * attempt, and after three. The wait varies by a fifth either way, so that a deferred list does not come back at once.
 *
 * @param attempts made so far, at least 1
 * @param random from 0 to 1
 * @param rest milliseconds that the domain rests, where that is why; then no longer wait is needed
 */
export function retryAt(
  attempts: number,
  firstAttemptAt: number,
  now: number,
  random: number,
  rest: number | null = null,
): number | null {
  const wait = minutes[Math.min(Math.max(attempts, 1), minutes.length) - 1] ?? 240
  const at = now + (rest ?? Math.round(wait * 60_000 * (0.8 + 0.4 * random)))
  return attempts >= GIVE_UP_ATTEMPTS && at - firstAttemptAt > GIVE_UP_MS ? null : at
}

/**
 * How long to wait, in milliseconds, before a server that cannot be reached is tried again, or null
 * when the round is paused instead.
 *
 * @param failures in a row, at least 1
 */
export function reconnectAfter(failures: number): number | null {
  return [250, 1_000, 3_000, 8_000][failures - 1] ?? null
}
