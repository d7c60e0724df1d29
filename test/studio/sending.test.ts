import { readdir, readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { afterEach, expect, test } from 'vitest'
import type { Change } from '../../src/studio/contract/events.ts'
import type {
  IssueSending,
  IssueSendingPlan,
  IssueSendingResult,
  SendRequest,
  SteerRequest,
} from '../../src/studio/contract/sending.ts'
import { domainsCsv } from '../../src/studio/domains-csv.ts'
import { until } from '../cli/operation.ts'
import { addPeople } from '../delivery/people.ts'
import { startSink, type Sink, type SinkOptions } from '../delivery/sink.ts'
import { openBed, type BedOptions, type StudioBed } from './bed.ts'

const issue = '2025-w46'
const at = `/api/issues/${issue}`

let bed: StudioBed
let sink: Sink | null = null
afterEach(async () => {
  await bed.close()
  await sink?.close()
  sink = null
})

async function open(count: number, options: BedOptions = {}): Promise<void> {
  bed = await openBed(options)
  await addPeople(bed.app.subscribers, count, 'reader', ['reader.test', 'post.test'])
}

async function openReal(count: number, how: SinkOptions = {}): Promise<Sink> {
  sink = await startSink(how)
  const environment = {
    SMTP_URL: `smtp://127.0.0.1:${sink.port}`,
    SMTP_CONNECTIONS: '2',
    SECRET_KEY: 'k'.repeat(32),
  }
  await open(count, { environment })
  return sink
}

async function get<Answer>(path: string): Promise<Answer> {
  return (await (await bed.ask(path)).json()) as Answer
}

const plan = (): Promise<IssueSendingPlan> => get(`${at}/sending/plan`)
const standing = (): Promise<IssueSending> => get(`${at}/sending`)
/** As a page that was made by this studio. */
const send = (request: Omit<SendRequest, 'through'> & Partial<SendRequest>): Promise<Response> => {
  const through = bed.app.config.smtp === null ? 'outbox' : 'smtp'
  return bed.send('POST', `${at}/send`, { through, ...request })
}
const steer = (action: SteerRequest['action']): Promise<Response> =>
  bed.send('POST', `${at}/sending`, { action } satisfies SteerRequest)

const stateIs = (state: string) => async (): Promise<boolean> => (await standing()).status?.state === state

test('a rehearsal goes to the outbox alone: planned, started by its number, told as it goes, and shown by domain', async () => {
  await open(30)
  expect(await plan()).toMatchObject({
    ...{ mode: 'first', audience: { subscriber: 20, member: 10, total: 30 }, blocks: [] },
    ...{ server: { kind: 'outbox' }, leftOut: { pending: 0, had: 0, reserved: 0 } },
    from: 'The Ledger Brief <desk@brief.example.org>',
  })
  expect(await standing()).toMatchObject({ status: null, rounds: [], lang: 'en', timeZone: 'Europe/Malta' })

  const wrong = await send({ typed: 31, to: 'everybody', at: null })
  expect(wrong.status).toBe(409)
  expect(await wrong.json()).toMatchObject({
    error: { code: 'conflict', message: 'It would go to 30 now, not to 31.' },
  })
  const through = await send({ typed: 30, to: 'everybody', through: 'smtp', at: null })
  expect(await through.json()).toMatchObject({
    error: { message: 'It would go through the outbox now: nothing was sent.' },
  })
  expect(await bed.app.deliveries.rounds(issue)).toEqual([])

  const changes = await followChanges()
  expect((await send({ typed: 30, to: 'everybody', at: null })).status).toBe(200)
  await until('it is done', stateIs('done'))
  await until('that is told', () =>
    changes.seen.some((each) => each.what === 'progress' && each.status?.state === 'done'),
  )
  await until('its state is told to all', () =>
    changes.seen.some((each) => each.what === 'sending' && each.id === issue),
  )
  changes.end()
  const kept = await readdir(join(bed.dir, 'data', 'outbox'))
  expect(kept.filter((name) => name.endsWith('.eml'))).toHaveLength(30)
  expect(await get<IssueSendingResult>(`${at}/sending/result`)).toMatchObject({
    status: { kind: 'rehearsal', counts: { accepted: 30 } },
    domains: [
      { domain: 'post.test', accepted: 15 },
      { domain: 'reader.test', accepted: 15 },
    ],
  })
  const csv = await bed.ask(`${at}/sending/domains.csv`)
  expect(csv.headers.get('Content-Disposition')).toContain(`attachment; filename="${issue}-domains.csv";`)
  expect(await csv.text()).toBe(
    'domain,total,waiting,deferred,accepted,refused,unknown\r\npost.test,15,0,0,15,0,0\r\nreader.test,15,0,0,15,0,0\r\n',
  )
  expect((await standing()).rounds).toMatchObject([
    { kind: 'rehearsal', state: 'done', to: 'everybody', total: 30 },
  ])
})

test('through a server it is paused, gone on with and cancelled in mid-send; nobody gets it twice', async () => {
  const server = await openReal(120, {
    async onMessage() {
      await sleep(30)
      return null
    },
  })
  expect((await steer('pause')).status).toBe(409)
  expect((await send({ typed: 120, to: 'everybody', at: null })).status).toBe(200)
  await until('it is under way', () => server.recipients.length > 5)
  expect((await standing()).status).toMatchObject({ state: 'sending', total: 120, to: 'everybody' })
  const paused = (await (await steer('pause')).json()) as IssueSending
  expect(paused.status).toMatchObject({ state: 'paused', reason: null })
  const twice = await send({ typed: 120, to: 'everybody', at: null })
  expect(twice.status).toBe(409)
  await steer('resume')
  const before = server.recipients.length
  await until('it goes on', () => server.recipients.length > before + 5)
  const cancelled = (await (await steer('cancel')).json()) as IssueSending
  expect(cancelled.status?.state).toBe('cancelled')
  await until('nothing is on the wire', async () => (await standing()).status?.counts.onWire === 0)
  const { counts } = (await standing()).status ?? {}
  expect((counts?.accepted ?? 0) + (counts?.cancelled ?? 0)).toBe(120)
  expect(await plan()).toMatchObject({
    mode: 'corrected',
    audience: { total: counts?.cancelled },
    leftOut: { had: counts?.accepted },
  })
  expect([...server.copies.values()].filter((count) => count > 1)).toEqual([])
})

test('what is scheduled starts by itself, is moved and taken back; what the clocks leave out is refused', async () => {
  const server = await openReal(4)
  const none = await bed.ask('/api/sending/time?at=2027-03-28T02:30')
  expect(none.status).toBe(400)
  expect(await none.json()).toMatchObject({ error: { message: expect.stringMatching(/^There is no 02:30/) } })
  const twice = await bed.ask('/api/sending/time?at=2027-10-31T02:30')
  expect(await twice.json()).toMatchObject({
    error: { hint: 'give the first as 2027-10-31T02:30+02:00, the second as 2027-10-31T02:30+01:00' },
  })
  expect(await get('/api/sending/time?at=tomorrow%2007:30')).toMatchObject({
    at: { inFull: expect.stringMatching(/, 07:30 \(Europe\/Malta, UTC\+\d\)$/) },
    inWords: expect.stringMatching(/^in /),
  })
  await send({ typed: 4, to: 'everybody', at: 'tomorrow 07:30' })
  expect((await standing()).status).toMatchObject({
    state: 'scheduled',
    scheduled: { to: 'everybody', held: null },
  })
  await send({ typed: 1, to: 'member', at: 'tomorrow 08:30' }).then((answer) =>
    expect(answer.status).toBe(409),
  )
  await send({ typed: 2, to: 'member', at: 'tomorrow 08:30' })
  expect((await standing()).status?.scheduled).toMatchObject({
    ...{ to: 'member', at: { words: expect.stringContaining('08:30') } },
  })
  const file = join(bed.dir, 'briefs', issue, 'issue.md')
  await writeFile(file, (await readFile(file, 'utf8')).replace(/^subject: .*$/m, 'subject: Another subject'))
  expect((await plan()).scheduled?.change).toMatch(/the files have changed since/)
  expect((await (await steer('cancel')).json()) as IssueSending).toMatchObject({ status: null })
  await send({ typed: 4, to: 'everybody', at: new Date(Date.now() + 2_000).toISOString() })
  await until('it started by itself', stateIs('done'))
  expect(server.recipients).toHaveLength(4)
})

test('the time that its newsletter’s cadence gives is offered, as long as it is to come', async () => {
  const day = new Date(Date.now() + 30 * 24 * 3_600_000).toISOString().slice(0, 10)
  await open(2, { prepare: (dir) => withDay(dir, day) })
  expect((await plan()).due).toBeNull()
  // The settings of this moment, not of the studio's start; a cadence is nothing that an approver saw.
  await withCadence(bed.dir)
  const { due, blocks } = await plan()
  expect([due?.at.words, blocks]).toEqual([expect.stringMatching(/, 07:30$/), []])
  await send({ typed: 2, to: 'everybody', at: due?.at.at ?? '' })
  expect((await standing()).status?.scheduled?.at).toEqual(due?.at)
  await withDay(bed.dir, '2025-11-14')
  expect((await plan()).due).toBeNull()
})

/** Its newsletter goes out each morning. */
async function withCadence(dir: string): Promise<void> {
  const cadence = 'name: Weekly\n    cadence: {every: day, at: "07:30"}'
  await change(join(dir, 'onrecord.yaml'), /name: Weekly$/m, cadence)
}

const withDay = (dir: string, day: string): Promise<void> =>
  change(join(dir, 'briefs', issue, 'issue.md'), /^date: .*$/m, `date: ${day}`)

async function change(file: string, from: RegExp, to: string): Promise<void> {
  await writeFile(file, (await readFile(file, 'utf8')).replace(from, to))
}

test('a draft is not sent, and each thing that keeps it back leads to its place', async () => {
  await open(2, {
    async prepare(dir) {
      const file = join(dir, 'briefs', issue, 'issue.md')
      const text = await readFile(file, 'utf8')
      await writeFile(
        file,
        `${text.replace(/^status: .*$/m, 'status: draft')}\n\nIt was so [@no-such-source].\n`,
      )
    },
  })
  const { blocks, subject } = await plan()
  expect(subject).toBeNull()
  expect(blocks).toContainEqual({
    text: expect.stringContaining('no-such-source'),
    screen: 'check',
    place: { file: `briefs/${issue}/issue.md`, line: expect.any(Number), column: expect.any(Number) },
  })
  expect(blocks).toContainEqual({
    text: expect.stringContaining('only an approved issue goes out'),
    ...{ screen: 'approve', place: null },
  })
  expect((await send({ typed: 2, to: 'everybody', at: null })).status).toBe(409)
  expect((await bed.send('POST', `${at}/test`, { to: 'me@reader.test', tier: 'member' })).status).toBe(409)
})

test('a test goes to any address, and its answer has the server’s reply', async () => {
  const server = await openReal(1, {
    onRecipient: (address) =>
      address.endsWith('@full.test') ? { code: 552, text: '5.2.2 the mailbox is full' } : null,
  })
  const tested = await bed.send('POST', `${at}/test`, { to: 'me@else.test', tier: 'member' })
  expect(await tested.json()).toMatchObject({ accepted: true, reply: expect.stringMatching(/^250/) })
  expect(server.messages.get('me@else.test')).toMatch(/^Subject: \[Test\]\s+Talks end/m)
  const refused = await bed.send('POST', `${at}/test`, { to: 'me@full.test', tier: 'member' })
  expect(await refused.json()).toMatchObject({ accepted: false, reply: expect.stringMatching(/^552/) })
  const wrong = await bed.send('POST', `${at}/test`, { to: 'me at home', tier: 'member' })
  expect(wrong.status).toBe(400)
  expect((await bed.ask('/api/issues/2025-w99/sending/plan')).status).toBe(404)
  expect((await bed.ask(`${at}/sending/result`)).status).toBe(404)
})

test('those whose end is not known are listed, and mailed once more on somebody’s word alone', async () => {
  const server = await openReal(1)
  const { deliveries, schedule } = bed.app
  await send({ typed: 1, to: 'everybody', at: 'tomorrow 07:30' })
  const round = (await schedule.begin((await schedule.get(issue, 'real'))?.id ?? 0))?.id ?? 0
  while ((await deliveries.freezeChunk(round, 10)).more);
  await deliveries.seal(round)
  const [claimed] = await deliveries.claim(round, 1)
  const begin = { id: claimed?.id ?? 0, messageId: '<one@brief.example.org>', at: Date.now() }
  await deliveries.advance(round, [{ settle: null, begin }])
  await deliveries.recover(round)
  await deliveries.setState(round, 'done', null)
  const { unknowns } = await get<IssueSendingResult>(`${at}/sending/result`)
  expect(unknowns).toMatchObject([{ address: 'reader1@reader.test', messageId: '<one@brief.example.org>' }])
  expect(await (await bed.send('POST', `${at}/sending/unknown`, { how: 'hold' })).json()).toEqual({
    ...{ resent: 0, held: 1 },
  })
  const resolved = await bed.send('POST', `${at}/sending/unknown`, { how: 'resend' })
  expect(await resolved.json()).toEqual({ resent: 1, held: 0 })
  await until('it has it', async () => (await standing()).status?.counts.accepted === 1)
  expect([...server.copies.values()]).toEqual([1])
})

test('a plan is built beside the event loop: answers do not wait for it', async () => {
  await open(1, { threads: true })
  await plan()
  const before = performance.eventLoopUtilization()
  for (let count = 0; count < 3; count++) await plan()
  // Built here, it is nearly all of the time.
  expect(performance.eventLoopUtilization(before).utilization).toBeLessThan(0.5)
})

test('a domain that a spreadsheet would calculate is written as text', () => {
  const row = { total: 1, waiting: 0, deferred: 0, accepted: 1, refused: 0, unknown: 0 }
  const csv = domainsCsv([
    { domain: '=1+1', ...row },
    { domain: 'a"b,c', ...row },
    { domain: null, ...row },
  ])
  expect(
    csv
      .split('\r\n')
      .slice(1, 4)
      .map((line) => line.slice(0, -12)),
  ).toEqual(["'=1+1", '"a""b,c"', 'erased'])
})

/** What an open page is told, until `end`. */
async function followChanges(): Promise<{ readonly seen: readonly Change[]; end(): void }> {
  const ended = new AbortController()
  const seen: Change[] = []
  const answer = await bed.ask('/api/events', { signal: ended.signal })
  const read = async (): Promise<void> => {
    let text = ''
    for await (const part of answer.body?.pipeThrough(new TextDecoderStream()) ?? []) {
      text += part
      const events = text.split('\n\n')
      text = events.pop() ?? ''
      for (const event of events) {
        const data = /^data: (.+)$/m.exec(event)?.[1]
        if (event.includes('event: change') && data !== undefined) seen.push(JSON.parse(data) as Change)
      }
    }
  }
  read().catch(() => undefined)
  await standing()
  return { seen, end: () => ended.abort() }
}
