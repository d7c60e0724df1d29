import type { IncomingMessage, ServerResponse } from 'node:http'
import { afterEach, expect, test } from 'vitest'
import { openFetcher } from '../../src/sources/fetch-page.ts'
import { openLinkChecks, type LinkProgress } from '../../src/studio/link-checks.ts'
import { serveLoopback, type Loopback } from '../sources/loopback.ts'

const open: { close(): unknown }[] = []
afterEach(async () => {
  for (const each of open.splice(0).toReversed()) await each.close()
})

async function serve(
  answer: (request: IncomingMessage, response: ServerResponse) => void,
): Promise<Loopback> {
  const server = await serveLoopback(answer)
  open.push(server)
  return server
}

/** Checks that may reach one port of this machine, under any name but those that lead into the local network. */
function checks(
  port: number,
  options: { milliseconds?: number; bytes?: number; now?: () => number; dead?: string } = {},
) {
  const made = openLinkChecks({
    fetcher: openFetcher({
      userAgent: 'Onrecord/1.0 (checks its links)',
      resolver: (host) => {
        if (host === 'inside.org') return Promise.resolve(['10.0.0.8'])
        if (host === options.dead) return Promise.reject(new Error('ENOTFOUND'))
        return Promise.resolve(['127.0.0.1'])
      },
      ports: new Set([80, 443, port]),
      allowPrivate: (address, to) => address === '127.0.0.1' && to === port,
      limits: {
        pauseMilliseconds: 0,
        milliseconds: options.milliseconds ?? 5_000,
        bytes: options.bytes ?? 100_000,
      },
    }),
    clock: { now: options.now ?? Date.now },
    baseUrl: 'https://brief.org',
  })
  open.push(made)
  return made
}

function mail(...urls: readonly string[]): string {
  return urls
    .map((url) => (/\.(?:png|gif)$/.test(url) ? `<img alt="" src="${url}">` : `<a href="${url}">x</a>`))
    .join('')
}

test('each address has a state, with a sentence where it does not work', async () => {
  const statuses: Record<string, number> = {
    '/robots.txt': 404,
    '/gone': 404,
    '/login': 401,
    '/not-you': 403,
    '/slow-down': 429,
    '/ill': 500,
    '/not-now': 503,
  }
  const server = await serve((request, response) => {
    const path = request.url ?? ''
    if (path === '/moved') response.writeHead(301, { location: '/here' }).end()
    else if (path === '/to-the-inside') response.writeHead(302, { location: 'http://inside.org/' }).end()
    else if (path === '/round') response.writeHead(302, { location: '/round' }).end()
    else if (path === '/get-only' && request.method === 'HEAD') response.writeHead(405).end()
    else if (path === '/broken-off') response.destroy()
    else if (path === '/picture.png') response.writeHead(200, { 'content-type': 'image/png' }).end()
    else if (path === '/page.png')
      response.writeHead(200, { 'content-type': 'text/html; charset=utf-8' }).end()
    else response.writeHead(statuses[path] ?? 200).end('here')
  })
  const at = (path: string) => `http://news.org:${server.port}${path}`
  const wanted = [
    [at('/here'), 'works'],
    [at('/moved'), 'works'],
    [at('/get-only'), 'works'],
    [at('/picture.png'), 'works'],
    [at('/gone'), 'broken'],
    [at('/ill'), 'broken'],
    [at('/round'), 'broken'],
    [at('/broken-off'), 'broken'],
    [at('/page.png'), 'broken'],
    [at('/login'), 'could-not-verify'],
    [at('/not-you'), 'could-not-verify'],
    [at('/slow-down'), 'could-not-verify'],
    [at('/not-now'), 'could-not-verify'],
    [at('/to-the-inside'), 'refused'],
    ['http://inside.org/', 'refused'],
    ['http://127.0.0.1/', 'refused'],
    ['http://[::ffff:127.0.0.1]/', 'refused'],
    ['http://169.254.169.254/latest', 'refused'],
  ] as const
  const results = await checks(server.port).check(mail(...wanted.map(([url]) => url)))
  expect(results.map(({ link, state }) => [link.url, state])).toEqual(wanted)
  for (const { state, message } of results) expect(message === null).toBe(state === 'works')
  expect(results.find(({ link }) => link.url === at('/moved'))?.movedTo).toBe(at('/here'))
  expect(results.find(({ link }) => link.url === at('/page.png'))?.message).toBe(
    'There is no image at this address, but text/html.',
  )
})

test('a server that never answers or never ends is given up, and robots are heeded', async () => {
  const server = await serve((request, response) => {
    if (request.url === '/robots.txt') response.end('User-agent: *\nDisallow: /private')
    else if (request.url === '/endless') {
      const more = setInterval(() => response.write('x'.repeat(20_000)), 1)
      response.on('close', () => clearInterval(more))
      response.on('error', () => {})
    } else if (request.url !== '/silent') response.end('here')
  })
  const at = (path: string) => `http://news.org:${server.port}${path}`
  const html = mail(at('/here'), at('/silent'), at('/endless'), at('/private/page'))
  const results = await checks(server.port, { milliseconds: 400 }).check(html)
  const states = results.map(({ state }) => state)
  expect(states[0]).toBe('works')
  expect(states[1]).toBe('could-not-verify')
  // Its HEAD is never answered in full; what it sends on a GET is more than anybody reads.
  expect(['works', 'could-not-verify']).toContain(states[2])
  expect(states[3]).toBe('could-not-verify')
  expect(server.asked.filter((each) => each.includes('/private'))).toEqual([])
})

test('our own pages, slots, places in the mail and names for examples are asked for by nobody', async () => {
  const server = await serve((_, response) => response.end())
  const html =
    mail(
      'https://brief.org/issues/1',
      'https://brief.org/images/a.png',
      '#s1',
      'mailto:a@b.org',
      'https://www.example.org/',
      'http://a.test/',
    ) +
    '<a href="ONRECORDxSLOTxunsubscribeUrlxEND">x</a><a href="https://b.org/?ONRECORDxSLOTxaddressxEND">x</a>'
  const told: LinkProgress[] = []
  expect(await checks(server.port).check(html, { onProgress: (each) => told.push(each) })).toEqual([])
  expect(told).toEqual([])
  expect(server.connections()).toBe(0)
})

test('progress is told as it comes, each page is asked for once, and what is known is told at once', async () => {
  const server = await serve((request, response) =>
    response.writeHead(request.url === '/robots.txt' || request.url === '/gone' ? 404 : 200).end(),
  )
  let now = 1_000_000
  const made = checks(server.port, { now: () => now })
  const at = (path: string) => `http://news.org:${server.port}${path}`
  const html = mail(at('/a#one'), at('/a#two'), at('/a#one'), at('/gone'))
  const told: LinkProgress[] = []
  const first = await made.check(html, { onProgress: (each) => told.push(each) })
  expect(first.map(({ state }) => state)).toEqual(['works', 'works', 'broken'])
  expect(told.at(-1)).toMatchObject({ done: 3, total: 3 })
  expect(told.flatMap(({ results }) => results)).toHaveLength(3)
  expect(server.asked.filter((each) => each.endsWith(' /a'))).toEqual(['HEAD /a'])

  const asked = server.asked.length
  now += 30_000
  expect((await made.check(html)).map(({ checkedAt }) => checkedAt)).toEqual([
    1_000_000, 1_000_000, 1_000_000,
  ])
  expect(server.asked).toHaveLength(asked)
  // What is broken is looked at again sooner: it may have been mended.
  now += 60_000
  await made.check(html)
  expect(server.asked.slice(asked)).toEqual(['HEAD /gone', 'GET /gone'])
  await made.check(html, { again: true })
  expect(server.asked.slice(asked + 2).toSorted()).toEqual(['GET /gone', 'HEAD /a', 'HEAD /gone'])
})

test('when nothing at all answers, the line is taken to be down, and nothing is remembered', async () => {
  const server = await serve((_, response) => response.end())
  const made = checks(server.port, { dead: 'dead.org' })
  const dead = 'http://dead.org/'
  expect(await made.check(mail(dead))).toMatchObject([
    { state: 'could-not-verify', message: 'No server answered at all; this machine may be offline.' },
  ])
  const both = await made.check(mail(dead, `http://news.org:${server.port}/`))
  expect(both.map(({ state }) => state)).toEqual(['broken', 'works'])
})

test('a check that is called off ends at once, and closing ends all of them', async () => {
  const server = await serve((request, response) => {
    if (request.url === '/robots.txt') response.writeHead(404).end()
  })
  const made = checks(server.port, { milliseconds: 60_000 })
  const html = mail(`http://news.org:${server.port}/silent`)
  const stop = new AbortController()
  const one = made.check(html, { signal: stop.signal })
  const two = made.check(html)
  const ended = Promise.allSettled([one, two])
  stop.abort(new Error('called off'))
  await expect(one).rejects.toThrow('called off')
  made.close()
  expect((await ended).map(({ status }) => status)).toEqual(['rejected', 'rejected'])
  await expect(made.check(html)).rejects.toThrow()
})
