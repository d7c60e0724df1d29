import type { ProjectedIssue, ProjectedSource } from '../issue/issue.ts'
import { formatDate } from './date.ts'
import { safeHref } from './escape.ts'

/** One line of the list of sources, for every medium. */
export interface SourceView {
  readonly number: number | null
  readonly publisher: string
  readonly title: string
  /** A title in [brackets] describes a page and is not quoted. */
  readonly isDescription: boolean
  readonly authors: string | null
  readonly date: string
  readonly kind: string
  readonly party: string | null
  readonly lang: string | null
  /** At the passage where one is known; null where the tier may not follow it, or there is none. */
  readonly href: string | null
  readonly toPassage: boolean
  readonly archive: string | null
  readonly quotes: readonly string[]
  readonly verified: boolean
  /** “not verified: no snapshot” stands here: it is not verified, and others are. */
  readonly noteUnverified: boolean
  /** The first characters of the snapshot's hash, or null. */
  readonly snapshot: string | null
  readonly via: readonly number[]
  readonly lockedByTier: boolean
  readonly lockedBySection: boolean
  /** On the web: the citations that lead here. */
  readonly backlinks: readonly { readonly href: string; readonly label: number }[]
}

export interface SourcesView {
  readonly cited: readonly SourceView[]
  readonly consulted: readonly SourceView[]
  readonly any: boolean
  /** None has a snapshot: “not verified: no snapshot” stands above the list, once. */
  readonly noneVerified: boolean
}

/** @param times how often each number is cited in what the tier sees */
export function sourcesView(issue: ProjectedIssue, times: ReadonlyMap<number, number>): SourcesView {
  const noneVerified = issue.sources.length > 0 && issue.sources.every(({ snapshot }) => snapshot === null)
  const views = issue.sources.map((source) => ({
    ...sourceView(source, issue.lang, times),
    noteUnverified: !noneVerified && source.snapshot === null,
  }))
  return {
    cited: views.filter((source) => source.number !== null),
    consulted: views.filter((source) => source.number === null),
    any: views.length > 0,
    noneVerified,
  }
}

function sourceView(
  source: ProjectedSource,
  lang: string,
  times: ReadonlyMap<number, number>,
): Omit<SourceView, 'noteUnverified'> {
  const href = safeHref(source.passageUrl) ?? safeHref(source.url)
  const count = source.number === null ? 0 : (times.get(source.number) ?? 0)
  return {
    number: source.number,
    publisher: source.publisher,
    title: source.title,
    isDescription: source.title.startsWith('['),
    authors: source.authors.length > 0 ? source.authors.join(', ') : null,
    date: formatDate(source.published, lang),
    kind: kindNames[source.kind],
    party: source.party === null ? null : named(source.party),
    lang: source.lang === null || source.lang === lang ? null : languageName(source.lang, lang),
    href,
    toPassage: safeHref(source.passageUrl) !== null && source.passageUrl !== source.url,
    archive: safeHref(source.archive),
    quotes: source.quotes,
    verified: source.snapshot !== null,
    snapshot: source.snapshot === null ? null : source.snapshot.replace(/^sha256:/, '').slice(0, 12),
    via: source.via,
    lockedByTier: source.locked === 'tier',
    lockedBySection: source.locked === 'section',
    backlinks: Array.from({ length: count }, (_, index) => ({
      href: `#c${source.number}-${index + 1}`,
      label: index + 1,
    })),
  }
}

/** What readers call the kinds. */
export const kindNames: Readonly<Record<ProjectedSource['kind'], string>> = {
  official: 'official',
  un: 'United Nations',
  wire: 'wire',
  newspaper: 'newspaper',
  broadcaster: 'broadcaster',
  thinktank: 'think tank',
  paper: 'paper',
  dataset: 'data set',
  interview: 'interview',
  social: 'social media',
  reference: 'reference',
}

function languageName(code: string, lang: string): string {
  try {
    return new Intl.DisplayNames([lang], { type: 'language' }).of(code) ?? code
  } catch {
    return code
  }
}

/** A party is an id in the ledger: “pakistan”, “afghan-taliban”. */
function named(id: string): string {
  return id
    .split('-')
    .map((word) => word.charAt(0).toUpperCase() + word.slice(1))
    .join(' ')
}
