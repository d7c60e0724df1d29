import { createHash } from 'node:crypto'
import { mkdtemp, readdir, readFile, rm, truncate, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { gunzipSync, gzipSync } from 'node:zlib'
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest'
import { openFetcher, type PageFetcher } from '../../src/sources/fetch-page.ts'
import {
  checkCapture,
  readCaptures,
  readSnapshot,
  takeSnapshot,
  type TakenSnapshot,
} from '../../src/sources/snapshot.ts'
import { serveLoopback, type Loopback } from './loopback.ts'
import { pdfOf } from './pdf.ts'
import { passages } from './prose.ts'

const clock = { now: () => Date.UTC(2025, 10, 8, 12, 30) }
let server: Loopback
let fetcher: PageFetcher
let base: string
let body = ''

beforeAll(async () => {
  server = await serveLoopback((request, response) => {
    if (request.url === '/robots.txt') response.writeHead(404).end()
    else if (request.url === '/old') response.writeHead(301, { location: '/page' }).end()
    else if (request.url === '/page') {
      response.setHeader('content-type', 'text/html; charset=utf-8')
      response.setHeader('content-encoding', 'gzip')
      response.end(gzipSync(body))
    } else if (request.url === '/minutes.pdf') {
      response.setHeader('content-type', 'application/pdf')
      response.end(pdfOf([['The minutes of the board.']]))
    } else if (request.url === '/empty') response.end('<html></html>')
    else response.writeHead(404).end()
  })
  base = `http://mole.example:${server.port}`
  fetcher = openFetcher({
    userAgent: 'onrecord-test',
    resolver: () => Promise.resolve(['127.0.0.1']),
    ports: new Set([server.port]),
    allowPrivate: (_, port) => port === server.port,
    clock,
    limits: { pauseMilliseconds: 0 },
  })
})
afterAll(() => server.close())

const folders: string[] = []
afterEach(async () => {
  for (const folder of folders.splice(0)) await rm(folder, { recursive: true })
})

async function folder(): Promise<string> {
  const made = await mkdtemp(join(tmpdir(), 'onrecord-snapshot-'))
  folders.push(made)
  return made
}

function pageOf(paragraphs: readonly string[]): string {
  return `<html lang="en"><head><title>Board rises</title></head><body><article>${paragraphs
    .map((each) => `<p>${each}</p>`)
    .join('')}</article></body></html>`
}

async function taken(dir: string, path = '/page'): Promise<TakenSnapshot> {
  const result = await takeSnapshot(dir, { kind: 'web', url: `${base}${path}`, fetcher })
  if (result.kind !== 'snapshot') throw new Error(result.message)
  return result
}

describe('a snapshot', () => {
  test('is kept under the hash of its text, with the answer as WARC, and read back', async () => {
    const dir = await folder()
    body = pageOf(passages.slice(0, 4))
    const snapshot = await taken(dir, '/old')
    expect(snapshot.hash).toBe(`sha256:${createHash('sha256').update(snapshot.text).digest('hex')}`)
    expect(snapshot.capture).toMatchObject({
      url: `${base}/old`,
      finalUrl: `${base}/page`,
      capturedAt: '2025-11-08T12:30:00.000Z',
      format: 'html',
      text: snapshot.hash,
    })
    expect(await readSnapshot(dir, snapshot.hash)).toEqual({ state: 'text', text: snapshot.text })
    expect(await readCaptures(dir, snapshot.hash)).toEqual([snapshot.capture])
    expect(await checkCapture(dir, snapshot.capture)).toEqual({ state: 'whole' })
    const files = await readdir(join(dir, snapshot.hash.slice(7)))
    expect(files.map((name) => name.replace(/^[0-9a-f]{64}/u, '#')).toSorted()).toEqual([
      '#.json',
      '#.warc.gz',
      'text.txt',
    ])
  })

  test('keeps the server’s own headers and the date in a WARC that names its page', async () => {
    const dir = await folder()
    body = pageOf(passages.slice(0, 4))
    const { capture } = await taken(dir)
    const path = join(dir, capture.text.slice(7), `${capture.warc.slice(7)}.warc.gz`)
    const text = gunzipSync(await readFile(path)).toString('latin1')
    expect(text).toMatch(/^WARC\/1\.1\r\n/u)
    expect(text).toContain('WARC-Type: response')
    expect(text).toContain(`WARC-Target-URI: ${base}/page`)
    expect(text).toContain('WARC-Date: 2025-11-08T12:30:00Z')
    expect(text).toMatch(
      /HTTP\/1\.1 200 OK\r\ncontent-type: text\/html; charset=utf-8\r\ncontent-encoding: gzip/iu,
    )
  })

  test('of an unchanged page is the same text with another capture; of a changed one, another text', async () => {
    const dir = await folder()
    body = pageOf(passages.slice(0, 4))
    const first = await taken(dir)
    body = `${body}<!-- served by another machine -->`
    const second = await taken(dir)
    expect(second.hash).toBe(first.hash)
    expect(await readCaptures(dir, first.hash)).toHaveLength(2)
    body = pageOf(passages.slice(1, 5))
    const third = await taken(dir)
    expect(third.hash).not.toBe(first.hash)
    expect((await readSnapshot(dir, first.hash)).state).toBe('text')
  })

  test('of a PDF, and of a file in hand, is kept likewise; the file’s folder is not told', async () => {
    const dir = await folder()
    expect((await taken(dir, '/minutes.pdf')).text).toBe('The minutes of the board.')
    const file = join(await folder(), 'letter to the desk.txt')
    await writeFile(file, 'We cannot and will not land our catch.\r\n')
    const result = await takeSnapshot(dir, { kind: 'file', path: file, clock })
    expect(result).toMatchObject({
      kind: 'snapshot',
      text: 'We cannot and will not land our catch.',
      capture: { url: 'file:///letter%20to%20the%20desk.txt', format: 'text' },
    })
    if (result.kind === 'snapshot')
      expect(await checkCapture(dir, result.capture)).toEqual({ state: 'whole' })
  })
})

describe('what cannot be kept', () => {
  test('a dead page and one without words leave nothing behind', async () => {
    const dir = await folder()
    const dead = await takeSnapshot(dir, { kind: 'web', url: `${base}/gone`, fetcher })
    expect(dead).toMatchObject({ kind: 'failure', reason: 'dead' })
    const empty = await takeSnapshot(dir, { kind: 'web', url: `${base}/empty`, fetcher })
    expect(empty).toMatchObject({ kind: 'unreadable' })
    expect(await readdir(dir)).toEqual([])
  })

  test('a folder that cannot be written to is an error, with nothing half-written', async () => {
    const dir = join(await folder(), 'a-file')
    await writeFile(dir, '')
    await expect(takeSnapshot(dir, { kind: 'web', url: `${base}/minutes.pdf`, fetcher })).rejects.toThrow(
      /ENOTDIR|EEXIST/u,
    )
  })
})

describe('what was tampered with', () => {
  test('a text that is not what its hash says is damaged, a hash nobody knows is missing', async () => {
    const dir = await folder()
    const { hash } = await taken(dir, '/minutes.pdf')
    await writeFile(join(dir, hash.slice(7), 'text.txt'), 'The minutes of another board.')
    expect(await readSnapshot(dir, hash)).toEqual({
      state: 'damaged',
      message: `The stored text of ${hash.slice(0, 19)} is not the one its hash names.`,
    })
    expect(await readSnapshot(dir, `sha256:${'0'.repeat(64)}`)).toEqual({ state: 'missing' })
    for (const odd of ['sha256:../../etc/passwd', 'md5:1', '']) {
      expect(await readSnapshot(dir, odd)).toEqual({ state: 'missing' })
      expect(await readCaptures(dir, odd)).toEqual([])
    }
  })

  test('a snapshot taken again mends a damaged text', async () => {
    const dir = await folder()
    const { hash } = await taken(dir, '/minutes.pdf')
    await writeFile(join(dir, hash.slice(7), 'text.txt'), 'x')
    await taken(dir, '/minutes.pdf')
    expect(await readSnapshot(dir, hash)).toMatchObject({ state: 'text' })
  })

  test('a WARC cut short, changed or gone is damaged, in one sentence', async () => {
    const dir = await folder()
    const { capture } = await taken(dir, '/minutes.pdf')
    const path = join(dir, capture.text.slice(7), `${capture.warc.slice(7)}.warc.gz`)
    const whole = await readFile(path)
    await truncate(path, 100)
    expect(await readSnapshot(dir, capture.text)).toMatchObject({ state: 'damaged' })
    expect(await checkCapture(dir, capture)).toMatchObject({
      state: 'damaged',
      message: expect.stringMatching(
        /2025-11-08 is damaged: its WARC file is not the one its hash names\.$/u,
      ),
    })
    const cut = whole.subarray(0, 100)
    const forged = { ...capture, warc: `sha256:${createHash('sha256').update(cut).digest('hex')}` }
    await writeFile(join(dir, capture.text.slice(7), `${forged.warc.slice(7)}.warc.gz`), cut)
    expect((await checkCapture(dir, forged)).state).toBe('damaged')
    await rm(path)
    expect(await checkCapture(dir, capture)).toMatchObject({
      message: expect.stringMatching(/its WARC file is missing\.$/u),
    })
  })

  test('a description that is no JSON, or of another WARC, is left out', async () => {
    const dir = await folder()
    const { hash, capture } = await taken(dir, '/minutes.pdf')
    await writeFile(join(dir, hash.slice(7), `${'a'.repeat(64)}.json`), '{')
    await writeFile(join(dir, hash.slice(7), `${'b'.repeat(64)}.json`), JSON.stringify(capture))
    expect(await readCaptures(dir, hash)).toEqual([capture])
  })
})
