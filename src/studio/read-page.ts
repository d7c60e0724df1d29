import { dayIn } from '../core/day.ts'
import { draftEntry, freeId, type DraftEntry } from '../sources/draft.ts'
import { entryFields } from '../sources/entry-yaml.ts'
import { entrySchema } from '../sources/entry.ts'
import type { FetchFailure, PageFetcher } from '../sources/fetch-page.ts'
import type { DocumentMetadata } from '../sources/html-metadata.ts'
import { guessKind } from '../sources/guess-kind.ts'
import { pageEntry, suggestId, type PageEntry } from '../sources/page-entry.ts'
import { readDocument } from '../sources/readable.ts'
import { takeSnapshot } from '../sources/snapshot.ts'
import { standInTitle } from '../sources/stand-in.ts'

/** What a page says of itself, or why it could not be asked. */
export interface ReadPage {
  readonly page: PageEntry
  /** `sha256:…` of the stored copy, or null. */
  readonly snapshot: string | null
  /** Why the page itself could not be read; null: it was. */
  readonly trouble: string | null
  /** Nobody is there at all: the address is wrong, forbidden, or the page is gone. Then nothing should be written. */
  readonly hopeless: boolean
}

/** Fetches a page with the fetcher’s guard and, where `snapshotsDir` is one, keeps a copy. Rejects where `signal` aborts. */
export async function readPage(
  url: string,
  world: {
    readonly fetcher: PageFetcher
    readonly snapshotsDir: string | null
    readonly signal: AbortSignal
  },
): Promise<ReadPage> {
  const { fetcher, snapshotsDir, signal } = world
  if (snapshotsDir !== null) {
    const taken = await takeSnapshot(snapshotsDir, { kind: 'web', url, fetcher, signal })
    if (taken.kind === 'failure') return failed(url, taken)
    if (taken.kind === 'unreadable') return unread(url, taken.message, false)
    return found(url, taken.capture.finalUrl, taken.metadata, taken.hash)
  }
  const answer = await fetcher.fetchPage(url, { signal })
  if (answer.kind === 'failure') return failed(url, answer)
  const document = await readDocument(answer.body, answer.headers['content-type'] ?? null, answer.finalUrl)
  if (document.kind === 'unreadable') return unread(url, document.message, false)
  return found(url, answer.finalUrl, document.metadata, null)
}

function found(url: string, at: string, metadata: DocumentMetadata, snapshot: string | null): ReadPage {
  return { page: pageEntry(url, at, metadata), snapshot, trouble: null, hopeless: false }
}

function failed(url: string, { reason, message, status }: FetchFailure): ReadPage {
  // A host without an address may be a machine without a network.
  const isGone = reason === 'dead' && status !== null
  return unread(url, message, isGone || reason === 'blocked' || reason === 'malformed')
}

function unread(url: string, trouble: string, hopeless: boolean): ReadPage {
  const none = { title: null, publisher: null, published: null, modified: null, lang: null, kind: null }
  return { page: { url, author: [], ...none }, snapshot: null, trouble, hopeless }
}

/** An entry with what is known, and what a person should look at. */
export interface Completed {
  readonly entry: DraftEntry
  readonly notes: readonly string[]
}

/**
 * The entry of a page. What it does not say is written as what it is: unknown, a description in brackets, the
 * host’s name.
 */
export function completeEntry(
  { page, trouble }: ReadPage,
  taken: { has(id: string): boolean },
  { timeZone, now }: { readonly timeZone: string; readonly now: number },
): Completed {
  const host = new URL(page.url).hostname.replace(/^www\./u, '')
  const publisher = page.publisher ?? host
  const published = page.published ?? 'unknown'
  const kind = page.kind ?? guessKind({ publisher, url: page.url, type: null })
  const basic = {
    id: freeId(suggestId(publisher, published), taken),
    title: page.title ?? standInTitle(host),
    publisher,
    url: page.url,
    published,
    // Who read it did so on no day that we know of.
    accessed: trouble === null ? dayIn(timeZone, now) : 'unknown',
    kind: kind ?? 'reference',
  } as const
  const { author, lang, modified } = page
  const whole = draftEntry({ ...basic, author, lang, modified })
  const entry = isValid(whole) ? whole : draftEntry(basic)
  if (trouble !== null) {
    const notes = [
      `The page could not be read: ${trouble}`,
      'Write its title, publisher and dates into the ledger: without a title it cannot go out.',
    ]
    return { entry, notes }
  }
  const notes = [
    page.title === null && 'The page has no title: describe it in [brackets]; without that it cannot go out.',
    page.publisher === null && 'The page names no publisher: the entry has the name of its host.',
    page.published === null && 'The page gives no date: “published” is unknown.',
    author.length === 0 && 'The page names no author.',
    kind === null && 'What kind of source it is could not be told: it is a “reference” for now.',
  ]
  return { entry, notes: notes.filter((each) => each !== false) }
}

function isValid(entry: DraftEntry): boolean {
  const fields = entryFields(entry).map(([key, value]) => [
    key,
    typeof value === 'string' ? value : [...value],
  ])
  return entrySchema.safeParse(Object.fromEntries(fields)).success
}
