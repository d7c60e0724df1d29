import { escapeHtml } from '../render/escape.ts'
import type { PageBrief, PageDocument, PageImage, PageSource } from '../render/page-document.ts'
import type { ArchiveHead } from '../delivery/archive.ts'
import { absoluteImage, sharedImage } from './issue-view.ts'
import { briefPath, issuePath } from './paths.ts'
import type { SiteDeps } from './deps.ts'

/** What both feeds say, of the public tier alone. */
export interface Feed {
  readonly title: string
  readonly description: string
  readonly lang: string
  /** Absolute. */
  readonly home: string
  /** Latest first. */
  readonly items: readonly FeedItem[]
  /** When something was last published, in milliseconds since the epoch; null: nothing is. */
  readonly changedAt: number | null
}

/** An issue. */
export interface FeedItem {
  /** Absolute: its page, and what it is known by for ever. */
  readonly url: string
  readonly title: string
  readonly summary: string
  readonly lang: string
  /** Milliseconds since the epoch: the issue's day, and when what is there now was published. */
  readonly publishedAt: number
  readonly changedAt: number
  readonly authors: readonly string[]
  readonly tags: readonly string[]
  /** Absolute. */
  readonly image: string | null
  /** HTML with absolute addresses: the whole issue as the public may read it. */
  readonly content: string
}

/** A reader that asks once a quarter misses none of a weekly. */
const ITEMS = 20

/** The feed of what is published, from the public tier's documents. */
export async function makeFeed({
  publication,
  archive,
  baseUrl,
}: Pick<SiteDeps, 'publication' | 'archive' | 'baseUrl'>): Promise<Feed> {
  const heads = await archive.heads('public', { count: ITEMS })
  const items = await Promise.all(
    heads.map(async (head) => makeItem(head, (await archive.page(head.hash))?.document ?? null, baseUrl)),
  )
  const [newsletter] = Object.values(publication.newsletters)
  return {
    title: publication.name,
    description: publication.theme.tagline ?? (newsletter?.description || publication.name),
    lang: publication.lang,
    home: `${baseUrl}/`,
    items,
    changedAt: items.length === 0 ? null : Math.max(...items.map(({ changedAt }) => changedAt)),
  }
}

function makeItem(head: ArchiveHead, document: PageDocument | null, baseUrl: string): FeedItem {
  const url = baseUrl + issuePath(head.issue)
  const briefs = document?.briefs ?? []
  const unique = (values: readonly string[]): string[] => [...new Set(values)]
  return {
    url,
    title: head.subject,
    summary: head.preheader,
    lang: head.lang,
    publishedAt: Math.min(Date.parse(`${head.date}T00:00:00Z`), head.publishedAt),
    changedAt: head.publishedAt,
    authors: unique(briefs.flatMap(({ authors }) => authors ?? [])),
    tags: unique(briefs.flatMap(({ tags }) => tags)),
    image: sharedImage(document?.shareImage ?? null, baseUrl)?.src ?? null,
    content: document === null ? paragraph(head.preheader) : contentOf(document, url, baseUrl),
  }
}

function contentOf(document: PageDocument, url: string, baseUrl: string): string {
  const { count } = document
  const cited = document.sources.filter(({ number }) => number !== null)
  const consulted = document.sources.filter(({ number }) => number === null)
  const html = [
    document.noteHtml ?? '',
    ...document.briefs.map((brief) => briefHtml(brief, baseUrl + briefPath(document.issue.id, brief.id))),
    ...(document.sources.length === 0 ? [] : ['<h2>Sources</h2>']),
    ...(count.unlocked > 0
      ? [
          paragraph(
            `${count.total} sources, ${count.linked} open, ${count.unlocked} unlock when you subscribe.`,
          ),
        ]
      : []),
    ...(cited.length === 0 ? [] : [`<ol>${cited.map(sourceHtml).join('')}</ol>`]),
    ...(consulted.length === 0 ? [] : [`<p>Also read:</p><ul>${consulted.map(sourceHtml).join('')}</ul>`]),
  ].join('\n')
  return absolute(html, url, baseUrl)
}

function briefHtml(brief: PageBrief, url: string): string {
  const { title, standfirst, image, locked, bodyHtml, corrections } = brief
  return [
    `<h2><a href="${escapeHtml(url)}">${escapeHtml(title)}</a></h2>`,
    `<p><em>${escapeHtml(standfirst)}</em></p>`,
    image === null ? '' : imageHtml(image),
    locked === null ? bodyHtml : paragraph(`This brief is for ${locked}s.`),
    ...corrections.map(({ dateText, text }) => paragraph(`Correction, ${dateText}: ${text}`)),
  ].join('\n')
}

function imageHtml({ src, width, height, alt, credit }: PageImage): string {
  const picture = `<img src="${escapeHtml(src)}" width="${width}" height="${height}" alt="${escapeHtml(alt)}">`
  return `<figure>${picture}${credit === null ? '' : `<figcaption>${escapeHtml(credit)}</figcaption>`}</figure>`
}

function sourceHtml({ number, publisher, title, isDescription, date, href }: PageSource): string {
  const name = escapeHtml(isDescription ? title : `“${title}”`)
  const shown = href === null ? name : `<a href="${escapeHtml(href)}">${name}</a>`
  const value = number === null ? '' : ` value="${number}"`
  return `<li${value}>${escapeHtml(publisher)}: ${shown}, ${escapeHtml(date)}</li>`
}

function paragraph(text: string): string {
  return `<p>${escapeHtml(text)}</p>`
}

/** Markup of ours has a quotation mark only where it ends an attribute: text has it escaped. */
function absolute(html: string, url: string, baseUrl: string): string {
  return html
    .replaceAll(' href="#', ` href="${escapeHtml(url)}#`)
    .replaceAll(/ href="\/(?!\/)/g, ` href="${escapeHtml(baseUrl)}/`)
    .replaceAll(
      /(<img src=")([^"]*)"/g,
      (_all, start: string, src: string) => `${start}${absoluteImage(src, baseUrl)}"`,
    )
}
