import type { Clock } from '../core/clock.ts'
import { unlessAborted } from '../core/unless-aborted.ts'
import { linksOf, type MailLink } from '../email/compat/mail-links.ts'
import { anySlotMark } from '../render/slots.ts'
import { eachAtOnce } from '../sources/each-at-once.ts'
import type { FetchedPage, FetchFailure, PageFetcher } from '../sources/fetch-page.ts'

/**
 * `works`: something is there. `broken`: nobody can open it. `could-not-verify`: it may well be there, but
 * not for a program (401, 403, 429, robots.txt, too slow). `refused`: it leads into a local network and was
 * not asked for.
 */
export type LinkState = 'works' | 'broken' | 'could-not-verify' | 'refused'

export interface LinkResult {
  readonly link: MailLink
  readonly state: LinkState
  /** One sentence for a person; null where it works and nothing is to be said. */
  readonly message: string | null
  /** Where it led, where that is somewhere else. */
  readonly movedTo: string | null
  /** Milliseconds since the epoch. */
  readonly checkedAt: number
}

export interface LinkProgress {
  readonly done: number
  readonly total: number
  /** What has become known since the last call. */
  readonly results: readonly LinkResult[]
}

export interface LinkCheckOptions {
  /** The sources' own, with its guard, turns and limits. */
  readonly fetcher: PageFetcher
  readonly clock: Clock
  /** Where the publication's own pages are, which do not exist before an issue is out: never asked. */
  readonly baseUrl: string
  /** How many requests are under way at once; default 4. */
  readonly width?: number
}

/** Checks the links and images of mails in the background; remembers what it found for a while. */
export interface LinkChecks {
  /**
   * Looks at each address of a mail; those looked at lately are told at once. Resolves with all of them in
   * the mail's order. Rejects where `signal` or `close` ends it.
   * @param again asks also for what is remembered
   */
  check(
    html: string,
    asked?: {
      readonly signal?: AbortSignal
      readonly again?: boolean
      readonly onProgress?: (progress: LinkProgress) => void
    },
  ): Promise<readonly LinkResult[]>
  /** Ends what is under way. */
  close(): void
}

type Found = Omit<LinkResult, 'link'>

/** What works is asked for again after an hour, what does not after a minute: an editor mends it meanwhile. */
const KEPT = 3_600_000
const KEPT_TROUBLE = 60_000
/** More are forgotten, the oldest first. */
const MOST_KEPT = 5_000

export function openLinkChecks(options: LinkCheckOptions): LinkChecks {
  const { fetcher, clock, width = 4 } = options
  const known = new Map<string, Found>()
  const underWay = new Map<string, Promise<Look>>()
  const closing = new AbortController()

  function remembered(key: string): Found | null {
    const found = known.get(key)
    if (found === undefined) return null
    const age = clock.now() - found.checkedAt
    return age < (found.state === 'works' ? KEPT : KEPT_TROUBLE) ? found : null
  }

  function remember(key: string, found: Found): void {
    known.delete(key)
    known.set(key, found)
    const [oldest] = known.keys()
    if (known.size > MOST_KEPT && oldest !== undefined) known.delete(oldest)
  }

  /** One look an address at a time, whoever asks for it; ended by `close` alone, since others may wait for it. */
  function look(key: string, link: MailLink): Promise<Look> {
    const running = underWay.get(key)
    if (running !== undefined) return running
    const started = lookAt(link, fetcher, closing.signal).finally(() => underWay.delete(key))
    underWay.set(key, started)
    return started
  }

  return {
    async check(html, { signal, again = false, onProgress } = {}) {
      const stop = signal === undefined ? closing.signal : AbortSignal.any([signal, closing.signal])
      stop.throwIfAborted()
      const links = linksOf(html).filter(({ url }) => isAsked(url, options.baseUrl))
      const results = new Map<MailLink, LinkResult>()
      const tell = (fresh: readonly LinkResult[]): void => {
        for (const each of fresh) results.set(each.link, each)
        if (fresh.length > 0) onProgress?.({ done: results.size, total: links.length, results: fresh })
      }
      const cached = links.flatMap((link) => {
        const found = again ? null : remembered(keyOf(link))
        return found === null ? [] : [{ link, ...found }]
      })
      tell(cached)
      const left = links.filter((link) => !results.has(link))
      // Until something answers, nobody can tell a dead host from a line that is down.
      const doubtful: { readonly link: MailLink; readonly found: Found }[] = []
      let answered = cached.some(({ state }) => state === 'works')
      // Links to several places of a page are one question.
      const looked = new Map<string, Promise<Look>>()
      await eachAtOnce(left, width, async (link) => {
        stop.throwIfAborted()
        const key = keyOf(link)
        const looking = looked.get(key) ?? look(key, link)
        looked.set(key, looking)
        const { answered: didAnswer, ...rest } = await unlessAborted(looking, stop)
        const found = { ...rest, checkedAt: clock.now() }
        answered ||= didAnswer
        if (!answered && found.state === 'broken') {
          doubtful.push({ link, found })
          return
        }
        remember(key, found)
        tell([{ link, ...found }, ...doubtful.splice(0).map((each) => ({ link: each.link, ...each.found }))])
      })
      tell(
        doubtful.map(({ link, found }) => ({
          link,
          ...found,
          state: 'could-not-verify',
          message: 'No server answered at all; this machine may be offline.',
        })),
      )
      return links.flatMap((link) => results.get(link) ?? [])
    },
    close: () => closing.abort(),
  }
}

interface Look extends Omit<Found, 'checkedAt'> {
  /** Whether any server was heard. */
  readonly answered: boolean
}

/** A fragment is for the reader's program; the server is asked for the page once. */
function keyOf({ url, kind }: MailLink): string {
  const hash = url.indexOf('#')
  return `${kind} ${hash < 0 ? url : url.slice(0, hash)}`
}

/** Whether an address is asked: not ours, no slot that is filled in later, and no name that is reserved for examples (RFC 2606, RFC 6761). */
export function isAsked(url: string, baseUrl: string): boolean {
  if (url.search(anySlotMark) >= 0 || !URL.canParse(url)) return false
  const { origin, hostname } = new URL(url)
  if (URL.canParse(baseUrl) && new URL(baseUrl).origin === origin) return false
  return !/(?:^|\.)(?:test|example|invalid|example\.(?:com|net|org))\.?$/i.test(hostname)
}

/** A HEAD is enough where it is answered well; many servers refuse one, so that a GET has the last word. */
async function lookAt({ url, kind }: MailLink, fetcher: PageFetcher, signal: AbortSignal): Promise<Look> {
  const head = await fetcher.fetchPage(url, { method: 'HEAD', signal })
  if (head.kind === 'page') return there(head, kind, url)
  if (head.reason === 'robots' || head.reason === 'blocked' || head.reason === 'malformed')
    return notThere(head)
  const page = await fetcher.fetchPage(url, { signal })
  return page.kind === 'page' ? there(page, kind, url) : notThere(page)
}

function there(page: FetchedPage, kind: MailLink['kind'], url: string): Look {
  const movedTo = page.redirects.length > 0 && page.finalUrl !== url ? page.finalUrl : null
  const type = page.headers['content-type'] ?? ''
  if (kind === 'image' && type !== '' && !/^(?:image\/|application\/octet-stream)/i.test(type)) {
    return {
      state: 'broken',
      message: `There is no image at this address, but ${type.split(';')[0]}.`,
      movedTo,
      answered: true,
    }
  }
  return { state: 'works', message: null, movedTo, answered: true }
}

function notThere({ reason, message, status, redirects, finalUrl }: FetchFailure): Look {
  const answered = status !== null || redirects.length > 0
  const movedTo = redirects.length > 0 ? finalUrl : null
  const as = (state: LinkState): Look => ({ state, message, movedTo, answered })
  switch (reason) {
    case 'blocked':
      return as('refused')
    case 'too-large':
      return { state: 'works', message: null, movedTo, answered: true }
    case 'robots':
    case 'unverifiable':
    case 'timeout':
      return as('could-not-verify')
    case 'unreachable':
      // 503: not now (RFC 9110, section 15.6.4), or not for programs.
      return as(status === 503 ? 'could-not-verify' : 'broken')
    case 'dead':
    case 'malformed':
    case 'redirects':
      return as('broken')
  }
}
