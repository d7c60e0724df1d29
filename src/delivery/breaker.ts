/** How the last attempts at one domain went. */
export interface Attempts {
  attempts: number
  /** Of these, refused for policy (5.7.x). */
  refused: number
}

const LEAST_ATTEMPTS = 10
/** One in five. */
const PER_REFUSAL = 5

/** Attempts after which what lies further back counts half, so that a change of mind shows. */
const MEMORY = 100

/**
 * Counts one more attempt.
 * @returns whether the domain is to be held back: of 10 attempts or more, 20 % or more were refused for policy
 */
export function trips(of: Attempts, refused: boolean): boolean {
  of.attempts += 1
  if (refused) of.refused += 1
  const tripped = of.attempts >= LEAST_ATTEMPTS && of.refused * PER_REFUSAL >= of.attempts
  if (of.attempts >= MEMORY) {
    of.attempts /= 2
    of.refused /= 2
  }
  return tripped
}

/** One attempt, as the whole round counts it. */
export interface Attempt {
  readonly domain: string
  /** For policy. */
  readonly refused: boolean
}

/**
 * Whether it is us, though each domain has too few messages to trip: of 10 attempts or more, more than
 * half were refused for policy, and by two domains or more.
 */
export function areMostRefused(attempts: readonly Attempt[]): boolean {
  const refused = attempts.filter((each) => each.refused)
  if (attempts.length < LEAST_ATTEMPTS || refused.length * 2 <= attempts.length) return false
  return new Set(refused.map(({ domain }) => domain)).size > 1
}

/** Domains that were held back, and the share each had of the attempts just before. */
export type Tripped = ReadonlyMap<string, number>

/**
 * Whether it is us and not one domain: three or more hold, or two that had more than half of the attempts.
 */
export function isGeneral(tripped: Tripped): boolean {
  const share = [...tripped.values()].reduce((sum, each) => sum + each, 0)
  return tripped.size >= 3 || (tripped.size === 2 && share > 0.5)
}
