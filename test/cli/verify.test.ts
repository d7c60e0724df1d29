import { createHash } from 'node:crypto'
import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { verifyManifest } from '../../src/cli/verify.ts'
import { loadIssue } from '../../src/issue/load.ts'
import { project } from '../../src/issue/project.ts'
import { sourcesDocument } from '../../src/issue/sources-document.ts'
import { readDocument } from '../../src/sources/readable.ts'
import { article, loopbackFetcher, pageServer, type Answer } from './page-server.ts'
import { publicationWith } from './publication.ts'
import { contextIn, emptyFolder } from './scaffold-context.ts'

const words = 'No ship will be turned away'
const whole = article('Harbour opens', [
  'The harbour opened at noon on Friday, the master of the port said.',
  `He added: “${words},” and left.`,
])
const without = article('Harbour opens', [
  'The harbour opened at noon on Friday, the master of the port said. He left.',
])

async function hashOf(html: string): Promise<string> {
  const document = await readDocument(Buffer.from(html), 'text/html', 'https://a.test/')
  return document.kind === 'document'
    ? `sha256:${createHash('sha256').update(document.text).digest('hex')}`
    : ''
}

/** Verifies an issue that quotes one page, as a reader of `tier` far from the publication. */
async function verified(
  pages: Record<string, Answer>,
  options: {
    tier?: 'public' | 'subscriber'
    archive?: boolean
    quote?: boolean
    snapshot?: string
    json?: boolean
  } = {},
) {
  const server = await pageServer(pages)
  const ledger = `- id: page
  title: T
  publisher: Harbour Times
  url: ${server.url}/page
  published: 2025
  accessed: 2025
${options.archive === true ? `  archive: ${server.url}/archived\n` : ''}${options.snapshot === undefined ? '' : `  snapshot: ${options.snapshot}\n`}`
  const { root, context } = publicationWith({
    'briefs/w1/sources.yaml': ledger,
    'briefs/w1/one.md': `---\ntitle: The harbour opens\nstandfirst: It opened.\ndate: 2025-11-14\n---\n\nShips may come [@page${options.quote === false ? '' : `, "${words}"`}].\n`,
  })
  const { issue } = await loadIssue(root, 'w1', context.config().publication)
  if (issue === null) throw new Error('no issue')
  const folder = emptyFolder()
  const document = sourcesDocument(project(issue, options.tier ?? 'subscriber'))
  writeFileSync(join(folder, 'sources.json'), JSON.stringify(document))
  const reader = contextIn(folder, { json: options.json ?? false })
  const code = await verifyManifest(reader, 'sources.json', loopbackFetcher([server.port]))
  return { code, said: reader.printed.join('\n'), asked: server.asked, document, server }
}

const gone: Answer = (_, response) => void response.writeHead(404).end()
const refused: Answer = (_, response) => void response.writeHead(403).end()

describe('a reader who verifies an edition', () => {
  test('is told claim by claim what holds', async () => {
    const { code, said } = await verified({ '/page': whole })
    expect(code).toBe(0)
    expect(said).toMatchInlineSnapshot(`
      "w1, subscriber edition: 1 claim, 1 source

      one
        holds        Ships may come.
                     [1] Harbour Times “No ship will be turned away”: the words are on the page

      1 hold, 0 changed, 0 gone, 0 could not be checked"
    `)
  })

  test.each<[string, Record<string, Answer>, Parameters<typeof verified>[1], string, number]>([
    ['words that are on the page hold', { '/page': whole }, {}, 'holds', 0],
    ['words that have left the page are gone', { '/page': without }, {}, 'gone', 1],
    [
      'words that only the archived copy has were changed',
      { '/page': without, '/archived': whole },
      { archive: true },
      'changed',
      0,
    ],
    [
      'words of a page that is refused hold in its archived copy',
      { '/page': refused, '/archived': whole },
      { archive: true },
      'holds',
      0,
    ],
    ['a page that is gone is gone', { '/page': gone }, {}, 'gone', 1],
    [
      'a page that is gone and archived was changed',
      { '/page': gone, '/archived': whole },
      { archive: true },
      'changed',
      0,
    ],
    ['a page that is refused is not checked', { '/page': refused }, {}, 'unchecked', 0],
    ['a page without text is not checked', { '/page': '' }, {}, 'unchecked', 0],
    ['no words and no snapshot leave nothing to check', { '/page': whole }, { quote: false }, 'unchecked', 0],
    ['the public edition has no link to follow', { '/page': whole }, { tier: 'public' }, 'unchecked', 0],
  ])('%s', async (_, pages, options, state, expected) => {
    const { code, said } = await verified(pages, { ...options, json: true })
    expect(JSON.parse(said)).toMatchObject([
      { issue: 'w1', claims: [{ brief: 'one', text: 'Ships may come.', state }] },
    ])
    expect(code).toBe(expected)
  })

  test('without words, the snapshot’s hash says whether the page is the one that was cited', async () => {
    const snapshot = await hashOf(whole)
    expect((await verified({ '/page': whole }, { quote: false, snapshot })).said).toContain(
      'the page’s text is the one that was cited',
    )
    expect((await verified({ '/page': without }, { quote: false, snapshot })).said).toContain('changed')
  })

  test('of the public edition asks no source and sees no words', async () => {
    const { asked, document } = await verified({ '/page': whole }, { tier: 'public' })
    expect(asked).toEqual([])
    expect(JSON.stringify(document)).not.toContain(words)
  })

  test('may give the address of the list', async () => {
    const { document, server } = await verified({ '/page': whole })
    server.pages['/sources.json'] = (_, response) =>
      void response.writeHead(200, { 'content-type': 'application/json' }).end(JSON.stringify(document))
    const reader = contextIn(emptyFolder())
    expect(await verifyManifest(reader, `${server.url}/sources.json`, loopbackFetcher([server.port]))).toBe(0)
    await expect(
      verifyManifest(reader, `${server.url}/none.json`, loopbackFetcher([server.port])),
    ).rejects.toThrow(/could not be read/)
  })

  test('may have a list without claims: its passages are looked for', async () => {
    const { document, server } = await verified({ '/page': whole })
    const folder = emptyFolder()
    writeFileSync(
      join(folder, 'old.json'),
      JSON.stringify({ ...document, claims: undefined, checks: undefined }),
    )
    const reader = contextIn(folder)
    expect(await verifyManifest(reader, 'old.json', loopbackFetcher([server.port]))).toBe(0)
    expect(reader.printed.at(-1)).toContain('1 hold')
  })

  test.each([
    ['is missing', null],
    ['is empty', ''],
    ['is no JSON', 'hello'],
    ['is a list', '[]'],
    ['is of another version', '{"version": 2}'],
    ['has a source without a title', '{"version":1,"issue":"w1","tier":"public","sources":[{"number":1}]}'],
    ['has bytes that are no UTF-8', Buffer.from([0xff, 0xfe])],
  ])('from a file that %s gets one error', async (_, content) => {
    const folder = emptyFolder()
    if (content !== null) writeFileSync(join(folder, 'x.json'), content)
    await expect(verifyManifest(contextIn(folder), 'x.json', loopbackFetcher([]))).rejects.toThrow(
      /x\.json (?:cannot be read|is no sources\.json)/,
    )
  })

  test('a hostile list moves no terminal and reaches no local address', async () => {
    const { document, server } = await verified({ '/page': whole })
    const folder = emptyFolder()
    const [source] = document.sources
    const hostile = {
      ...document,
      issue: '\u001b[2Jw1',
      sources: [
        {
          ...source,
          publisher: '\u001b]0;x\u0007Times',
          url: 'http://169.254.169.254/latest/',
          archive: 'file:///etc/passwd',
        },
      ],
      claims: [
        {
          brief: 'one\u202e',
          key: false,
          text: '\u001b[31mred',
          citations: [
            { source: 1, quote: { exact: '\u001b[1mx y z' } },
            { source: 99, quote: null },
          ],
        },
      ],
    }
    writeFileSync(join(folder, 'x.json'), JSON.stringify(hostile))
    const reader = contextIn(folder)
    server.asked.length = 0
    expect(await verifyManifest(reader, 'x.json', loopbackFetcher([server.port]))).toBe(0)
    expect(reader.printed.join('\n')).not.toMatch(/[\u001b\u0007\u202e]/u)
    expect(reader.printed.join('\n')).toContain('This address is not fetched')
    expect(server.asked).toEqual([])
  })
})
