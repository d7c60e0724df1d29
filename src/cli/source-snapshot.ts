import { join, resolve } from 'node:path'
import { systemClock, type Clock } from '../core/clock.ts'
import { messageOf, OnrecordError } from '../core/errors.ts'
import { listIssues, loadIssue } from '../issue/load.ts'
import { eachAtOnce } from '../sources/each-at-once.ts'
import type { PageFetcher } from '../sources/fetch-page.ts'
import { quotationMatcher } from '../sources/quotation.ts'
import { replaceFile } from '../sources/replace-file.ts'
import { readSnapshot, takeSnapshot, type SnapshotOrigin } from '../sources/snapshot.ts'
import type { Source } from '../sources/source.ts'
import { setField } from '../sources/write-ledger.ts'
import { citedPassages } from './cited-passages.ts'
import { exit, type Context, type ExitCode } from './context.ts'
import { openSourceFetcher } from './fetcher.ts'
import { readTextFile } from './issue-ledger.ts'
import { dayIn } from '../core/day.ts'
import { alignRows } from './table.ts'
import { unlessInterrupted } from './unless-interrupted.ts'

interface SnapshotCommand {
  readonly issues: readonly string[]
  /** The id of one source. */
  readonly only: string | null
  /** A document in hand, for the source `only`. */
  readonly file: string | null
  /** Also of sources that have one. */
  readonly again: boolean
  /** Write the day into `accessed` where it is unknown. */
  readonly accessed: boolean
}

/** What became of one source. */
interface Snapped {
  readonly issue: string
  readonly id: string
  /** `kept`: the page lost a cited passage that the stored copy has, so the ledger keeps that one. */
  readonly state: 'taken' | 'same' | 'kept' | 'failed'
  readonly hash: string | null
  readonly message: string | null
}

const HOSTS_AT_ONCE = 6

/** `onrecord source snapshot [issue…]`. */
export function run(context: Context, options: SnapshotCommand): Promise<ExitCode> {
  const fetcher = openSourceFetcher(`+${context.config().baseUrl}; keeps a private copy of a cited page`)
  return unlessInterrupted(
    context,
    'Snapshots taken so far are in the ledger; the same command goes on.',
    () => snapshotSources(context, options, { fetcher, clock: systemClock }),
  )
}

/** Takes the snapshots that are missing and writes each into its ledger as soon as it is on the disk. */
export async function snapshotSources(
  context: Context,
  options: SnapshotCommand,
  world: { readonly fetcher: PageFetcher; readonly clock: Clock },
): Promise<ExitCode> {
  const { root, publication, dataDir } = context.config()
  const store = join(dataDir, 'snapshots')
  const ids = options.issues.length > 0 ? options.issues : listIssues(root)
  const wanted: Wanted[] = []
  for (const id of ids) {
    const { issue } = await loadIssue(root, id, publication)
    if (issue === null) continue
    const passages = citedPassages(issue)
    for (const source of issue.ledger.values()) {
      if (options.only !== null ? source.id !== options.only : source.snapshot !== null && !options.again)
        continue
      wanted.push({ issue: id, source, passages: passages.get(source.id) ?? [] })
    }
  }
  refuseUnclear(options, wanted)
  const work = wanted.flatMap((each) => {
    const origin = originOf(context, options, each.source, world)
    return origin === null ? [] : [{ ...each, origin }]
  })
  const inTurn = createTurns()
  let done = 0
  const results = await eachAtOnce(work, HOSTS_AT_ONCE, async (each) => {
    const result = await snapshotOne(store, each)
    if (result.state === 'taken' && result.hash !== null) {
      const { hash } = result
      const isUnknown = each.source.accessed === 'unknown'
      const day = options.accessed && isUnknown ? dayIn(publication.timeZone, world.clock.now()) : null
      await inTurn(() => writeHash(root, each.source, hash, day))
    }
    context.drawProgress(`${++done} of ${work.length} fetched`)
    return result
  })
  context.drawProgress('')
  const without = wanted.length - work.length
  report(context, ids, results, without)
  return results.some(({ state }) => state === 'failed' || state === 'kept') ? exit.refused : exit.done
}

interface Wanted {
  readonly issue: string
  readonly source: Source
  readonly passages: readonly string[]
}

function originOf(
  context: Context,
  options: SnapshotCommand,
  source: Source,
  world: { readonly fetcher: PageFetcher; readonly clock: Clock },
): SnapshotOrigin | null {
  if (options.file !== null) {
    return { kind: 'file', path: resolve(context.cwd, options.file), clock: world.clock }
  }
  if (source.url === null) return null
  return { kind: 'web', url: source.url, fetcher: world.fetcher, signal: context.interrupted }
}

async function snapshotOne(
  store: string,
  { issue, source, passages, origin }: Wanted & { readonly origin: SnapshotOrigin },
): Promise<Snapped> {
  const { id } = source
  const failed = (message: string): Snapped => ({
    issue,
    id,
    state: 'failed',
    hash: source.snapshot,
    message,
  })
  let taken: Awaited<ReturnType<typeof takeSnapshot>>
  try {
    taken = await takeSnapshot(store, origin)
  } catch (error) {
    if (origin.kind === 'web') throw error
    throw new OnrecordError('io', `${origin.path} cannot be kept: ${messageOf(error)}.`, { cause: error })
  }
  if (taken.kind !== 'snapshot') return failed(taken.message)
  const { hash } = taken
  if (hash === source.snapshot) return { issue, id, state: 'same', hash, message: null }
  const matches = quotationMatcher(taken.text)
  const missing = passages.filter((quote) => !matches(quote).found)
  if (source.snapshot !== null && missing.length > 0) {
    const before = await readSnapshot(store, source.snapshot)
    const had = before.state === 'text' ? quotationMatcher(before.text) : null
    const lost = missing.find((quote) => had?.(quote).found === true)
    if (lost !== undefined) {
      return {
        issue,
        id,
        state: 'kept',
        hash: source.snapshot,
        message: `the page no longer says “${lost.slice(0, 60)}”; the ledger keeps the copy that does`,
      }
    }
  }
  const message =
    missing.length === 0 ? null : `${missing.length} of ${passages.length} cited passages are not in it`
  return { issue, id, state: 'taken', hash, message }
}

/** Reads the ledger anew for each write, so that an editor's saving meanwhile is kept. */
async function writeHash(root: string, source: Source, hash: string, accessed: string | null): Promise<void> {
  const { file } = source.place
  const text = (await readTextFile(root, file)) ?? ''
  const hashed = setField(file, text, source.id, 'snapshot', hash)
  await replaceFile(
    root,
    file,
    text,
    accessed === null ? hashed : setField(file, hashed, source.id, 'accessed', accessed),
  )
}

/** One write at a time. */
function createTurns(): (work: () => Promise<void>) => Promise<void> {
  let last: Promise<unknown> = Promise.resolve()
  return (work) => {
    const turn = last.then(work)
    last = turn.catch(() => undefined)
    return turn
  }
}

function refuseUnclear(options: SnapshotCommand, wanted: readonly Wanted[]): void {
  const { only } = options
  if (only !== null && wanted.length === 0) {
    throw new OnrecordError('not-found', `There is no source “${only}”.`, {
      hint: '“onrecord source export” lists the ids',
    })
  }
  if (options.file === null) return
  if (only === null) throw new OnrecordError('usage', '--file needs --id: the source whose document it is.')
  if (wanted.length > 1) {
    throw new OnrecordError(
      'usage',
      `“${only}” is a source of ${wanted.map(({ issue }) => issue).join(' and ')}.`,
      { hint: 'name the issue, too' },
    )
  }
}

function report(
  context: Context,
  issues: readonly string[],
  results: readonly Snapped[],
  without: number,
): void {
  if (context.options.json) {
    const grouped = issues.map((issue) => ({
      issue,
      snapshots: results
        .filter((each) => each.issue === issue)
        .map(({ id, state, hash, message }) => ({ id, state, hash, message })),
    }))
    context.print(JSON.stringify(grouped, null, 2))
    return
  }
  const words = {
    taken: 'taken',
    same: 'unchanged',
    kept: 'not replaced',
    failed: 'could not be taken',
  } as const
  const rows = results.map(({ id, state, hash, message }) => [
    id,
    words[state],
    message ?? (hash === null ? '' : hash.slice(0, 'sha256:'.length + 12)),
  ])
  for (const line of alignRows(rows)) context.print(line)
  const count = (state: Snapped['state']): number => results.filter((each) => each.state === state).length
  context.print(
    `${count('taken')} taken, ${count('same')} unchanged, ${count('kept')} not replaced, ${count('failed')} could not be taken`,
  )
  if (without > 0)
    context.note(
      `${without} without an address: “onrecord source snapshot --file <path> --id <id>” takes a document in hand.`,
    )
}
