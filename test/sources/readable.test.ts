import { describe, expect, test } from 'vitest'
import { matchQuotation } from '../../src/sources/quotation.ts'
import { readDocument } from '../../src/sources/readable.ts'
import { pdfOf } from './pdf.ts'
import { passages } from './prose.ts'

const url = 'https://news.example/2025/a'

async function read(html: string, type: string | null = 'text/html; charset=utf-8') {
  const result = await readDocument(Buffer.from(html), type, url)
  if (result.kind === 'unreadable') throw new Error(result.message)
  return result
}

const article = `<!doctype html><html lang="en-GB"><head><title>Board rises without a vote | The Mole</title>
<link rel="canonical" href="/2025/board"><meta property="og:site_name" content="The Mole">
<script type="application/ld+json">{"@context":"https://schema.org","@graph":[{"@type":"WebSite","name":"x"},
{"@type":"NewsArticle","headline":"Board rises without a vote","datePublished":"2025-11-08T23:30:00+03:00",
"dateModified":"2025-11-10","author":[{"@type":"Person","name":"Ada Quill"},{"name":"Bo Reed"}],"publisher":{"name":"The Harbour Mole"}}]}</script>
<style>p{color:red}</style></head><body><nav><ul><li><a href="/">Home</a></li><li><a href="/sport">Sport</a></li></ul></nav>
<main><article><h1>Board rises without a vote</h1>${passages
  .slice(0, 6)
  .map((passage) => `<p>${passage.replaceAll('&', '&amp;')}</p>`)
  .join('\n')}
<p>The mole covers 10<sup>2</sup> metres<sup><a href="#f1">1</a></sup>, or the 3<sup>rd</sup> part<sup>[4]</sup>.</p>
<p>A line<br>broken, a <b>bold</b>&nbsp;word&shy;break &amp; more.</p></article></main>
<script>document.write('not read')</script><footer>Subscribe to our newsletter</footer></body></html>`

describe('a page of news', () => {
  test('says its title, publisher, authors, dates apart, language and address', async () => {
    const { metadata } = await read(article)
    expect(metadata).toEqual({
      title: 'Board rises without a vote',
      publisher: 'The Harbour Mole',
      author: ['Ada Quill', 'Bo Reed'],
      published: '2025-11-08',
      modified: '2025-11-10',
      lang: 'en-GB',
      canonicalUrl: 'https://news.example/2025/board',
    })
  })

  test('reads as its article, with its headline, a blank line between paragraphs and no navigation', async () => {
    const { text } = await read(article)
    expect(text.startsWith('Board rises without a vote\n\n')).toBe(true)
    for (const passage of passages.slice(0, 6)) expect(text).toContain(passage)
    expect(text).not.toMatch(/Sport|not read|color:red|Subscribe/u)
    expect(text).toContain('A line\nbroken, a bold word\u00adbreak & more.')
  })

  test('keeps a raised figure raised and drops the marks of footnotes', async () => {
    const { text } = await read(article)
    expect(text).toContain('The mole covers 10² metres, or the 3rd part.')
    expect(matchQuotation(text, 'covers 102 metres').found).toBe(false)
  })

  test('reads the same every time', async () => {
    expect((await read(article)).text).toBe((await read(article)).text)
  })
})

describe('metadata', () => {
  test('comes from Open Graph and meta tags where there is no JSON-LD, and broken JSON-LD does no harm', async () => {
    const { metadata } = await read(
      `<html><head><script type="application/ld+json">{"@type": broken</script><meta property="og:title" content="A &amp; B">
      <meta property="article:published_time" content="2025-03-01T10:00:00Z"><meta property="article:modified_time" content="2025-04-02">
      <meta property="article:author" content="https://facebook.example/ada"><meta name="author" content="By Ada Quill">
      <meta property="og:locale" content="pt_BR"><meta property="og:url" content="javascript:alert(1)"></head><body>x</body></html>`,
    )
    expect(metadata).toEqual({
      title: 'A & B',
      publisher: null,
      author: ['Ada Quill'],
      published: '2025-03-01',
      modified: '2025-04-02',
      lang: 'pt-BR',
      canonicalUrl: null,
    })
  })

  test.each([
    ['2025-11-08', '2025-11-08'],
    ['2025-11-08T23:59:59-05:00', '2025-11-08'],
    ['2025', '2025'],
    ['2025-11', '2025-11'],
    ['2025/11/8', '2025-11-08'],
    ['20251108', '2025-11-08'],
    ['Sat, 08 Nov 2025 10:00:00 GMT', '2025-11-08'],
    ['8 November 2025', '2025-11-08'],
    ['November 8, 2025', '2025-11-08'],
    ['Nov. 8th, 2025', '2025-11-08'],
    ['08/11/2025', null],
    ['2025-02-30', null],
    ['yesterday', null],
    ['31 Smarch 2025', null],
  ])('the date %s is %s', async (written, date) => {
    const { metadata } = await read(`<meta name="date" content="${written}"><p>x</p>`)
    expect(metadata.published).toBe(date)
  })

  test('a date of change alone is not the date of publication', async () => {
    const { metadata } = await read('<meta property="article:modified_time" content="2025-04-02"><p>x</p>')
    expect(metadata).toMatchObject({ published: null, modified: '2025-04-02' })
  })
})

describe('letters', () => {
  const russian = 'Переговоры зашли в тупик.'
  const bytes = Buffer.from([...russian].map((letter) => cyrillic(letter)))

  test('of Windows-1251 are read by the header, and by the page’s own word', async () => {
    const named = await readDocument(bytes, 'text/html; charset=windows-1251', url)
    expect(named).toMatchObject({ text: russian })
    const meta = Buffer.concat([Buffer.from('<meta charset="windows-1251"><p>'), bytes])
    expect(await readDocument(meta, 'text/html', url)).toMatchObject({ text: russian })
  })

  test('of Shift JIS are read', async () => {
    const shiftJis = Buffer.from([0x8e, 0x80, 0x8e, 0xd2]) // 死者
    const page = Buffer.concat([
      Buffer.from('<meta http-equiv="content-type" content="text/html; charset=Shift_JIS"><p>'),
      shiftJis,
    ])
    expect(await readDocument(page, 'text/html', url)).toMatchObject({ text: '死者' })
  })

  test('of a charset nobody knows are read as UTF-8, and as Windows-1252 where they are none', async () => {
    expect(await readDocument(Buffer.from('<p>é'), 'text/html; charset=klingon', url)).toMatchObject({
      text: 'é',
    })
    expect(
      await readDocument(Buffer.from([0x3c, 0x70, 0x3e, 0x93, 0xe9, 0x94]), 'text/html', url),
    ).toMatchObject({
      text: '“é”',
    })
  })

  test('after a byte order mark are what it says', async () => {
    const page = Buffer.from('\ufeff<p>héllo', 'utf16le')
    expect(await readDocument(page, 'text/html; charset=utf-8', url)).toMatchObject({ text: 'héllo' })
  })
})

describe('a page that is hard to read', () => {
  test('ten megabytes of nested tags are refused at once', async () => {
    const began = performance.now()
    const result = await readDocument(Buffer.from('<div>'.repeat(2_000_000)), 'text/html', url)
    expect(result).toEqual({
      kind: 'unreadable',
      message: 'The page’s markup is too deep or too large to be read.',
    })
    expect(performance.now() - began).toBeLessThan(2000)
  })

  test('without a title, without a body or without words ends in a text or one sentence', async () => {
    expect((await read('<p>Only this.</p>')).metadata.title).toBe(null)
    expect((await read('Only this, no tag', 'text/html')).text).toBe('Only this, no tag')
    for (const html of ['', '<html></html>', '<script>document.write(1)</script>', '<title></title>']) {
      expect(await readDocument(Buffer.from(html), 'text/html', url)).toMatchObject({ kind: 'unreadable' })
    }
  })

  test('a picture, and bytes that call themselves text, are no document', async () => {
    expect(await readDocument(Buffer.from([0x89, 0x50, 0x4e, 0x47]), 'image/png', url)).toMatchObject({
      message: 'A document of the type image/png cannot be read.',
    })
    expect(await readDocument(Buffer.from([0x41, 0, 0x42]), 'text/plain', url)).toMatchObject({
      kind: 'unreadable',
    })
  })

  test('plain text is read as it stands', async () => {
    expect(await readDocument(Buffer.from('One.\r\n\r\nTwo.'), 'text/plain', url)).toMatchObject({
      format: 'text',
      text: 'One.\n\nTwo.',
    })
  })
})

describe('a PDF', () => {
  test('is read line by line, also where a word is broken at a line’s end', async () => {
    const pdf = pdfOf([['The board did not reach an agree-', 'ment on Tuesday.'], ['A second page.']])
    const result = await readDocument(pdf, 'application/octet-stream', url)
    expect(result).toMatchObject({
      format: 'pdf',
      text: 'The board did not reach an agree-\nment on Tuesday.\n\nA second page.',
      metadata: { title: 'Minutes', author: ['Ada Quill'], published: '2025-11-08' },
    })
    expect(
      result.kind === 'document' && matchQuotation(result.text, 'reach an agreement on Tuesday').found,
    ).toBe(true)
  })

  test('without text, and a broken one, end in one sentence', async () => {
    expect(await readDocument(pdfOf([[]]), 'application/pdf', url)).toEqual({
      kind: 'unreadable',
      message: 'The PDF’s 1 pages hold no text; they may be scanned.',
    })
    const broken = await readDocument(Buffer.from('%PDF-1.7\nnothing'), 'application/pdf', url)
    expect(broken).toMatchObject({
      kind: 'unreadable',
      message: expect.stringMatching(/^The PDF cannot be read/u),
    })
  })
})

function cyrillic(letter: string): number {
  const code = letter.codePointAt(0) ?? 0
  return code < 128 ? code : code - 0x410 + 0xc0
}
