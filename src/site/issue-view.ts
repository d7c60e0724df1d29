import type { PageDocument, PageSource } from '../render/page-document.ts'
import type { IssueView, Lock } from './views.ts'

/** What the page `issue` is given of a frozen document; pictures come from the site itself, wherever it was when it was frozen. */
export function issueView(document: PageDocument, lock: Lock | null): IssueView {
  const page = withOwnImages(document)
  return {
    page,
    lock,
    cited: page.sources.filter(({ number }) => number !== null),
    consulted: page.sources.filter(({ number }) => number === null),
    briefHrefs: Object.fromEntries(page.briefs.map(({ id }) => [id, briefHref(page, id)])),
  }
}

/** From the root. */
export function briefHref(
  { issue }: { readonly issue: Pick<PageDocument['issue'], 'id'> },
  brief: string,
): string {
  return `/issues/${encodeURIComponent(issue.id)}/${encodeURIComponent(brief)}`
}

/** The sources of one brief, with the ways back and the relays that stand on its page alone. */
export function citedSources(page: PageDocument, cites: readonly number[], bodyHtml: string): PageSource[] {
  return page.sources
    .filter(({ number }) => number !== null && cites.includes(number))
    .map((source) => ({
      ...source,
      via: source.via.filter((number) => cites.includes(number)),
      backlinks: source.backlinks
        .filter(({ href }) => bodyHtml.includes(` id="${href.slice(1)}"`))
        .map(({ href }, index) => ({ href, label: index + 1 })),
    }))
}

/** Names of images are hashes of their content: a document holds them with the address of the day it was frozen. */
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
