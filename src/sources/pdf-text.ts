import type { DocumentMetadata } from './html-metadata.ts'
import { pageDate } from './page-date.ts'

const MOST_PAGES = 1000

/** The text of a PDF, a line a line and a blank line between pages, and what it says of itself. Throws on a broken one. */
export async function readPdf(
  bytes: Uint8Array,
): Promise<{ readonly text: string; readonly metadata: DocumentMetadata; readonly pages: number }> {
  const { getDocumentProxy, getMeta } = await import('unpdf')
  // pdf.js takes the bytes it is given for itself.
  const pdf = await getDocumentProxy(Uint8Array.from(bytes), { verbosity: 0 })
  try {
    const pages: string[] = []
    for (let number = 1; number <= Math.min(pdf.numPages, MOST_PAGES); number++) {
      const page = await pdf.getPage(number)
      const content = await page.getTextContent()
      const parts = content.items.map((item) => ('str' in item ? item.str + (item.hasEOL ? '\n' : '') : ''))
      pages.push(tidy(parts.join('')))
      page.cleanup()
    }
    const { info } = await getMeta(pdf)
    return {
      text: pages.filter((page) => page !== '').join('\n\n'),
      metadata: pdfMetadata(info),
      pages: pdf.numPages,
    }
  } finally {
    await pdf.loadingTask.destroy()
  }
}

function tidy(text: string): string {
  return text
    .replace(/[^\S\n]+/gu, ' ')
    .replace(/ ?\n ?/gu, '\n')
    .replace(/\n{3,}/gu, '\n\n')
    .trim()
}

function pdfMetadata(info: Readonly<Record<string, unknown>>): DocumentMetadata {
  const text = (key: string): string | null => {
    const value = info[key]
    return typeof value === 'string' && value.trim() !== '' ? value.trim().slice(0, 500) : null
  }
  const author = text('Author')
  return {
    title: text('Title'),
    publisher: null,
    author: author === null ? [] : [author],
    published: pageDate(text('CreationDate') ?? ''),
    modified: pageDate(text('ModDate') ?? ''),
    lang: text('Language'),
    canonicalUrl: null,
  }
}
