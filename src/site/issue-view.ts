import type { PageBrief, PageDocument, PageSource } from '../render/page-document.ts'
import type { IssueView, Lock } from './views.ts'

/** What the page `issue` is given of a frozen document. */
export function issueView(document: PageDocument, lock: Lock | null): IssueView {
  const page = withOwnImages(document)
  const sources = page.sources.map((source) => ({ ...source, pageHref: sourceHref(page, source) }))
  return {
    page,
    lock,
    cited: sources.filter(({ number }) => number !== null),
    consulted: sources.filter(({ number }) => number === null),
    briefHrefs: Object.fromEntries(page.briefs.map(({ id }) => [id, briefHref(page, id)])),
  }
}

/** From the root. */
export function briefHref({ issue }: { readonly issue: { readonly id: string } }, brief: string): string {
  return `/issues/${encodeURIComponent(issue.id)}/${encodeURIComponent(brief)}`
}

/** The sources that one brief cites, with the ways back and the relays that stand on its page alone. */
export function citedBy<S extends PageSource>({ cites, bodyHtml }: PageBrief, sources: readonly S[]): S[] {
  return sources
    .filter(({ number }) => number !== null && cites.includes(number))
    .map((source) => ({
      ...source,
      via: source.via.filter((number) => cites.includes(number)),
      backlinks: source.backlinks
        .filter(({ href }) => bodyHtml.includes(` id="${href.slice(1)}"`))
        .map(({ href }, index) => ({ href, label: index + 1 })),
    }))
}

/** A document of one brief alone, for what its page says is locked. */
export function withOneBrief(page: PageDocument, brief: PageBrief): PageDocument {
  const sources = citedBy(brief, page.sources)
  const linked = sources.filter(({ href, archive }) => href !== null || archive !== null).length
  const unlocked = sources.filter(({ lockedByTier }) => lockedByTier).length
  const count = { total: sources.length, linked, unlocked }
  return { ...page, briefs: [brief], sources, count, forMembers: brief.forMembers }
}

function sourceHref({ issue }: PageDocument, { id }: PageSource): string {
  return `/sources/${encodeURIComponent(issue.id)}/${encodeURIComponent(id)}`
}

/** A document names pictures under the address that the site had when it was frozen; they are ours wherever we are. */
function withOwnImages(page: PageDocument): PageDocument {
  return {
    ...page,
    noteHtml: page.noteHtml === null ? null : ownImages(page.noteHtml),
    briefs: page.briefs.map((brief) => ({
      ...brief,
      bodyHtml: ownImages(brief.bodyHtml),
      image: brief.image === null ? null : { ...brief.image, src: ownImage(brief.image.src) },
    })),
  }
}

function ownImages(html: string): string {
  return html.replace(
    /(<img src=")([^"]*)"/g,
    (_all, start: string, src: string) => `${start}${ownImage(src)}"`,
  )
}

/** From the root, for an image that a document names; what is no frozen image stays as it is. */
export function ownImage(src: string): string {
  return /\/images\/[0-9a-f]{32}\.[a-z]+$/.exec(src)?.[0] ?? src
}
