/**
 * Tells when this process stood still for longer than `limit` milliseconds (it was stopped, or its machine slept), as soon
 * as it goes on. `end` ends the watching.
 */
export function watchStandstill(
  limit: number,
  tell: (milliseconds: number) => void,
  { every = 1_000, now = (): number => performance.now() } = {},
): { end(): void } {
  let seen = now()
  const timer = setInterval(() => {
    const at = now()
    if (at - seen - every > limit) tell(at - seen)
    seen = at
  }, every)
  timer.unref()
  return { end: () => clearInterval(timer) }
}
