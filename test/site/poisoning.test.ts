import { serve } from '@hono/node-server'
import { once } from 'node:events'
import type { AddressInfo } from 'node:net'
import { connect } from 'node:net'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { openBed, type SiteBed } from './bed.ts'
import { enter, samples, type Asker } from './every-route.ts'
import { publishSecrets, secretPublication, type Secrets } from './secret-publication.ts'

/** A name that no answer may hold: whoever reads it would be led there. */
const evil = 'evil.test'

let bed: SiteBed
let secrets: Secrets
let server: ReturnType<typeof serve>

beforeAll(async () => {
  bed = await openBed({
    publication: secretPublication,
    baseUrl: secretPublication.url,
    limits: { sessionDays: 90, signUpsPerHour: 1_000_000, searchesPerMinute: 1_000_000 },
  })
  secrets = await publishSecrets(bed)
  server = serve({ fetch: (request, env) => bed.site.fetch(request, env), port: 0, hostname: '127.0.0.1' })
  await once(server, 'listening')
})
afterAll(() => server.close())

const nobody: Asker = { name: 'nobody', tier: 'public', cookie: null, publicId: null }

/** Requests of every route that is read, without what changes by itself. */
async function reads(): Promise<string[]> {
  const paths: string[] = []
  for (const [route, sampled] of Object.entries(samples)) {
    if (!route.startsWith('GET ') || route === 'GET /metrics') continue
    paths.push(...(await sampled({ bed, secrets }, nobody)).map(({ path }) => path))
  }
  return paths.filter((path) => !path.includes(evil))
}

/** Headers that no cache keys by and that a program behind a proxy may be tempted to believe. */
const unkeyed: Readonly<Record<string, string>> = {
  'X-Forwarded-Host': evil,
  'X-Forwarded-Server': evil,
  'X-Forwarded-Proto': 'http',
  'X-Forwarded-Scheme': 'http',
  'X-Forwarded-Port': '8081',
  'X-Forwarded-Prefix': `//${evil}`,
  'X-Forwarded-For': '203.0.113.9',
  'X-Real-IP': '203.0.113.9',
  'X-Host': evil,
  'X-HTTP-Host-Override': evil,
  'X-Original-Host': evil,
  'X-Original-URL': `//${evil}/`,
  'X-Rewrite-URL': `//${evil}/`,
  'X-HTTP-Method-Override': 'POST',
  Forwarded: `host=${evil};proto=http;for=203.0.113.9`,
  Origin: `https://${evil}`,
  Referer: `https://${evil}/page`,
  'User-Agent': evil,
  Accept: `application/${evil}`,
  'Accept-Language': 'de',
  'Accept-Encoding': 'gzip, br',
  Via: `1.1 ${evil}`,
  'X-Requested-With': evil,
  Purpose: 'prefetch',
}

const answerOf = async (path: string, headers: Readonly<Record<string, string>>) => {
  const answer = await bed.site.request(path, { headers })
  return [path, answer.status, Object.fromEntries(answer.headers), await answer.text()] as const
}

test('no header that a cache does not key by changes an answer, one by one or all at once', async () => {
  for (const path of await reads()) {
    const plain = await answerOf(path, {})
    expect(JSON.stringify(plain)).not.toContain(evil)
    for (const [name, value] of Object.entries(unkeyed))
      expect(await answerOf(path, { [name]: value })).toEqual(plain)
    expect(await answerOf(path, unkeyed)).toEqual(plain)
  }
})

test('nothing in a query reaches what a cache keeps', async () => {
  for (const path of await reads()) {
    const plain = await bed.site.request(path)
    if (!plain.headers.has('ETag') || path.includes('?')) continue
    const text = await plain.text()
    for (const query of [
      `next=https://${evil}/`,
      `q=${evil}`,
      `callback=${evil}`,
      `page=${evil}`,
      `lang=${evil}`,
    ]) {
      const answer = await bed.site.request(`${path}?${query}`)
      if (['/', '/corrections'].includes(path) && query.startsWith('page=')) {
        // No number of a page: an answer that no cache keeps, and that repeats nothing.
        expect([answer.status, answer.headers.get('Cache-Control')]).toEqual([404, 'no-store'])
        expect(await answer.text()).not.toContain(evil)
        continue
      }
      expect([path, await answer.text()]).toEqual([path, text])
      expect(Object.fromEntries(answer.headers)).toEqual(Object.fromEntries(plain.headers))
    }
  }
})

test('another host is not answered, and not repeated', async () => {
  const { host } = new URL(secretPublication.url)
  const others = [
    evil,
    `${host}.${evil}`,
    `${evil}:443`,
    `${host}:8443`,
    `${host}.`,
    `${host}@${evil}`,
    '127.0.0.1.nip.io',
  ]
  for (const path of await reads()) {
    for (const other of others) {
      const answer = await bed.site.request(path, { headers: { Host: other } })
      expect([path, other, answer.status]).toEqual([path, other, 421])
      const text = JSON.stringify([Object.fromEntries(answer.headers), await answer.text()])
      expect(text).not.toContain(evil)
      expect(answer.headers.get('Cache-Control') ?? '').toContain('no-store')
    }
  }
})

test('by whichever of its own names a proxy asks, the answer names BASE_URL alone', async () => {
  const { host } = new URL(secretPublication.url)
  for (const path of await reads()) {
    const plain = await answerOf(path, { Host: host })
    for (const own of [host.toUpperCase(), `${host}:443`, 'localhost:8080', '127.0.0.1', '[::1]:80'])
      expect(await answerOf(path, { Host: own })).toEqual(plain)
    expect(JSON.stringify(plain)).not.toMatch(/https?:\/\/(?:localhost|127\.0\.0\.1)/)
  }
})

/** Sends octets as they are and reads until the other side closes. */
async function raw(request: string): Promise<string> {
  const { port } = server.address() as AddressInfo
  const socket = connect(port, '127.0.0.1')
  socket.setTimeout(3_000, () => socket.destroy())
  socket.end(request)
  const chunks: Buffer[] = []
  for await (const chunk of socket) chunks.push(chunk as Buffer)
  return Buffer.concat(chunks).toString('utf8')
}

test('on the wire, two hosts, none, or one in the request line are not believed either', async () => {
  const { host } = new URL(secretPublication.url)
  const end = 'Connection: close\r\n\r\n'
  const requests = [
    `GET http://${evil}/ HTTP/1.1\r\nHost: ${host}\r\n${end}`,
    `GET http://${host}/ HTTP/1.1\r\nHost: ${evil}\r\n${end}`,
    `GET / HTTP/1.1\r\nHost: ${host}\r\nHost: ${evil}\r\n${end}`,
    `GET / HTTP/1.1\r\nHost: ${evil}\r\nHost: ${host}\r\n${end}`,
    `GET //${evil}/ HTTP/1.1\r\nHost: ${host}\r\n${end}`,
    `GET /\\${evil} HTTP/1.1\r\nHost: ${host}\r\n${end}`,
    `GET /log-in?next=//${evil} HTTP/1.1\r\nHost: ${host}\r\n${end}`,
    `GET / HTTP/1.0\r\n\r\n`,
    `GET / HTTP/1.1\r\n${end}`,
    `GET / HTTP/1.1\r\nHost: ${host} ${evil}\r\n${end}`,
    `GET / HTTP/1.1\r\n Host: ${evil}\r\nHost: ${host}\r\n${end}`,
  ]
  for (const request of requests) {
    const answer = await raw(request)
    expect(answer).toMatch(/^HTTP\/1\.1 \d{3}/)
    expect([request, /evil\.test/.exec(answer)?.[0]]).toEqual([request, undefined])
    expect(answer).not.toMatch(/^Location: (?!\/[^/\\])/im)
  }
  expect(await raw(`GET / HTTP/1.1\r\nHost: ${host}\r\n${end}`)).toMatch(/^HTTP\/1\.1 200/)
})

test('a member’s page, asked for first, is not what the next reader gets', async () => {
  const member = await enter(bed, 'member')
  for (const path of ['/issues/w1', '/issues/w1/harbour', '/sources/w1/vault', '/issues/w1/sources.json']) {
    for (const url of [path, `${path}?cb=1`, `${path}#x`]) {
      const own = await (await bed.site.request(url, { headers: { Cookie: member.cookie ?? '' } })).text()
      const open = await (await bed.site.request(url)).text()
      expect(own).toMatch(/zqm/)
      expect(open).not.toMatch(/zq[ms]/)
    }
  }
})
