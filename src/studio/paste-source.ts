import { parseSingleFile } from '../brief/parse.ts'
import type { Clock } from '../core/clock.ts'
import { OnrecordError } from '../core/errors.ts'
import type { ParseCache } from '../issue/parse-cache.ts'
import type { DraftEntry } from '../sources/draft.ts'
import type { PageFetcher } from '../sources/fetch-page.ts'
import { parseBriefSources } from '../sources/ledger.ts'
import type { Ledger, Source } from '../sources/source.ts'
import { canonicalUrl, readSourceUrl } from '../sources/url.ts'
import { appendEntries, setField } from '../sources/write-ledger.ts'
import type { PastedSource, PasteRequest, ShownSource } from './contract/sources.ts'
import type { EditorsFiles } from './draft-files.ts'
import { completeEntry, readPage, type ReadPage } from './read-page.ts'
import { readSources, shown, type IssueSources } from './shown-sources.ts'

/** What making a source needs. */
export interface SourceWorld {
  readonly root: string
  readonly files: Pick<EditorsFiles, 'read' | 'save'>
  readonly fetcher: PageFetcher
  readonly snapshotsDir: string | null
  readonly timeZone: string
  readonly clock: Clock
  readonly parsed: ParseCache
}

/** Somebody else writes the same file, again and again. */
const MOST_ATTEMPTS = 8

/**
 * Makes the page at a URL a source of the issue, or finds the one that it is. An entry is an addition: where the
 * ledger has become another meanwhile, it is read anew and the entry goes after what is there.
 *
 * @throws OnrecordError `usage` for no address, `refused` where nothing can be cited there or the ledger is broken
 */
export async function pasteSource(
  issue: string,
  { url, open }: PasteRequest,
  signal: AbortSignal,
  world: SourceWorld,
): Promise<PastedSource> {
  const asked = readSourceUrl(url)
  if (asked.kind !== 'url') {
    throw new OnrecordError(
      'usage',
      'This is no address of a source: it must be http or https, without a user name.',
    )
  }
  const before = await ledgerWith(issue, open, world)
  const known = sourceOf(before, asked.url)
  if (known !== null) return alreadyThere(known)
  const read = await readPage(asked.url, { ...world, signal })
  if (read.hopeless) {
    throw new OnrecordError('refused', `It was not made a source. ${read.trouble ?? ''}`.trim(), {
      hint: 'Check the address; the link stays in the text.',
    })
  }
  signal.throwIfAborted()
  return await addEntry(issue, before.ledger, read, open, world)
}

async function addEntry(
  issue: string,
  path: string,
  read: ReadPage,
  open: PasteRequest['open'],
  world: SourceWorld,
): Promise<PastedSource> {
  for (let attempt = 0; attempt < MOST_ATTEMPTS; attempt++) {
    // Its text before its entries: where both are not of one version, the text is not the newest and is not written.
    const current = await world.files.read(path).catch(ifMissing)
    const now = await ledgerWith(issue, open, world)
    const known = sourceOf(now, read.page.url)
    if (known !== null) return alreadyThere(known)
    const { entry, notes } = completeEntry(read, now.entries, {
      timeZone: world.timeZone,
      now: world.clock.now(),
    })
    const about = { citation: `[@${entry.id}]`, existing: false, notes }
    if (open?.path === path) {
      const written = withEntry(path, open.text, entry, read.snapshot)
      const source = entriesIn(path, written).get(entry.id)
      if (source === undefined) throw unwritable(path)
      return { ...about, source: shown(source, null, []), edit: smallestEdit(open.text, written) }
    }
    const text = withEntry(path, current?.text ?? '', entry, read.snapshot)
    const saved = await world.files.save({ path, text, base: current?.hash ?? null })
    if (!('hash' in saved)) continue
    const after = await readSources(world.root, issue, world.parsed)
    const source = after.sources.find(({ id }) => id === entry.id)
    if (source === undefined) throw unwritable(path)
    return { ...about, source, edit: null }
  }
  throw new OnrecordError('refused', 'The ledger is being written by somebody else all the time.', {
    hint: 'Try it again in a moment.',
  })
}

/** The source that has this page under any spelling of its address, or null. */
export function sourceOf({ entries, sources }: IssueSources, url: string): ShownSource | null {
  const key = canonicalUrl(url)
  const found = [...entries.values()].find((each) => each.url !== null && canonicalUrl(each.url) === key)
  if (found === undefined) return null
  return sources.find(({ id }) => id === found.id) ?? shown(found, null, [])
}

/** The ledger on the disk; where the open text is the ledger, with what it has besides. */
async function ledgerWith(
  issue: string,
  open: PasteRequest['open'],
  { root, parsed }: SourceWorld,
): Promise<IssueSources> {
  const onDisk = await readSources(root, issue, parsed)
  if (open?.path !== onDisk.ledger) return onDisk
  return { ...onDisk, entries: new Map([...onDisk.entries, ...entriesIn(open.path, open.text)]) }
}

/** The entries that an issue in one file has in its frontmatter. */
function entriesIn(file: string, text: string): Ledger {
  const brief = parseSingleFile(file, text).value?.brief
  return (brief && parseBriefSources(brief).value) ?? new Map<string, Source>()
}

function withEntry(path: string, text: string, entry: DraftEntry, snapshot: string | null): string {
  const written = appendEntries(path, text, [entry])
  return snapshot === null ? written : setField(path, written, entry.id, 'snapshot', snapshot)
}

function alreadyThere(source: ShownSource): PastedSource {
  return { source, citation: `[@${source.id}]`, existing: true, notes: [], edit: null }
}

function unwritable(path: string): OnrecordError {
  return new OnrecordError('refused', `The entry cannot be read back from ${path}.`, {
    hint: 'Mend what the desk check says of that file first.',
  })
}

function ifMissing(error: unknown): null {
  if (error instanceof OnrecordError && error.code === 'not-found') return null
  throw error
}

function smallestEdit(before: string, after: string): NonNullable<PastedSource['edit']> {
  const most = Math.min(before.length, after.length)
  let head = 0
  while (head < most && before[head] === after[head]) head++
  let tail = 0
  while (tail < most - head && before.at(-1 - tail) === after.at(-1 - tail)) tail++
  return { from: head, to: before.length - tail, insert: after.slice(head, after.length - tail) }
}
