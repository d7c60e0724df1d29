import { connect } from 'node:net'
import { mkdir, readdir, readFile, symlink, writeFile } from 'node:fs/promises'
import { request as httpRequest } from 'node:http'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import fc from 'fast-check'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { fileName } from '../../src/outbox/file-name.ts'
import { routesOf } from '../site/every-route.ts'
import { openBed, type StudioBed } from './bed.ts'
import { samples, stateOf, worldOf, type Sample, type World } from './every-route.ts'

const issue = '2025-w46'
const mail = fileName(1, '<one@brief.example.org>')
const secret = 'top secret words'
let bed: StudioBed
let world: World

beforeAll(async () => {
  bed = await openBed({
    async prepare(dir) {
      await mkdir(join(dir, 'data/outbox'))
      await writeFile(
        join(dir, 'data/outbox', mail),
        'Subject: One\r\nContent-Type: text/html\r\n\r\n<p>One</p>',
      )
      await writeFile(join(dir, 'data/private.key'), secret)
      await writeFile(join(dir, 'secret.md'), secret)
      await symlink(join(dir, 'secret.md'), join(dir, 'briefs', issue, 'linked.md'))
      await symlink(join(dir, 'data'), join(dir, 'briefs', 'linked-folder'))
      await symlink(join(dir, 'secret.md'), join(dir, 'briefs/linked-single.md'))
      await symlink(join(dir, 'data/private.key'), join(dir, 'data/outbox', fileName(2, '<two@x>')))
    },
  })
  world = await worldOf(bed, mail)
})
afterAll(() => bed.close())

/** A request whose every header is as given. */
function raw(
  method: string,
  { path, body }: Sample,
  headers: Readonly<Record<string, string>>,
): Promise<{ status: number; headers: Readonly<Record<string, unknown>>; text: string }> {
  const { hostname, port } = new URL(bed.url)
  return new Promise((resolve, reject) => {
    const asked = httpRequest({ hostname, port, path, method, headers }, (answer) => {
      const whole = { status: answer.statusCode ?? 0, headers: answer.headers }
      if (String(answer.headers['content-type']).startsWith('text/event-stream')) {
        answer.destroy()
        return resolve({ ...whole, text: '' })
      }
      let text = ''
      answer.setEncoding('utf8').on('data', (part: string) => (text += part))
      answer.on('end', () => resolve({ ...whole, text })).on('error', reject)
    })
    asked.on('error', reject)
    asked.end(body === undefined ? undefined : JSON.stringify(body))
  })
}

const [methodOf, sampleOf] = [
  (route: string): string => route.split(' ')[0]?.replace('ALL', 'POST') ?? 'GET',
  (route: string): Sample => samples[route]?.(world) ?? { path: '/' },
]

test('every route of the studio has a sample, and every sample a route', () => {
  const routes = routesOf(bed.studio.app)
  expect(routes.filter((route) => samples[route] === undefined)).toEqual([])
  expect(Object.keys(samples).filter((route) => !routes.includes(route))).toEqual([])
})

test('a foreign Host, a foreign or missing Origin, a foreign site or no token changes nothing at any route and reads nothing under /api/', async () => {
  const before = stateOf(bed)
  const own = new URL(bed.url).host
  const wrong: string[] = []
  const kinds: readonly (readonly [string, Readonly<Record<string, string>>])[] = [
    ['rebound', { Host: `rebound.test:${new URL(bed.url).port}`, Origin: `http://rebound.test` }],
    ['rebound, says it is same-origin', { Host: 'rebound.test', 'Sec-Fetch-Site': 'same-origin' }],
    ['cross-site', { Host: own, Origin: 'https://evil.test', 'Sec-Fetch-Site': 'cross-site' }],
    ['of another site, by a browser that tells no site', { Host: own, Origin: 'https://evil.test' }],
    ['same-site', { Host: own, Origin: 'http://127.0.0.1:1', 'Sec-Fetch-Site': 'same-site' }],
  ]
  for (const route of routesOf(bed.studio.app)) {
    const [method, sample] = [methodOf(route), sampleOf(route)]
    for (const [kind, headers] of kinds) {
      const { status } = await raw(method, sample, { 'Content-Type': 'text/plain', ...headers })
      const isOpen = kind.includes('site') && !kind.includes('rebound') && !sample.path.startsWith('/api/')
      if (status !== 403 && !(isOpen && method === 'GET')) wrong.push(`${route}, ${kind}: ${status}`)
    }
    if (method === 'GET') continue
    const tries: readonly Readonly<Record<string, string>>[] = [
      { Host: own },
      { Host: own, Origin: 'null' },
      { Host: own, Origin: `http://${own}` },
      { Host: own, Origin: `http://${own}`, 'X-Onrecord-Token': 'x' },
      { Host: own, Origin: `http://${own}`, 'X-HTTP-Method-Override': 'GET' },
    ]
    for (const headers of tries) {
      const { status } = await raw(method, sample, { 'Content-Type': 'application/json', ...headers })
      if (status !== 403) wrong.push(`${route} with ${JSON.stringify(headers)}: ${status}`)
    }
  }
  expect(wrong).toEqual([])
  expect(stateOf(bed)).toEqual(before)
  // A target that is a whole address names the host; so does one beside a Host that is ours.
  for (const path of ['http://rebound.test/', 'http://rebound.test/api/shelf'])
    expect(await raw('GET', { path }, { Host: own })).toMatchObject({ status: 403 })
})

test('HEAD, OPTIONS, TRACE, PATCH, DELETE and a method in a header or a query change nothing; no answer allows another origin', async () => {
  const before = stateOf(bed)
  const host = new URL(bed.url).host
  for (const route of routesOf(bed.studio.app)) {
    const { path } = sampleOf(route)
    for (const method of ['HEAD', 'OPTIONS', 'PATCH', 'DELETE', 'TRACE', 'GET']) {
      const query = path.includes('?') ? '&_method=POST' : '?_method=POST'
      const headers = {
        Host: host,
        'X-HTTP-Method-Override': 'POST',
        'X-HTTP-Method': 'POST',
        'X-Method-Override': 'POST',
      }
      const answer = await raw(method, { path: path + query }, headers)
      expect(Object.keys(answer.headers).filter((name) => name.startsWith('access-control'))).toEqual([])
      expect(answer.headers).toMatchObject({
        'cross-origin-resource-policy': 'same-origin',
        'x-content-type-options': 'nosniff',
        'referrer-policy': 'no-referrer',
        'x-dns-prefetch-control': 'off',
      })
      expect(String(answer.headers['content-security-policy'])).toMatch(/frame-ancestors '(?:none|self)'/u)
      if (!['GET', 'HEAD'].includes(method)) expect([403, 404, 405]).toContain(answer.status)
    }
  }
  expect(stateOf(bed)).toEqual(before)
})

test('no parameter of any route leads out of its folder, however it is spelled', async () => {
  const before = stateOf(bed)
  const parts = [
    '..',
    '.',
    '/',
    '%2f',
    '%5c',
    '\\',
    '%00',
    '\0',
    'secret.md',
    'private.key',
    'data',
    'briefs',
  ]
  const name = fc.oneof(
    fc.constantFrom(
      ...['../secret.md', '..%2fsecret.md', '%2e%2e%2f%2e%2e%2fsecret.md', '....//secret.md', '/etc/passwd'],
      ...[
        'linked-folder',
        'linked-single',
        'linked',
        '..;/secret.md',
        '..\\secret.md',
        '2025-W46',
        '%252e%252e%252fsecret.md',
      ],
      ...['__proto__', 'constructor', 'toString', fileName(2, '<two@x>')],
    ),
    fc
      .array(fc.constantFrom(...parts, mail, issue), { minLength: 1, maxLength: 7 })
      .map((each) => each.join('')),
    fc.string({ unit: 'binary', minLength: 1, maxLength: 12 }),
  )
  const routes = routesOf(bed.studio.app).filter((route) => route.includes(':') && !route.includes('/send'))
  const ask = async (path: string, init: RequestInit): Promise<void> => {
    const answer = await bed.studio.app.request(bed.url + path, {
      ...init,
      headers: { Host: new URL(bed.url).host },
    })
    expect([200, 204, 400, 403, 404, 409, 501]).toContain(answer.status)
    expect(await answer.text()).not.toContain(secret)
  }
  await fc.assert(
    fc.asyncProperty(fc.constantFrom(...routes), name, fc.boolean(), async (route, text, isEncoded) => {
      const plain = text.toWellFormed()
      const spelled = isEncoded ? encodeURIComponent(plain) : encodeURI(plain).replace(/[?#]/gu, '')
      const path = (route.split(' ')[1] ?? '').replace(/:[a-z]+/gu, () => spelled)
      await ask(path, {})
    }),
    { numRuns: 250 },
  )
  const inBody = fc.oneof(
    name,
    fc.constantFrom(
      ...[
        `briefs/${issue}/linked.md`,
        'briefs/linked-single.md',
        'briefs/linked-folder/private.key',
        'secret.md',
      ],
      ...[`briefs/${issue}/../../secret.md`, `BRIEFS/${issue}/issue.md`, 'data/private.key'],
      ...[
        '.env',
        'onrecord.yaml',
        'templates/weekly/look.yaml',
        `briefs/${issue}/images/x.md`,
        `briefs//${issue}/issue.md`,
      ],
    ),
  )
  await fc.assert(
    fc.asyncProperty(inBody, async (path) => {
      const read = await bed.ask(`/api/file?path=${encodeURIComponent(path.toWellFormed())}`)
      expect([400, 404, 409]).toContain(read.status)
      expect(await read.text()).not.toContain(secret)
      const written = await bed.send('PUT', '/api/file', { path, text: 'planted', base: null })
      expect([400, 404, 409]).toContain(written.status)
      expect(await written.text()).not.toContain(secret)
    }),
    { numRuns: 80 },
  )
  for (const path of ['briefs', 'images?name=planted']) {
    const answer = await bed.send('POST', `/api/issues/linked-folder/${path}`, { title: 'Planted' })
    expect([400, 404, 409]).toContain(answer.status)
  }
  expect((await readdir(join(bed.dir, 'data'))).filter((each) => each.startsWith('planted'))).toEqual([])
  const pictures = await readdir(join(bed.dir, 'briefs', issue, 'images'))
  for (const wanted of [
    '../../../planted',
    '/etc/planted',
    '..\\planted',
    '.',
    '',
    '\0',
    'CON',
    'a'.repeat(5_000),
  ]) {
    const answer = await bed.ask(`/api/issues/${issue}/images?name=${encodeURIComponent(wanted)}`, {
      method: 'POST',
      body: await readFile(join(bed.dir, 'briefs', issue, 'images/istanbul-dusk.png')),
    })
    const { path } = (await answer.json()) as { path: string }
    expect([answer.status, path]).toEqual([200, expect.stringMatching(/^images\/[a-z0-9-]+\.png$/u)])
  }
  const isPicture = (key: string): boolean => key.startsWith(`briefs/${issue}/images/`)
  const rest = (state: Readonly<Record<string, string>>): object =>
    Object.fromEntries(Object.entries(state).filter(([key]) => !isPicture(key)))
  expect(rest(stateOf(bed))).toEqual(rest(before))
  expect((await readdir(join(bed.dir, 'briefs', issue, 'images'))).length).toBeLessThanOrEqual(
    pictures.length + 8,
  )
})

test('a body that is too large, broken, or tries to be a prototype is refused in a sentence, and the studio goes on', async () => {
  const before = stateOf(bed)
  for (const route of routesOf(bed.studio.app).filter((each) => !each.startsWith('GET'))) {
    const { path, body } = sampleOf(route)
    if (body === undefined || body === 'raw' || /\/(?:cancel|drop|delete|copy)$/u.test(path)) continue
    const tries = [
      '',
      '{',
      'null',
      '[]',
      '"x"',
      '{"__proto__":{"polluted":1}}',
      '{"constructor":{"prototype":{"polluted":1}}}',
      `[${'['.repeat(5_000)}`,
      `{"text":"${'x'.repeat(9 * 1024 * 1024)}"}`,
    ]
    for (const text of tries) {
      const answer = await bed.ask(path, { method: methodOf(route), body: text })
      const said = (await answer.json()) as { error?: { message: string; code: string } }
      expect([answer.status, route]).toEqual([
        expect.toSatisfy((status: number) => [400, 404, 409, 501].includes(status)),
        route,
      ])
      expect(said.error?.message).not.toMatch(/\bat \/|\.ts:|node_modules/u)
      if (text.length > 8 * 1024 * 1024 && answer.status === 400)
        expect(said.error?.message).toContain('8 MB')
    }
  }
  expect(Reflect.get({}, 'polluted')).toBe(undefined)
  expect(stateOf(bed)).toEqual(before)
})

test('however many listen, the studio keeps a hundred and answers', async () => {
  const ends: AbortController[] = []
  const opened = await Promise.all(
    Array.from({ length: 130 }, async () => {
      const end = new AbortController()
      ends.push(end)
      const answer = await bed.ask('/api/events', { signal: end.signal })
      return answer.body?.getReader()
    }),
  )
  const state = async (reader: (typeof opened)[number]): Promise<'open' | 'ended'> => {
    for (;;) {
      const next = await Promise.race([
        reader?.read(),
        new Promise<'silent'>((resolve) => setTimeout(() => resolve('silent'), 300)),
      ])
      if (next === 'silent') return 'open'
      if (next === undefined || next.done) return 'ended'
    }
  }
  const states = await Promise.all(opened.map(state))
  expect(states.filter((each) => each === 'open').length).toBe(100)
  expect((await bed.ask('/api/shelf')).status).toBe(200)
  for (const end of ends) end.abort()
})

test('whoever sends slowly holds up nobody else', async () => {
  const { hostname, port } = new URL(bed.url)
  const slow = Array.from({ length: 50 }, () => {
    const socket = connect(Number(port), hostname)
    socket.on('error', () => undefined)
    socket.write('POST /api/issues HTTP/1.1\r\nHost: x\r\nContent-Length: 1000\r\n\r\n{')
    return socket
  })
  const began = performance.now()
  expect((await bed.ask('/api/shelf')).status).toBe(200)
  expect(performance.now() - began).toBeLessThan(5_000)
  for (const socket of slow) socket.destroy()
})

test('nothing was written outside of the publication', async () => {
  expect((await readdir(tmpdir())).filter((name) => name.includes('planted'))).toEqual([])
  expect(await readFile(join(bed.dir, 'secret.md'), 'utf8')).toBe(secret)
})
