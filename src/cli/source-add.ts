import { systemClock, type Clock } from '../core/clock.ts'
import { OnrecordError } from '../core/errors.ts'
import { draftEntry, freeId, type DraftEntry } from '../sources/draft.ts'
import { entrySchema } from '../sources/entry.ts'
import { entryFields, entryLines } from '../sources/entry-yaml.ts'
import type { PageFetcher } from '../sources/fetch-page.ts'
import { guessKind } from '../sources/guess-kind.ts'
import { pageEntry, suggestId, type PageEntry } from '../sources/page-entry.ts'
import { readDocument } from '../sources/readable.ts'
import { replaceFile } from '../sources/replace-file.ts'
import { sourceKinds, type Ledger, type SourceKind } from '../sources/source.ts'
import { canonicalUrl, readSourceUrl } from '../sources/url.ts'
import { appendEntries } from '../sources/write-ledger.ts'
import { terminalAsk, type Ask } from './ask.ts'
import { exit, type Context, type ExitCode } from './context.ts'
import { openSourceFetcher } from './fetcher.ts'
import { unlessInterrupted } from './unless-interrupted.ts'
import { readIssueLedger } from './issue-ledger.ts'
import { dayIn } from '../core/day.ts'

interface AddCommand {
  readonly url: string
  readonly issue: string
  readonly fetch: boolean
  readonly id: string | null
  readonly title: string | null
  readonly publisher: string | null
  readonly published: string | null
  readonly modified: string | null
  readonly kind: SourceKind | null
  readonly author: readonly string[]
  readonly lang: string | null
  readonly accessed: string | null
  readonly archive: string | null
  readonly origin: string | null
  readonly party: string | null
}

/** `onrecord source add <url> --issue <id>`. */
export function run(context: Context, options: AddCommand): Promise<ExitCode> {
  const { baseUrl } = context.config()
  const world = {
    fetcher: openSourceFetcher(`+${baseUrl}; reads pages that an editor cites`),
    ask: terminalAsk(context.interrupted),
    clock: systemClock,
  }
  return unlessInterrupted(context, 'Nothing was written.', () => addSource(context, options, world))
}

/** Fetches the page, completes the entry from flags and answers, and writes it: all of it or nothing. */
export async function addSource(
  context: Context,
  options: AddCommand,
  world: { readonly fetcher: PageFetcher; readonly ask: Ask; readonly clock: Clock },
): Promise<ExitCode> {
  const config = context.config()
  const asked = readSourceUrl(options.url)
  if (asked.kind !== 'url') {
    throw new OnrecordError(
      'usage',
      `“${options.url}” is no address of a source: it must be http or https, without a user name.`,
    )
  }
  const { ledger, file, text } = await readIssueLedger(config, options.issue)
  refuseKnown(ledger, asked.url)
  if (options.id !== null) refuseTaken(ledger, options.id)
  const page = options.fetch
    ? await fetchEntry(context, world.fetcher, asked.url, ledger)
    : nothingKnown(asked.url)
  refuseKnown(ledger, page.url)
  const entry = await complete(
    page,
    options,
    ledger,
    world.ask,
    dayIn(config.publication.timeZone, world.clock.now()),
  )
  const now = appendEntries(file, text ?? '', [checked(entry)])
  context.interrupted.throwIfAborted()
  await replaceFile(config.root, file, text, now)
  const line = lineOf(now, entry.id)
  const citation = `[@${entry.id}]`
  if (context.options.json) {
    const fields = Object.fromEntries(entryFields(entry))
    context.print(JSON.stringify([{ issue: options.issue, file, line, entry: fields, citation }], null, 2))
    return exit.done
  }
  for (const each of entryLines(entry, 0)) context.print(each)
  context.print(`\nWritten to ${file}:${line}. Cite it as ${citation}`)
  return exit.done
}

/** @throws OnrecordError where nothing can be cited there; what a person may still vouch for is a note */
async function fetchEntry(
  context: Context,
  fetcher: PageFetcher,
  url: string,
  ledger: Ledger,
): Promise<PageEntry> {
  const page = await fetcher.fetchPage(url, { signal: context.interrupted })
  if (page.kind === 'failure') {
    if (page.reason === 'dead' || page.reason === 'blocked' || page.reason === 'malformed') {
      throw new OnrecordError('refused', `${url} was not added. ${page.message}`, {
        hint: 'check the address; “--no-fetch” takes the entry from flags alone',
      })
    }
    context.note(`The page could not be read: ${page.message} What it says must come from you.`)
    return nothingKnown(url)
  }
  refuseKnown(ledger, page.finalUrl)
  const document = await readDocument(page.body, page.headers['content-type'] ?? null, page.finalUrl)
  if (document.kind === 'unreadable') {
    context.note(`${document.message} What it says must come from you.`)
    return nothingKnown(url)
  }
  return pageEntry(url, page.finalUrl, document.metadata)
}

function nothingKnown(url: string): PageEntry {
  return {
    url,
    title: null,
    publisher: null,
    author: [],
    published: null,
    modified: null,
    lang: null,
    kind: null,
  }
}

async function complete(
  page: PageEntry,
  options: AddCommand,
  ledger: Ledger,
  ask: Ask,
  today: string,
): Promise<DraftEntry> {
  const missing: string[] = []
  const want = async (flag: string, known: string | null, question: string): Promise<string> => {
    if (known !== null && known.trim() !== '') return known
    const answer = await ask(question)
    if (answer !== null && answer !== '') return answer
    missing.push(flag)
    return ''
  }
  const title = await want(
    '--title',
    options.title ?? page.title,
    'Title (describe a page without one [in brackets]):',
  )
  const publisher = await want('--publisher', options.publisher ?? page.publisher, 'Publisher:')
  const published = await want(
    '--published',
    options.published ?? page.published,
    'Published (2025-11-08, or unknown):',
  )
  const guessed = options.kind ?? page.kind ?? guessKind({ publisher, url: page.url, type: null })
  const kind = await want('--kind', guessed, `Kind (${sourceKinds.join(', ')}):`)
  if (missing.length > 0) {
    throw new OnrecordError(
      'usage',
      `The page does not say everything; nothing was written. Give ${missing.join(', ')}.`,
      {
        hint: '“onrecord source add --help” explains them; “--published unknown” is honest',
      },
    )
  }
  return draftEntry({
    id: options.id ?? freeId(suggestId(publisher, published), ledger),
    title,
    publisher,
    url: page.url,
    published,
    modified: options.modified ?? page.modified,
    accessed: options.accessed ?? today,
    kind: sourceKinds.find((each) => each === kind) ?? refuseKind(kind),
    author: options.author.length > 0 ? options.author : page.author,
    lang: options.lang ?? page.lang,
    archive: options.archive,
    origin: options.origin,
    party: options.party,
  })
}

/** @throws OnrecordError naming each flag that the ledger's own schema refuses */
function checked(entry: DraftEntry): DraftEntry {
  const fields = Object.fromEntries(
    entryFields(entry).map(([key, value]) => [key, typeof value === 'string' ? value : [...value]]),
  )
  const result = entrySchema.safeParse(fields)
  const archive = entry.archive === null ? null : readSourceUrl(entry.archive)
  const wrong = result.success
    ? []
    : result.error.issues.map(({ path, message }) => `--${String(path[0])} ${message}`)
  if (archive !== null && archive.kind !== 'url') wrong.push('--archive must be a web address')
  if (wrong.length > 0) throw new OnrecordError('usage', `Nothing was written: ${wrong.join('; ')}.`)
  return entry
}

function refuseKind(kind: string): never {
  throw new OnrecordError('usage', `“${kind}” is no kind of source; nothing was written.`, {
    hint: `the kinds are ${sourceKinds.join(', ')}`,
  })
}

function refuseKnown(ledger: Ledger, url: string): void {
  const key = canonicalUrl(url)
  const known = [...ledger.values()].find((source) => source.url !== null && canonicalUrl(source.url) === key)
  if (known === undefined) return
  const { file, line } = known.place
  throw new OnrecordError('refused', `The ledger has this page already: “${known.id}” (${file}:${line}).`, {
    hint: `cite it as [@${known.id}]`,
  })
}

function refuseTaken(ledger: Ledger, id: string): void {
  const known = ledger.get(id)
  if (known === undefined) return
  const { file, line } = known.place
  throw new OnrecordError('refused', `The id “${id}” is taken (${file}:${line}).`, {
    hint: `“${freeId(id, ledger)}” is free`,
  })
}

function lineOf(text: string, id: string): number {
  const lines = text.split('\n')
  const pattern = new RegExp(`(?:^|[\\s{])id: "?${id}(?![a-z0-9-])`, 'u')
  return Math.max(1, lines.findLastIndex((line) => pattern.test(line)) + 1)
}
