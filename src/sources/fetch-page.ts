import { setTimeout as sleep } from 'node:timers/promises'
import { systemClock, type Clock } from '../core/clock.ts'
import { unlessAborted } from '../core/unless-aborted.ts'
import { guardUrl, publicPorts, systemResolver, type GuardOptions } from './guard.ts'
import { HostTurns, type Sleep } from './host-turns.ts'
import { askOnce, type Answer } from './request.ts'
import { allowAll, allowNothing, mayFetch, parseRobots, ROBOTS_BYTES, type Robots } from './robots.ts'

/** A page as its server sent it. */
export interface FetchedPage extends Answer {
  readonly kind: 'page'
  /** Where the last redirect led. */
  readonly finalUrl: string
  readonly redirects: readonly Redirect[]
  /** Milliseconds since the epoch. */
  readonly fetchedAt: number
}

/** One redirect that was followed. */
export interface Redirect {
  readonly from: string
  readonly status: number
  readonly to: string
}

export type FailureReason =
  | 'malformed' // no http or https address
  | 'blocked' // leads into a local network; nothing was dialled
  | 'robots' // the site's robots.txt asks us not to
  | 'dead' // 404, 410, or a host without an address
  | 'unverifiable' // 401, 402, 403, 429, 451: it may well be there, but not for us
  | 'unreachable' // no connection, a broken answer, 5xx
  | 'timeout'
  | 'too-large'
  | 'redirects' // too many, or one without an address

/** Why a page could not be had. */
export interface FetchFailure {
  readonly kind: 'failure'
  readonly reason: FailureReason
  /** One sentence for a person. */
  readonly message: string
  /** The status of the last answer, or null. */
  readonly status: number | null
  readonly finalUrl: string
  readonly redirects: readonly Redirect[]
}

export interface FetchOptions extends Partial<GuardOptions> {
  /** Says who fetches and why: `Onrecord/1.0 (+https://brief.example.org; checks sources)`. */
  readonly userAgent: string
  readonly clock?: Clock
  readonly sleep?: Sleep
  readonly limits?: Partial<FetchLimits>
}

export interface FetchLimits {
  readonly bytes: number
  /** For one page with its redirects, waiting for a host's turn not counted. */
  readonly milliseconds: number
  readonly redirects: number
  /** Between two requests to one host. */
  readonly pauseMilliseconds: number
}

export const fetchLimits: FetchLimits = {
  bytes: 10_000_000,
  milliseconds: 20_000,
  redirects: 5,
  pauseMilliseconds: 1000,
}

/** Fetches pages politely and safely; remembers each host's robots.txt and turns. */
export interface PageFetcher {
  /** Never throws but where `signal` aborts. */
  fetchPage(
    url: string,
    asked?: { method?: 'GET' | 'HEAD'; signal?: AbortSignal },
  ): Promise<FetchedPage | FetchFailure>
}

/** RFC 9309 §2.4: a day. */
const ROBOTS_MILLISECONDS = 24 * 3600 * 1000

export function openFetcher(options: FetchOptions): PageFetcher {
  const limits = { ...fetchLimits, ...options.limits }
  const clock = options.clock ?? systemClock
  const guard: GuardOptions = {
    resolver: options.resolver ?? systemResolver,
    ports: options.ports ?? publicPorts,
    allowPrivate: options.allowPrivate ?? (() => false),
  }
  const turns = new HostTurns({
    clock,
    sleep: options.sleep ?? ((milliseconds, signal) => sleep(milliseconds, undefined, { signal })),
    pauseMilliseconds: limits.pauseMilliseconds,
  })
  const robotsOf = new Map<string, { readonly robots: Promise<Robots | FetchFailure>; readonly at: number }>()
  const agent = /^[a-z_-]+/iu.exec(options.userAgent)?.[0] ?? 'onrecord'
  const never = new AbortController().signal

  /** One page with its redirects; `rules` says whether robots.txt is asked first. */
  async function follow(
    start: string,
    how: { method: 'GET' | 'HEAD'; rules: boolean; bytes: number; signal: AbortSignal },
  ): Promise<FetchedPage | FetchFailure> {
    const redirects: Redirect[] = []
    let left = limits.milliseconds
    let at = start
    const fail = (reason: FailureReason, message: string, status: number | null = null): FetchFailure => ({
      kind: 'failure',
      reason,
      message,
      status,
      finalUrl: at,
      redirects,
    })
    for (;;) {
      if (!URL.canParse(at)) return fail('malformed', 'This is not a web address.')
      const url = new URL(at)
      url.hash = ''
      if (how.rules && (url.protocol === 'http:' || url.protocol === 'https:')) {
        const robots = await unlessAborted(robotsFor(url), how.signal)
        if ('kind' in robots) return { ...robots, finalUrl: at, redirects }
        if (!mayFetch(robots, url))
          return fail('robots', 'The site’s robots.txt asks not to fetch this page.')
      }
      const asked = await turns.take(url.host, how.signal, async () => {
        const began = performance.now()
        try {
          // The name is resolved when the request is about to go, and the answer is what is dialled.
          const guarded = await withinTime(guardUrl(url, guard), left)
          if (guarded === null) return { kind: 'timeout', message: 'The name server took too long.' } as const
          if (guarded.kind !== 'allowed') return guarded
          const remaining = left - (performance.now() - began)
          const request = { bytes: how.bytes, milliseconds: remaining }
          return await askOnce(guarded.destination, how.method, headersOf(options), request, how.signal)
        } finally {
          left -= performance.now() - began
        }
      })
      if (asked.kind === 'unknown-host') return fail('dead', asked.message)
      if (asked.kind !== 'answer') return fail(asked.kind, asked.message)
      const { answer } = asked
      const location = answer.headers['location']
      if (![301, 302, 303, 307, 308].includes(answer.status)) {
        const failed = failedStatus(answer.status)
        if (failed !== null) return fail(failed.reason, failed.message, answer.status)
        return { kind: 'page', ...answer, finalUrl: at, redirects, fetchedAt: clock.now() }
      }
      if (location === undefined || !URL.canParse(location, url.href)) {
        return fail('redirects', 'The page redirects to no address.', answer.status)
      }
      if (redirects.length >= limits.redirects) {
        return fail('redirects', `The page redirects more than ${limits.redirects} times.`, answer.status)
      }
      const to = new URL(location, url).href
      redirects.push({ from: at, status: answer.status, to })
      at = to
      if (left <= 0) return fail('timeout', 'The server took too long to answer.')
    }
  }

  function robotsFor(url: URL): Promise<Robots | FetchFailure> {
    const known = robotsOf.get(url.origin)
    if (known !== undefined && clock.now() - known.at < ROBOTS_MILLISECONDS) return known.robots
    const robots = fetchRobots(url)
    robotsOf.set(url.origin, { robots, at: clock.now() })
    // What failed is asked for again.
    robots.then(
      (result) => 'kind' in result && robotsOf.delete(url.origin),
      () => robotsOf.delete(url.origin),
    )
    return robots
  }

  async function fetchRobots(url: URL): Promise<Robots | FetchFailure> {
    const how = { method: 'GET', rules: false, bytes: limits.bytes, signal: never } as const
    const result = await follow(new URL('/robots.txt', url).href, how)
    if (result.kind === 'page') return parseRobots(result.body.toString('utf8', 0, ROBOTS_BYTES), agent)
    if (result.reason === 'redirects') return allowAll
    if (result.status !== null) return result.status < 500 ? allowAll : allowNothing
    return result.reason === 'too-large' ? allowNothing : result
  }

  return {
    fetchPage: (url, asked = {}) =>
      follow(url, {
        method: asked.method ?? 'GET',
        rules: true,
        bytes: limits.bytes,
        signal: asked.signal ?? never,
      }),
  }
}

/** Null where the time is up first. */
async function withinTime<T>(work: Promise<T>, milliseconds: number): Promise<T | null> {
  const done = new AbortController()
  const timer = sleep(Math.max(1, milliseconds), null, { signal: done.signal }).catch(() => null)
  try {
    return await Promise.race([work, timer])
  } finally {
    done.abort()
  }
}

function headersOf(options: FetchOptions): Readonly<Record<string, string>> {
  return {
    'user-agent': options.userAgent,
    accept: 'text/html,application/xhtml+xml,application/pdf;q=0.9,text/plain;q=0.8,*/*;q=0.5',
    'accept-encoding': 'gzip, deflate, br',
    connection: 'close',
  }
}

function failedStatus(status: number): { readonly reason: FailureReason; readonly message: string } | null {
  if (status >= 200 && status < 300) return null
  if (status === 404 || status === 410) return { reason: 'dead', message: `The page is gone (${status}).` }
  if (status >= 400 && status < 500) {
    return { reason: 'unverifiable', message: `The server did not let us read the page (${status}).` }
  }
  return { reason: 'unreachable', message: `The server failed (${status}).` }
}
