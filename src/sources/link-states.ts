import type { FailureReason } from './fetch-page.ts'

/**
 * What is known of a link after several looks, with the patience of a library:
 *
 *   (new) ──page──▶ alive ◀──page── failing ──3rd failure, ≥ 6 days after the 1st──▶ dead
 *                     └───failure──▶ failing                                          │
 *   any  ──not for us (401, 403, 429, robots …)──▶ unverified; failures stay counted  │
 *   any  ◀──────────────────────────────page──────────────────────────────────────────┘
 *
 * Failures within a day of each other are one: a server that is down for an hour fails once,
 * however often it is asked.
 */
export interface LinkState {
  readonly url: string
  readonly state: 'alive' | 'failing' | 'dead' | 'unverified'
  /** The last look; milliseconds since the epoch. */
  readonly checkedAt: number
  /** The last look that found a page, or null. */
  readonly aliveAt: number | null
  /** Since the last page: when each counted failure was seen, and why. */
  readonly failures: readonly { readonly at: number; readonly reason: FailureReason }[]
  /** Cited passages that the page did not hold when it was last read. */
  readonly gone: readonly string[]
  /** Of the last look; one sentence for a person, or null where there was a page. */
  readonly message: string | null
}

/** What one look found. */
export type LinkLook =
  /** `gone`: null where the page's text was not read. */
  | { readonly kind: 'page'; readonly gone: readonly string[] | null }
  | { readonly kind: 'failure'; readonly reason: FailureReason; readonly message: string }

const DAY = 24 * 3600 * 1000
const DEAD_FAILURES = 3
const DEAD_MILLISECONDS = 6 * DAY
/** A failure sooner than this after the one before is that one still; a little less than a day, for daily runs. */
const SAME_FAILURE = 20 * 3600 * 1000

/** The state after a look at `now`; `before` is null for a link never looked at. */
export function nextLinkState(url: string, before: LinkState | null, look: LinkLook, now: number): LinkState {
  if (look.kind === 'page') {
    const gone = look.gone ?? before?.gone ?? []
    return { url, state: 'alive', checkedAt: now, aliveAt: now, failures: [], gone, message: null }
  }
  const gone = before?.gone ?? []
  const aliveAt = before?.aliveAt ?? null
  const known = before?.failures ?? []
  const { reason, message } = look
  if (!isFailure(reason)) {
    return { url, state: 'unverified', checkedAt: now, aliveAt, failures: known, gone, message }
  }
  const last = known.at(-1)
  const failures =
    last !== undefined && now - last.at < SAME_FAILURE ? known : [...known, { at: now, reason }]
  const first = failures[0]?.at ?? now
  const dead = failures.length >= DEAD_FAILURES && (failures.at(-1)?.at ?? now) - first >= DEAD_MILLISECONDS
  return { url, state: dead ? 'dead' : 'failing', checkedAt: now, aliveAt, failures, gone, message }
}

/** When the page was first found missing since it was last there, or null. */
export function failingSince(state: LinkState): number | null {
  return state.failures[0]?.at ?? null
}

/** Whether a reason speaks against the page, or only against our looking at it. */
function isFailure(reason: FailureReason): boolean {
  switch (reason) {
    case 'dead':
    case 'unreachable':
    case 'timeout':
    case 'redirects':
      return true
    case 'malformed':
    case 'blocked':
    case 'robots':
    case 'unverifiable':
    case 'too-large':
      return false
  }
}
