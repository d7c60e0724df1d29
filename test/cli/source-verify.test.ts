import { existsSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { snapshotSources } from '../../src/cli/source-snapshot.ts'
import { unlessInterrupted } from '../../src/cli/unless-interrupted.ts'
import { verifySources } from '../../src/cli/source-verify.ts'
import { parseLedger } from '../../src/sources/ledger.ts'
import { readLinkStates } from '../../src/sources/link-store.ts'
import { openFetcher } from '../../src/sources/fetch-page.ts'
import { readSnapshot } from '../../src/sources/snapshot.ts'
import { article, loopbackFetcher, pageServer, type Answer } from './page-server.ts'
import { publicationWith } from './publication.ts'

const day = 24 * 3600 * 1000
const paragraphs = [
  'The harbour opened at noon on Friday, the master of the port said.',
  'He added: “No ship will be turned away,” and left.',
]

function status(code: number): Answer {
  return (_, response) => void response.writeHead(code).end()
}

function entry(id: string, url: string, more = ''): string {
  return `- id: ${id} # ${id}\n  title: T\n  publisher: P\n  url: ${url}\n  published: 2025\n  accessed: unknown\n${more}\n`
}

/** A publication whose ledger has a source for each page of a server on loopback. */
async function world(pages: Record<string, Answer>, options: { json?: boolean; quotes?: string } = {}) {
  const server = await pageServer(pages)
  const ids = Object.keys(pages).filter((path) => path !== '/robots.txt')
  const ledger = `# Kept by hand.\n${ids.map((path) => entry(path.slice(1), server.url + path, options.quotes ?? '')).join('')}`
  const brief = `---\ntitle: The harbour opens\nstandfirst: It opened.\ndate: 2025-11-14\n---\n\nIt opened [@page, "No ship will be turned away"].\n`
  const made = publicationWith(
    {
      'briefs/w1/sources.yaml': ledger,
      ...(pages['/page'] === undefined ? {} : { 'briefs/w1/one.md': brief }),
    },
    options,
  )
  const time = { at: Date.UTC(2025, 10, 14, 12) }
  const clock = { now: () => time.at }
  const file = join(made.root, 'briefs/w1/sources.yaml')
  const world = { fetcher: loopbackFetcher([server.port], clock), clock }
  const snapshot = (flags: Partial<Parameters<typeof snapshotSources>[1]> = {}) =>
    snapshotSources(
      made.context,
      { issues: [], only: null, file: null, again: false, accessed: false, ...flags },
      world,
    )
  const verify = async () => {
    made.context.printed.length = 0
    const code = await verifySources(made.context, { issues: [], only: null }, world)
    return { code, said: made.context.printed.join('\n') }
  }
  return {
    ...made,
    server,
    ledger,
    file,
    time,
    clock,
    snapshot,
    verify,
    dataDir: made.context.config().dataDir,
  }
}

describe('source snapshot', () => {
  test('keeps a copy and writes its hash, and nothing else, into the ledger', async () => {
    const { snapshot, context, file, ledger, dataDir } = await world({
      '/page': article('Harbour opens', paragraphs),
    })
    expect(await snapshot()).toBe(0)
    const now = readFileSync(file, 'utf8')
    const hash = parseLedger('s', now).value?.get('page')?.snapshot ?? ''
    expect(now.replace(`  snapshot: ${hash}\n`, '')).toBe(ledger)
    expect(await readSnapshot(join(dataDir, 'snapshots'), hash)).toMatchObject({
      state: 'text',
      text: expect.stringContaining('No ship will be turned away'),
    })
    expect(context.printed).toEqual([
      `page  taken  ${hash.slice(0, 19)}`,
      '1 taken, 0 unchanged, 0 not replaced, 0 could not be taken',
    ])
    expect(await snapshot()).toBe(0)
    expect(context.printed.at(-1)).toBe('0 taken, 0 unchanged, 0 not replaced, 0 could not be taken')
    expect(await snapshot({ again: true })).toBe(0)
    expect(context.printed.at(-1)).toBe('0 taken, 1 unchanged, 0 not replaced, 0 could not be taken')
    expect(readFileSync(file, 'utf8')).toBe(now)
  })

  test('writes the day into an unknown “accessed” only when asked', async () => {
    const { snapshot, file } = await world({ '/page': article('Harbour opens', paragraphs) })
    await snapshot({ accessed: true })
    expect(readFileSync(file, 'utf8')).toContain('accessed: 2025-11-15\n')
  })

  test.each<[string, Answer, RegExp]>([
    ['is gone', status(404), /The page is gone \(404\)/],
    ['is refused to us', status(403), /did not let us read/],
    [
      'leads into a local network',
      (_, response) => void response.writeHead(302, { location: 'http://[::ffff:127.0.0.1]:1/' }).end(),
      /not fetched/,
    ],
    [
      'redirects for ever',
      (_, response) => void response.writeHead(302, { location: '/page' }).end(),
      /redirects more than/,
    ],
    [
      'never ends',
      (_, response) => void response.writeHead(200, { 'content-type': 'text/html' }).write('<p>x'),
      /too long/,
    ],
    [
      'sends 1 GB',
      (_, response) => {
        response.writeHead(200, { 'content-length': '1000000000' })
        const chunk = Buffer.alloc(65_536)
        const more = (): void => {
          while (!response.destroyed && response.write(chunk));
          if (!response.destroyed) response.once('drain', more)
        }
        more()
      },
      /larger than 1 MB/,
    ],
    [
      'is a PDF without text',
      (_, response) =>
        void response.writeHead(200, { 'content-type': 'application/pdf' }).end('%PDF-1.4\n%%EOF'),
      /PDF/,
    ],
    ['is empty', '', /no text|empty/],
  ])('of a page that %s is one line, and the ledger stays', async (_, answer, message) => {
    const { snapshot, context, file, ledger, dataDir } = await world({ '/page': answer })
    expect(await snapshot()).toBe(1)
    expect(context.printed[0]).toMatch(message)
    expect(context.printed).toHaveLength(2)
    expect(readFileSync(file, 'utf8')).toBe(ledger)
    expect(existsSync(join(dataDir, 'snapshots')) ? 'kept' : 'nothing').toBe('nothing')
  })

  test('of a document in hand is for one source, and needs no server', async () => {
    const { snapshot, root, file, server } = await world({ '/page': status(500) })
    writeFileSync(join(root, 'letter.txt'), 'No ship will be turned away.')
    await expect(snapshot({ file: 'letter.txt' })).rejects.toThrow('--file needs --id')
    await expect(snapshot({ file: 'missing.txt', only: 'page' })).rejects.toThrow(
      /missing.txt cannot be kept/,
    )
    await expect(snapshot({ only: 'nobody' })).rejects.toThrow('There is no source “nobody”.')
    expect(await snapshot({ file: 'letter.txt', only: 'page' })).toBe(0)
    expect(readFileSync(file, 'utf8')).toMatch(/snapshot: sha256:[0-9a-f]{64}\n/)
    expect(server.asked).toEqual([])
  })

  test('is not replaced by a page that lost a cited passage', async () => {
    const { snapshot, context, file, server } = await world({ '/page': article('Harbour opens', paragraphs) })
    await snapshot()
    const kept = readFileSync(file, 'utf8')
    server.pages = {
      '/page': article('Harbour opens', [
        'The harbour opened at noon on Friday. Nothing more is known at this time.',
      ]),
    }
    expect(await snapshot({ again: true })).toBe(1)
    expect(context.printed.at(-2)).toContain(
      'not replaced  the page no longer says “No ship will be turned away”',
    )
    expect(readFileSync(file, 'utf8')).toBe(kept)
  })

  test('of twenty pages on one host asks for one at a time, and the ledger holds every hash', async () => {
    let open = 0
    let most = 0
    const slow: Answer = (request, response) => {
      most = Math.max(most, ++open)
      setTimeout(() => {
        open--
        response
          .writeHead(200, { 'content-type': 'text/html' })
          .end(article(`Page ${request.url}`, paragraphs))
      }, 5)
    }
    const { snapshot, file } = await world(
      Object.fromEntries(Array.from({ length: 20 }, (_, index) => [`/p${index}`, slow])),
    )
    expect(await snapshot()).toBe(0)
    expect(most).toBe(1)
    expect(readFileSync(file, 'utf8').match(/snapshot: sha256:/g)).toHaveLength(20)
  })
})

test('Ctrl-C keeps what was taken, and the same command goes on', async () => {
  const pressed = new AbortController()
  const stuck: Answer = (_, response) => {
    response.writeHead(200, { 'content-type': 'text/html' }).write('<p>')
    pressed.abort()
  }
  const { context, file, server, clock, snapshot } = await world({
    '/a': article('One', paragraphs),
    '/b': stuck,
    '/c': article('Three', paragraphs),
  })
  const options = { issues: [], only: null, file: null, again: false, accessed: false }
  const interrupted = { ...context, interrupted: pressed.signal }
  const taking = unlessInterrupted(interrupted, 'Kept.', () =>
    snapshotSources(interrupted, options, { fetcher: loopbackFetcher([server.port], clock), clock }),
  )
  await expect(taking).rejects.toMatchObject({ code: 'interrupted', message: 'Stopped. Kept.' })
  await expect.poll(() => readFileSync(file, 'utf8').match(/snapshot:/g)?.length).toBe(1)
  server.pages['/b'] = article('Two', paragraphs)
  expect(await snapshot()).toBe(0)
  expect(readFileSync(file, 'utf8').match(/snapshot: sha256:/g)).toHaveLength(3)
})

describe('source verify', () => {
  test('says what is there, and exits 1 once a cited passage is gone', async () => {
    const { snapshot, verify, server, dataDir } = await world({
      '/page': article('Harbour opens', paragraphs),
    })
    await snapshot()
    expect(await verify()).toEqual({
      code: 0,
      said: 'page  there  1 of 1 cited passage there\nw1: 1 there, 0 changed, 0 passages gone, 0 failing, 0 dead, 0 could not be verified',
    })
    server.pages = { '/page': article('Harbour opens', [...paragraphs, 'It closed again.']) }
    expect(await verify()).toMatchObject({
      code: 0,
      said: expect.stringMatching(/page {2}changed {2}the text is no longer the snapshot’s; 1 of 1/),
    })
    server.pages = {
      '/page': article('Harbour opens', [
        paragraphs[0] ?? '',
        'He added: “Some ships will be turned away,” and left.',
      ]),
    }
    const { code, said } = await verify()
    expect(code).toBe(1)
    expect(said).toContain('passage gone  “No ship will be turned away”; did you mean “')
    const [state] = (await readLinkStates(dataDir)).values()
    expect(state).toMatchObject({ state: 'alive', gone: ['No ship will be turned away'] })
  })

  test('calls a link dead only after three failures over six days, and remembers between runs', async () => {
    const { verify, server, time } = await world({ '/a': article('T', paragraphs) })
    expect((await verify()).code).toBe(0)
    server.pages = {}
    const codes: number[] = []
    for (let count = 0; count < 8; count++) {
      time.at += day
      codes.push((await verify()).code)
    }
    expect(codes).toEqual([0, 0, 0, 0, 0, 0, 1, 1])
    server.pages = { '/a': article('T', paragraphs) }
    time.at += day
    expect(await verify()).toMatchObject({ code: 0 })
  })

  test('asks with HEAD, then GET where the server refuses a HEAD', async () => {
    const noHead: Answer = (request, response) =>
      void response.writeHead(request.method === 'HEAD' ? 405 : 200, { 'content-type': 'text/html' }).end()
    const { verify, server } = await world({ '/a': article('T', paragraphs), '/b': noHead })
    expect((await verify()).said).toContain('w1: 2 there')
    expect(server.asked.filter((each) => !each.includes('robots')).toSorted()).toEqual([
      'GET /b',
      'HEAD /a',
      'HEAD /b',
    ])
  })

  test.each([401, 403, 429])('a page that answers %i could not be verified, for ever', async (code) => {
    const { verify, time } = await world({ '/a': status(code) })
    for (let count = 0; count < 5; count++) {
      expect(await verify()).toMatchObject({ code: 0, said: expect.stringContaining('could not verify') })
      time.at += 10 * day
    }
  })

  test('robots.txt is obeyed and speaks against nobody', async () => {
    const { verify, server } = await world({
      '/robots.txt': 'User-agent: *\nDisallow: /a',
      '/a': article('T', paragraphs),
    })
    expect(await verify()).toMatchObject({ code: 0, said: expect.stringContaining('robots.txt') })
    expect(server.asked).toEqual(['GET /robots.txt'])
  })

  test('prints an array, an element an issue', async () => {
    const { verify } = await world(
      { '/page': article('Harbour opens', paragraphs), '/b': status(500) },
      { json: true },
    )
    const { said } = await verify()
    expect(JSON.parse(said)).toMatchObject([
      {
        issue: 'w1',
        sources: [
          {
            id: 'page',
            state: 'alive',
            changed: null,
            failures: 0,
            passages: [{ quote: 'No ship will be turned away', state: 'holds' }],
          },
          { id: 'b', state: 'failing', failures: 1, checkedAt: '2025-11-14T12:00:00.000Z' },
        ],
        counts: { alive: 1, failing: 1, dead: 0, unverified: 0, changed: 0, gone: 0 },
      },
    ])
  })

  test('an editor who is offline makes no link fail', async () => {
    const { root, context, clock, dataDir } = await world({})
    writeFileSync(
      join(root, 'briefs/w1/sources.yaml'),
      ['a', 'b'].map((id) => entry(id, `https://${id}.example.org/1`)).join(''),
    )
    const fetcher = openFetcher({
      userAgent: 'Onrecord/test',
      resolver: () => Promise.reject(new Error('no network')),
    })
    const verifying = verifySources(context, { issues: [], only: null }, { fetcher, clock })
    await expect(verifying).rejects.toThrow('No host answered at all; nothing was noted against any link.')
    expect(await readLinkStates(dataDir)).toEqual(new Map())
  })

  test('a damaged record of links is one error, and is left as it is', async () => {
    const { verify, dataDir } = await world({ '/a': article('T', paragraphs) })
    await verify()
    writeFileSync(join(dataDir, 'links.json'), '{"version": 1, "links": [')
    await expect(verify()).rejects.toThrow(/links.json is damaged/)
    expect(readFileSync(join(dataDir, 'links.json'), 'utf8')).toBe('{"version": 1, "links": [')
  })
})
