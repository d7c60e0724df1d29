import { checks } from '../issue/sources-document.ts'
import { eachAtOnce } from '../sources/each-at-once.ts'
import type { PageFetcher } from '../sources/fetch-page.ts'
import { lookAt, type Look } from '../sources/look.ts'
import { exit, type Context, type ExitCode } from './context.ts'
import { openSourceFetcher } from './fetcher.ts'
import { readManifest, type Manifest } from './manifest.ts'
import { unlessInterrupted } from './unless-interrupted.ts'

/** What became of what a claim rests on; the last wins where a claim has several. */
const states = ['holds', 'unchecked', 'changed', 'gone'] as const
type State = (typeof states)[number]

interface CheckedCitation {
  readonly source: number
  readonly publisher: string
  readonly quote: string | null
  readonly state: State
  /** Why, in a few words. */
  readonly message: string
}

interface CheckedClaim {
  readonly brief: string | null
  readonly text: string
  readonly state: State
  readonly citations: readonly CheckedCitation[]
}

/** `onrecord verify <sources.json|URL>`: a reader's tool; needs no publication. */
export function run(context: Context, options: { readonly target: string }): Promise<ExitCode> {
  const fetcher = openSourceFetcher('a reader checks the sources of a newsletter')
  return unlessInterrupted(context, 'Nothing was kept.', () =>
    verifyManifest(context, options.target, fetcher),
  )
}

/** Looks at each source once, live and then archived, and says claim by claim what holds. Exit 1 where something is gone. */
export async function verifyManifest(
  context: Context,
  target: string,
  fetcher: PageFetcher,
): Promise<ExitCode> {
  const manifest = await readManifest(context.cwd, target, fetcher, context.interrupted)
  const claims = manifest.claims ?? claimsFromSources(manifest)
  const cited = manifest.sources.filter(
    ({ number }) =>
      number !== null && claims.some((claim) => claim.citations.some(({ source }) => source === number)),
  )
  let done = 0
  const looks = new Map<number, Looks>()
  await eachAtOnce(cited, 6, async (source) => {
    const quotes = claims.flatMap((claim) =>
      claim.citations.flatMap(({ source: number, quote }) =>
        number === source.number && quote !== null ? quote.exact : [],
      ),
    )
    looks.set(source.number ?? 0, await lookTwice(source, [...new Set(quotes)], fetcher, context.interrupted))
    context.drawProgress(`${++done} of ${cited.length} sources looked at`)
  })
  context.drawProgress('')
  const checked = claims.map((claim): CheckedClaim => {
    const citations = claim.citations.map(({ source, quote }) =>
      checkCitation(manifest, source, quote?.exact ?? null, looks.get(source) ?? null),
    )
    return { brief: claim.brief, text: claim.text, state: worst(citations), citations }
  })
  const count = (state: State): number => checked.filter((claim) => claim.state === state).length
  const counts = {
    holds: count('holds'),
    changed: count('changed'),
    gone: count('gone'),
    unchecked: count('unchecked'),
  }
  if (context.options.json) {
    context.print(
      JSON.stringify([{ issue: manifest.issue, tier: manifest.tier, claims: checked, counts }], null, 2),
    )
  } else print(context, manifest, checked, counts)
  return counts.gone > 0 ? exit.refused : exit.done
}

interface Looks {
  readonly live: Look | null
  /** Only where the live page left something open. */
  readonly archived: Look | null
}

type ManifestSource = Manifest['sources'][number]

async function lookTwice(
  source: ManifestSource,
  passages: readonly string[],
  fetcher: PageFetcher,
  signal: AbortSignal,
): Promise<Looks> {
  const { snapshot } = source
  const live =
    source.url === null ? null : await lookAt({ url: source.url, snapshot, passages }, fetcher, signal)
  const isSettled =
    live?.link.kind === 'page' && live.note === null && live.passages.every(({ state }) => state === 'holds')
  if (isSettled || source.archive === null) return { live, archived: null }
  return { live, archived: await lookAt({ url: source.archive, snapshot, passages }, fetcher, signal) }
}

function checkCitation(
  manifest: Manifest,
  number: number,
  quote: string | null,
  looks: Looks | null,
): CheckedCitation {
  const source = manifest.sources.find((each) => each.number === number)
  const of = (state: State, message: string): CheckedCitation => ({
    source: number,
    publisher: source?.publisher ?? '',
    quote,
    state,
    message,
  })
  if (source === undefined) return of('unchecked', 'the list has no such source')
  if (looks === null || (looks.live === null && looks.archived === null)) {
    const locked = manifest.tier === 'public' ? 'this edition shows no link to it' : 'it has no address'
    return of('unchecked', locked)
  }
  const { live, archived } = looks
  return quote === null ? checkPage(source, live, archived, of) : checkQuote(quote, live, archived, of)
}

type Of = (state: State, message: string) => CheckedCitation

function checkQuote(quote: string, live: Look | null, archived: Look | null, of: Of): CheckedCitation {
  const now = stateOf(live, quote)
  if (now === 'holds') return of('holds', 'the words are on the page')
  const then = stateOf(archived, quote)
  if (then === 'holds') {
    const state = now === 'gone' || isGone(live) ? 'changed' : 'holds'
    return of(state, `the words are in the archived copy; ${reasonOf(live, now)}`)
  }
  if (now === 'gone') return of('gone', 'the words are not on the page')
  if (isGone(live)) return of('gone', reasonOf(live, now))
  return of('unchecked', reasonOf(live, now))
}

function checkPage(
  source: ManifestSource,
  live: Look | null,
  archived: Look | null,
  of: Of,
): CheckedCitation {
  if (live?.changed === false) return of('holds', 'the page’s text is the one that was cited')
  if (archived?.changed === false) return of('holds', 'the archived copy’s text is the one that was cited')
  if (live?.link.kind === 'page') {
    if (live.changed === true)
      return of(
        'changed',
        'the page’s text is no longer the one that was cited, and no words are given to look for',
      )
    if (live.note !== null) return of('unchecked', live.note)
    return of('unchecked', 'the page is there; neither words nor a snapshot are given to compare it with')
  }
  if (archived?.link.kind === 'page')
    return of(isGone(live) ? 'changed' : 'unchecked', 'only the archived copy is there')
  return of(
    isGone(live) ? 'gone' : 'unchecked',
    source.url === null ? 'it has no address' : reasonOf(live, 'unknown'),
  )
}

function stateOf(look: Look | null, quote: string): 'holds' | 'gone' | 'unknown' {
  return look?.passages.find((passage) => passage.quote === quote)?.state ?? 'unknown'
}

/** 404, 410, or a host without an address: a reader cannot wait six days, so one look says it. */
function isGone(look: Look | null): boolean {
  return look?.link.kind === 'failure' && look.link.reason === 'dead'
}

function reasonOf(look: Look | null, state: string): string {
  if (look === null) return 'it has no address'
  if (look.link.kind === 'failure') return look.link.message
  return look.note ?? (state === 'gone' ? 'the page no longer has them' : 'the page could not be read')
}

function worst(citations: readonly CheckedCitation[]): State {
  if (citations.length === 0) return 'unchecked'
  return states[Math.max(...citations.map(({ state }) => states.indexOf(state)))] ?? 'unchecked'
}

/** For a manifest that lists no claims: one for each cited source, with its passages. */
function claimsFromSources({ sources }: Manifest): NonNullable<Manifest['claims']> {
  return sources.flatMap(({ number, title, quotes }) => {
    if (number === null) return []
    const exact = quotes.map((quote) => ({ source: number, quote: { exact: quote } }))
    return {
      brief: null,
      key: false,
      text: title,
      citations: exact.length > 0 ? exact : [{ source: number, quote: null }],
    }
  })
}

const words = { holds: 'holds', changed: 'changed', gone: 'gone', unchecked: 'not checked' } as const

function print(
  context: Context,
  manifest: Manifest,
  claims: readonly CheckedClaim[],
  counts: Record<State, number>,
): void {
  const { issue, tier, sources } = manifest
  context.print(
    `${issue}, ${tier} edition: ${plural(claims.length, 'claim')}, ${plural(sources.filter(({ number }) => number !== null).length, 'source')}`,
  )
  if (manifest.checks !== undefined && manifest.checks.reading !== checks.reading) {
    context.note(
      'This edition was made by another version, which reads pages otherwise: “changed” may mean that alone.',
    )
  }
  let brief: string | null | undefined
  for (const claim of claims) {
    if (claim.brief !== brief) context.print(`\n${claim.brief ?? 'opening note'}`)
    brief = claim.brief
    context.print(`  ${words[claim.state].padEnd(11)}  ${claim.text}`)
    for (const { source, publisher, quote, message } of claim.citations) {
      const said = quote === null ? '' : ` “${oneLine(quote)}”`
      context.print(`${' '.repeat(15)}[${source}] ${publisher}${said}: ${message}`)
    }
  }
  context.print(
    `\n${counts.holds} hold, ${counts.changed} changed, ${counts.gone} gone, ${counts.unchecked} could not be checked`,
  )
}

function oneLine(text: string): string {
  const plain = text.replace(/[\p{Cc}\p{Cf}\s]+/gu, ' ').trim()
  return plain.length > 70 ? `${plain.slice(0, 69)}…` : plain
}

function plural(count: number, noun: string): string {
  return `${count} ${noun}${count === 1 ? '' : 's'}`
}
