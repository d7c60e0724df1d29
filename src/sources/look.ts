import { createHash } from 'node:crypto'
import type { FetchedPage, FetchFailure, PageFetcher } from './fetch-page.ts'
import type { LinkLook } from './link-states.ts'
import { quotationMatcher } from './quotation.ts'
import { readDocument } from './readable.ts'

/** What is looked for on a page. */
export interface Wanted {
  readonly url: string
  /** `sha256:…` of its readable text as it was cited, or null. */
  readonly snapshot: string | null
  /** Cited passages, word for word. */
  readonly passages: readonly string[]
}

/** What one look at a source's page found. */
export interface Look {
  readonly link: LinkLook
  /** Whether any server answered: where none does, this machine may be offline. */
  readonly answered: boolean
  /** Whether the readable text is another than the snapshot's; null where that cannot be told. */
  readonly changed: boolean | null
  readonly passages: readonly PassageLook[]
  /** Why the page's text could not be read, though the page is there; or null. */
  readonly note: string | null
}

/** `unknown`: the text was not read. */
export interface PassageLook {
  readonly quote: string
  readonly state: 'holds' | 'gone' | 'unknown'
  /** The passage most like it, where it is gone. */
  readonly suggestion: string | null
}

/** A page that was not read, since there is nothing to compare it with. */
const there: Look = {
  link: { kind: 'page', gone: null },
  answered: true,
  changed: null,
  passages: [],
  note: null,
}

/**
 * Looks at a source's page once. Where there is nothing to compare, a HEAD is enough, and a GET
 * follows only where it fails, since many servers refuse a HEAD; else the page is fetched at once.
 * Throws only where `signal` aborts.
 */
export async function lookAt(wanted: Wanted, fetcher: PageFetcher, signal: AbortSignal): Promise<Look> {
  const compares = wanted.snapshot !== null || wanted.passages.length > 0
  if (!compares) {
    const head = await fetcher.fetchPage(wanted.url, { method: 'HEAD', signal })
    if (head.kind === 'page') return there
    if (isFinal(head)) return failed(wanted, head)
  }
  const page = await fetcher.fetchPage(wanted.url, { signal })
  if (page.kind === 'failure') return failed(wanted, page)
  if (!compares) return there
  return readPage(wanted, page)
}

async function readPage(wanted: Wanted, page: FetchedPage): Promise<Look> {
  const document = await readDocument(page.body, page.headers['content-type'] ?? null, page.finalUrl)
  if (document.kind === 'unreadable') {
    return {
      link: { kind: 'page', gone: null },
      answered: true,
      changed: null,
      passages: unknownPassages(wanted),
      note: document.message,
    }
  }
  const text = document.text.toWellFormed()
  const match = wanted.passages.length === 0 ? null : quotationMatcher(text)
  const passages = wanted.passages.map((quote): PassageLook => {
    const found = match?.(quote)
    return found?.found === true
      ? { quote, state: 'holds', suggestion: null }
      : { quote, state: 'gone', suggestion: found?.suggestion ?? null }
  })
  const hash = `sha256:${createHash('sha256').update(text, 'utf8').digest('hex')}`
  const gone = passages.filter(({ state }) => state === 'gone').map(({ quote }) => quote)
  return {
    link: { kind: 'page', gone },
    answered: true,
    changed: wanted.snapshot === null ? null : hash !== wanted.snapshot,
    passages,
    note: null,
  }
}

function failed(wanted: Wanted, failure: FetchFailure): Look {
  const { reason, message } = failure
  return {
    link: { kind: 'failure', reason, message },
    answered: failure.status !== null || failure.redirects.length > 0,
    changed: null,
    passages: unknownPassages(wanted),
    note: null,
  }
}

function unknownPassages(wanted: Wanted): PassageLook[] {
  return wanted.passages.map((quote) => ({ quote, state: 'unknown', suggestion: null }))
}

/** Failures that a GET would meet as well. */
function isFinal({ reason }: FetchFailure): boolean {
  return reason === 'robots' || reason === 'blocked' || reason === 'malformed'
}
