import net from 'node:net'
import { setTimeout as sleep } from 'node:timers/promises'
import { afterEach, beforeEach, expect, test } from 'vitest'
import {
  publicLimits,
  startServer,
  type ServerLimits,
  type StartedServer,
} from '../../src/cli/start-server.ts'
import { openBed, type SiteBed } from './bed.ts'

/** As `serve` has them, with times to wait for in a test. */
const limits: ServerLimits = {
  ...publicLimits,
  headersMs: 600,
  requestMs: 1_200,
  idleMs: 1_500,
  connections: 40,
}

let bed: SiteBed
let server: StartedServer
let sockets: net.Socket[] = []

beforeEach(async () => {
  bed = await openBed({ baseUrl: 'http://localhost:4870' })
  await bed.publish('2025-w46')
  server = await startServer(bed.site.fetch, { port: 0, limits })
})
afterEach(async () => {
  for (const socket of sockets) socket.destroy()
  sockets = []
  await server.close()
})

interface Client {
  readonly socket: net.Socket
  /** What the server has said so far. */
  said(): string
  /** Resolves with all that it said once it ends the connection; rejects after `ms`. */
  ended(ms?: number): Promise<string>
}

async function connect(): Promise<Client> {
  const socket = net.connect(server.port, '127.0.0.1')
  sockets.push(socket)
  let text = ''
  socket.on('data', (chunk) => (text += chunk.toString('latin1')))
  socket.on('error', () => undefined)
  const closed = new Promise<void>((resolve) => socket.once('close', () => resolve()))
  await new Promise<void>((resolve) => socket.once('connect', () => resolve()))
  return {
    socket,
    said: () => text,
    async ended(ms = 5_000) {
      const late = sleep(ms).then(() => Promise.reject(new Error(`open after ${ms} ms; said: ${text}`)))
      await Promise.race([closed, late])
      return text
    },
  }
}

const get = 'GET / HTTP/1.1\r\nHost: localhost\r\n'
const post =
  'POST /subscribe HTTP/1.1\r\nHost: localhost\r\nOrigin: http://localhost:4870\r\nSec-Fetch-Site: same-origin\r\n'
const form = 'Content-Type: application/x-www-form-urlencoded\r\n'

/** That the site goes on for everybody else, and how long that took. */
async function stillAnswers(): Promise<number> {
  const began = performance.now()
  expect((await fetch(`${server.url}/healthz`)).status).toBe(200)
  return performance.now() - began
}

/** Sends `text` again and again until the connection ends. */
async function trickle(client: Client, text: string, everyMs = 100): Promise<void> {
  while (!client.socket.destroyed) {
    client.socket.write(text)
    await sleep(everyMs)
  }
}

test('headers that come one letter at a time are cut off, and meanwhile others are answered', async () => {
  const slow = await Promise.all(Array.from({ length: 30 }, connect))
  for (const client of slow) {
    client.socket.write(get)
    void trickle(client, 'X-a: b\r\n')
  }
  expect(await stillAnswers()).toBeLessThan(1_000)
  for (const client of slow) expect(await client.ended()).toMatch(/^HTTP\/1\.1 408 /)
})

test('a body that comes one letter at a time is cut off', async () => {
  const client = await connect()
  client.socket.write(`${post}${form}Content-Length: 1000\r\n\r\n`)
  void trickle(client, 'a')
  const began = performance.now()
  await client.ended()
  expect(performance.now() - began).toBeLessThan(3_000)
  await stillAnswers()
  expect(bed.logged.filter(({ event }) => event === 'fault')).toEqual([])
})

test('a chunked body that never ends is cut off', async () => {
  const client = await connect()
  client.socket.write(`${post}${form}Transfer-Encoding: chunked\r\n\r\n`)
  void trickle(client, '1\r\na\r\n')
  await client.ended()
  await stillAnswers()
})

test('a connection on which nothing is said, or whose answer nobody reads, is ended', async () => {
  const silent = await connect()
  const deaf = await connect()
  deaf.socket.pause()
  // Far more answers than fit into what the system keeps for a socket.
  deaf.socket.write(`${get.replace('/ ', '/issues/2025-w46 ')}\r\n`.repeat(300))
  await silent.ended()
  const ended = deaf.ended(15_000)
  await sleep(limits.idleMs + 2_000)
  deaf.socket.resume()
  await ended
  expect((deaf.said().match(/HTTP\/1\.1 200/g) ?? []).length).toBeLessThan(300)
  await stillAnswers()
})

test('a body of 10 MB is refused, said how long or not, and is never held', async () => {
  const before = process.memoryUsage().arrayBuffers
  const length = 10 * 1024 * 1024
  for (const framing of [`Content-Length: ${length}`, 'Transfer-Encoding: chunked']) {
    const client = await connect()
    client.socket.write(`${post}${form}${framing}\r\n\r\n`)
    const piece = 'x'.repeat(64 * 1024)
    const sent = framing.startsWith('C') ? piece : `${piece.length.toString(16)}\r\n${piece}\r\n`
    for (let written = 0; written < length && !client.socket.destroyed; written += piece.length) {
      if (!client.socket.write(sent)) await Promise.race([drained(client.socket), sleep(200)])
      if (client.said() !== '') break
    }
    for (let waited = 0; client.said() === '' && waited < 3_000; waited += 20) await sleep(20)
    expect(client.said(), framing).toMatch(/^HTTP\/1\.1 413 /)
    client.socket.destroy()
  }
  expect(process.memoryUsage().arrayBuffers - before).toBeLessThan(8 * 1024 * 1024)
  await stillAnswers()
})

test('too many headers, too long ones and too long addresses are 431', async () => {
  const many = await connect()
  many.socket.write(`${get}${'a: b\r\n'.repeat(150)}Connection: close\r\n\r\n`)
  expect(await many.ended()).toMatch(/^HTTP\/1\.1 431 /)
  const long = await connect()
  long.socket.write(`${get}Cookie: reader=${'x'.repeat(20_000)}\r\n\r\n`)
  expect(await long.ended()).toMatch(/^HTTP\/1\.1 431 /)
  const address = await connect()
  address.socket.write(`GET /search?q=${'x'.repeat(20_000)} HTTP/1.1\r\nHost: localhost\r\n\r\n`)
  expect(await address.ended()).toMatch(/^HTTP\/1\.1 431 /)
  const enough = await connect()
  enough.socket.write(`${get}${'a: b\r\n'.repeat(50)}Connection: close\r\n\r\n`)
  expect(await enough.ended()).toMatch(/^HTTP\/1\.1 200 /)
})

test('more connections than are taken are closed, and there is room again when others end', async () => {
  const held = await Promise.all(Array.from({ length: limits.connections }, connect))
  const more = await connect()
  await more.ended(400)
  expect(more.said()).toBe('')
  held[0]?.socket.destroy()
  await sleep(50)
  const next = await connect()
  next.socket.write(`${get}Connection: close\r\n\r\n`)
  expect(await next.ended()).toMatch(/^HTTP\/1\.1 200 /)
})

test('two ways to say where a message ends, a host that is missing, and what is no HTTP are refused', async () => {
  const asked: readonly (readonly [request: string, status: RegExp])[] = [
    [`${post}Content-Length: 4\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\nGET /u/x`, /^HTTP\/1\.1 400 /],
    [`${post}Content-Length: 4\r\nContent-Length: 5\r\n\r\nabcd`, /^HTTP\/1\.1 400 /],
    [`${post}Transfer-Encoding: identity, chunked, x\r\n\r\n`, /^HTTP\/1\.1 400 /],
    ['GET / HTTP/1.1\r\n\r\n', /^HTTP\/1\.1 400 /],
    ['GET / HTTP/1.1\r\nHost: a\r\nHost: b\r\n\r\n', /^HTTP\/1\.1 (400|421) /],
    ['GET /\0 HTTP/1.1\r\nHost: localhost\r\n\r\n', /^HTTP\/1\.1 400 /],
    // TRACE would send a cookie back to whoever made a browser ask.
    ['TRACE / HTTP/1.1\r\nHost: localhost\r\nCookie: marked\r\n\r\n', /^HTTP\/1\.1 (403|404) (?![^]*marked)/],
    ['\x16\x03\x01\x02\x00\x01', /^(HTTP\/1\.1 400 |$)/],
  ]
  for (const [request, status] of asked) {
    const client = await connect()
    client.socket.end(request)
    expect(await client.ended(), JSON.stringify(request)).toMatch(status)
  }
  await stillAnswers()
})

test('asked to end, answers on their way are finished, nobody else is taken, and the slow do not hold it up', async () => {
  const slow = await startServer(
    async () => {
      await sleep(400)
      return new Response('done')
    },
    { port: 0, limits },
  )
  const keepAlive = await fetch(slow.url)
  expect(await keepAlive.text()).toBe('done')
  const answer = fetch(slow.url)
  await sleep(100)
  const began = performance.now()
  const drained = slow.drain(2_000)
  await expect(fetch(slow.url)).rejects.toThrow()
  expect(await (await answer).text()).toBe('done')
  await drained
  expect(performance.now() - began).toBeLessThan(1_500)

  const stuck = await connect()
  stuck.socket.write(`${post}${form}Content-Length: 1000\r\n\r\na`)
  await sleep(50)
  const ending = performance.now()
  await server.drain(300)
  expect(performance.now() - ending).toBeLessThan(1_000)
  await stuck.ended(500)
})

function drained(socket: net.Socket): Promise<void> {
  return new Promise((resolve) => socket.once('drain', () => resolve()))
}
