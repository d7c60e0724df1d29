import { cpSync, existsSync, readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { run as runBuild } from '../../src/cli/build.ts'
import { addSource } from '../../src/cli/source-add.ts'
import { run as runExport } from '../../src/cli/source-export.ts'
import { run as runImport } from '../../src/cli/source-import.ts'
import { parseLedger } from '../../src/sources/ledger.ts'
import { article, loopbackFetcher, pageServer, type Answer } from './page-server.ts'
import { publicationWith } from './publication.ts'

const ledger = `# Kept by hand.
- id: ministry   # first
  title: 'A letter'
  publisher: Ministry of Ports
  access: offline
  published: 2025-11-01
  accessed: 2025-11-02
`

const nothing = {
  id: null,
  title: null,
  publisher: null,
  published: null,
  modified: null,
  kind: null,
  author: [],
  lang: null,
  accessed: null,
  archive: null,
  origin: null,
  party: null,
}

const head = `<meta property="og:site_name" content="Harbour Times">
<meta property="article:published_time" content="2025-11-08T23:30:00-05:00">
<meta property="article:modified_time" content="2025-11-10T08:00:00Z">
<meta name="author" content="Ana Borg">`

/** Noon of 14 November in UTC is 15 November in Auckland. */
const clock = { now: () => Date.UTC(2025, 10, 14, 12) }
const ask = () => Promise.resolve(null)

async function world(pages: Record<string, Answer>, files: Record<string, string> = {}, json = false) {
  const server = await pageServer(pages)
  const made = publicationWith({ 'briefs/w1/sources.yaml': ledger, ...files }, { json })
  return {
    ...made,
    server,
    fetcher: loopbackFetcher([server.port]),
    file: join(made.root, 'briefs/w1/sources.yaml'),
  }
}

describe('source add', () => {
  test('fills in what the page says, under today in the publication’s time zone', async () => {
    const { context, server, fetcher, file } = await world({
      '/a?id=7': article('Harbour opens | Harbour Times', ['It opened at noon.'], head),
    })
    const code = await addSource(
      context,
      { ...nothing, url: `${server.url}/a?utm_source=x&id=7#top`, issue: 'w1', fetch: true },
      { fetcher, ask, clock },
    )
    expect(code).toBe(0)
    const text = readFileSync(file, 'utf8')
    expect(text.startsWith(ledger)).toBe(true)
    expect(text.slice(ledger.length).replace(/:\d{4,5}/u, ':PORT')).toMatchInlineSnapshot(`
      "
      - id: harbour-times-1108
        title: Harbour opens
        publisher: Harbour Times
        url: http://127.0.0.1:PORT/a?id=7#top
        published: 2025-11-08
        modified: 2025-11-10
        accessed: 2025-11-15
        kind: newspaper
        author:
          - Ana Borg
        lang: en
      "
    `)
    expect(context.printed.at(-1)).toBe(
      '\nWritten to briefs/w1/sources.yaml:9. Cite it as [@harbour-times-1108]',
    )
    expect(parseLedger('sources.yaml', text).findings).toEqual([])
  })

  test('prints JSON, and flags win over the page', async () => {
    const { context, server, fetcher } = await world(
      { '/a': article('Harbour opens', ['It opened.'], head) },
      {},
      true,
    )
    await addSource(
      context,
      {
        ...nothing,
        url: `${server.url}/a`,
        issue: 'w1',
        fetch: true,
        id: 'mine',
        kind: 'wire',
        author: ['X', 'Y'],
        origin: 'ministry',
        published: '2025~',
      },
      { fetcher, ask, clock },
    )
    expect(JSON.parse(context.printed.join(''))).toMatchObject([
      {
        issue: 'w1',
        file: 'briefs/w1/sources.yaml',
        line: 9,
        citation: '[@mine]',
        entry: {
          id: 'mine',
          kind: 'wire',
          author: ['X', 'Y'],
          origin: 'ministry',
          published: '2025~',
          title: 'Harbour opens',
        },
      },
    ])
  })

  test('asks on a terminal for what the page does not say', async () => {
    const { context, server, fetcher, file } = await world({
      '/a': '<p>It opened at noon, the port’s master said, and ships came in.</p>',
    })
    const questions: string[] = []
    const answers = ['[Notice of opening]', 'Port of Valletta', 'unknown', 'official']
    const answer = (question: string) => {
      questions.push(question)
      return Promise.resolve(answers.shift() ?? null)
    }
    await addSource(
      context,
      { ...nothing, url: `${server.url}/a`, issue: 'w1', fetch: true },
      { fetcher, ask: answer, clock },
    )
    expect(questions.map((question) => question.split(' ')[0])).toEqual([
      'Title',
      'Publisher:',
      'Published',
      'Kind',
    ])
    expect(readFileSync(file, 'utf8')).toContain('title: "[Notice of opening]"')
  })

  test.each<[string, Record<string, Answer>, Record<string, unknown>, RegExp]>([
    [
      'says nothing of itself',
      { '/a': '<p>Words, and more words, and nothing else at all.</p>' },
      {},
      /Give --title, --publisher, --published, --kind\.$/,
    ],
    ['is gone', {}, {}, /The page is gone \(404\)/],
    [
      'redirects into a local network',
      { '/a': (_, response) => void response.writeHead(302, { location: 'http://10.0.0.1/' }).end() },
      {},
      /not fetched/,
    ],
    [
      'never ends',
      { '/a': (_, response) => void response.writeHead(200, { 'content-type': 'text/html' }).write('<p>') },
      {},
      /Give --title/,
    ],
    [
      'sends too much',
      { '/a': (_, response) => void response.writeHead(200).end(Buffer.alloc(2_000_000)) },
      {},
      /Give --title/,
    ],
    [
      'is 10 MB of nested tags',
      {
        '/a': (_, response) =>
          void response.writeHead(200, { 'content-type': 'text/html' }).end('<div>'.repeat(190_000)),
      },
      {},
      /Give --title/,
    ],
    [
      'is a PDF without text',
      {
        '/a': (_, response) =>
          void response.writeHead(200, { 'content-type': 'application/pdf' }).end('%PDF-1.4\n%%EOF'),
      },
      {},
      /Give --title/,
    ],
    [
      'is asked about with a wrong date',
      { '/a': article('T', ['Words.'], head) },
      { published: '8/11/2025', kind: 'wire' },
      /--published must be a date/,
    ],
    [
      'is asked about with a wrong archive',
      { '/a': article('T', ['Words.'], head) },
      { archive: 'nowhere', kind: 'wire' },
      /--archive must be/,
    ],
    [
      'gets an id that is none',
      { '/a': article('T', ['Words.'], head) },
      { id: 'Not An Id', kind: 'wire' },
      /--id must be lower-case/,
    ],
    [
      'gets an id that is taken',
      { '/a': article('T', ['Words.'], head) },
      { id: 'ministry' },
      /The id “ministry” is taken \(briefs\/w1\/sources.yaml:2\)/,
    ],
  ])('of a page that %s ends in one error and writes nothing', async (_, pages, flags, message) => {
    const { context, server, fetcher, file } = await world(pages)
    const adding = addSource(
      context,
      { ...nothing, url: `${server.url}/a`, issue: 'w1', fetch: true, ...flags },
      { fetcher, ask, clock },
    )
    await expect(adding).rejects.toThrow(message)
    expect(readFileSync(file, 'utf8')).toBe(ledger)
  })

  test.each([
    ['windows-1251', Buffer.from('cff0e8e2e5f22c20ecede521', 'hex'), 'Привет, мне!'],
    ['shift_jis', Buffer.from('82b182f182c982bf82cd', 'hex'), 'こんにちは'],
  ])('reads a page in %s', async (charset, bytes, words) => {
    const { context, server, fetcher, file } = await world({
      '/a': (_, response) =>
        void response
          .writeHead(200, { 'content-type': `text/html; charset=${charset}` })
          .end(
            Buffer.concat([
              Buffer.from('<html><head><title>'),
              bytes,
              Buffer.from('</title></head><body><p>x</p></body></html>'),
            ]),
          ),
    })
    await addSource(
      context,
      {
        ...nothing,
        url: `${server.url}/a`,
        issue: 'w1',
        fetch: true,
        publisher: 'P',
        published: 'unknown',
        kind: 'wire',
      },
      { fetcher, ask, clock },
    )
    expect(readFileSync(file, 'utf8')).toContain(words)
  })

  test('refuses a page that the ledger has, also under another spelling or behind a redirect', async () => {
    const { context, server, fetcher, file } = await world({
      '/a': article('Harbour opens', ['It opened.'], head),
      '/b': (_, response) => void response.writeHead(301, { location: '/a' }).end(),
    })
    const add = (path: string) =>
      addSource(
        context,
        { ...nothing, url: server.url + path, issue: 'w1', fetch: true, id: null },
        { fetcher, ask, clock },
      )
    await add('/a')
    const once = readFileSync(file, 'utf8')
    for (const path of ['/a', '/a/?utm_medium=m', '/a#x', '/b']) {
      await expect(add(path)).rejects.toThrow(
        'The ledger has this page already: “harbour-times-1108” (briefs/w1/sources.yaml:9).',
      )
    }
    expect(readFileSync(file, 'utf8')).toBe(once)
  })

  test('takes everything from flags with --no-fetch, and asks no server', async () => {
    const { context, server, fetcher, root } = await world({}, {})
    await addSource(
      context,
      {
        ...nothing,
        url: `${server.url}/x`,
        issue: 'w1',
        fetch: false,
        title: 'T',
        publisher: 'The Dawn.com',
        published: '2025-11',
        kind: 'newspaper',
      },
      { fetcher, ask, clock },
    )
    expect(server.asked).toEqual([])
    expect(context.printed.at(-1)).toContain('[@dawn]')
    expect(readdirSync(join(root, 'briefs/w1'))).toEqual(['issue.md', 'one.md', 'sources.yaml'])
  })

  test('what a page says cannot move the terminal or break the file', async () => {
    const title = '\u001b[2J\u202e&quot;:\n - id: x # {{x}} \u0007'
    const { context, server, fetcher, file } = await world({ '/a': article(title, ['Words.'], head) })
    await addSource(
      context,
      { ...nothing, url: `${server.url}/a`, issue: 'w1', fetch: true },
      { fetcher, ask, clock },
    )
    expect(context.printed.join('')).not.toMatch(/[\u001b\u0007\u202e]/u)
    expect([...(parseLedger('s', readFileSync(file, 'utf8')).value?.keys() ?? [])]).toEqual([
      'ministry',
      'harbour-times-1108',
    ])
  })

  test.each(['ftp://a.test/1', 'javascript:alert(1)', 'not an address', 'https://user:secret@a.test/'])(
    'of %j is refused',
    async (url) => {
      const { context, fetcher } = await world({})
      await expect(
        addSource(context, { ...nothing, url, issue: 'w1', fetch: true }, { fetcher, ask, clock }),
      ).rejects.toThrow(/is no address of a source/)
    },
  )

  test('into an issue of one file goes into its frontmatter', async () => {
    const single =
      '---\ntitle: Alone\nstandfirst: It is.\ndate: 2025-11-14\nnewsletter: weekly\nstatus: draft\n---\n\nText.\n'
    const { context, server, fetcher, root } = await world(
      { '/a': article('Harbour opens', ['It opened.'], head) },
      { 'briefs/alone.md': single },
    )
    await addSource(
      context,
      { ...nothing, url: `${server.url}/a`, issue: 'alone', fetch: true },
      { fetcher, ask, clock },
    )
    expect(readFileSync(join(root, 'briefs/alone.md'), 'utf8')).toMatch(
      /status: draft\nsources:\n {2}- id: harbour-times-1108\n[^]*\n---\n\nText\.\n$/,
    )
    expect(existsSync(join(root, 'briefs/alone'))).toBe(false)
  })
})

describe('source import and export', () => {
  test('add what can be read, say what cannot, and give it back as CSL-JSON', async () => {
    const { context, root, file } = await world({})
    writeFileSync(
      join(root, 'in.bib'),
      '@online{A_1, title={One}, publisher={P}, url={https://a.test/1}, date={2025}, urldate={2025}}\n@online{b, title = }\n',
    )
    const code = await runImport(context, { file: 'in.bib', issue: 'w1', format: null, dryRun: false })
    expect(code).toBe(1)
    expect(context.printed).toEqual([
      'in.bib:2:20  This BibTeX cannot be read: a field has no value.  (DC801)\n    → put the value in braces',
      '[@a-1]  One  (was A_1)',
      'briefs/w1/sources.yaml: 1 added, 0 there already, 1 not read',
    ])
    expect(readFileSync(file, 'utf8').startsWith(ledger)).toBe(true)
    context.printed.length = 0
    await runExport(context, { issues: [] })
    const exported: unknown = JSON.parse(context.printed.join(''))
    expect(exported).toMatchObject([{ id: 'ministry' }, { id: 'a-1', URL: 'https://a.test/1' }])
    writeFileSync(join(root, 'again.json'), JSON.stringify(exported))
    expect(await runImport(context, { file: 'again.json', issue: 'w1', format: null, dryRun: false })).toBe(0)
    expect(context.printed.at(-1)).toBe('briefs/w1/sources.yaml: 0 added, 2 there already, 0 not read')
  })

  test.each<[string, Buffer | null, string]>([
    ['is missing', null, 'cannot be read'],
    ['is not UTF-8', Buffer.from([0x40, 0xff, 0xfe]), ''],
  ])('a file that %s changes nothing', async (_, bytes, message) => {
    const { context, root, file } = await world({})
    if (bytes !== null) writeFileSync(join(root, 'in.bib'), bytes)
    const importing = runImport(context, { file: 'in.bib', issue: 'w1', format: null, dryRun: false })
    if (bytes === null) await expect(importing).rejects.toThrow(message)
    else expect(await importing).toBe(1)
    expect(readFileSync(file, 'utf8')).toBe(ledger)
  })

  test('a ledger that is not UTF-8 is left as it is', async () => {
    const { context, root, file } = await world({})
    writeFileSync(file, Buffer.from([0x2d, 0x20, 0xff]))
    writeFileSync(join(root, 'in.json'), '[]')
    await expect(
      runImport(context, { file: 'in.json', issue: 'w1', format: null, dryRun: false }),
    ).rejects.toThrow(/not UTF-8/)
  })
})

test('build writes CSL-JSON for each tier, without addresses or quotations for the public', async () => {
  const sources = `- id: a
  title: One
  publisher: P
  url: https://a.example.org/secret-path
  archive: https://web.archive.org/web/2025/https://a.example.org/secret-path
  published: 2025
  accessed: 2025
  quotes: [said in confidence]
`
  const { context, root } = publicationWith({
    'briefs/w1/sources.yaml': sources,
    'briefs/w1/one.md':
      '---\ntitle: The harbour opens\nstandfirst: It opened.\ndate: 2025-11-14\n---\n\nIt opened [@a].\n',
  })
  cpSync(join(import.meta.dirname, '../../templates'), join(root, 'templates'), { recursive: true })
  const code = await runBuild(context, { issues: ['w1'], tier: null, out: 'build' })
  expect(code, context.printed.join('\n')).toBe(0)
  const read = (tier: string) => readFileSync(join(root, `build/w1/${tier}.csl.json`), 'utf8')
  expect(read('public')).not.toMatch(/secret-path|confidence/)
  expect(JSON.parse(read('public'))).toMatchObject([{ id: 'a', title: 'One', publisher: 'P' }])
  expect(JSON.parse(read('subscriber'))).toMatchObject([
    { id: 'a', URL: 'https://a.example.org/secret-path', custom: { quotes: ['said in confidence'] } },
  ])
})
