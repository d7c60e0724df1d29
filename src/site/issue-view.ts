import type { PageBrief, PageDocument, PageImage, PageSource } from '../render/page-document.ts'
import { briefPath, issuePath, sourcePath } from './paths.ts'
import type { IssueView, Lock } from './views.ts'

/** What the page `issue` is given of a frozen document. */
export function issueView(document: PageDocument, lock: Lock | null): IssueView {
  const page = withOwnAddresses(document)
  const sources = page.sources.map((source) => ({
    ...source,
    pageHref: sourcePath(page.issue.id, source.id),
  }))
  return {
    page,
    lock,
    cited: sources.filter(({ number }) => number !== null),
    consulted: sources.filter(({ number }) => number === null),
    briefHrefs: Object.fromEntries(page.briefs.map(({ id }) => [id, briefPath(page.issue.id, id)])),
  }
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

/** A document names what is ours under the address that the site had when it was frozen; it is ours wherever we are. */
function withOwnAddresses(page: PageDocument): PageDocument {
  const former = formerBase(page)
  const own = (html: string): string =>
    ownImages(former === null ? html : html.replaceAll(`href="${former}/subscribe"`, 'href="/subscribe"'))
  return {
    ...page,
    noteHtml: page.noteHtml === null ? null : own(page.noteHtml),
    briefs: page.briefs.map((brief) => ({
      ...brief,
      bodyHtml: own(brief.bodyHtml),
      image: brief.image === null ? null : { ...brief.image, src: ownImage(brief.image.src) },
    })),
  }
}

/** BASE_URL of the day, escaped, of what the document says of itself; null: it says nothing. */
function formerBase({ issue, linkedData }: PageDocument): string | null {
  const path = issuePath(issue.id).replaceAll(/[.*+?^${}()|[\]\\]/g, '\\$&')
  return new RegExp(`"(https?://[^"\\\\\\s]+?)${path}[#"]`).exec(linkedData)?.[1] ?? null
}

/** A picture for those who share the page, under the address that the site has now. */
export function sharedImage(image: PageImage | null, baseUrl: string): PageImage | null {
  return image === null ? null : { ...image, src: absoluteImage(image.src, baseUrl) }
}

/** Under the address that the site has now, for an image that a document names; what is no frozen image stays. */
export function absoluteImage(src: string, baseUrl: string): string {
  const own = ownImage(src)
  return own.startsWith('/') ? baseUrl + own : src
}

function ownImages(html: string): string {
  return html.replace(
    /(<img src=")([^"]*)"/g,
    (_all, start: string, src: string) => `${start}${ownImage(src)}"`,
  )
}

/** From the root, for an image that a document names; what is no frozen image stays as it is. */
function ownImage(src: string): string {
  return /\/images\/[0-9a-f]{32}\.[a-z]+$/.exec(src)?.[0] ?? src
}
