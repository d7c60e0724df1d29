import fc from 'fast-check'
import { mkdir, mkdtemp, readdir, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { basename, join } from 'node:path'
import nodemailer from 'nodemailer'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { fileName, parseFileName } from '../../src/outbox/file-name.ts'
import { listMessages, readMessage } from '../../src/outbox/messages.ts'
import { startOutbox } from '../../src/outbox/server.ts'

let dir: string
beforeEach(async () => {
  dir = await mkdtemp(join(tmpdir(), 'onrecord-mailbox-'))
})
afterEach(() => rm(dir, { recursive: true, force: true }))

test('a mailbox that does not exist yet is empty', async () => {
  expect(await listMessages(join(dir, 'none'), { offset: 0, limit: 10 })).toEqual({
    total: 0,
    repeated: 0,
    messages: [],
  })
})

test('a message composed by nodemailer is read back: names, both parts, headers and source', async () => {
  const outbox = await startOutbox({ dir })
  const transport = nodemailer.createTransport({ host: '127.0.0.1', port: outbox.port, ignoreTLS: true })
  const mail = {
    from: { name: 'Zürcher Büro', address: 'desk@brief.example.org' },
    to: 'reader@example.net',
    subject: 'Gespräche enden — ohne Text',
    text: 'Körper',
    html: '<p>Körper</p>',
    messageId: '<one@brief.example.org>',
    headers: { 'List-Unsubscribe': '<https://brief.example.org/u/abc>' },
  }
  await transport.sendMail(mail)
  await transport.sendMail(mail)
  await transport.sendMail({ ...mail, subject: 'Other', messageId: '<two@brief.example.org>' })
  transport.close()
  await outbox.close()

  const { total, repeated, messages } = await listMessages(dir, { offset: 0, limit: 2 })
  expect([total, repeated]).toEqual([3, 1])
  expect(messages.map(({ subject, copies }) => [subject, copies])).toEqual([
    ['Other', 1],
    ['Gespräche enden — ohne Text', 2],
  ])
  const message = await readMessage(dir, messages[1]?.name ?? '')
  expect(message).toMatchObject({
    from: 'Zürcher Büro <desk@brief.example.org>',
    to: 'reader@example.net',
    copies: 2,
    messageId: '<one@brief.example.org>',
  })
  expect(message?.text?.trim()).toBe('Körper')
  expect(message?.html?.trim()).toBe('<p>Körper</p>')
  expect(message?.headers).toContainEqual({
    name: 'List-Unsubscribe',
    value: '<https://brief.example.org/u/abc>',
  })
  expect(message?.source).toContain('MIME-Version: 1.0')
})

test('hostile Message-IDs never leave the folder, and different ones stay different', async () => {
  await fc.assert(
    fc.property(
      fc.string({ unit: 'binary', maxLength: 400 }),
      fc.string({ unit: 'binary' }),
      (one, other) => {
        const name = fileName(7, one)
        expect(basename(name)).toBe(name)
        expect(Buffer.byteLength(name)).toBeLessThan(200)
        expect(parseFileName(name)?.sequence).toBe(7)
        const plain = (id: string): string => id.trim().replace(/^<|>$/g, '')
        if (plain(one) !== plain(other)) expect(fileName(7, other)).not.toBe(name)
      },
    ),
    { numRuns: 2000 },
  )
})

test('a name from outside that is not one of ours reads nothing', async () => {
  await writeFile(join(dir, 'secret.txt'), 'secret')
  await mkdir(join(dir, 'in'))
  const hostile = fc.oneof(
    fc.constantFrom(
      '../secret.txt',
      '..%2fsecret.txt',
      '/etc/passwd',
      '00000001-../../secret.txt.eml',
      '00000001-a\0.eml',
      '..\\secret.txt',
      '',
      '.',
    ),
    fc.string({ unit: 'binary' }),
    fc.string().map((text) => `00000001-${text}/../../secret.txt`),
  )
  await fc.assert(
    fc.asyncProperty(hostile, async (name) => {
      expect(await readMessage(join(dir, 'in'), name)).toBeNull()
    }),
    { numRuns: 500 },
  )
})

test('bytes that are no mail are listed and can be looked at', async () => {
  await writeFile(join(dir, fileName(1, 'x')), Buffer.from([0, 255, 254, 13, 10, 1]))
  await writeFile(join(dir, fileName(2, '')), '')
  const { messages } = await listMessages(dir, { offset: 0, limit: 10 })
  expect(messages).toHaveLength(2)
  expect(await readMessage(dir, messages[1]?.name ?? '')).toMatchObject({ subject: '', bytes: 6 })
})

test('a page of a mailbox of 20,000 messages comes within a second', async () => {
  for (let start = 0; start < 20_000; start += 1000) {
    await Promise.all(
      Array.from({ length: 1000 }, (_, index) =>
        writeFile(
          join(dir, fileName(start + index, `<m${start + index}@x>`)),
          `Subject: ${start + index}\r\n\r\n`,
        ),
      ),
    )
  }
  expect(await readdir(dir)).toHaveLength(20_000)
  const before = performance.now()
  const { total, messages } = await listMessages(dir, { offset: 10_000, limit: 50 })
  const took = performance.now() - before
  expect([total, messages.length, messages[0]?.subject]).toEqual([20_000, 50, '9999'])
  expect(took).toBeLessThan(1000)
})
