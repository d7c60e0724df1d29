import { setTimeout as sleep } from 'node:timers/promises'
import { afterAll, beforeAll, expect, onTestFinished, test } from 'vitest'
import { startPostgres, type PostgresBed } from '../contract/postgres-bed.ts'
import { addPeople } from '../delivery/people.ts'
import { issue, startOperation, until, type Operation } from './operation.ts'

/* `onrecord preview` over PostgreSQL, as a browser asks it: what each surface says is tried on SQLite. */

let bed: PostgresBed
beforeAll(async () => {
  bed = await startPostgres()
})
afterAll(() => bed.stop())

/** What its page asks of the studio; fails where the answer is none. */
type Ask = <T = Readonly<Record<string, unknown>>>(path: string, body?: unknown) => Promise<T>

async function openStudio(operation: Operation): Promise<{ readonly ask: Ask; close(): Promise<void> }> {
  const running = operation.start('preview', '--port', '0', '--json')
  await until(`it listens ${running.stderr}`, () => running.stdout.includes('\n'))
  const { url } = JSON.parse(running.stdout) as { readonly url: string }
  const token = /name="onrecord-token" content="([^"]+)"/.exec(await (await fetch(url)).text())?.[1] ?? ''
  return {
    async ask<T>(path: string, body?: unknown) {
      const answer = await fetch(`${url}/api/${path}`, {
        method: body === undefined ? 'GET' : 'POST',
        headers: { Origin: url, 'X-Onrecord-Token': token },
        ...(body === undefined ? {} : { body: typeof body === 'string' ? body : JSON.stringify(body) }),
      })
      const text = await answer.text()
      expect(`${answer.status} of ${path} ${answer.ok ? '' : text}`).toBe(`200 of ${path} `)
      return JSON.parse(text) as T
    },
    async close() {
      running.child.kill('SIGINT')
      expect([await running.ended, running.stderr]).toEqual([0, expect.not.stringContaining('error')])
    },
  }
}

interface Standing {
  readonly status: {
    readonly state: string
    readonly counts: { readonly accepted: number; readonly cancelled: number }
  } | null
}

test('the studio approves, sends, pauses, goes on, cancels and shows what became of it and of people', async () => {
  let slow = 10
  const operation = await startOperation(
    { onMessage: () => sleep(slow).then(() => null) },
    { DATABASE_URL: await bed.emptyUrl(), SMTP_CONNECTIONS: '1' },
  )
  onTestFinished(() => operation.close())
  const { sink, app } = operation
  await addPeople(app.subscribers, 120)
  const { ask, close } = await openStudio(operation)
  const of = `issues/${issue}`
  const state = async () => (await ask<Standing>(`${of}/sending`)).status?.state
  const stateIs = (wanted: string) => until(`it is ${wanted}`, async () => (await state()) === wanted)

  await ask(`${of}/approval`, { step: 'approved', by: 'Ada', note: null })
  expect(await ask(`${of}/approval`)).toMatchObject({ standing: { state: 'approved' } })

  const next = { typed: 120, through: 'smtp', to: 'everybody' }
  const scheduled = await ask(`${of}/send`, { ...next, at: 'tomorrow 07:30' })
  expect(scheduled).toMatchObject({ status: { state: 'scheduled' } })
  expect(await ask(`${of}/sending`, { action: 'cancel' })).toMatchObject({ status: null })

  await ask(`${of}/send`, { ...next, at: null })
  await until('it is under way', () => sink.recipients.length > 5)
  expect(await ask(`${of}/sending`, { action: 'pause' })).toMatchObject({ status: { state: 'paused' } })
  await until('the worker ends', async () => (await app.hasWorker('real')) === false)
  const paused = sink.recipients.length
  expect(paused).toBeLessThan(120)
  await ask(`${of}/sending`, { action: 'resume' })
  await until('it goes on', () => sink.recipients.length > paused)
  expect(await ask(`${of}/sending`, { action: 'cancel' })).toMatchObject({ status: { state: 'cancelled' } })
  await until('the worker ends', async () => (await app.hasWorker('real')) === false)
  const { status } = await ask<Standing>(`${of}/sending`)
  expect(status?.counts).toMatchObject({
    accepted: sink.recipients.length,
    cancelled: 120 - sink.recipients.length,
  })

  slow = 0
  const plan = await ask<{ readonly audience: { readonly total: number } }>(`${of}/sending/plan`)
  expect(plan).toMatchObject({ mode: 'corrected', blocks: [] })
  await ask(`${of}/send`, { typed: plan.audience.total, through: 'smtp', to: 'everybody', at: null })
  await stateIs('done')
  expect([sink.recipients.length, new Set(sink.recipients).size]).toEqual([120, 120])
  expect(await ask(`${of}/sending/result`)).toMatchObject({
    domains: [{ domain: 'reader.test', accepted: plan.audience.total }],
    unknowns: [],
  })

  expect(await ask('people/counts')).toMatchObject({ states: { confirmed: 120 } })
  const found = await ask<{ readonly people: readonly { readonly id: string }[] }>('people/search', {
    ...{ text: 'reader7@', newsletter: 'weekly', tier: null, state: 'confirmed', after: null },
  })
  expect(found.people).toHaveLength(1)
  const person = `people/${found.people[0]?.id}`
  expect(await ask(person, { change: 'pause', weeks: 2 })).toMatchObject({ state: 'paused' })
  const had = await ask<{ readonly deliveries: readonly { readonly id: number; readonly state: string }[] }>(
    `${person}/deliveries`,
  )
  const accepted = had.deliveries.find((each) => each.state === 'accepted')
  expect(await ask(`people/deliveries/${accepted?.id}`)).toMatchObject({ exact: true })
  expect(await ask(`${person}/data`)).toMatchObject({ person: { address: 'reader7@reader.test' } })
  await ask(`${person}/erase`, { typed: 'reader7@reader.test' })
  const { upload } = await ask<{ readonly upload: { readonly id: string } }>(
    'people/import',
    'email\nreader7@reader.test\nnew@reader.test\n',
  )
  const choices = { map: {}, from: 'auto', encoding: 'utf-8', newsletter: 'weekly', tier: null }
  await ask(`people/import/${upload.id}/run`, { ...choices, dryRun: false })
  await until('they are imported', async () => {
    const { run } = await ask<{ readonly run: { readonly state: string } | null }>('people/import')
    return run?.state === 'done'
  })
  // Who was erased is not brought back.
  expect(await ask('people/counts')).toMatchObject({ states: { confirmed: 120, erased: 1 } })

  const { versions } = await ask<{ readonly versions: readonly { readonly id: string }[] }>(`${of}/versions`)
  expect(versions.map(({ id }) => id)).toEqual(expect.arrayContaining(['now', 'approved', 'published']))
  await ask(`${of}/compare?from=published&to=now&tier=member`)
  expect(await ask('shelf')).toMatchObject({
    issues: expect.arrayContaining([expect.objectContaining({ id: issue, state: 'sent' })]),
  })
  await close()
})

test('without a server the studio rehearses into its mailbox, and who is erased is not found there', async () => {
  const operation = await startOperation({}, { DATABASE_URL: await bed.emptyUrl(), SMTP_URL: '' })
  onTestFinished(() => operation.close())
  await addPeople(operation.app.subscribers, 3)
  const { ask, close } = await openStudio(operation)
  await ask(`issues/${issue}/send`, { typed: 3, through: 'outbox', to: 'everybody', at: null })
  await until('it is done', async () => {
    const { status } = await ask<Standing>(`issues/${issue}/sending`)
    return status?.state === 'done'
  })
  const mailbox = () => ask('outbox/search', { text: 'reader', inText: false, after: null })
  expect(await mailbox()).toMatchObject({ total: 3 })
  const person = await operation.app.subscribers.search(
    { text: 'reader2@', newsletter: null, tier: null, state: null },
    { after: null, limit: 1, signal: new AbortController().signal },
  )
  await ask(`people/${person.people[0]?.publicId}/erase`, { typed: 'reader2@reader.test' })
  expect(await mailbox()).toMatchObject({ total: 2 })
  await close()
})
