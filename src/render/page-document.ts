import type { Nodes } from 'mdast'
import { citationsOf } from '../brief/citations.ts'
import { runningText } from '../brief/plain-text.ts'
import type { Tier } from '../core/tier.ts'
import type { ProjectedBrief, ProjectedIssue } from '../issue/issue.ts'
import type { SourceView } from './sources-view.ts'
import type { SourcingView } from './sourcing-view.ts'
import type { htmlView } from './view.ts'

/**
 * What the site's pages about an issue are made from, for one tier: plain JSON, frozen with the edition and
 * read without any other tier's. Fields that end in `Html` are markup of ours; all others are text. Made from
 * the projection alone, so that it holds nothing that the tier may not see.
 */
export interface PageDocument {
  readonly version: 1
  readonly tier: Tier
  readonly issue: {
    readonly id: string
    readonly newsletter: string
    readonly subject: string
    readonly preheader: string
    /** ISO day. */
    readonly date: string
    readonly dateText: string
    readonly lang: string
    readonly dir: 'ltr' | 'rtl'
  }
  /** Links this tier may follow, and how many a free subscription adds. */
  readonly count: { readonly total: number; readonly linked: number; readonly unlocked: number }
  /** Sections and whole briefs that only members read, of which this tier sees a teaser or a title. */
  readonly forMembers: number
  readonly noteHtml: string | null
  /** In reading order. */
  readonly briefs: readonly PageBrief[]
  /** Those cited in the order of their numbers, then those consulted. */
  readonly sources: readonly PageSource[]
  readonly noneVerified: boolean
  readonly sourcing: SourcingView
  /** schema.org of the whole issue, escaped for a `<script>`. */
  readonly linkedData: string
  readonly shareImage: PageImage | null
}

export interface PageBrief {
  readonly id: string
  readonly anchor: string
  readonly title: string
  readonly standfirst: string
  readonly date: string
  readonly dateText: string
  readonly authors: string | null
  readonly byPerson: boolean
  readonly tags: readonly string[]
  /** Its group: the first tag, for people. */
  readonly label: string | null
  /** The look's partial that writes it. */
  readonly partial: string
  /** The tier that opens it, or null: it is open. Then there is no body. */
  readonly locked: Tier | null
  readonly lockedNotice: Tier | null
  /** Sections that only members read, or 1 for the whole of it. */
  readonly forMembers: number
  readonly image: PageImage | null
  readonly bodyHtml: string
  /** The body as words, for the search. */
  readonly words: string
  /** Numbers of the sources that it cites, in the order of the list. */
  readonly cites: readonly number[]
  /** `date` as an ISO day. */
  readonly corrections: readonly {
    readonly date: string
    readonly dateText: string
    readonly text: string
  }[]
}

export interface PageImage {
  readonly src: string
  readonly width: number
  readonly height: number
  readonly alt: string
  readonly credit: string | null
}

/** A source as the list, its own page and a citation's box show it. */
export interface PageSource extends SourceView {
  /** The entry's id in the ledger. */
  readonly id: string
  /** When the stored copy was taken, ISO; null: there is none, or the tier may not see it. */
  readonly capturedAt: string | null
  /** What it is quoted for, each with the words around it in the stored copy; empty where the tier may not. */
  readonly passages: readonly PagePassage[]
}

export interface PagePassage {
  readonly quote: string
  readonly before: string
  readonly after: string
  /** The quotation was found in the stored copy. */
  readonly found: boolean
}

/** The document of a projection, from what the web's template is given. */
export function pageDocument(issue: ProjectedIssue, view: ReturnType<typeof htmlView>): PageDocument {
  const shown = view.groups.flatMap(({ label, briefs }) => briefs.map((brief) => ({ ...brief, label })))
  const briefs = issue.briefs.flatMap((brief) => {
    const found = shown.find(({ id }) => id === brief.id)
    return found === undefined ? [] : [pageBrief(brief, found)]
  })
  const views = [...view.sources.cited, ...view.sources.consulted]
  return {
    version: 1,
    tier: issue.tier,
    issue: {
      id: issue.id,
      newsletter: issue.meta.newsletter,
      subject: issue.meta.subject,
      preheader: issue.meta.preheader,
      date: issue.meta.date,
      dateText: view.issue.dateText,
      lang: issue.lang,
      dir: view.dir,
    },
    count: view.count,
    forMembers: teasersIn(issue.note) + briefs.reduce((sum, { forMembers }) => sum + forMembers, 0),
    noteHtml: view.note === null ? null : htmlOf(view.note),
    briefs,
    sources: issue.sources.flatMap(({ id, capturedAt, passages }, index) => {
      const source = views[index]
      return source === undefined ? [] : [{ ...source, id, capturedAt, passages }]
    }),
    noneVerified: view.sources.noneVerified,
    sourcing: view.sourcing,
    linkedData: String(view.linkedData ?? ''),
    shareImage: view.shareImage,
  }
}

type ShownBrief = ReturnType<typeof htmlView>['groups'][number]['briefs'][number] & {
  readonly label: string | null
}

function pageBrief(brief: ProjectedBrief, shown: ShownBrief): PageBrief {
  const { id, anchor, title, standfirst, date, dateText, authors, byPerson, tags, label, partial } = shown
  const numbers = citationsOf(brief.body).flatMap(({ marks }) => marks?.map(({ number }) => number) ?? [])
  return {
    ...{ id, anchor, title, standfirst, date, dateText, authors, byPerson, tags, label, partial },
    locked: shown.locked,
    lockedNotice: shown.lockedNotice,
    forMembers: brief.locked === 'member' ? 1 : teasersIn(brief.body),
    image: shown.image,
    bodyHtml: htmlOf(shown.segments),
    words: runningText(brief.body),
    cites: [...new Set(numbers)].toSorted((a, b) => a - b),
    corrections: brief.corrections.map(({ date, text }, index) => ({
      date,
      dateText: shown.corrections[index]?.date ?? date,
      text,
    })),
  }
}

function htmlOf(segments: readonly { readonly html: object | null }[]): string {
  return segments.map(({ html }) => String(html ?? '')).join('\n')
}

function teasersIn(node: Nodes): number {
  if (node.type === 'teaser') return 1
  return 'children' in node ? node.children.reduce((sum: number, child) => sum + teasersIn(child), 0) : 0
}
