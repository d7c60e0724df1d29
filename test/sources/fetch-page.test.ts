import type { IncomingMessage, ServerResponse } from 'node:http'
import { brotliCompressSync, gzipSync } from 'node:zlib'
import { afterEach, describe, expect, test } from 'vitest'
import { openFetcher, type FetchOptions } from '../../src/sources/fetch-page.ts'
import { serveBytes, serveLoopback, type Loopback } from './loopback.ts'

const open: { close(): Promise<void> }[] = []
afterEach(async () => {
  for (const each of open.splice(0).toReversed()) await each.close()
})

async function serve(
  answer: (request: IncomingMessage, response: ServerResponse) => void,
  where: { host?: string; port?: number } = {},
): Promise<Loopback> {
  const server = await serveLoopback((request, response) => {
    if (request.url === '/robots.txt') response.writeHead(404).end()
    else answer(request, response)
  }, where)
  open.push(server)
  return server
}

/** A fetcher that may reach the server at `port` of 127.0.0.1, and nothing else that is not public. */
function fetcher(port: number, options: Partial<FetchOptions> = {}) {
  return openFetcher({
    userAgent: 'onrecord/0.1 (+https://brief.example.org; checks its sources)',
    resolver: () => Promise.resolve(['127.0.0.1']),
    ports: new Set([80, 443, port]),
    allowPrivate: (address, to) => address === '127.0.0.1' && to === port,
    ...options,
    limits: { pauseMilliseconds: 0, ...options.limits },
  })
}

describe('a page', () => {
  test('is fetched with its headers, by its name, and we say who asks', async () => {
    const server = await serve((_, response) => {
      response
        .writeHead(200, { 'content-type': 'text/html; charset=utf-8', 'X-Two': '2' })
        .end('<p>Hello</p>')
    })
    const page = await fetcher(server.port).fetchPage(`http://news.example:${server.port}/a?b=c#d`)
    expect(page).toMatchObject({ kind: 'page', status: 200, redirects: [], headers: { 'x-two': '2' } })
    expect(page.kind === 'page' && page.body.toString()).toBe('<p>Hello</p>')
    expect(server.asked).toEqual(['GET /robots.txt', 'GET /a?b=c'])
    expect(server.heard[1]).toMatchObject({
      host: `news.example:${server.port}`,
      'user-agent': 'onrecord/0.1 (+https://brief.example.org; checks its sources)',
    })
  })

  test('that is compressed is given both as sent and as meant', async () => {
    const text = 'A careful, dull and devastating report. '.repeat(50)
    const server = await serve((request, response) => {
      const coding = request.url === '/br' ? 'br' : 'gzip'
      const bytes = coding === 'br' ? brotliCompressSync(text) : gzipSync(text)
      response.writeHead(200, { 'content-encoding': coding }).end(bytes)
    })
    for (const path of ['/gzip', '/br']) {
      const page = await fetcher(server.port).fetchPage(`http://news.example:${server.port}${path}`)
      expect(page.kind === 'page' && page.body.toString()).toBe(text)
      expect(page.kind === 'page' && page.encodedBody.length).toBeLessThan(500)
    }
  })

  test('is followed through redirects, each of them told', async () => {
    const server = await serve((request, response) => {
      if (request.url === '/old') response.writeHead(301, { location: '/new?x=1' }).end()
      else response.end('here')
    })
    const base = `http://news.example:${server.port}`
    const page = await fetcher(server.port).fetchPage(`${base}/old`)
    expect(page).toMatchObject({
      kind: 'page',
      finalUrl: `${base}/new?x=1`,
      redirects: [{ from: `${base}/old`, status: 301, to: `${base}/new?x=1` }],
    })
  })

  test('is had from a second checked address where the first takes no connection', async () => {
    const server = await serve((_, response) => response.end('here'))
    const result = await fetcher(server.port, {
      resolver: () => Promise.resolve(['127.0.0.9', '127.0.0.1']),
      allowPrivate: (_, to) => to === server.port,
    }).fetchPage(`http://news.example:${server.port}/`)
    expect(result).toMatchObject({ kind: 'page' })
  })

  test('may be asked for by HEAD', async () => {
    const server = await serve((_, response) => response.writeHead(200, { 'content-length': '99' }).end())
    const page = await fetcher(server.port).fetchPage(`http://news.example:${server.port}/`, {
      method: 'HEAD',
    })
    expect(page).toMatchObject({ kind: 'page', status: 200 })
    expect(server.asked).toContain('HEAD /')
  })
})

describe('a page that cannot be had', () => {
  test.each([
    [404, 'dead'],
    [410, 'dead'],
    [401, 'unverifiable'],
    [403, 'unverifiable'],
    [429, 'unverifiable'],
    [451, 'unverifiable'],
    [500, 'unreachable'],
    [503, 'unreachable'],
  ])('status %i is “%s”', async (status, reason) => {
    const server = await serve((_, response) => response.writeHead(status).end())
    const failure = await fetcher(server.port).fetchPage(`http://news.example:${server.port}/`)
    expect(failure).toMatchObject({ kind: 'failure', reason, status })
  })

  test('no web address is malformed, and an unknown host is dead', async () => {
    expect(await fetcher(1).fetchPage('not an address')).toMatchObject({ reason: 'malformed' })
    const gone = fetcher(1, { resolver: () => Promise.reject(new Error('none')) })
    expect(await gone.fetchPage('http://gone.example/')).toMatchObject({ reason: 'dead', status: null })
  })

  test('a closed port and an answer that is no HTTP are unreachable', async () => {
    const server = await serve(() => {})
    await server.close()
    open.pop()
    expect(await fetcher(server.port).fetchPage(`http://news.example:${server.port}/`)).toMatchObject({
      reason: 'unreachable',
    })
    const broken = await serve((request) => request.socket.end('SSH-2.0-OpenSSH\r\n\r\n'))
    expect(await fetcher(broken.port).fetchPage(`http://news.example:${broken.port}/`)).toMatchObject({
      reason: 'unreachable',
    })
  })

  test('a body cut short in the middle of its compression is unreachable, not an empty page', async () => {
    const server = await serve((_, response) => {
      response.writeHead(200, { 'content-encoding': 'gzip' }).end(gzipSync('x'.repeat(5000)).subarray(0, 20))
    })
    expect(await fetcher(server.port).fetchPage(`http://news.example:${server.port}/`)).toMatchObject({
      reason: 'unreachable',
    })
  })
})

describe('a server that misbehaves', () => {
  const limits = { bytes: 200_000, milliseconds: 400 }

  test('by never answering is left when the time is up', async () => {
    const server = await serve(() => {})
    const began = performance.now()
    const result = await fetcher(server.port, { limits }).fetchPage(`http://news.example:${server.port}/`)
    expect(result).toMatchObject({ reason: 'timeout' })
    expect(performance.now() - began).toBeLessThan(2000)
  })

  test('by a byte every now and then is left too, though it is never silent', async () => {
    const server = await serve((_, response) => {
      const drip = setInterval(() => response.write('.'), 50)
      response.on('close', () => clearInterval(drip))
    })
    const result = await fetcher(server.port, { limits }).fetchPage(`http://news.example:${server.port}/`)
    expect(result).toMatchObject({ reason: 'timeout' })
  })

  test('by redirects that each take their time is left after the time of one page', async () => {
    const server = await serve((_, response) => {
      setTimeout(() => response.writeHead(302, { location: '/again' }).end(), 150)
    })
    const result = await fetcher(server.port, { limits }).fetchPage(`http://news.example:${server.port}/`)
    expect(result).toMatchObject({ reason: 'timeout' })
  })

  test('by never ending is cut off', async () => {
    let sent = 0
    const server = await serve((_, response) => {
      const more = (): void => {
        while (response.writable && response.write('x'.repeat(10_000))) sent += 10_000
      }
      response.on('drain', more)
      more()
    })
    const result = await fetcher(server.port, { limits }).fetchPage(`http://news.example:${server.port}/`)
    expect(result).toMatchObject({ reason: 'too-large' })
    expect(sent).toBeLessThan(20_000_000)
  })

  test('by a small body that unpacks to a hundred megabytes is cut off', async () => {
    const bomb = gzipSync(Buffer.alloc(100_000_000))
    const server = await serve((request, response) => {
      const nested = request.url === '/twice'
      const body = nested ? gzipSync(bomb) : bomb
      response.writeHead(200, { 'content-encoding': nested ? 'gzip, gzip' : 'gzip' }).end(body)
    })
    for (const path of ['/once', '/twice']) {
      const result = await fetcher(server.port, { limits: { bytes: 200_000 } }).fetchPage(
        `http://news.example:${server.port}${path}`,
      )
      expect(result).toMatchObject({ reason: 'too-large' })
    }
  })

  test('by redirecting in a circle is left after five', async () => {
    const server = await serve((_, response) => response.writeHead(302, { location: '/' }).end())
    const result = await fetcher(server.port).fetchPage(`http://news.example:${server.port}/`)
    expect(result).toMatchObject({ reason: 'redirects' })
    expect(server.asked.filter((each) => each === 'GET /')).toHaveLength(6)
  })

  test('by headers without end is left', async () => {
    const server = await serve((request) => {
      request.socket.write(`HTTP/1.1 200 OK\r\n${'X-A: b\r\n'.repeat(20_000)}`)
    })
    expect(await fetcher(server.port).fetchPage(`http://news.example:${server.port}/`)).toMatchObject({
      reason: 'unreachable',
    })
  })

  test('is not waited for once the caller stops', async () => {
    const server = await serve(() => {})
    const stop = new AbortController()
    const page = fetcher(server.port).fetchPage(`http://news.example:${server.port}/`, {
      signal: stop.signal,
    })
    setTimeout(() => stop.abort(new Error('stopped')), 50)
    await expect(page).rejects.toThrow('stopped')
  })
})

describe('what must never be reached', () => {
  test.each([
    'http://127.0.0.1:PORT/',
    'http://localhost:PORT/',
    'http://2130706433:PORT/',
    'http://0x7f.1:PORT/',
    'http://0177.0.0.1:PORT/',
    'http://[::ffff:127.0.0.1]:PORT/',
    'http://１２７.０.０.１:PORT/',
    'http://127.0.0.1.:PORT/',
    'http://inner.example:PORT/',
  ])('%s: a server of the local network sees no connection', async (text) => {
    const inner = await serve((_, response) => response.end('secret'))
    const url = text.replace('PORT', String(inner.port))
    const strict = fetcher(inner.port, { allowPrivate: () => false })
    expect(await strict.fetchPage(url)).toMatchObject({ kind: 'failure', reason: 'blocked' })
    expect(inner.connections()).toBe(0)
  })

  test.each([
    'http://127.0.0.1:PORT/',
    'http://127.1:PORT/',
    'http://localhost:PORT/',
    '//[::1]:PORT/',
    'http://inner.example:PORT/',
  ])('a redirect to %s is not followed', async (location) => {
    const inner = await serve((_, response) => response.end('secret'))
    const outer = await serve((_, response) => {
      response.writeHead(302, { location: location.replace('PORT', String(inner.port)) }).end()
    })
    const result = await fetcher(outer.port, { ports: new Set([outer.port, inner.port]) }).fetchPage(
      `http://news.example:${outer.port}/`,
    )
    expect(result).toMatchObject({ kind: 'failure', reason: 'blocked' })
    expect(inner.connections()).toBe(0)
  })

  test.each([
    'http://169.254.169.254/latest/meta-data/',
    'file:///etc/passwd',
    'http://user:pw@news.example/',
    'http://news.example:22/',
  ])('a redirect to %s is not followed either', async (location) => {
    const outer = await serve((_, response) => response.writeHead(307, { location }).end())
    const result = await fetcher(outer.port).fetchPage(`http://news.example:${outer.port}/`)
    expect(result).toMatchObject({ kind: 'failure', reason: 'blocked' })
  })

  test('a second answer of the name server moves nothing: what was checked is what is dialled', async () => {
    const checked = await serve((_, response) => response.end('the checked one'))
    const other = await serve((_, response) => response.end('secret'), {
      host: '127.0.0.2',
      port: checked.port,
    })
    const answers: string[] = []
    const fetchPage = fetcher(checked.port, {
      // As an attacker's name server: good the first two times (robots.txt, the page), then another address.
      resolver: () => {
        answers.push(answers.length < 2 ? '127.0.0.1' : '127.0.0.2')
        return Promise.resolve(answers.slice(-1))
      },
    }).fetchPage
    const page = await fetchPage(`http://rebind.example:${checked.port}/`)
    expect(page.kind === 'page' && page.body.toString()).toBe('the checked one')
    expect(answers).toEqual(['127.0.0.1', '127.0.0.1'])

    const again = await fetchPage(`http://rebind.example:${checked.port}/`)
    expect(again).toMatchObject({ kind: 'failure', reason: 'blocked' })
    expect(other.connections()).toBe(0)
  })

  test('robots.txt cannot lead there by a redirect', async () => {
    const inner = await serve((_, response) => response.end('secret'))
    const outer = await serveLoopback((_, response) => {
      response.writeHead(302, { location: `http://127.0.0.1:${inner.port}/` }).end()
    })
    open.push(outer)
    const result = await fetcher(outer.port, { ports: new Set([outer.port, inner.port]) }).fetchPage(
      `http://news.example:${outer.port}/`,
    )
    expect(result).toMatchObject({ kind: 'failure', reason: 'blocked' })
    expect(inner.connections()).toBe(0)
  })

  test('an https request dials the checked address and names the host in its SNI', async () => {
    const server = await serveBytes()
    open.push(server)
    const result = await fetcher(server.port).fetchPage(`https://tls.example:${server.port}/`)
    expect(result).toMatchObject({ kind: 'failure', reason: 'unreachable' })
    expect((await server.first).includes('tls.example')).toBe(true)
  })
})

describe('manners', () => {
  test('one who stops waiting for a robots.txt takes it from nobody else', async () => {
    const server = await serveLoopback((request, response) => {
      setTimeout(() => response.writeHead(request.url === '/robots.txt' ? 404 : 200).end('ok'), 100)
    })
    open.push(server)
    const { fetchPage } = fetcher(server.port)
    const stop = new AbortController()
    const first = fetchPage(`http://news.example:${server.port}/a`, { signal: stop.signal })
    const second = fetchPage(`http://news.example:${server.port}/b`)
    setTimeout(() => stop.abort(new Error('stopped')), 20)
    await expect(first).rejects.toThrow('stopped')
    expect(await second).toMatchObject({ kind: 'page' })
    expect(server.asked).toEqual(['GET /robots.txt', 'GET /b'])
  })

  test('a page that robots.txt forbids is not asked for', async () => {
    const server = await serveLoopback((request, response) => {
      response.end(request.url === '/robots.txt' ? 'User-agent: onrecord\nDisallow: /private' : 'page')
    })
    open.push(server)
    const { fetchPage } = fetcher(server.port)
    const base = `http://news.example:${server.port}`
    expect(await fetchPage(`${base}/private/a`)).toMatchObject({ kind: 'failure', reason: 'robots' })
    expect(await fetchPage(`${base}/public`)).toMatchObject({ kind: 'page' })
    expect(server.asked).toEqual(['GET /robots.txt', 'GET /public'])
  })

  test('a robots.txt that fails forbids everything', async () => {
    const server = await serveLoopback((_, response) => response.writeHead(503).end())
    open.push(server)
    expect(await fetcher(server.port).fetchPage(`http://news.example:${server.port}/a`)).toMatchObject({
      reason: 'robots',
    })
  })

  test('a host is asked one thing at a time, a second apart; another host does not wait', async () => {
    let inside = 0
    let most = 0
    const server = await serve((_, response) => {
      inside++
      most = Math.max(most, inside)
      setTimeout(() => {
        inside--
        response.end('ok')
      }, 20)
    })
    const waits: number[] = []
    let now = 1_000_000
    const { fetchPage } = fetcher(server.port, {
      clock: { now: () => now },
      sleep: (milliseconds) => {
        waits.push(milliseconds)
        now += milliseconds
        return Promise.resolve()
      },
      limits: { pauseMilliseconds: 1000 },
    })
    const pages = await Promise.all(
      ['/a', '/b', '/c'].map((path) => fetchPage(`http://one.example:${server.port}${path}`)),
    )
    expect(pages.map((page) => page.kind)).toEqual(['page', 'page', 'page'])
    expect(most).toBe(1)
    expect(waits).toEqual([1000, 1000, 1000])
    await fetchPage(`http://two.example:${server.port}/robots.txt`)
    expect(waits).toHaveLength(4)
  })
})
