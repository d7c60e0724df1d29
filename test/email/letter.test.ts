import { generateKeyPairSync } from 'node:crypto'
import fc from 'fast-check'
import PostalMime from 'postal-mime'
import { expect, test } from 'vitest'
import { composeLetter } from '../../src/email/compose-letter.ts'
import type { DkimKey } from '../../src/email/dkim-key.ts'
import { createSigner } from '../../src/email/dkim.ts'
import type { Letter } from '../../src/email/letter.ts'
import { verdicts } from './dkim-message.ts'

const letter: Letter = {
  from: { name: 'The “Ledger” Brief, Ltd', address: 'desk@brief.test' },
  replyTo: 'answers@brief.test',
  to: 'ada@reader.test',
  subject: 'Confirm: Wöchentlich by The Ledger Brief, and more than one line of a header can hold at once',
  text: 'Hello,\n\n.\nFrom here\nhttps://brief.test/confirm/abc=def\n',
  html: '<p>Hello, “reader”</p>\n',
  messageId: '<abc@brief.test>',
  date: Date.parse('2026-01-05T08:00:00Z'),
}
const compose = async (change: Partial<Letter> = {}): Promise<string> =>
  (await composeLetter({ ...letter, ...change }, null)).toString('utf8')

const headOf = (message: string): string[] =>
  message.slice(0, message.indexOf('\r\n\r\n')).split(/\r\n(?![ \t])/)

test('a letter comes out in both parts as it was written, with what keeps answering machines quiet', async () => {
  const raw = await compose()
  const mail = await PostalMime.parse(raw)
  expect(mail.subject).toBe(letter.subject)
  expect(mail.from).toMatchObject(letter.from)
  expect([mail.to?.[0]?.address, mail.replyTo?.[0]?.address]).toEqual([letter.to, letter.replyTo])
  expect(mail.text?.trimEnd()).toBe(letter.text.trimEnd())
  expect(mail.html?.trimEnd()).toBe(letter.html?.trimEnd())
  expect(mail.messageId).toBe(letter.messageId)
  expect(raw).toContain('\r\nAuto-Submitted: auto-generated\r\n')
  expect(raw).toContain('\r\nDate: Mon, 05 Jan 2026 08:00:00 +0000\r\n')
})

test('to who wants text, a letter is the text alone', async () => {
  const raw = await compose({ html: null })
  const mail = await PostalMime.parse(raw)
  expect([mail.text?.trimEnd(), mail.html]).toEqual([letter.text.trimEnd(), undefined])
  expect(headOf(raw)).toContain('Content-Type: text/plain; charset=utf-8')
  expect(headOf(raw)).toContain('Content-Transfer-Encoding: quoted-printable')
  expect(raw).not.toContain('multipart')
})

test('a letter is no list mail: nothing in it can be unsubscribed from by a machine', async () => {
  expect(await compose()).not.toMatch(/^(List-|Precedence|Feedback-ID)/im)
})

test('lines end with CRLF, are at most 76 octets in the body, and none begins with a dot', async () => {
  const raw = await compose({ text: `${'ä'.repeat(500)}\n.hidden\n..\n`, html: '.\n<p>.</p>\r\n.' })
  expect(raw.replaceAll('\r\n', '')).not.toMatch(/[\r\n]/)
  expect(raw.split('\r\n').filter((line) => line.length > 78 || line.startsWith('.'))).toEqual([])
  expect(raw).not.toMatch(/[^\x00-\x7f]/)
})

test('an address of letters beyond ASCII stands as it is, its domain in ASCII', async () => {
  expect(headOf(await compose({ to: 'jörg@jõgeva.test' }))).toContain('To: jörg@xn--jgeva-dua.test')
})

const fields = {
  to: (text: string) => ({ to: `ada${text}@reader.test` }),
  domain: (text: string) => ({ to: `ada@reader${text}.test` }),
  sender: (text: string) => ({ from: { name: 'Desk', address: `desk${text}@brief.test` } }),
  name: (text: string) => ({ from: { name: `Desk${text}`, address: 'desk@brief.test' } }),
  subject: (text: string) => ({ subject: `Confirm${text}` }),
  replyTo: (text: string) => ({ replyTo: `answers${text}@brief.test` }),
  messageId: (text: string) => ({ messageId: `<abc${text}@brief.test>` }),
}
const breaks = ['\r\n', '\n', '\r', '\0', '\u2028', '\u2029', '\u0085', '\x0b', '\x0c', '\x1b', '\ud800']

test.each(Object.keys(fields) as (keyof typeof fields)[])(
  'no line break or control character of any kind gets into a header by its %s: the letter is refused',
  async (field) => {
    for (const mark of breaks)
      for (const text of [`${mark}Bcc: eve@reader.test`, `${mark} x`, mark, `${mark}${mark}body`])
        await expect(compose(fields[field](text)), JSON.stringify(text)).rejects.toMatchObject({
          code: 'refused',
        })
  },
)

test('whatever a value holds, a letter has the same headers once each, or is refused', async () => {
  const names = headOf(await compose()).map((line) => line.slice(0, line.indexOf(':')))
  await fc.assert(
    fc.asyncProperty(
      fc.constantFrom(...Object.values(fields)),
      fc.oneof(
        fc.string(),
        fc.string({ unit: 'binary' }),
        fc.constantFrom(...breaks.map((mark) => `${mark}X: y`)),
      ),
      async (change, text) => {
        const raw = await compose(change(text)).catch((error: unknown) => {
          if (error instanceof Error && Reflect.get(error, 'code') === 'refused') return null
          throw error
        })
        if (raw === null) return
        expect(headOf(raw).map((line) => line.slice(0, line.indexOf(':')))).toEqual(names)
        expect((await PostalMime.parse(raw)).to).toHaveLength(1)
      },
    ),
    { numRuns: 300 },
  )
})

test('an independent implementation verifies the signatures of both keys', async () => {
  const keys: DkimKey[] = [
    {
      algorithm: 'rsa',
      domain: 'brief.test',
      selector: 'r',
      privateKey: generateKeyPairSync('rsa', { modulusLength: 2048 }).privateKey,
    },
    {
      algorithm: 'ed25519',
      domain: 'brief.test',
      selector: 'e',
      privateKey: generateKeyPairSync('ed25519').privateKey,
    },
  ]
  const signer = createSigner(keys)
  for (const change of [{}, { to: 'jörg@jõgeva.test' }, { replyTo: null }, { html: null }]) {
    const raw = (await composeLetter({ ...letter, ...change }, signer)).toString('latin1')
    expect(await verdicts(raw, keys)).toEqual(['pass', 'pass'])
  }
})
