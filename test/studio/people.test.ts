import { readFile, readdir } from 'node:fs/promises'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { z } from 'zod'
import { OnrecordError } from '../../src/core/errors.ts'
import { createImports } from '../../src/studio/imports.ts'
import { openBed, type StudioBed } from './bed.ts'
import { addPerson, sendSample } from './sent.ts'

let bed: StudioBed
beforeAll(async () => {
  bed = await openBed()
  await addPerson(bed, 'ada@mail.example', { name: 'Ada <b>Lovelace</b>', tier: 'member' })
  await addPerson(bed, 'bo@mail.example', { name: 'Bo' })
  await sendSample(bed)
}, 60_000)
afterAll(() => bed.close())

const failed = z.object({ error: z.object({ message: z.string() }) })
const line = z.object({ id: z.string(), address: z.string().nullable(), state: z.string() })
const page = z.object({ people: z.array(line), next: z.number().nullable() })
const everybody = { text: '', newsletter: null, tier: null, state: null, after: null }

async function search(query: object): Promise<z.infer<typeof page>> {
  const answer = await bed.send('POST', '/api/people/search', { ...everybody, ...query })
  expect(answer.status).toBe(200)
  return page.parse(await answer.json())
}

const idOf = async (text: string): Promise<string> => (await search({ text })).people[0]?.id ?? ''

async function ofJson(answer: Response | Promise<Response>): Promise<unknown> {
  return (await answer).json()
}

/** The state of the import once it has ended. */
async function ended(): Promise<unknown> {
  const shape = z.object({ run: z.object({ state: z.string() }).loose() })
  for (;;) {
    const { run } = shape.parse(await ofJson(bed.ask('/api/people/import')))
    if (run.state !== 'running') return run
    await new Promise((resolve) => setTimeout(resolve, 10))
  }
}

test('people are found by words, tier and state, and an answer is never stored', async () => {
  const answer = await bed.send('POST', '/api/people/search', everybody)
  expect(answer.headers.get('Cache-Control')).toBe('no-store')
  expect((await search({ text: 'LOVE mail' })).people.map((each) => each.address)).toEqual([
    'ada@mail.example',
  ])
  expect((await search({ tier: 'member' })).people).toHaveLength(1)
  expect((await search({ state: 'left' })).people).toEqual([])
  const counts = await ofJson(bed.ask('/api/people/counts'))
  expect(counts).toMatchObject({ total: 2, states: { confirmed: 2 }, tiers: { member: 1, subscriber: 1 } })
})

test('what somebody received is shown as exactly what was sent, its HTML in the frame alone', async () => {
  const id = await idOf('ada')
  const deliveries = z
    .object({ deliveries: z.array(z.object({ id: z.number(), sentence: z.string() })) })
    .parse(await ofJson(bed.ask(`/api/people/${id}/deliveries`))).deliveries
  expect(deliveries.map(({ sentence }) => sentence)).toEqual([
    'A rehearsal: it went to the outbox, to nobody.',
  ])
  const text = await (await bed.ask(`/api/people/deliveries/${deliveries[0]?.id ?? 0}`)).text()
  const { exact, differs, message } = z
    .object({
      exact: z.boolean(),
      differs: z.array(z.string()),
      message: z.object({ to: z.string(), frame: z.string(), source: z.string() }),
    })
    .parse(JSON.parse(text))
  expect({ exact, differs }).toEqual({ exact: true, differs: [] })
  expect(message.to).toContain('ada@mail.example')
  const dir = join(bed.dir, 'data/outbox')
  const kept = await Promise.all(
    (await readdir(dir))
      .filter((name) => name.endsWith('.eml'))
      .map((name) => readFile(join(dir, name), 'utf8')),
  )
  expect(kept).toContain(message.source)
  const frame = await bed.ask(message.frame)
  expect(frame.headers.get('Content-Security-Policy')).toContain('sandbox allow-same-origin')
  expect(await frame.text()).toContain('<html')
})

test('a person is added, changed, unsubscribed and suppressed; who left comes back only by their own word', async () => {
  const given = {
    address: ' Eve@Mail.example ',
    name: '',
    tier: 'subscriber',
    newsletter: 'weekly',
    again: false,
  }
  const { id, outcome } = z
    .object({ id: z.string(), outcome: z.string() })
    .parse(await ofJson(bed.send('POST', '/api/people', given)))
  expect(outcome).toBe('added')
  const change = (body: object): Promise<Response> => bed.send('POST', `/api/people/${id}`, body)
  expect(await ofJson(change({ change: 'set', name: 'Eve', tier: 'member' }))).toMatchObject({
    subscriber: { name: 'Eve', tier: 'member' },
  })
  const paused = await ofJson(change({ change: 'pause', weeks: 2 }))
  expect(paused).toMatchObject({
    state: 'paused',
    subscriber: { subscriptions: [{ pausedUntil: expect.any(Number) }] },
  })
  expect(await ofJson(change({ change: 'pause', weeks: 0 }))).toMatchObject({ state: 'confirmed' })
  expect((await change({ change: 'pause', weeks: 53 })).status).toBe(400)
  expect(await ofJson(change({ change: 'unsubscribe', newsletter: null }))).toMatchObject({ state: 'left' })
  expect((await change({ change: 'pause', weeks: 2 })).status).toBe(409)
  expect(await ofJson(bed.send('POST', '/api/people', given))).toEqual({ outcome: 'left', id: null })
  expect(await ofJson(bed.send('POST', '/api/people', { ...given, again: true }))).toMatchObject({ id })
  expect(await ofJson(change({ change: 'suppress', note: 'asked by phone' }))).toMatchObject({
    state: 'suppressed',
    subscriber: { suppression: { reason: 'operator', note: 'asked by phone' } },
  })
  const again = await bed.send('POST', '/api/people', given)
  expect(again.status).toBe(409)
  expect((await bed.send('POST', '/api/people', { ...given, address: 'no' })).status).toBe(400)
  expect((await bed.send('POST', '/api/people', { ...given, newsletter: 'other' })).status).toBe(400)
})

test('an erasure asks for the address, and leaves nothing of it: in the store, the outbox or an answer', async () => {
  const id = await idOf('bo@')
  const erase = (typed: string): Promise<Response> => bed.send('POST', `/api/people/${id}/erase`, { typed })
  const refused = await erase('ada@mail.example')
  expect(refused.status).toBe(409)
  expect(failed.parse(await refused.json()).error.message).toBe(
    'That is not their address: nobody was erased.',
  )
  const dir = join(bed.dir, 'data/outbox')
  const mails = async (): Promise<string> =>
    (
      await Promise.all(
        (await readdir(dir))
          .filter((name) => name.endsWith('.eml'))
          .map((name) => readFile(join(dir, name), 'latin1')),
      )
    ).join('')
  expect(await mails()).toContain('bo@mail.example')
  const deliveries = z
    .object({ deliveries: z.array(z.object({ id: z.number() })) })
    .parse(await ofJson(bed.ask(`/api/people/${id}/deliveries`))).deliveries
  expect(await ofJson(erase('BO@mail.EXAMPLE'))).toEqual({ copies: [] })
  expect(await mails()).not.toContain('bo@mail.example')
  expect((await search({ text: 'bo@' })).people).toEqual([])
  const person = await (await bed.ask(`/api/people/${id}`)).text()
  expect(person).not.toMatch(/bo@|"Bo"/)
  expect(await ofJson(bed.ask(`/api/people/deliveries/${deliveries[0]?.id ?? 0}`))).toMatchObject({
    message: null,
    exact: false,
  })
  expect((await bed.send('POST', `/api/people/${id}`, { change: 'suppress', note: '' })).status).toBe(409)
})

const messy = [
  '\ufeffE-Mail ;Vorname;Nachname;Plan;Notiz',
  ' NINA@Post.example ;Nina;"Núñez; Müller";paid;x',
  'nina@post.example;Nina;Twice;free;y',
  'not an address;Who;Ever;free;',
  'ada@mail.example;Ada;Other;free;z',
  '',
  'otto@post.example;<script>alert(1)</script>;Otto;gold;',
  'ugo@post.example;Ugo;Uno;free;',
].join('\r\n')

test('a messy file is looked at, mapped, tried and imported; the lines that are refused are named', async () => {
  const taken = await bed.ask('/api/people/import', {
    method: 'POST',
    body: messy,
    headers: { 'X-File-Name': encodeURIComponent('Leute “neu”.csv') },
  })
  expect(taken.status).toBe(200)
  const { upload, look } = z
    .object({
      upload: z.object({ id: z.string(), fileName: z.string() }),
      look: z.object({
        rows: z.number(),
        columns: z.array(z.object({ name: z.string(), field: z.string().nullable() })),
      }),
    })
    .parse(await taken.json())
  expect(look.rows).toBe(6)
  expect(look.columns.map(({ name, field }) => `${name}: ${field ?? '–'}`)).toMatchInlineSnapshot(`
    [
      "E-Mail: address",
      "Vorname: first-name",
      "Nachname: last-name",
      "Plan: tier",
      "Notiz: –",
    ]
  `)
  const choices = {
    map: { address: 'E-Mail', 'first-name': 'Vorname', 'last-name': 'Nachname', tier: 'Plan' },
    from: 'auto',
    encoding: 'utf-8',
    newsletter: null,
    tier: null,
  }
  const under = `/api/people/import/${upload.id}`
  const seen = await ofJson(bed.send('POST', `${under}/look`, choices))
  expect(seen).toMatchObject({ look: { problem: null } })
  expect((await bed.send('POST', `${under}/run`, { ...choices, dryRun: true })).status).toBe(200)
  const tried = await ended()
  expect(tried).toMatchObject({ state: 'done', dryRun: true, result: { read: 6, added: 2, refusedTotal: 3 } })
  expect((await search({ text: 'nina' })).people).toEqual([])
  await bed.send('POST', `${under}/run`, { ...choices, dryRun: false })
  const done = z
    .object({
      state: z.string(),
      result: z.object({ refused: z.array(z.object({ line: z.number(), reason: z.string() })) }),
    })
    .loose()
    .parse(await ended())
  expect(done.result.refused).toMatchInlineSnapshot(`
    [
      {
        "line": 3,
        "reason": "The same address stands on line 2 already.",
      },
      {
        "line": 4,
        "reason": "The address holds a space.",
      },
      {
        "line": 7,
        "reason": "There is no tier “gold”.",
      },
    ]
  `)
  expect((await search({ text: 'nina' })).people).toMatchObject([
    { address: 'NINA@post.example', state: 'confirmed' },
  ])
  // It is gone with its last use.
  expect((await bed.send('POST', `${under}/look`, choices)).status).toBe(404)
})

test('what is no list of people is refused in a sentence', async () => {
  const refused = await bed.ask('/api/people/import', {
    method: 'POST',
    body: new Uint8Array([0x50, 0x4b, 3, 4, 0, 0, 0, 0]),
    headers: { 'X-File-Name': 'people.zip' },
  })
  expect(refused.status).toBe(409)
  expect(failed.parse(await refused.json()).error.message).toMatchInlineSnapshot(
    `"The file is a zip file or a spreadsheet, not CSV."`,
  )
})

test('of an import that fails half-way it is said what is in', async () => {
  const soFar = {
    read: 2_000,
    added: 1_990,
    updated: 10,
    unchanged: 0,
    members: 0,
    refused: [],
    refusals: {},
  }
  const runs = createImports(
    async () => ({
      async run(_, __, { onProgress }) {
        onProgress?.({ ...soFar, optOuts: { left: 0, suppressed: 0 }, sample: [], interrupted: false }, 0.5)
        throw new OnrecordError('io', 'The disk is full.')
      },
    }),
    () => undefined,
    () => 0,
  )
  const choice = { map: new Map(), from: 'auto', encoding: 'utf-8', newsletter: null, tier: null } as const
  runs.start({ id: 'a', fileName: 'a.csv', bytes: 1, format: 'csv' }, choice, false)
  await expect.poll(() => runs.state()?.state).toBe('failed')
  expect(runs.state()).toMatchObject({ error: 'The disk is full.', part: 0.5, result: { added: 1_990 } })
})

test('an import can be stopped; what was read stays', async () => {
  const rows = Array.from({ length: 60_000 }, (_, at) => `stop${at}@post.example`)
  const taken = await bed.ask('/api/people/import', {
    method: 'POST',
    body: ['email', ...rows].join('\n'),
    headers: { 'X-File-Name': 'many.csv' },
  })
  const { upload } = z.object({ upload: z.object({ id: z.string() }) }).parse(await taken.json())
  const under = `/api/people/import/${upload.id}`
  const choices = { map: {}, from: 'auto', encoding: 'utf-8', newsletter: null, tier: null }
  await bed.send('POST', `${under}/run`, { ...choices, dryRun: false })
  const busy = await bed.send('POST', `${under}/run`, { ...choices, dryRun: true })
  expect(busy.status).toBe(409)
  await bed.send('POST', `${under}/cancel`, {})
  expect(await ended()).toMatchObject({ state: 'stopped' })
}, 30_000)
