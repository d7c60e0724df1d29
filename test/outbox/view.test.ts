import { generateKeyPairSync } from 'node:crypto'
import { mkdir, mkdtemp, rm, symlink, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import nodemailer from 'nodemailer'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { openComposer } from '../../src/email/composer.ts'
import { createSigner } from '../../src/email/dkim.ts'
import type { Signer } from '../../src/email/signer.ts'
import { explainHeader } from '../../src/outbox/explain-header.ts'
import { fileName } from '../../src/outbox/file-name.ts'
import { listMessages } from '../../src/outbox/messages.ts'
import { startOutbox } from '../../src/outbox/server.ts'
import { attachmentOf, sourceOf, viewMessage, type MessageView } from '../../src/outbox/view.ts'
import { sampleEdition } from '../email/sample-edition.ts'

let dir: string
beforeEach(async () => {
  dir = await mkdtemp(join(tmpdir(), 'onrecord-view-'))
})
afterEach(() => rm(dir, { recursive: true, force: true }))

async function view(bytes: string | Buffer, sequence = 1): Promise<MessageView> {
  const name = fileName(sequence, '<one@x>')
  await writeFile(join(dir, name), bytes)
  const found = await viewMessage(dir, name)
  if (found === null) throw new Error('not there')
  return found
}

const states = ({ facts }: MessageView) => Object.fromEntries(facts.map(({ about, state }) => [about, state]))

function ours(signer: Signer | null): Promise<Buffer> | Buffer {
  const copy = openComposer(sampleEdition(), signer).compose({
    address: 'ada@example.net',
    name: 'Ada',
    messageId: '<one@brief.example.org>',
    date: Date.UTC(2026, 0, 2),
    unsubscribeUrl: 'https://brief.example.org/u/abc',
    subjectPrefix: '',
  })
  return copy
}

test('a signed issue of ours is found in order, and every field of it is explained', async () => {
  const { privateKey } = generateKeyPairSync('ed25519')
  const domain = sampleEdition().envelope.from.address.replace(/^.*@/, '')
  const signer = createSigner([{ algorithm: 'ed25519', domain, selector: 'one', privateKey }])
  const message = await view(await ours(signer))
  expect(states(message)).toEqual({
    ...{ signature: 'good', unsubscribe: 'good', parts: 'good', sender: 'good', date: 'good', size: 'good' },
  })
  expect(message.date).toBe(Date.UTC(2026, 0, 2))
  expect(message.headers.length).toBeGreaterThan(10)
  for (const { name, explanation } of message.headers)
    expect([name, explanation]).toEqual([name, expect.not.stringMatching(/not well known|own: others/)])
})

test('unsigned, it says what receivers will mind', async () => {
  const { facts } = await view(await ours(null))
  expect(facts.filter(({ state }) => state !== 'good').map(({ sentence }) => sentence)).toEqual([
    'It has no DKIM signature: large providers take such mail for spam, or refuse it.',
    'One click unsubscribes, but no signature covers it: providers show no button (RFC 8058).',
  ])
})

test('images that came with the mail are in their place, and what else came is listed', async () => {
  const outbox = await startOutbox({ dir })
  const transport = nodemailer.createTransport({ host: '127.0.0.1', port: outbox.port, ignoreTLS: true })
  const png = Buffer.from('89504e470d0a1a0a', 'hex')
  await transport.sendMail({
    from: 'desk@brief.example.org',
    to: 'reader@example.net',
    subject: 'Bilder',
    text: 'Text',
    html: '<title>No</title><style>p{}</style><div style="display:none">Zuerst&zwnj; \u034f das</div><p>Dann</p><img src="cid:logo@x"><img src="cid:logo@x"><img src="cid:drawing@x"><img src="cid:none">',
    attachments: [
      { filename: 'logo.png', content: png, contentType: 'image/png', cid: 'logo@x' },
      {
        filename: 'drawing.svg',
        content: '<svg onload="x()"/>',
        contentType: 'image/svg+xml',
        cid: 'drawing@x',
      },
      { filename: 'Bericht ü.pdf', content: 'pdf', contentType: 'application/pdf' },
    ],
  })
  transport.close()
  await outbox.close()
  const [line] = (await listMessages(dir, { offset: 0, limit: 1 })).messages
  const message = await viewMessage(dir, line?.name ?? '')
  expect(message?.preheader).toBe('Zuerst dasDann')
  const data = `data:image/png;base64,${png.toString('base64')}`
  expect(message?.html).toContain(`<img src="${data}"><img src="${data}">`)
  // One that could hold a script is not shown in place.
  expect(message?.html).toContain('<img src="cid:drawing@x"><img src="cid:none">')
  expect(message?.attachments).toEqual([
    { index: 1, name: 'drawing.svg', mediaType: 'image/svg+xml', bytes: 19 },
    { index: 2, name: 'Bericht ü.pdf', mediaType: 'application/pdf', bytes: 3 },
  ])
  const attached = await attachmentOf(dir, line?.name ?? '', 2)
  expect(Buffer.from(attached?.content ?? []).toString()).toBe('pdf')
  expect(await attachmentOf(dir, line?.name ?? '', 3)).toBeNull()
  expect((await sourceOf(dir, line?.name ?? ''))?.toString('utf8')).toBe(message?.source)
})

test.each([
  ['DKIM-Signature: d=other.example; h=from\n', 'signature', 'unusual', 'which is not the sender’s domain'],
  ['DKIM-Signature: d=x.example; h=from\n', 'signature', 'good', 'signed for x.example'],
  ['DKIM-Signature: d=example; h=from\n', 'signature', 'good', 'signed for example'],
  ['DKIM-Signature: d=; h=from\n', 'signature', 'missing', 'no DKIM signature'],
  ['List-Unsubscribe: <mailto:a@x.example>\n', 'unsubscribe', 'unusual', 'no https link'],
  ['List-Unsubscribe: <http://127.0.0.1:4000/u>\n', 'unsubscribe', 'rehearsal', 'leads to this machine'],
  ['List-Unsubscribe: <http://localhost.x.example/u>\n', 'unsubscribe', 'unusual', 'no https link'],
  ['List-Unsubscribe: <https://x.example/u>\n', 'unsubscribe', 'unusual', 'does not say that one click'],
  ['Content-Type: text/html\n', 'parts', 'unusual', 'HTML alone'],
  ['From: b@x.example\n', 'sender', 'unusual', 'more than once'],
  ['Date: yesterday\n', 'date', 'unusual', 'cannot be read'],
  ['', 'unsubscribe', 'missing', 'no way to unsubscribe'],
] as const)('with %j it says so: %s, %s', async (header, about, state, words) => {
  const { facts } = await view(`From: a@x.example\n${header}\n<p>Hello</p>\n`)
  const fact = facts.find((each) => each.about === about)
  expect(fact).toMatchObject({ state, sentence: expect.stringContaining(words) })
})

test('of a message that is too large only the beginning is taken apart, and it says so', async () => {
  const small = await view('Subject: x\n\nHello\n')
  expect([small.cut, small.text?.trim()]).toEqual([false, 'Hello'])
  const line = `${'text '.repeat(200)}\n`
  const large = await view(`Subject: x\n\n${line.repeat(9_000)}`)
  expect([large.cut, large.bytes]).toEqual([true, 12 + 9_000 * line.length])
  expect(large.text?.length).toBeLessThanOrEqual(5 * 1024 * 1024)
})

test('what nobody has heard of is said to be so, whatever it is called', () => {
  const explain = (name: string): string => explainHeader({ name, value: '' })
  expect(explain('X-Spam-Score')).toBe('A field of one program’s own: others do not know it.')
  for (const name of ['constructor', '__proto__', 'toString', 'Quux'])
    expect(explain(name)).toBe('A field that is not well known; mail programs do not show it.')
  for (const name of [
    ...[
      'From',
      'To',
      'Subject',
      'Date',
      'Message-ID',
      'List-Unsubscribe',
      'List-Unsubscribe-Post',
      'List-Id',
    ],
    ...[
      'DKIM-Signature',
      'Return-Path',
      'Received',
      'MIME-Version',
      'Content-Type',
      'Content-Transfer-Encoding',
    ],
    ...['Precedence', 'Auto-Submitted', 'Feedback-ID'],
  ])
    expect([name, explain(name)]).toEqual([name, expect.not.stringMatching(/not well known|own: others/)])
})

test('a link, a folder or a name of another kind is no message', async () => {
  const secret = join(dir, 'secret.txt')
  await writeFile(secret, 'From: a@x.example\n\nsecret\n')
  const [linked, folder] = [fileName(1, 'a'), fileName(2, 'b')]
  await symlink(secret, join(dir, linked))
  await mkdir(join(dir, folder))
  for (const name of [linked, folder, 'secret.txt', '../secret.txt', '', '00000001-a.eml/../secret.txt']) {
    expect([name, await viewMessage(dir, name)]).toEqual([name, null])
    expect([name, await sourceOf(dir, name)]).toEqual([name, null])
  }
  expect((await listMessages(dir, { offset: 0, limit: 9 })).messages).toEqual([])
})
