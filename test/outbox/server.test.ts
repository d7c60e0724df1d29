import { createHash } from 'node:crypto'
import { mkdtemp, readdir, readFile, rm } from 'node:fs/promises'
import net from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import nodemailer from 'nodemailer'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { parseFileName } from '../../src/outbox/file-name.ts'
import { startOutbox } from '../../src/outbox/server.ts'

let dir: string
beforeEach(async () => {
  dir = await mkdtemp(join(tmpdir(), 'onrecord-outbox-'))
})
afterEach(() => rm(dir, { recursive: true, force: true }))

const kept = async (): Promise<string[]> => (await readdir(dir)).filter((name) => name.endsWith('.eml'))
const hash = (bytes: Uint8Array): string => createHash('sha256').update(bytes).digest('hex')

function rawMessage(number: number): Buffer {
  const lines = [
    'From: desk@brief.example.org',
    `To: reader${number}@example.net`,
    `Message-ID: <m${number}@brief.example.org>`,
    'Subject: Zürich and a dot',
    'Content-Type: text/plain; charset=utf-8',
    '',
    '.a line that begins with a dot',
    '..and one with two',
    '.',
    `körper ${'x'.repeat(number * 37)}`,
    'no line end follows here? It always does in SMTP.',
    '',
  ]
  return Buffer.from(lines.join('\r\n'))
}

test('200 messages over several connections are kept byte for byte, one file each', async () => {
  const outbox = await startOutbox({ dir })
  const transport = nodemailer.createTransport({
    host: '127.0.0.1',
    port: outbox.port,
    pool: true,
    maxConnections: 6,
    ignoreTLS: true,
  })
  const messages = Array.from({ length: 200 }, (_, number) => rawMessage(number))
  const replies = await Promise.all(
    messages.map((raw, number) =>
      transport.sendMail({
        envelope: { from: 'desk@brief.example.org', to: `reader${number}@example.net` },
        raw,
      }),
    ),
  )
  transport.close()
  await outbox.close()
  expect(replies.every((reply) => reply.response.startsWith('250'))).toBe(true)
  const names = await kept()
  expect(names).toHaveLength(200)
  expect(new Set(names.map((name) => parseFileName(name)?.sequence)).size).toBe(200)
  const bytes = await Promise.all(names.map((name) => readFile(join(dir, name))))
  expect(bytes.map(hash).toSorted()).toEqual(messages.map(hash).toSorted())
  expect(names.some((name) => name.endsWith('-m7@brief.example.org.eml'))).toBe(true)
})

test('two servers on one folder, and a restart, never give a number twice', async () => {
  const send = async (port: number): Promise<void> => {
    const transport = nodemailer.createTransport({ host: '127.0.0.1', port, pool: true, ignoreTLS: true })
    await Promise.all(
      Array.from({ length: 130 }, () =>
        transport.sendMail({ envelope: { from: 'a@b.example', to: 'c@d.example' }, raw: rawMessage(1) }),
      ),
    )
    transport.close()
  }
  const both = await Promise.all([startOutbox({ dir }), startOutbox({ dir })])
  await Promise.all(both.map((each) => send(each.port)))
  await Promise.all(both.map((each) => each.close()))
  const again = await startOutbox({ dir })
  await send(again.port)
  await again.close()
  const sequences = (await kept()).map((name) => parseFileName(name)?.sequence)
  expect(sequences).toHaveLength(390)
  expect(new Set(sequences).size).toBe(390)
})

test('a client that breaks off in the middle leaves no message', async () => {
  const outbox = await startOutbox({ dir })
  const socket = net.connect(outbox.port, '127.0.0.1')
  const said = async (text: string, until: string): Promise<void> => {
    socket.write(text)
    for (let heard = ''; !heard.includes(until);)
      heard += String(await new Promise((resolve) => socket.once('data', resolve)))
  }
  await said('', '220')
  await said('EHLO x\r\n', 'SIZE')
  await said('MAIL FROM:<a@b.example>\r\n', '250')
  await said('RCPT TO:<c@d.example>\r\n', '250')
  await said('DATA\r\n', '354')
  socket.write('Subject: half\r\nMessage-ID: <half@x>\r\n\r\nhalf a bo')
  await new Promise((resolve) => setTimeout(resolve, 50))
  socket.destroy()
  await outbox.close()
  expect(await kept()).toEqual([])
  expect((await readdir(dir)).filter((name) => name.endsWith('.part'))).toEqual([])
})

test('a message above 25 MB is refused with 552 and not kept', async () => {
  const outbox = await startOutbox({ dir })
  const transport = nodemailer.createTransport({ host: '127.0.0.1', port: outbox.port, ignoreTLS: true })
  const sent = transport.sendMail({
    envelope: { from: 'a@b.example', to: 'c@d.example' },
    raw: Buffer.concat([rawMessage(1), Buffer.alloc(26 * 1024 * 1024, 'line of text\r\n')]),
  })
  await expect(sent).rejects.toMatchObject({ responseCode: 552 })
  transport.close()
  await outbox.close()
  expect(await kept()).toEqual([])
})

test('a port that is taken is a plain error', async () => {
  const outbox = await startOutbox({ dir })
  await expect(startOutbox({ dir, port: outbox.port })).rejects.toThrow(/cannot listen on 127\.0\.0\.1:/)
  await outbox.close()
})
