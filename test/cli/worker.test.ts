import { spawn, type ChildProcess } from 'node:child_process'
import { mkdtempSync, rmSync } from 'node:fs'
import { cp } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { openApp, type App } from '../../src/app.ts'
import { keepWorker } from '../../src/cli/serve-worker.ts'
import { loadConfig } from '../../src/config.ts'
import { readStatus } from '../../src/delivery/status.ts'
import { addPeople } from '../delivery/people.ts'
import { startSink, type Sink } from '../delivery/sink.ts'

const root = join(import.meta.dirname, '..', '..')
const entry = join(root, 'src/cli/main.ts')
const issue = '2025-w46'

interface Running {
  readonly child: ChildProcess
  stdout: string
  stderr: string
  readonly ended: Promise<number | string | null>
}

let dir: string
let sink: Sink
let app: App
/** Whom the sink puts off: everybody the first time they come. */
let greylist: boolean
const children: Running[] = []
beforeEach(async () => {
  greylist = false
  dir = mkdtempSync(join(tmpdir(), 'onrecord-worker-'))
  for (const name of ['briefs', 'templates', 'onrecord.yaml'])
    await cp(join(root, name), join(dir, name), { recursive: true })
  const seen = new Set<string>()
  sink = await startSink({
    onRecipient(address) {
      if (!greylist || seen.has(address)) return null
      seen.add(address)
      return { code: 450, text: '4.7.1 greylisted, come back later' }
    },
  })
  app = await openApp(loadConfig({ dir, environment: environment() }))
})
afterEach(async () => {
  for (const { child } of children.splice(0)) child.kill('SIGKILL')
  await app.close()
  await sink.close()
  rmSync(dir, { recursive: true, force: true })
})

function environment(): Record<string, string> {
  return { SMTP_URL: `smtp://127.0.0.1:${sink.port}`, SMTP_CONNECTIONS: '2' }
}

function start(...args: string[]): Running {
  const child = spawn(process.execPath, [entry, '-C', dir, ...args], {
    // Not the runner's own: Vitest sets a BASE_URL.
    env: { PATH: process.env['PATH'], ...environment() },
  })
  const running: Running = {
    child,
    stdout: '',
    stderr: '',
    ended: new Promise((resolve) => child.once('exit', (code, signal) => resolve(code ?? signal))),
  }
  child.stdout.on('data', (text) => (running.stdout += String(text)))
  child.stderr.on('data', (text) => (running.stderr += String(text)))
  children.push(running)
  return running
}

async function statusNow() {
  const round = await app.deliveries.round(issue, 'real')
  if (round === null) throw new Error('there is no round')
  return { id: round.id, ...(await readStatus(app.deliveries, round)) }
}

async function until(what: string, holds: () => boolean | Promise<boolean>): Promise<void> {
  for (const end = Date.now() + 20_000; Date.now() < end; await sleep(20)) if (await holds()) return
  throw new Error(`in vain: ${what}`)
}

/** What was put off is due now. */
function makeDue(): void {
  app.database.prepare("update delivery set next_at = 1 where state = 'deferred'").run()
}

test('a send that was greylisted ends and says who goes on; a worker delivers the rest', async () => {
  await addPeople(app.subscribers, 12)
  greylist = true
  const send = start('send', issue, '--yes')
  expect(await send.ended).toBe(0)
  expect(send.stdout).toMatch(
    /^12 deferred by their servers; a worker tries them again from \d\d:\d\d\n\(“onrecord serve” runs one, or “onrecord worker”\), or run this command again\.$/m,
  )
  expect(await statusNow()).toMatchObject({ state: 'sending', deferred: 12, accepted: 0 })

  makeDue()
  const worker = start('worker')
  await until('everybody has it', async () => (await statusNow()).state === 'done')
  expect(await statusNow()).toMatchObject({ accepted: 12, deferred: 0, unknown: 0 })
  expect([...sink.copies.values()]).toEqual(Array.from({ length: 12 }, () => 1))
  worker.child.kill('SIGTERM')
  expect(await worker.ended).toBe(0)
  expect(worker.stderr).toMatch(
    /^\S+Z worker: 2025-w46: goes on through smtp:\/\/127\.0\.0\.1:\d+, 12 waiting$/m,
  )
  expect(worker.stderr).toMatch(/^\S+Z worker: 2025-w46: done, 12 more accepted; /m)
  expect(worker.stderr).not.toContain('@')
  expect(worker.stdout).toBe('')
})

test('a worker that is killed loses nobody; of two, one sends; a paused round is left alone', async () => {
  const people = 300
  await addPeople(app.subscribers, people)
  greylist = true
  expect(await start('send', issue, '--yes').ended).toBe(0)
  makeDue()
  await app.deliveries.setState((await statusNow()).id, 'paused', 'paused by the operator')
  const first = start('worker')
  await until('the first looks', () => first.stderr.includes('looks for what is due'))
  await sleep(300)
  expect(sink.recipients).toHaveLength(0)

  await app.deliveries.setState((await statusNow()).id, 'sending', null)
  await until('it sends', () => sink.recipients.length > 20)
  first.child.kill('SIGKILL')
  await first.ended
  const [second, third] = [start('worker'), start('worker')]
  await until('everybody is settled', async () => (await statusNow()).state === 'done')
  const { accepted, unknown } = await statusNow()
  expect(accepted + unknown).toBe(people)
  expect(unknown).toBeLessThanOrEqual(2)
  expect([...sink.copies.values()].filter((count) => count > 1)).toEqual([])
  expect([second, third].filter(({ stderr }) => stderr.includes('goes on through'))).toHaveLength(1)
  for (const { child } of [second, third]) child.kill('SIGINT')
  expect(await Promise.all([second.ended, third.ended])).toEqual([0, 0])
})

test('serve runs a worker, starts it again when it dies, and takes it along when it ends', async () => {
  await addPeople(app.subscribers, 3)
  const serve = start('serve', '--port', '0')
  const workers = (): string[] =>
    [...serve.stderr.matchAll(/looks for what is due; process (\d+)/g)].map(([, pid = '']) => pid)
  await until('the worker', () => workers().length === 1)
  process.kill(Number(workers()[0]), 'SIGKILL')
  await until('another worker', () => workers().length === 2)
  const url = /http:\/\/\S*\d/.exec(serve.stdout)?.[0] ?? ''
  expect(await (await fetch(`${url}/healthz`)).text()).toBe('ok\n')
  expect(serve.stderr).toContain('The worker ended (SIGKILL); it is started again in 1 s.')
  greylist = true
  expect(await start('send', issue, '--yes').ended).toBe(0)
  makeDue()
  await until('it delivers', async () => (await statusNow()).state === 'done')
  // Even when nobody could tell it to.
  serve.child.kill('SIGKILL')
  await until('the worker ends too', () => !isAlive(Number(workers()[1])))
})

test('serve --no-worker is the site alone, and a worker without a server says what is missing', async () => {
  const serve = start('serve', '--port', '0', '--no-worker')
  await until('the site', () => /http:\/\/\S*\d/.test(serve.stdout))
  await sleep(300)
  serve.child.kill('SIGINT')
  expect([await serve.ended, serve.stderr]).toEqual([0, expect.not.stringContaining('worker')])
  const config = loadConfig({ dir, environment: {} })
  expect(config.smtp).toBeNull()
  const { run } = await import('../../src/cli/worker.ts')
  const context = { config: () => config } as Parameters<typeof run>[0]
  await expect(run(context)).rejects.toMatchObject({
    code: 'config',
    message: expect.stringMatching(/SMTP_URL is not set/),
  })
})

test('a worker that cannot run as things are set is not started over and over', async () => {
  const notes: string[] = []
  const kept = keepWorker({
    command: ['-e', 'process.exit(2)'],
    note: (line) => notes.push(line),
    restartAfter: () => 1,
  })
  await until('it gives up', () => notes.length > 0)
  await kept.close()
  expect(notes).toEqual(['The worker cannot run as things are set; the site goes on without one.'])
})

function isAlive(pid: number): boolean {
  try {
    return process.kill(pid, 0)
  } catch {
    return false
  }
}
