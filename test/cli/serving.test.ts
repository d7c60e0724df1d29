import { spawn } from 'node:child_process'
import { cp, mkdtemp, rm } from 'node:fs/promises'
import net from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { createLocalApp } from '../../src/cli/local.ts'
import { startServer } from '../../src/cli/start-server.ts'

const root = join(import.meta.dirname, '..', '..')
let dir: string

beforeAll(async () => {
  dir = await mkdtemp(join(tmpdir(), 'onrecord-serving-'))
  for (const name of ['briefs', 'templates', 'onrecord.yaml'])
    await cp(join(root, name), join(dir, name), { recursive: true })
})
afterAll(() => rm(dir, { recursive: true, force: true }))

/** Runs a command until it prints its address, then asks `use` and interrupts it. */
async function running(
  args: readonly string[],
  environment: Record<string, string>,
  use: (url: string) => Promise<void>,
): Promise<{ code: number | null; endedIn: number; stdout: string; stderr: string }> {
  const child = spawn(process.execPath, [join(root, 'src/cli/main.ts'), '-C', dir, ...args], {
    // Not the runner's own: Vitest sets a BASE_URL.
    env: { PATH: process.env['PATH'], ...environment },
  })
  let stdout = ''
  let stderr = ''
  child.stderr.on('data', (text) => (stderr += String(text)))
  const ended = new Promise<number | null>((resolve) => child.once('exit', resolve))
  const url = new Promise<string | null>((resolve) => {
    child.stdout.on('data', (text) => {
      stdout += String(text)
      const found = /http:\/\/[^\s"]*\d/.exec(stdout)
      if (found !== null) resolve(found[0])
    })
    void ended.then(() => resolve(null))
  })
  const address = await url
  if (address !== null) await use(address)
  const before = performance.now()
  child.kill('SIGINT')
  return { code: await ended, endedIn: performance.now() - before, stdout, stderr }
}

test('preview serves the studio and ends at once on Ctrl-C, also while a page listens', async () => {
  const { code, endedIn, stderr } = await running(['preview', '--port', '0'], {}, async (url) => {
    const page = await (await fetch(`${url}/issue/2025-w46`)).text()
    expect(page).toContain('Talks end in Istanbul without a text')
    const events = await fetch(`${url}/events`)
    expect(events.headers.get('Content-Type')).toContain('text/event-stream')
  })
  expect([code, stderr]).toEqual([0, ''])
  expect(endedIn).toBeLessThan(2000)
})

test('a port that is taken: the default gives way to the next, one asked for is a plain error', async () => {
  const busy = net.createServer().listen(0, '127.0.0.1')
  await new Promise((resolve) => busy.once('listening', resolve))
  const address = busy.address()
  const port = String(typeof address === 'object' ? address?.port : '')
  const asked = await running(['preview', '--port', port], {}, async () => undefined)
  expect(asked.code).toBe(1)
  expect(asked.stderr).toContain(`Port ${port} is taken`)
  const fallback = await running(['preview'], { PORT: port }, async (url) => {
    expect(url).not.toContain(`:${port}`)
    expect((await fetch(url)).status).toBe(200)
  })
  expect(fallback.stderr).toContain(`Port ${port} is taken; this is the next free one.`)
  busy.close()
})

test('serve answers health and one-click, and refuses a public address without https and a key', async () => {
  const SECRET_KEY = 'k'.repeat(32)
  const served = await running(['serve', '--port', '0'], { SECRET_KEY }, async (url) => {
    expect(await (await fetch(`${url}/healthz`)).text()).toBe('ok\n')
    expect((await fetch(`${url}/u/nonsense`, { method: 'POST' })).status).toBe(404)
    expect((await fetch(`${url}/issue/2025-w46`)).status).toBe(404)
  })
  expect(served.code).toBe(0)
  const refused = await running(
    ['serve', '--port', '0'],
    { BASE_URL: 'http://brief.example.org' },
    async () => undefined,
  )
  expect(refused.code).toBe(2)
  expect(refused.stderr).toContain('a public site needs https')
  expect(refused.stderr).toContain('SECRET_KEY is not set')
})

test('on one local address the site keeps its paths, the studio all others, and other hosts none', async () => {
  const image = `images/${'ab'.repeat(16)}.png`
  const local = createLocalApp({
    baseUrl: 'https://brief.example.org',
    studio: (request) => new Response(`studio ${new URL(request.url).pathname}`),
    site: (request) =>
      new Response(`site ${new URL(request.url).pathname} https://brief.example.org/${image}`, {
        headers: { 'Content-Type': 'text/html', ETag: '"x"' },
      }),
  })
  const server = await startServer(local.fetch, { port: 0 })
  const text = async (path: string, method = 'GET'): Promise<string> =>
    (await fetch(server.url + path, { method })).text()
  for (const path of ['/', '/issue/a', '/outbox', `/${image}`, '/frame/a/public/mail'])
    expect(await text(path)).toBe(`studio ${path}`)
  expect(await text('/issues/a')).toBe(`site /issues/a /${image}`)
  expect(await text('/u/token', 'POST')).toContain('site /u/token')
  expect(await text('/healthz')).toContain('site /healthz')
  const elsewhere = await local.request('http://evil.example/u/token', { headers: { Host: 'evil.example' } })
  expect(elsewhere.status).toBe(403)
  await server.close()
})
