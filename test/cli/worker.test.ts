import { setTimeout as sleep } from 'node:timers/promises'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { keepWorker } from '../../src/cli/serve-worker.ts'
import { run as work } from '../../src/cli/worker.ts'
import { loadConfig } from '../../src/config.ts'
import { addPeople } from '../delivery/people.ts'
import { issue, startOperation, until, type Operation } from './operation.ts'
import { inFile } from '../store/in-file.ts'

let operation: Operation
/** Whether the server puts everybody off the first time they come. */
let greylist: boolean
beforeEach(async () => {
  greylist = false
  const seen = new Set<string>()
  operation = await startOperation({
    onRecipient(address) {
      if (!greylist || seen.has(address)) return null
      seen.add(address)
      return { code: 450, text: '4.7.1 greylisted, come back later' }
    },
  })
})
afterEach(() => operation.close())

/** What was put off is due now. */
function makeDue(): void {
  inFile(operation.app, (database) =>
    database.exec("update delivery set next_at = 1 where state = 'deferred'"),
  )
}

test('a send that was greylisted ends and says who goes on; a worker delivers the rest', async () => {
  await addPeople(operation.app.subscribers, 12)
  greylist = true
  const send = await operation.run('send', issue, '--yes')
  expect(send.code).toBe(0)
  expect(send.stdout).toMatch(
    /^12 deferred by their servers; a worker tries them again from \d\d:\d\d\n\(“onrecord serve” runs one, or “onrecord worker”\), or run this command again\.$/m,
  )
  expect(await operation.status()).toMatchObject({ state: 'sending', deferred: 12, accepted: 0 })

  makeDue()
  const worker = operation.start('worker')
  await until('everybody has it', async () => (await operation.status()).state === 'done')
  expect(await operation.status()).toMatchObject({ accepted: 12, deferred: 0, unknown: 0 })
  expect([...operation.sink.copies.values()]).toEqual(Array.from({ length: 12 }, () => 1))

  const someone = 'reader7@reader.test'
  const message = await operation.run('status', issue, '--who', someone, '--eml', '-')
  expect(message.code).toBe(0)
  expect(message.stdout).toBe(operation.sink.messages.get(someone))
  expect(message.stderr).toContain('byte for byte as it was sent')
  const told = await operation.run('status', issue, '--who', someone, '--json')
  expect(told.code).toBe(0)
  expect(JSON.parse(told.stdout)).toMatchObject([
    { issue, kind: 'real', round: 1, state: 'accepted', address: someone, attempts: 2, tier: 'member' },
  ])
  expect(JSON.parse(told.stdout)).toMatchObject([
    { template: expect.stringMatching(/^weekly [0-9a-f]{64}$/) },
  ])
  worker.child.kill('SIGTERM')
  expect(await worker.ended).toBe(0)
  expect(worker.stderr).toMatch(
    /"event":"worker","says":"2025-w46: goes on through smtp:\/\/127\.0\.0\.1:\d+, 12 waiting"}$/m,
  )
  expect(worker.stderr).toMatch(/"says":"2025-w46: done, 12 more accepted; /)
  expect(worker.stderr).not.toContain('@')
  expect(worker.stdout).toBe('')
})

test('a worker that is killed loses nobody; of two, one sends; a paused round is left alone', async () => {
  const people = 300
  await addPeople(operation.app.subscribers, people)
  greylist = true
  expect((await operation.run('send', issue, '--yes')).code).toBe(0)
  makeDue()
  await operation.app.deliveries.setState((await operation.status()).id, 'paused', 'paused by the operator')
  const first = operation.start('worker')
  await until('the first looks', () => first.stderr.includes('looks for what is due'))
  await sleep(300)
  expect(operation.sink.recipients).toHaveLength(0)

  await operation.app.deliveries.setState((await operation.status()).id, 'sending', null)
  await until('it sends', () => operation.sink.recipients.length > 20)
  first.child.kill('SIGKILL')
  await first.ended
  const [second, third] = [operation.start('worker'), operation.start('worker')]
  await until('everybody is settled', async () => (await operation.status()).state === 'done')
  const { accepted, unknown } = await operation.status()
  expect(accepted + unknown).toBe(people)
  expect(unknown).toBeLessThanOrEqual(2)
  expect([...operation.sink.copies.values()].filter((count) => count > 1)).toEqual([])
  expect([second, third].filter(({ stderr }) => stderr.includes('goes on through'))).toHaveLength(1)
  for (const { child } of [second, third]) child.kill('SIGINT')
  expect(await Promise.all([second.ended, third.ended])).toEqual([0, 0])
})

test('serve runs a worker, starts it again when it dies, and takes it along when it ends', async () => {
  await addPeople(operation.app.subscribers, 3)
  const serve = operation.start('serve', '--port', '0')
  const workers = (): string[] =>
    [...serve.stderr.matchAll(/looks for what is due; process (\d+)/g)].map(([, pid = '']) => pid)
  await until('the worker', () => workers().length === 1)
  process.kill(Number(workers()[0]), 'SIGKILL')
  await until('another worker', () => workers().length === 2)
  const url = /http:\/\/\S*\d/.exec(serve.stdout)?.[0] ?? ''
  expect(await (await fetch(`${url}/healthz`)).text()).toBe('ok\n')
  expect(serve.stderr).toContain('"says":"ended","how":"SIGKILL","againInSeconds":1}')
  greylist = true
  expect((await operation.run('send', issue, '--yes')).code).toBe(0)
  makeDue()
  await until('it delivers', async () => (await operation.status()).state === 'done')
  // Even when nobody could tell it to.
  serve.child.kill('SIGKILL')
  await until('the worker ends too', () => !isAlive(Number(workers()[1])))
})

test('serve --no-worker is the site alone, and a worker without a server says what is missing', async () => {
  const serve = operation.start('serve', '--port', '0', '--no-worker')
  await until('the site', () => /http:\/\/\S*\d/.test(serve.stdout))
  await sleep(300)
  serve.child.kill('SIGINT')
  expect([await serve.ended, serve.stderr]).toEqual([0, expect.not.stringContaining('worker')])
  const config = loadConfig({ dir: operation.dir, environment: {} })
  expect(config.smtp).toBeNull()
  const context = { config: () => config } as Parameters<typeof work>[0]
  await expect(work(context, { rehearse: false, untilDone: false, check: false })).rejects.toMatchObject({
    code: 'config',
    message: expect.stringMatching(/SMTP_URL is not set/),
  })
})

test('a worker that cannot run as things are set is not started over and over', async () => {
  const notes: string[] = []
  const kept = keepWorker({
    command: ['-e', 'process.exit(2)'],
    log: (_level, event, fields) => notes.push(`${event}: ${fields?.['says']}`),
    restartAfter: () => 1,
  })
  await until('it gives up', () => notes.length > 0)
  await kept.close()
  expect(notes).toEqual(['worker: it cannot run as things are set, and is not started again'])
})

function isAlive(pid: number): boolean {
  try {
    return process.kill(pid, 0)
  } catch {
    return false
  }
}
