import type { MailLink } from '../email/compat/mail-links.ts'
import type { LinkChecks, LinkResult } from './link-checks.ts'

/** The links of one mail as far as they are known. */
export interface KnownLinks {
  readonly running: boolean
  readonly links: readonly MailLink[]
  readonly results: ReadonlyMap<string, LinkResult>
}

/** Checks the links of mails that change while they are written. */
export interface RunningLinks {
  /** What is known of this mail’s links. With `asks` those not known are asked for, when it has not changed for a moment. */
  look(name: string, html: string, asks: boolean): KnownLinks
  /** Asks for all links of the mail that was looked at last under this name. */
  again(name: string): void
  close(): void
}

export interface RunningLinksOptions {
  readonly checks: LinkChecks
  /** The addresses of a mail that are asked. */
  linksIn(html: string): readonly MailLink[]
  /** Told, a few times a second at most, that more is known. */
  readonly onProgress: (name: string) => void
}

/** Nobody on the web is asked at every key: a mail is looked at when it has stayed as it is for so long, in milliseconds. */
const QUIET_MS = 2_000
const TOLD_MS = 300

interface Entry {
  html: string
  key: string
  links: readonly MailLink[]
  readonly results: Map<string, LinkResult>
  timer: NodeJS.Timeout | null
  stop: AbortController | null
  /** The links that were asked for, or are to be. */
  asked: string | null
}

export function openRunningLinks({ checks, linksIn, onProgress }: RunningLinksOptions): RunningLinks {
  const entries = new Map<string, Entry>()
  const told = new Map<string, NodeJS.Timeout>()

  const tell = (name: string): void => {
    if (told.has(name)) return
    const timer = setTimeout(() => {
      told.delete(name)
      onProgress(name)
    }, TOLD_MS)
    told.set(name, timer.unref())
  }

  const run = (name: string, entry: Entry, again: boolean): void => {
    entry.timer = null
    entry.stop?.abort()
    const stop = new AbortController()
    entry.stop = stop
    checks
      .check(entry.html, {
        signal: stop.signal,
        again,
        onProgress({ results }) {
          for (const each of results) entry.results.set(nameOf(each.link), each)
          tell(name)
        },
      })
      .then(
        () => undefined,
        () => undefined,
      )
      .finally(() => {
        if (entry.stop === stop) entry.stop = null
        tell(name)
      })
  }

  return {
    look(name, html, asks) {
      const entry: Entry = entries.get(name) ?? {
        ...{ html: '', key: '', links: [], results: new Map(), timer: null, stop: null, asked: null },
      }
      entries.set(name, entry)
      if (entry.html !== html) {
        entry.html = html
        entry.links = linksIn(html)
        entry.key = entry.links.map(nameOf).join('\n')
      }
      if (asks && entry.asked !== entry.key) {
        entry.asked = entry.key
        if (entry.timer !== null) clearTimeout(entry.timer)
        entry.timer = setTimeout(() => run(name, entry, false), QUIET_MS)
      }
      if (!asks) {
        // Nothing more goes out; what was answered stays.
        if (entry.timer !== null) clearTimeout(entry.timer)
        entry.timer = null
        entry.stop?.abort()
        entry.asked = null
      }
      return {
        running: entry.timer !== null || entry.stop !== null,
        links: entry.links,
        results: entry.results,
      }
    },
    again(name) {
      const entry = entries.get(name)
      if (entry === undefined) return
      if (entry.timer !== null) clearTimeout(entry.timer)
      entry.asked = entry.key
      entry.results.clear()
      run(name, entry, true)
      tell(name)
    },
    close() {
      for (const entry of entries.values()) {
        if (entry.timer !== null) clearTimeout(entry.timer)
        entry.stop?.abort()
      }
      for (const timer of told.values()) clearTimeout(timer)
      checks.close()
    },
  }
}

/** An address by what is asked for: a link and an image of one address are two. */
export function nameOf({ kind, url }: MailLink): string {
  return `${kind} ${url}`
}
