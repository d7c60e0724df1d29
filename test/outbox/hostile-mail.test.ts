import fc from 'fast-check'
import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { fileName } from '../../src/outbox/file-name.ts'
import { listMessages } from '../../src/outbox/messages.ts'
import { openOutboxSearch } from '../../src/outbox/search.ts'
import { viewMessage } from '../../src/outbox/view.ts'

let dir: string
beforeEach(async () => {
  dir = await mkdtemp(join(tmpdir(), 'onrecord-hostile-'))
})
afterEach(() => rm(dir, { recursive: true, force: true }))

/** Longer than any of them takes on a machine that is busy, and far shorter than a loop that does not end. */
const BOUND_MS = 20_000

async function survives(bytes: string | Buffer): Promise<void> {
  const name = fileName(1, 'a')
  await writeFile(join(dir, name), bytes)
  const begun = performance.now()
  const message = await viewMessage(dir, name)
  expect(message).not.toBeNull()
  expect((await listMessages(dir, { offset: 0, limit: 5 })).messages).toHaveLength(1)
  const search = openOutboxSearch(dir)
  await search.find({ text: 'never there', inText: true }, { after: null, limit: 5 })
  expect(performance.now() - begun).toBeLessThan(BOUND_MS)
  // What goes to the page is bounded, whatever came.
  expect(message?.headers.length).toBeLessThanOrEqual(200)
  expect(message?.attachments.length).toBeLessThanOrEqual(100)
  expect(message?.preheader.length).toBeLessThanOrEqual(150)
}

const token = fc.constantFrom(
  ...[
    'From:',
    'To:',
    'Subject:',
    'Content-Type:',
    'multipart/mixed; boundary=b',
    'multipart/related;boundary="b"',
  ],
  ...['--b', '--b--', '\r\n', '\n', '\r\n\r\n', ' ', ';', '"', '<', '>', '<a@b>', '(', ')', ',', ':', '\\'],
  ...[
    '=?utf-8?q?',
    '=?utf-8?b?',
    '?=',
    '=?x-unknown?b?AAAA?=',
    'text/html',
    'text/plain; charset=utf-7',
    'message/rfc822',
  ],
  ...[
    'Content-Transfer-Encoding: base64',
    'Content-Transfer-Encoding: quoted-printable',
    '=',
    '=3D',
    '=\r\n',
  ],
  ...[
    'Content-ID: <i>',
    'cid:i',
    '<img src="cid:i">',
    '<script>',
    '<!--',
    '<![CDATA[',
    '&#x110000;',
    'Date: 99',
  ],
  ...[
    'DKIM-Signature: a=;b;;=;d',
    'List-Unsubscribe: <https://',
    'begin 644 x',
    '\u0000',
    '\ud83d\ude00',
    '\ufeff',
    'é',
  ],
  ...["filename*0*=utf-8''%E4", 'filename*1=x', 'charset*=', 'name="../../etc/passwd"'],
)

test('whatever arrives is read without a fault', async () => {
  await fc.assert(
    fc.asyncProperty(fc.array(token, { maxLength: 120 }), (tokens) => survives(tokens.join(''))),
    { numRuns: 250 },
  )
})

test('bytes that are no mail at all are read without a fault', async () => {
  await fc.assert(
    fc.asyncProperty(fc.uint8Array({ maxLength: 2_000 }), (bytes) => survives(Buffer.from(bytes))),
    { numRuns: 100 },
  )
})

const MB = 1024 * 1024
test.each([
  ['an endless head', `From: a@b\r\n${'X: y\r\n'.repeat(300_000)}`],
  ['one endless line', `Subject: ${'a'.repeat(4 * MB)}`],
  ['one endless address list', `To: ${'a@b.example, '.repeat(100_000)}\r\n\r\n`],
  ['comments within comments', `From: ${'('.repeat(200_000)}a@b\r\n\r\n`],
  ['quotes that are not closed', `From: ${'"'.repeat(200_001)}\r\nSubject: x\r\n\r\n`],
  ['many encoded words', `Subject: ${'=?utf-8?q?a?= '.repeat(50_000)}\r\n\r\n`],
  ['halves of encoded words', `Subject: ${'=?utf-8?q?'.repeat(50_000)}\r\n\r\n`],
  ['many parts', `Content-Type: multipart/mixed; boundary=b\r\n\r\n${'--b\r\n\r\nx\r\n'.repeat(1_000_000)}`],
  [
    'parts within parts',
    Array.from(
      { length: 5_000 },
      (_, at) => `Content-Type: multipart/mixed; boundary=b${at}\r\n\r\n--b${at}\r\n`,
    ).join(''),
  ],
  ['messages within messages', `${'Content-Type: message/rfc822\r\n\r\n'.repeat(30_000)}Subject: x\r\n\r\nx`],
  ['short lines that flow', `Content-Type: text/plain; format=flowed\r\n\r\n${'a \r\n'.repeat(1_600_000)}`],
  ['HTML of tags alone', `Content-Type: text/html\r\n\r\n${'<b>a'.repeat(500_000)}`],
  ['HTML of openings alone', `Content-Type: text/html\r\n\r\n${'<'.repeat(2 * MB)}`],
  [
    'one image a thousand times',
    `Content-Type: multipart/related; boundary=b\r\n\r\n--b\r\nContent-Type: text/html\r\n\r\n${'<img src="cid:i">'.repeat(1_000)}\r\n--b\r\nContent-Type: image/png\r\nContent-ID: <i>\r\n\r\n${'x'.repeat(MB)}\r\n--b--\r\n`,
  ],
  ['a signature of tags alone', `DKIM-Signature: ${'a=b;'.repeat(50_000)}\r\n\r\n`],
  ['twenty megabytes', `Subject: x\r\n\r\n${'text '.repeat(4 * MB)}`],
])('%s takes a bounded time', async (_, bytes) => survives(bytes), 60_000)
