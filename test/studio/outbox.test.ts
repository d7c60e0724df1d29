import { mkdir, readdir, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { z } from 'zod'
import { fileName } from '../../src/outbox/file-name.ts'
import { openBed, type StudioBed } from './bed.ts'

/** A letter with two parts and an attachment, arrived as number `at`. */
export function letter(at: number, subject: string): string {
  return [
    'From: The Brief <brief@brief.example>',
    `To: reader${at}@mail.example`,
    `Subject: ${subject}`,
    'Date: Fri, 14 Nov 2025 07:30:00 +0100',
    `Message-ID: <${at}@brief.example>`,
    'MIME-Version: 1.0',
    'Content-Type: multipart/mixed; boundary="b"',
    '',
    '--b',
    'Content-Type: multipart/alternative; boundary="c"',
    '',
    '--c',
    'Content-Type: text/plain; charset=utf-8',
    '',
    `Words of the text, with the lighthouse of number ${at}.`,
    '--c',
    'Content-Type: text/html; charset=utf-8',
    '',
    `<p>First words of ${at}</p><a href="http://127.0.0.1:4870/confirm/abc">Yes</a><img src="https://track.example/i.png">`,
    '--c--',
    '--b',
    'Content-Type: text/html; name="../../evil.html"',
    'Content-Disposition: attachment; filename="../../evil.html"',
    '',
    '<script>alert(1)</script>',
    '--b--',
    '',
  ].join('\r\n')
}

const nameOf = (at: number): string => fileName(at, `<${at}@brief.example>`)

let bed: StudioBed
let outbox: string
beforeAll(async () => {
  bed = await openBed()
  outbox = join(bed.dir, 'data/outbox')
  await mkdir(outbox, { recursive: true })
  for (let at = 1; at <= 60; at++) await writeFile(join(outbox, nameOf(at)), letter(at, `Letter ${at}`))
})
afterAll(() => bed.close())

const page = z.object({
  messages: z.array(z.object({ name: z.string(), subject: z.string(), preheader: z.string() })),
  next: z.string().nullable(),
  textsRead: z.number().nullable(),
  total: z.number(),
})

async function search(query: object): Promise<z.infer<typeof page>> {
  const answer = await bed.send('POST', '/api/outbox/search', {
    text: '',
    inText: false,
    after: null,
    ...query,
  })
  return page.parse(await answer.json())
}

test('the newest come first, a page after the other, with the words that a list shows', async () => {
  const first = await search({})
  expect(first.messages).toHaveLength(50)
  expect(first.messages[0]).toMatchObject({ subject: 'Letter 60', preheader: 'First words of 60Yes' })
  expect(first.total).toBe(60)
  const second = await search({ after: first.next })
  expect(second.messages.map(({ subject }) => subject)).toHaveLength(10)
  expect(second.next).toBeNull()
})

test('words are searched for in the lines, and in the texts where that is asked for', async () => {
  expect((await search({ text: 'letter 17' })).messages).toHaveLength(1)
  expect((await search({ text: 'lighthouse' })).messages).toEqual([])
  const found = await search({ text: 'lighthouse 23.', inText: true })
  expect(found.messages.map(({ subject }) => subject)).toEqual(['Letter 23'])
  expect(found.textsRead).toBe(60)
})

test('a message is told with headers and facts; its HTML stands in the frame alone', async () => {
  const answer = await bed.ask(`/api/outbox/${nameOf(7)}`)
  const text = await answer.text()
  const message = z
    .object({
      frame: z.string(),
      headers: z.array(z.object({ name: z.string(), explanation: z.string() })),
      facts: z.array(z.object({ about: z.string(), state: z.string() })),
      attachments: z.array(z.object({ name: z.string() })),
    })
    .parse(JSON.parse(text))
  expect(Object.keys(JSON.parse(text) as object)).not.toContain('html')
  expect(message.headers.find(({ name }) => name === 'Message-ID')?.explanation).not.toBe('')
  expect(message.facts.find(({ about }) => about === 'signature')?.state).toBe('missing')
  const frame = await bed.ask(message.frame)
  expect(frame.headers.get('Content-Security-Policy')).toContain("default-src 'none'")
  expect(await frame.text()).toContain('First words of 7')
})

test('links and what a reader would notice are told apart', async () => {
  const checks = z
    .object({
      links: z.array(z.object({ url: z.string(), kind: z.string() })),
      remarks: z.array(z.unknown()),
    })
    .parse(await (await bed.ask(`/api/outbox/${nameOf(7)}/checks`)).json())
  expect(checks.links).toEqual([
    { url: 'http://127.0.0.1:4870/confirm/abc', kind: 'link' },
    { url: 'https://track.example/i.png', kind: 'image' },
  ])
})

test('source and attachments are files for keeping, never shown in place', async () => {
  const source = await bed.ask(`/api/outbox/${nameOf(7)}/source`)
  expect(source.headers.get('Content-Disposition')).toMatch(/^attachment;/)
  expect(await source.text()).toBe(letter(7, 'Letter 7'))
  const attachment = await bed.ask(`/api/outbox/${nameOf(7)}/attachments/0`)
  expect(attachment.headers.get('Content-Type')).toBe('application/octet-stream')
  expect(attachment.headers.get('Content-Disposition')).toBe(
    `attachment; filename=".._.._evil.html"; filename*=UTF-8''.._.._evil.html`,
  )
  expect(attachment.headers.get('Content-Security-Policy')).toContain('sandbox')
  expect((await bed.ask(`/api/outbox/${nameOf(7)}/attachments/9`)).status).toBe(404)
  expect((await bed.ask('/api/outbox/..%2F..%2Fonrecord.yaml')).status).toBe(404)
})

test('one is deleted; all are deleted up to the newest that was seen', async () => {
  expect((await bed.send('POST', `/api/outbox/${nameOf(3)}/delete`, {})).status).toBe(200)
  expect((await bed.send('POST', `/api/outbox/${nameOf(3)}/delete`, {})).status).toBe(404)
  await writeFile(join(outbox, nameOf(61)), letter(61, 'Came meanwhile'))
  const emptied = await bed.send('POST', '/api/outbox/empty', { until: nameOf(60) })
  expect(await emptied.json()).toEqual({ deleted: 59 })
  expect((await readdir(outbox)).filter((name) => name.endsWith('.eml'))).toEqual([nameOf(61)])
})
