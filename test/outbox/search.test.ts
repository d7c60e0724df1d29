import { mkdtemp, rm, symlink, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { deleteMessage } from '../../src/outbox/delete.ts'
import { fileName } from '../../src/outbox/file-name.ts'
import { openOutboxSearch, type OutboxFound, type OutboxSearch } from '../../src/outbox/search.ts'

let dir: string
let search: OutboxSearch
beforeEach(async () => {
  dir = await mkdtemp(join(tmpdir(), 'onrecord-outbox-search-'))
  search = openOutboxSearch(dir)
})
afterEach(() => rm(dir, { recursive: true, force: true }))

async function put(sequence: number, head: string, body = 'Hello'): Promise<void> {
  await writeFile(
    join(dir, fileName(sequence, `m${sequence}`)),
    `From: =?utf-8?q?Z=C3=BCrcher_B=C3=BCro?= <desk@example.org>\r\n${head}\r\n\r\n${body}\r\n`,
  )
}

const find = (text: string, after: string | null = null, inText = false): Promise<OutboxFound> =>
  search.find({ text, inText }, { after, limit: 2 })
const subjects = async (text: string, inText = false): Promise<string[]> =>
  (await find(text, null, inText)).messages.map(({ subject }) => subject)

test('words are looked for in sender, recipient and subject as they read, all of them, the newest first', async () => {
  await put(1, 'To: ada@example.net\r\nSubject: =?utf-8?b?R3LDvMOfZQ==?=')
  await put(2, 'To: "Bob B." <bob@example.net>\r\nSubject: Other')
  expect(await subjects('')).toEqual(['Other', 'Grüße'])
  expect(await subjects('ZÜRCHER')).toEqual(['Other', 'Grüße'])
  expect(await subjects('grüße ADA@')).toEqual(['Grüße'])
  expect(await subjects('zurcher grusse')).toEqual(['Grüße'])
  expect(await subjects('bob b.')).toEqual(['Other'])
  expect(await subjects('ada other')).toEqual([])
  expect(await subjects('utf-8')).toEqual([])
  expect(
    await openOutboxSearch(join(dir, 'none')).find({ text: 'x', inText: true }, { after: null, limit: 5 }),
  ).toEqual({
    messages: [],
    next: null,
    matching: { count: 0, atLeast: false },
    textsRead: 0,
  })
})

test('words of the text are found where that is asked for, decoded', async () => {
  await put(
    1,
    'To: ada@example.net\r\nSubject: One\r\nContent-Type: text/plain; charset=utf-8\r\nContent-Transfer-Encoding: quoted-printable',
    'Der Hafen w=C3=A4chst',
  )
  expect(await subjects('wächst')).toEqual([])
  expect(await subjects('wächst', true)).toEqual(['One'])
  expect(await subjects('wachst', true)).toEqual(['One'])
  expect(await subjects('wächst ada', true)).toEqual(['One'])
  expect((await find('x', null, true)).textsRead).toBe(1)
})

test('all of a mailbox is listed and counted by its names: what is not shown is not opened', async () => {
  for (const index of [2, 3, 4]) await put(index, `To: ada@example.net\r\nSubject: number ${index}`)
  // Were it opened, it would count no more than a message that is gone.
  await symlink('nowhere', join(dir, fileName(1, 'm1')))
  expect(await find('')).toMatchObject({ next: fileName(3, 'm3'), matching: { count: 4, atLeast: false } })
  expect((await find('ada')).matching).toEqual({ count: 3, atLeast: false })
})

test('it goes on page by page, takes in what comes and forgets what is deleted', async () => {
  for (let index = 1; index <= 5; index++) await put(index, `To: ada@example.net\r\nSubject: number ${index}`)
  const first = await find('number')
  expect([first.messages.map(({ subject }) => subject), first.next]).toEqual([
    ['number 5', 'number 4'],
    fileName(4, 'm4'),
  ])
  expect(first.matching).toEqual({ count: 5, atLeast: false })
  await put(6, 'To: ada@example.net\r\nSubject: number 6')
  expect(await deleteMessage(dir, fileName(3, 'm3'))).toBe(true)
  const second = await find('number', first.next)
  expect([second.messages.map(({ subject }) => subject), second.next]).toEqual([
    ['number 2', 'number 1'],
    null,
  ])
  expect(second.matching).toBeNull()
  expect((await find('number 6')).matching).toEqual({ count: 1, atLeast: false })
  expect(await subjects('number 3')).toEqual([])
  expect(await subjects('number 6')).toEqual(['number 6'])
})
