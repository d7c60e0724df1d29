import type { Readability as Reader } from '@mozilla/readability'
import { decodeText } from './decode.ts'
import type { DomDocument, DomNode } from './dom.ts'
import { htmlMetadata, type DocumentMetadata } from './html-metadata.ts'
import { countElements, htmlText } from './html-text.ts'
import { readPdf } from './pdf-text.ts'

/** A page or document as a reader reads it. The same bytes give the same text. */
export interface ReadableDocument {
  readonly kind: 'document'
  readonly format: 'html' | 'pdf' | 'text'
  /** Paragraphs apart by a blank line. Never empty. */
  readonly text: string
  readonly metadata: DocumentMetadata
}

/** Why a document cannot be read; one sentence for a person. */
export interface Unreadable {
  readonly kind: 'unreadable'
  readonly message: string
}

const noMetadata: DocumentMetadata = {
  title: null,
  publisher: null,
  author: [],
  published: null,
  modified: null,
  lang: null,
  canonicalUrl: null,
}

/** An article shorter than this was not found by Readability; the whole page is taken then. */
const ARTICLE_LENGTH = 250
/** Readability’s time grows with the square of a page’s elements; beyond this the whole page is taken. */
const MOST_ELEMENTS = 20_000

/**
 * Reads HTML, PDF or plain text. What it is, its first bytes say; the Content-Type header only
 * where they do not. `url` resolves the addresses in it.
 */
export async function readDocument(
  bytes: Uint8Array,
  contentType: string | null,
  url: string,
): Promise<ReadableDocument | Unreadable> {
  const head = new TextDecoder('windows-1252').decode(bytes.subarray(0, 1024))
  if (head.includes('%PDF-')) return readPdfDocument(bytes)
  const type = (contentType ?? '').split(';')[0]?.trim().toLowerCase() ?? ''
  const isHtml = /html/u.test(type) || /<(?:!doctype|html|head|body|meta|title|p|div|article)\b/iu.test(head)
  if (isHtml) return readHtml(decodeText(bytes, contentType), url)
  if (type !== '' && !type.startsWith('text/'))
    return unreadable(`A document of the type ${type} cannot be read.`)
  const text = decodeText(bytes, contentType).replace(/\r\n?/gu, '\n').trim()
  if (text.includes('\u0000')) return unreadable('The document is not text.')
  if (text === '') return unreadable('The document is empty.')
  return { kind: 'document', format: 'text', text, metadata: noMetadata }
}

async function readHtml(html: string, url: string): Promise<ReadableDocument | Unreadable> {
  const elements = countElements(html)
  if (elements === null) return unreadable('The page’s markup is too deep or too large to be read.')
  const [{ parseHTML }, { Readability }] = await Promise.all([
    import('linkedom'),
    import('@mozilla/readability'),
  ])
  const { document }: { document: DomDocument } = parseHTML(withRoot(html))
  const metadata = htmlMetadata(document, url)
  const whole = document.body === null ? '' : htmlText(document.body)
  // Readability takes the tree apart, so it gets one of its own.
  const article = elements > MOST_ELEMENTS ? null : articleText(parseHTML(withRoot(html)), Readability)
  const text = article !== null && article.length >= Math.min(ARTICLE_LENGTH, whole.length) ? article : whole
  if (text === '') return unreadable('The page holds no text; it may be written by its scripts.')
  const { title } = metadata
  // The headline is a passage too, and Readability leaves it out.
  const headed = title === null || text.startsWith(title) ? text : `${title}\n\n${text}`
  return { kind: 'document', format: 'html', text: headed, metadata }
}

function articleText(window: { document: DomDocument }, Readability: typeof Reader): string | null {
  try {
    // Its types ask for a browser's Document; it reads what linkedom's has.
    const readability = new Readability<DomNode | null>(window.document as never, {
      serializer: (node: unknown) => (isNode(node) ? node : null),
      charThreshold: ARTICLE_LENGTH,
      disableJSONLD: true,
    })
    const content = readability.parse()?.content ?? null
    return content === null ? null : htmlText(content)
  } catch (error) {
    // Readability trips over some markup; the whole page is still a text.
    if (error instanceof Error) return null
    throw error
  }
}

function isNode(value: unknown): value is DomNode {
  return typeof value === 'object' && value !== null && 'nodeType' in value
}

/** linkedom makes no html and body elements for a fragment. */
function withRoot(html: string): string {
  if (/<html[\s>]/iu.test(html)) return html
  return `<!doctype html><html><head></head><body>${html}</body></html>`
}

async function readPdfDocument(bytes: Uint8Array): Promise<ReadableDocument | Unreadable> {
  try {
    const { text, metadata, pages } = await readPdf(bytes)
    if (text === '') return unreadable(`The PDF’s ${pages} pages hold no text; they may be scanned.`)
    return { kind: 'document', format: 'pdf', text, metadata }
  } catch (error) {
    const why = error instanceof Error ? error.message : 'broken'
    return unreadable(`The PDF cannot be read (${why}).`)
  }
}

function unreadable(message: string): Unreadable {
  return { kind: 'unreadable', message }
}
