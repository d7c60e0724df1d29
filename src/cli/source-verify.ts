import { systemClock, type Clock } from '../core/clock.ts'
import { OnrecordError } from '../core/errors.ts'
import type { Issue } from '../issue/issue.ts'
import { listIssues, loadIssue } from '../issue/load.ts'
import { eachAtOnce } from '../sources/each-at-once.ts'
import type { PageFetcher } from '../sources/fetch-page.ts'
import { failingSince, nextLinkState, type LinkState } from '../sources/link-states.ts'
import { readLinkStates, writeLinkStates } from '../sources/link-store.ts'
import { lookAt, type Look } from '../sources/look.ts'
import type { Source } from '../sources/source.ts'
import { citedPassages } from './cited-passages.ts'
import { exit, type Context, type ExitCode } from './context.ts'
import { openSourceFetcher } from './fetcher.ts'
import { alignRows } from './table.ts'
import { unlessInterrupted } from './unless-interrupted.ts'

interface VerifyCommand {
  readonly issues: readonly string[]
  readonly only: string | null
}

/** So many hosts are asked at once; one host is asked one thing at a time. */
const HOSTS_AT_ONCE = 6

/** `onrecord source verify [issue…]`. */
export function run(context: Context, options: VerifyCommand): Promise<ExitCode> {
  const fetcher = openSourceFetcher(`+${context.config().baseUrl}; checks that cited pages still stand`)
  return unlessInterrupted(context, 'What was looked at is noted; the same command goes on.', () =>
    verifySources(context, options, { fetcher, clock: systemClock }),
  )
}

/** One source after a look. */
interface Verified {
  readonly source: Source
  readonly look: Look
  readonly state: LinkState
}

/** Looks at every page once, notes what became of it, and says so. Exit 1 on a dead link or a passage that is gone. */
export async function verifySources(
  context: Context,
  options: VerifyCommand,
  world: { readonly fetcher: PageFetcher; readonly clock: Clock },
): Promise<ExitCode> {
  const { root, publication, dataDir } = context.config()
  const ids = options.issues.length > 0 ? options.issues : listIssues(root)
  const known = await readLinkStates(dataDir)
  const changed = new Map<string, LinkState>()
  const work: {
    readonly issue: string
    readonly source: Source
    readonly url: string
    readonly passages: readonly string[]
  }[] = []
  for (const id of ids) {
    const { issue } = await loadIssue(root, id, publication)
    if (issue !== null) work.push(...linkedSources(issue, options.only))
  }
  if (options.only !== null && work.length === 0) throw unknownSource(options.only)
  let done = 0
  const looks = new Map<string, Promise<Look>>()
  try {
    const verified = await eachAtOnce(work, HOSTS_AT_ONCE, async ({ issue, source, url, passages }) => {
      const wanted = { url, snapshot: source.snapshot, passages }
      // Two issues that cite one page for the same passages share a look.
      const key = JSON.stringify(wanted)
      const pending = looks.get(key) ?? lookAt(wanted, world.fetcher, context.interrupted)
      looks.set(key, pending)
      const look = await pending
      const state = nextLinkState(url, known.get(url) ?? null, look.link, world.clock.now())
      changed.set(url, merged(changed.get(url), state))
      context.drawProgress(`${++done} of ${work.length} looked at`)
      return { issue, verified: { source, look, state } }
    })
    context.drawProgress('')
    if (isOffline(verified.map((each) => each.verified))) {
      changed.clear()
      throw new OnrecordError('io', 'No host answered at all; nothing was noted against any link.', {
        hint: 'is this machine online?',
      })
    }
    const results = ids.map((issue) => ({
      issue,
      sources: verified.filter((each) => each.issue === issue).map((each) => each.verified),
    }))
    if (context.options.json) context.print(JSON.stringify(results.map(toJson), null, 2))
    else for (const result of results) printIssue(context, result.issue, result.sources)
    const bad = results.some(({ sources }) => sources.some(isBad))
    return bad ? exit.refused : exit.done
  } finally {
    context.drawProgress('')
    if (changed.size > 0) await writeLinkStates(dataDir, changed)
  }
}

function linkedSources(issue: Issue, only: string | null) {
  const passages = citedPassages(issue)
  return [...issue.ledger.values()].flatMap((source) => {
    if (source.url === null || (only !== null && source.id !== only)) return []
    return [{ issue: issue.id, source, url: source.url, passages: passages.get(source.id) ?? [] }]
  })
}

/** Nobody is dead because the editor's own line is: two hosts or more, and not one of them answered. */
function isOffline(verified: readonly Verified[]): boolean {
  const hosts = new Set(verified.map(({ source }) => new URL(source.url ?? 'file:').host))
  return (
    hosts.size > 1 &&
    verified.every(
      ({ look }) =>
        !look.answered &&
        look.link.kind === 'failure' &&
        ['dead', 'unreachable', 'timeout'].includes(look.link.reason),
    )
  )
}

/** One address in two issues: passages that are gone in either. */
function merged(before: LinkState | undefined, now: LinkState): LinkState {
  return before === undefined ? now : { ...now, gone: [...new Set([...before.gone, ...now.gone])] }
}

function isBad({ look, state }: Verified): boolean {
  return state.state === 'dead' || look.passages.some((passage) => passage.state === 'gone')
}

function toJson({ issue, sources }: { issue: string; sources: readonly Verified[] }) {
  const of = (state: LinkState['state']): number =>
    sources.filter((each) => each.state.state === state).length
  const passages = sources.flatMap(({ look }) => look.passages)
  return {
    issue,
    sources: sources.map(({ source, look, state }) => {
      const since = failingSince(state)
      return {
        id: source.id,
        url: source.url,
        state: state.state,
        reason: state.message ?? look.note,
        checkedAt: new Date(state.checkedAt).toISOString(),
        failures: state.failures.length,
        failingSince: since === null ? null : new Date(since).toISOString(),
        snapshot: source.snapshot,
        changed: look.changed,
        passages: look.passages,
      }
    }),
    counts: {
      alive: of('alive'),
      failing: of('failing'),
      dead: of('dead'),
      unverified: of('unverified'),
      changed: sources.filter(({ look }) => look.changed === true).length,
      gone: passages.filter((passage) => passage.state === 'gone').length,
    },
  }
}

function printIssue(context: Context, issue: string, sources: readonly Verified[]): void {
  const rows = sources.flatMap(({ source, look, state }) => [
    [source.id, wordFor(state, look), remark(state, look)],
    ...look.passages
      .filter((passage) => passage.state === 'gone')
      .map(({ quote, suggestion }) => [
        '',
        'passage gone',
        `“${shortened(quote)}”${suggestion === null ? '' : `; did you mean “${shortened(suggestion)}”?`}`,
      ]),
  ])
  for (const line of alignRows(rows)) context.print(line)
  const { counts } = toJson({ issue, sources })
  const parts = [
    `${counts.alive} there`,
    `${counts.changed} changed`,
    `${counts.gone} ${counts.gone === 1 ? 'passage' : 'passages'} gone`,
    `${counts.failing} failing`,
    `${counts.dead} dead`,
    `${counts.unverified} could not be verified`,
  ]
  context.print(`${issue}: ${parts.join(', ')}`)
}

function wordFor(state: LinkState, look: Look): string {
  switch (state.state) {
    case 'alive':
      return look.changed === true ? 'changed' : 'there'
    case 'failing':
      return 'failing'
    case 'dead':
      return 'dead'
    case 'unverified':
      return 'could not verify'
  }
}

function remark(state: LinkState, look: Look): string {
  const since = failingSince(state)
  if (state.state === 'failing' && since !== null) {
    return `${state.message ?? ''} Failing since ${new Date(since).toISOString().slice(0, 10)}; dead after three failures over six days.`
  }
  if (state.message !== null) return state.message
  if (look.note !== null) return look.note
  const passages = look.passages.length
  const held = look.passages.filter((passage) => passage.state === 'holds').length
  const words = look.changed === true ? ['the text is no longer the snapshot’s'] : []
  if (passages > 0)
    words.push(`${held} of ${passages} cited ${passages === 1 ? 'passage' : 'passages'} there`)
  return words.join('; ')
}

/** What a page says goes to a terminal: one line, without signs that move the cursor. */
function shortened(text: string): string {
  const plain = text.replace(/[\p{Cc}\p{Cf}\s]+/gu, ' ').trim()
  return plain.length > 80 ? `${plain.slice(0, 79)}…` : plain
}

function unknownSource(id: string): OnrecordError {
  const hint = '“onrecord source export” lists the ids'
  return new OnrecordError('not-found', `No issue has a source “${id}” with an address.`, { hint })
}
