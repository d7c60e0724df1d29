import { spawn } from 'node:child_process'
import { cp, mkdtemp, rm } from 'node:fs/promises'
import net from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { afterAll, beforeAll, expect, test, vi } from 'vitest'
import { openApp } from '../../src/app.ts'
import { localSite, startLocal } from '../../src/cli/local.ts'
import { startServer } from '../../src/cli/start-server.ts'
import { loadConfig } from '../../src/config.ts'
import { openSite } from '../../src/open-site.ts'
import { inFile } from '../store/in-file.ts'

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
    expect((await fetch(`${url}/issue/2025-w46`)).status).toBe(200)
    const mail = await (await fetch(`${url}/frame/2025-w46/member/mail`)).text()
    expect(mail).toContain('Talks end in Istanbul without a text')
    const events = await fetch(`${url}/api/events`)
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

test('a public site without a server for its mail says at the start that letters reach nobody, and what to set', async () => {
  const own = { BASE_URL: 'https://brief.example.org', SECRET_KEY: 'k'.repeat(32) }
  const served = await running(['serve', '--port', '0'], own, async () => undefined)
  expect(served.stderr).toContain('confirmations and log-in links go to the outbox')
  expect(served.stderr).toContain('Set SMTP_URL=smtps://')
  const local = await running(['serve', '--port', '0'], {}, async () => undefined)
  expect(local.stderr).not.toContain('SMTP_URL')
})

/** `serve` until it answers, with a request on a socket of which half is sent. */
async function servingHalf(): Promise<{
  child: ReturnType<typeof spawn>
  url: string
  ended: Promise<number | null>
  stderr(): string
}> {
  const child = spawn(process.execPath, [join(root, 'src/cli/main.ts'), '-C', dir, 'serve', '--port', '0'], {
    env: { PATH: process.env['PATH'], BASE_URL: 'http://localhost:4870' },
  })
  let stderr = ''
  child.stderr.on('data', (text) => (stderr += String(text)))
  const ended = new Promise<number | null>((resolve) => child.once('exit', resolve))
  const url = await new Promise<string>((resolve) =>
    child.stdout.on('data', (text) => {
      const found = /http:\/\/[^\s"]*\d/.exec(String(text))
      if (found !== null) resolve(found[0])
    }),
  )
  const half = net.connect(Number(new URL(url).port), '127.0.0.1')
  half.on('error', () => undefined)
  half.write('POST /subscribe HTTP/1.1\r\nHost: localhost\r\nOrigin: http://localhost:4870\r\n')
  half.write('Content-Type: application/x-www-form-urlencoded\r\nContent-Length: 10\r\n\r\nabc')
  expect((await fetch(`${url}/healthz`)).status).toBe(200)
  return { child, url, ended, stderr: () => stderr }
}

test('on the first signal serve takes nobody new and lets a request finish; its log is lines of JSON', async () => {
  const { child, url, ended, stderr } = await servingHalf()
  expect((await fetch(`${url}/readyz`)).status).toBe(200)
  child.kill('SIGTERM')
  await vi.waitFor(() => expect(stderr()).toContain('"event":"ending"'), 3_000)
  await expect(fetch(`${url}/healthz`)).rejects.toThrow()
  expect(child.exitCode).toBeNull()
  // Cut off in the end, for it never says the rest.
  expect(await ended).toBe(0)
  const events = stderr()
    .trimEnd()
    .split('\n')
    .map((line): { event: string } => JSON.parse(line))
  expect(events.map(({ event }) => event)).toEqual(['serving', 'ending', 'ended'])
}, 20_000)

test('a second signal leaves at once', async () => {
  const { child, ended, stderr } = await servingHalf()
  child.kill('SIGINT')
  await vi.waitFor(() => expect(stderr()).toContain('"event":"ending"'), 3_000)
  await sleep(600)
  const began = performance.now()
  child.kill('SIGINT')
  expect(await ended).toBe(130)
  expect(performance.now() - began).toBeLessThan(1_000)
})

test('serve listens on HOST, and readiness says no when the store takes no changes or a newer version has it', async () => {
  const config = loadConfig({
    dir,
    dataDir: await mkdtemp(join(tmpdir(), 'onrecord-ready-')),
    environment: { BASE_URL: 'http://localhost:4870', HOST: '::1' },
  })
  const server = await startServer(() => new Response('here'), { host: config.host, port: 0 })
  expect(server.url).toMatch(/^http:\/\/\[::1\]:\d+$/)
  expect(await (await fetch(server.url)).text()).toBe('here')
  await server.close()

  const app = await openApp(config)
  const events: string[] = []
  const opened = (): ReturnType<typeof openSite> =>
    openSite(app, { log: (_level, event, fields) => events.push(`${event} ${fields?.['why']}`) })
  const status = async (site: Awaited<ReturnType<typeof openSite>>): Promise<number> =>
    (await site.fetch(new Request('http://localhost/readyz'))).status
  try {
    const site = await opened()
    expect(await status(site)).toBe(200)
    site.drain()
    expect(await status(site)).toBe(503)
    await site.close()

    inFile(app, (database) =>
      database.exec(`
        create trigger stuck before insert on attempt begin select raise(abort, 'the store is stuck'); end;`),
    )
    const stuck = await opened()
    expect(await status(stuck)).toBe(503)
    await stuck.close()

    inFile(app, (database) =>
      database.exec(
        "drop trigger stuck; insert into migration (number, name, applied_at) values (999, 'later', 0)",
      ),
    )
    const older = await opened()
    expect(await status(older)).toBe(503)
    await older.close()
  } finally {
    await app.close()
    await rm(config.dataDir, { recursive: true })
  }
  expect(events.filter((each) => each.startsWith('not ready'))).toEqual([
    'not ready the process was asked to end',
    expect.stringMatching(/^not ready the store takes no changes: /),
    'not ready a newer version has changed the store',
  ])
})

test('beside the studio the site has a port of its own, and shows its images from there', async () => {
  const image = `images/${'ab'.repeat(16)}.png`
  const site = localSite(
    (request) =>
      new Response(`${new URL(request.url).pathname} https://brief.example.org/${image}`, {
        headers: { 'Content-Type': 'text/html', ETag: '"x"' },
      }),
    'https://brief.example.org',
  )
  const page = await site(new Request('http://127.0.0.1/issues/a'))
  expect([await page.text(), page.headers.get('ETag')]).toEqual([`/issues/a /${image}`, '"x"'])

  const dataDir = await mkdtemp(join(tmpdir(), 'onrecord-local-'))
  const config = loadConfig({ dir, dataDir, environment: { BASE_URL: 'http://localhost:4870' } })
  const app = await openApp(config)
  const local = await startLocal(app, { port: 0 })
  try {
    expect(new URL(local.siteUrl).port).not.toBe(new URL(local.url).port)
    const text = async (url: string): Promise<string> => (await fetch(url)).text()
    expect(await text(`${local.url}/`)).toContain('onrecord-token')
    expect(await text(`${local.siteUrl}/`)).not.toContain('onrecord-token')
    expect((await fetch(`${local.url}/subscribe`)).status).toBe(404)
    expect((await fetch(`${local.siteUrl}/subscribe`)).status).toBe(200)
    for (const path of ['/api/shelf', '/frame/2025-w46/member/mail'])
      expect((await fetch(local.siteUrl + path)).status).toBe(404)
  } finally {
    await local.close()
    await app.close()
    await rm(dataDir, { recursive: true })
  }
})
