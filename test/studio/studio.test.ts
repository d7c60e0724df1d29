import { readdirSync } from 'node:fs'
import { mkdir, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import fc from 'fast-check'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { fileName } from '../../src/outbox/file-name.ts'
import type { IssueCheck } from '../../src/studio/contract/check.ts'
import type { IssueHead, Shelf } from '../../src/studio/contract/issues.ts'
import type { OutboxMessage, OutboxPage } from '../../src/studio/contract/outbox.ts'
import { createStudio, type Studio } from '../../src/studio/studio.ts'
import { brief, testPublication, type TestPublication } from './publication.ts'

let publication: TestPublication
let studio: Studio
let before: string[]
let token: string
const origin = 'http://localhost:4870'
const files = (): string[] => readdirSync(publication.dir, { recursive: true }).map(String).toSorted()
const image = `${'ab'.repeat(16)}.png`
const mail = fileName(1, '<one@brief.example.org>')

const logged: unknown[] = []

beforeAll(async () => {
  publication = await testPublication()
  const { dir } = publication
  await mkdir(join(dir, 'data/outbox'), { recursive: true })
  await mkdir(join(dir, 'data/images'))
  await writeFile(join(dir, 'data/images', image), Buffer.from([1, 2, 3]))
  await writeFile(join(dir, 'data/secret.key'), 'top secret')
  await writeFile(
    join(dir, 'data/outbox', mail),
    'From: Desk <desk@brief.example.org>\r\nTo: a@example.net\r\nSubject: Hello <b>\r\nContent-Type: text/html\r\n\r\n' +
      '<p>Hi</p><script>alert(1)</script><a href="https://x.example/">x</a>',
  )
  await writeFile(
    join(dir, 'data/outbox', fileName(2, '<one@brief.example.org>')),
    'Subject: Hello\r\n\r\nagain',
  )
  before = files()
  studio = await createStudio({
    root: dir,
    baseUrl: 'https://brief.example.org',
    outboxDir: join(dir, 'data/outbox'),
    imagesDir: join(dir, 'data/images'),
    rehearsal: true,
    stores: () => Promise.reject(new TypeError('ada@example.net needs a store')),
    log: (level, event, fields) => void logged.push([level, event, fields]),
  })
  token = /name="onrecord-token" content="([^"]+)"/.exec(await textOf('/'))?.[1] ?? ''
})
afterAll(async () => {
  await studio.close()
  await publication.remove()
})

const ask = (path: string, init: RequestInit = {}): Promise<Response> =>
  Promise.resolve(studio.app.request(origin + path, init))
const textOf = async (path: string): Promise<string> => (await ask(path)).text()
const jsonOf = async <T>(path: string): Promise<T> => (await (await ask(path)).json()) as T

test('an issue is shown for each tier and part, in a frame in which nothing runs', async () => {
  for (const tier of ['public', 'subscriber', 'member']) {
    for (const part of ['mail', 'web']) {
      const frame = await ask(`/frame/harbour/${tier}/${part}?scheme=dark`)
      expect(frame.status).toBe(200)
      expect(await frame.text()).toContain('voted on')
      const policy = frame.headers.get('Content-Security-Policy') ?? ''
      expect(policy).toMatch(/^default-src 'none'; style-src 'unsafe-inline'; img-src 'self' data:;/)
      expect(policy).toMatch(/sandbox allow-same-origin$/)
    }
  }
  const { issues } = await jsonOf<Shelf>('/api/shelf')
  expect(issues).toMatchObject([{ id: 'harbour', state: 'draft', subject: 'The quay stays open' }])
  expect(await (await ask('/api/issues/none')).json()).toMatchObject({ error: { code: 'not-found' } })
})

test('the app’s page has a policy with a nonce of its own, and nothing in it needs more', async () => {
  const nonces = new Set<string>()
  for (const path of ['/', '/issue/harbour', '/issue/harbour/check', '/outbox', '/nowhere']) {
    const response = await ask(path)
    expect(response.status).toBe(path === '/nowhere' ? 404 : 200)
    const policy = response.headers.get('Content-Security-Policy') ?? ''
    expect(policy).toMatch(/^default-src 'none'; script-src 'self'; style-src 'self' 'nonce-[\w+/=]{22,}';/)
    expect(policy).not.toContain('unsafe')
    expect(policy).toContain("frame-ancestors 'none'")
    nonces.add(policy)
    expect(await response.text()).not.toMatch(/<style|style="|<script>|\son[a-z]+="/)
    expect(Object.fromEntries(response.headers)).toMatchObject({
      'referrer-policy': 'no-referrer',
      'x-content-type-options': 'nosniff',
      'cross-origin-opener-policy': 'same-origin',
      'cross-origin-resource-policy': 'same-origin',
    })
  }
  expect(nonces.size).toBe(5)
})

test('only this machine, asked for itself, is answered', async () => {
  const as = async (host: string): Promise<number> => (await ask('/', { headers: { Host: host } })).status
  for (const host of ['localhost', 'localhost:4870', '127.0.0.1:1', '[::1]:80'])
    expect(await as(host)).toBe(200)
  for (const host of [
    'evil.example',
    'localhost.evil.example:4870',
    '127.0.0.1.nip.io',
    '10.0.0.1',
    'x@localhost.y',
    '',
  ])
    expect(await as(host)).toBe(403)
})

test('a change needs our origin and the token of a page of this process; reading, no other site’s page', async () => {
  const post = async (headers: Record<string, string>): Promise<unknown> => {
    const answer = await ask('/api/issues', {
      method: 'POST',
      headers: { Host: 'localhost:4870', ...headers },
    })
    return [answer.status, ((await answer.json()) as { error: { code: string } }).error.code]
  }
  const ours = { Origin: origin, 'X-Onrecord-Token': token }
  expect(await post({})).toEqual([403, 'refused'])
  expect(await post({ ...ours, Origin: 'null' })).toEqual([403, 'refused'])
  expect(await post({ ...ours, Origin: 'https://evil.example' })).toEqual([403, 'refused'])
  expect(await post({ ...ours, Origin: 'http://localhost:4871' })).toEqual([403, 'refused'])
  expect(await post({ ...ours, Origin: 'https://localhost:4870' })).toEqual([403, 'refused'])
  expect(await post({ ...ours, 'Sec-Fetch-Site': 'cross-site' })).toEqual([403, 'refused'])
  expect(await post({ ...ours, 'Sec-Fetch-Site': 'same-site' })).toEqual([403, 'refused'])
  expect(await post({ Origin: origin })).toEqual([403, 'stale-page'])
  expect(await post({ ...ours, 'X-Onrecord-Token': `${token}x` })).toEqual([403, 'stale-page'])
  expect((await post({ ...ours, 'Sec-Fetch-Site': 'same-origin' })) as number[]).not.toContain(403)
  const read = async (site: string): Promise<number> =>
    (await ask('/api/shelf', { headers: { 'Sec-Fetch-Site': site } })).status
  expect([await read('cross-site'), await read('same-site'), await read('same-origin')]).toEqual([
    403, 403, 200,
  ])
  expect((await ask('/', { method: 'POST', headers: { Host: 'localhost:4870', ...ours } })).status).toBe(405)
})

test('a picture, a style or a frame of a mail that is shown asks nothing under /api/, though it is of our origin', async () => {
  const read = async (destination: string): Promise<number> => {
    const headers = { 'Sec-Fetch-Site': 'same-origin', 'Sec-Fetch-Dest': destination }
    return (await ask('/api/shelf', { headers })).status
  }
  for (const kind of ['image', 'iframe', 'style', 'script', 'object']) expect(await read(kind)).toBe(403)
  expect([await read('empty'), await read('document')]).toEqual([200, 200])
})

test('no path leads out of the folders, whatever it is made of', async () => {
  const bad = fc.oneof(
    fc.constantFrom(
      '../secret.key',
      '..%2fsecret.key',
      '%2e%2e%2fsecret.key',
      '....//secret.key',
      '/etc/passwd',
    ),
    fc.string({ unit: 'binary', minLength: 1 }),
    fc
      .array(fc.constantFrom('..', '.', '/', '%2f', '\\', 'secret.key', 'data', '\0', image, mail))
      .map((each) => each.join('')),
  )
  const paths = ['/images/', '/api/outbox/', '/assets/', '/api/issues/', '/frame/', '/frame/outbox/', '/']
  await fc.assert(
    fc.asyncProperty(fc.constantFrom(...paths), bad, fc.boolean(), async (path, name, encoded) => {
      const tail = encoded
        ? encodeURIComponent(name.toWellFormed())
        : encodeURI(name.toWellFormed()).replace(/[?#]/g, '')
      const response = await ask(path + tail)
      expect([200, 400, 404]).toContain(response.status)
      expect(await response.text()).not.toContain('top secret')
    }),
    { numRuns: 400 },
  )
})

test('the outbox shows a second copy, and a message in its frame, text, headers and source', async () => {
  const asked = await ask('/api/outbox/search', {
    method: 'POST',
    headers: { Origin: origin, 'X-Onrecord-Token': token, 'Content-Type': 'application/json' },
    body: JSON.stringify({ text: '', inText: false, after: null }),
  })
  const list = (await asked.json()) as OutboxPage
  expect(list).toMatchObject({ total: 2, repeated: 1 })
  expect(list.messages[1]).toMatchObject({ subject: 'Hello <b>', copies: 2 })
  const message = await jsonOf<OutboxMessage>(`/api/outbox/${mail}`)
  expect(message.headers).toContainEqual(
    expect.objectContaining({ name: 'From', value: 'Desk <desk@brief.example.org>' }),
  )
  expect(message.source).toContain('<script>alert(1)')
  const frame = await ask(message.frame ?? '')
  expect(frame.headers.get('Content-Security-Policy')).toContain("default-src 'none'")
  expect(await frame.text()).toContain('href="https://x.example/"')
})

test('a fault of our own is answered in a sentence, and logged without a word of a person', async () => {
  logged.length = 0
  const answer = await ask('/api/people/ada%40example.net?q=ada')
  expect(answer.status).toBe(500)
  expect(await answer.json()).toMatchObject({ error: { message: 'The studio met a fault of its own.' } })
  const at = expect.stringMatching(/^src\/studio\/api\/people\.ts:\d+$/) as string
  const fields = { request: 'GET /api/people/:id', name: 'TypeError', at }
  expect(logged).toEqual([['error', 'fault', fields]])
})

test('an image that was frozen is shown', async () => {
  const response = await ask(`/images/${image}`)
  expect([response.status, response.headers.get('Content-Type')]).toEqual([200, 'image/png'])
})

test('a broken edit keeps the last good version, and says at which line what is wrong', async () => {
  const until = async (path: string, holds: (head: IssueHead) => boolean): Promise<IssueHead> => {
    for (let tries = 0; tries < 200; tries++) {
      const head = await jsonOf<IssueHead>(path)
      if (holds(head)) return head
      await new Promise((resolve) => setTimeout(resolve, 50))
    }
    throw new Error(`${path} never came to it`)
  }
  await publication.write(
    'briefs/harbour.md',
    brief('The quay stays open', '::: members\nSecret words.\n:::\n'),
  )
  const stale = await until('/api/issues/harbour', (head) => head.stale)
  expect(stale.readiness.light).toBe('blocked')
  expect(stale.readiness.lines[0]?.place).toMatchObject({ file: 'briefs/harbour.md', line: 11 })
  const { findings } = await jsonOf<IssueCheck>('/api/issues/harbour/check')
  expect(findings[0]?.sourceLine).toBe('::: members')
  expect(await textOf('/frame/harbour/public/mail')).toContain('voted on')
  expect(await textOf('/frame/harbour/public/mail')).not.toContain('Secret words')

  await publication.write('briefs/harbour.md', brief('The quay stays shut', 'The council voted again.'))
  await until('/api/issues/harbour', (head) => head.subject === 'The quay stays shut' && !head.stale)
  await expect.poll(() => textOf('/frame/harbour/public/mail')).toContain('voted again')

  await publication.write('onrecord.yaml', 'name: The Ledger Brief\nurl: nonsense\n')
  const blocked = await until('/api/issues/harbour', (head) => head.stale)
  expect(blocked.readiness.lines.map(({ text }) => text)).toContainEqual(
    expect.stringMatching(/^onrecord\.yaml, line 2: /),
  )
  expect(blocked.subject).toBe('The quay stays shut')
  expect(await textOf('/frame/harbour/public/mail')).toContain('voted again')
  const { findings: wrong } = await jsonOf<Shelf>('/api/shelf')
  expect(wrong).toContainEqual(expect.objectContaining({ file: 'onrecord.yaml', line: 2 }))
})

test('it wrote nothing', () => {
  expect(files()).toEqual(before)
})
