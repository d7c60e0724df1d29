import { mkdtempSync, readdirSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { exportSubscribersAsJson } from '../../src/subscribers/export.ts'
import { openImportDesk, type ImportChoice, type ImportDesk } from '../../src/subscribers/import-session.ts'
import type { ImportResult } from '../../src/subscribers/import.ts'
import type { OpenPeople } from '../contract/subscribers.ts'
import { collect } from '../collect.ts'
import { openPeople } from '../store/open-people.ts'
import { address } from '../contract/subscribers.ts'

let dir: string
let people: OpenPeople
let desk: ImportDesk
beforeEach(async () => {
  dir = mkdtempSync(join(tmpdir(), 'onrecord-uploads-'))
  people = await openPeople()
  desk = openImportDesk({
    store: people.subscribers,
    dir: join(dir, 'uploads'),
    newsletters: ['weekly', 'daily'],
    clock: { now: () => people.clock.time },
  })
})
afterEach(async () => {
  await desk.close()
  await people.close()
  rmSync(dir, { recursive: true, force: true })
})

const usual: ImportChoice = { map: new Map(), from: 'auto', encoding: 'utf-8', newsletter: null, tier: null }
const goesOn = new AbortController().signal

async function* bytesOf(text: string | Buffer, size = 1_000): AsyncGenerator<Uint8Array> {
  const bytes = Buffer.from(text)
  for (let at = 0; at < bytes.length; at += size) yield bytes.subarray(at, at + size)
}

const run = (id: string, dryRun: boolean, choice = usual): Promise<ImportResult> =>
  desk.run(id, choice, { dryRun, signal: goesOn })

const ghost = `id,email,name,note,subscribed_to_emails,complimentary_plan,stripe_customer_id,created_at,deleted_at,labels,tiers
1,ada@example.org,Ada Lovelace,,true,false,,2024-01-02T00:00:00.000Z,,,Gold
2,bob@example.org,Bob,,false,false,,2024-01-03T00:00:00.000Z,,,Free
3,not an address,Eve,,true,false,,2024-01-03T00:00:00.000Z,,,Free
`

test('an export of a known system is known by its columns, each with what it becomes and its first cells', async () => {
  const upload = await desk.take(bytesOf(ghost), 'C:\\Downloads\\members.site.csv')
  expect(upload).toMatchObject({ fileName: 'members.site.csv', format: 'csv', bytes: ghost.length })
  const look = await desk.look(upload.id, usual)
  expect(look).toMatchObject({
    rows: 3,
    title: 'Ghost’s export of members',
    problem: null,
    encoding: 'utf-8',
  })
  expect(look.columns.filter(({ field, says }) => field !== null || says !== null)).toEqual([
    {
      name: 'email',
      field: 'address',
      says: null,
      samples: ['ada@example.org', 'bob@example.org', 'not an address'],
    },
    { name: 'name', field: 'name', says: null, samples: ['Ada Lovelace', 'Bob', 'Eve'] },
    {
      name: 'subscribed_to_emails',
      field: null,
      says: 'state: false is “left”, who is never mailed',
      samples: ['true', 'false'],
    },
    { name: 'complimentary_plan', field: null, says: 'tier: true is “member”', samples: ['false'] },
    {
      name: 'created_at',
      field: 'consent-at',
      says: null,
      samples: ['2024-01-02T00:00:00.000Z', '2024-01-03T00:00:00.000Z'],
    },
    { name: 'deleted_at', field: 'left-at', says: 'state: a date is “left”', samples: [] },
    { name: 'tiers', field: null, says: 'tier: any but Free is “member”', samples: ['Gold', 'Free'] },
  ])
})

test.each([
  ['substack.csv', 'email,active_subscription,expiry,email_disabled,created_at\n', 'Substack’s email list'],
  [
    'subscribed_x.csv',
    'Email Address,First Name,MEMBER_RATING\n',
    'Mailchimp’s export of subscribed contacts',
  ],
  ['people.csv', 'address,name,tier,newsletter,state,consent_at\n', null],
])('%s is taken for what it is', async (name, text, title) => {
  const { id } = await desk.take(bytesOf(text), name)
  const look = await desk.look(id, usual)
  expect([look.title, look.rows, look.columns[0]?.field]).toEqual([title, 0, 'address'])
})

test('where no column is known, it says so beside the cells, and a mapping mends it', async () => {
  const { id } = await desk.take(bytesOf('Kontakt;Stufe\nada@example.org;paid\n'), 'crm.csv')
  expect(await desk.look(id, usual)).toMatchObject({
    problem: { message: 'The file has no column of addresses; its columns are “Kontakt”, “Stufe”.' },
    columns: [
      { name: 'Kontakt', field: null, samples: ['ada@example.org'] },
      { name: 'Stufe', field: null, samples: ['paid'] },
    ],
  })
  const map = new Map([
    ['address', 'Kontakt'],
    ['tier', 'Stufe'],
  ] as const)
  expect(await desk.look(id, { ...usual, map })).toMatchObject({
    problem: null,
    columns: [{ field: 'address' }, { field: 'tier' }],
  })
  expect(await run(id, false, { ...usual, map })).toMatchObject({ added: 1, members: 1 })
})

test('a trial says what the import then does, and only the import does it', async () => {
  const { id } = await desk.take(bytesOf(ghost), 'members.csv')
  const trial = await run(id, true)
  expect(trial).toMatchObject({
    ...{ read: 3, added: 2, updated: 0, unchanged: 0, optOuts: { left: 1 }, members: 1 },
    refused: [{ line: 4, reason: 'The address holds a space.' }],
  })
  expect(await people.subscribers.find(address('ada@example.org'))).toBeNull()
  expect(await run(id, false)).toEqual(trial)
  expect(await people.subscribers.find(address('ada@example.org'))).toMatchObject({
    tier: 'member',
    subscriptions: [{ newsletter: 'weekly', consentSource: 'import:members.csv' }],
  })
  await expect(run(id, false)).rejects.toThrow('The file is not here any more.')
})

test('no file of an upload has a name, so that nothing stays however this process ends', async () => {
  const { id } = await desk.take(bytesOf(ghost), 'members.csv')
  expect(readdirSync(join(dir, 'uploads'))).toEqual([])
  expect(await run(id, true)).toMatchObject({ read: 3 })
  await desk.drop(id)
  await expect(desk.look(id, usual)).rejects.toThrow('The file is not here any more.')
  const many = []
  for (let index = 0; index < 6; index++) many.push(await desk.take(bytesOf('a@b.example\n'), 'x.csv'))
  await expect(run(many[0]?.id ?? '', true)).rejects.toThrow('The file is not here any more.')
  expect(await run(many[5]?.id ?? '', true)).toMatchObject({ read: 1, added: 1 })
})

test('an import tells how far it is, can be stopped, and keeps what it had committed', async () => {
  const rows = Array.from({ length: 9_000 }, (_, index) => `reader${index}@example.org`)
  const { id } = await desk.take(bytesOf(rows.join('\n'), 50_000), 'many.csv')
  const other = await desk.take(bytesOf('a@b.example\n'), 'x.csv')
  const stop = new AbortController()
  const parts: number[] = []
  const running = desk.run(id, usual, {
    dryRun: false,
    signal: stop.signal,
    onProgress: ({ read }, part) => {
      parts.push(part)
      if (read >= 4_000) stop.abort()
    },
  })
  await expect(run(other.id, true)).rejects.toThrow('Another import is under way.')
  const result = await running
  expect([result.interrupted, result.read]).toEqual([true, 4_000])
  expect((await people.subscribers.counts(null)).states.confirmed).toBe(4_000)
  expect(parts).toHaveLength(2)
  expect(parts[0]).toBeLessThanOrEqual(parts[1] ?? 0)
  expect(await run(other.id, true)).toMatchObject({ added: 1 })
})

test('dropped while it is read, it is read to its end', async () => {
  const { id } = await desk.take(bytesOf(ghost), 'members.csv')
  const running = run(id, true)
  await desk.drop(id)
  expect(await running).toMatchObject({ read: 3 })
  await expect(run(id, true)).rejects.toThrow('The file is not here any more.')
})

test('our own JSON export comes back as it was, an entry a row', async () => {
  const person = {
    name: '=Ada, “A”',
    tier: 'member',
    newsletter: 'daily',
    source: 'the fair',
    again: false,
  } as const
  await people.subscribers.add({ ...person, address: address('ada@example.org') })
  const json = (await collect(exportSubscribersAsJson(people.subscribers, { newsletter: null }))).join('')
  await people.close()
  people = await openPeople()
  desk = openImportDesk({
    ...{ store: people.subscribers, dir: join(dir, 'uploads'), newsletters: ['weekly', 'daily'] },
    clock: { now: () => people.clock.time },
  })
  // In pieces of one byte: nothing depends on how it arrives.
  const upload = await desk.take(bytesOf(json, 1), 'people.json')
  expect(upload.format).toBe('json')
  expect(await run(upload.id, false)).toMatchObject({ added: 1, refusals: {} })
  expect(await people.subscribers.find(address('ada@example.org'))).toMatchObject({
    name: '=Ada, “A”',
    tier: 'member',
    subscriptions: [{ newsletter: 'daily', consentSource: 'the fair' }],
  })
})

test.each([
  ['a zip', Buffer.from([0x50, 0x4b, 3, 4, 0, 0]), 'The file is a zip file or a spreadsheet, not CSV.'],
  ['nothing', '', 'The file is empty.'],
  ['JSON that is cut off', '[{"email": "a@b.example"}', 'The file is not whole: it cannot be read as JSON.'],
  ['other JSON', '{"members": []}', 'The file is JSON, but no list of people.'],
  ['an empty list', '[]', 'The file has no entries.'],
])('%s is refused in a sentence', async (_, file, message) => {
  const look = async (): Promise<unknown> => desk.look((await desk.take(bytesOf(file), 'x')).id, usual)
  await expect(look()).rejects.toThrow(message)
})

test('a file in another encoding is told by its letters', async () => {
  const { id } = await desk.take(
    bytesOf(Buffer.from('email,name\na@b.example,Zo\u00eb\n', 'latin1')),
    'x.csv',
  )
  expect((await desk.look(id, usual)).encoding).toBe('windows-1252')
  const look = await desk.look(id, { ...usual, encoding: 'windows-1252' })
  expect([look.encoding, look.columns[1]?.samples]).toEqual(['windows-1252', ['Zoë']])
})
