import { createHash } from 'node:crypto'
import fc from 'fast-check'
import PostalMime from 'postal-mime'
import { describe, expect, test } from 'vitest'
import { openComposer } from '../../src/email/composer.ts'
import type { Recipient } from '../../src/email/edition.ts'
import { personalise } from '../../src/email/personalise.ts'
import type { SignedField, Signer } from '../../src/email/signer.ts'
import { choiceMarks, slotMark } from '../../src/render/slots.ts'
import { decodeQuotedPrintable, hostileText, relaxedBody, relaxedHeaders } from './plain-forms.ts'
import { sampleEdition } from './sample-edition.ts'

const greeting = choiceMarks('name', `Dear ${slotMark('name')},`, 'Good morning,')
const plain = sampleEdition()
const edition = sampleEdition({
  html: plain.html.replace('<p>Sent', `<p title="${slotMark('name')}">${greeting}</p>${greeting}<p>Sent`),
  text: `${greeting}\n\n${slotMark('viewUrl')}\n${plain.text}${slotMark('name')}`,
})

const reader: Recipient = {
  address: 'ada+news@reader.test',
  name: null,
  messageId: '<abc234@brief.test>',
  date: Date.UTC(2025, 10, 12, 6, 30, 0, 999),
  unsubscribeUrl: 'https://brief.test/u/ab12.cGF5bG9hZA.bWFj',
  subjectPrefix: '',
}

const composer = openComposer(edition, null)
const compose = (change: Partial<Recipient> = {}): Buffer => {
  const raw = composer.compose({ ...reader, ...change })
  if (!Buffer.isBuffer(raw)) throw new Error('an unsigned message takes no promise')
  return raw
}

const parts = (raw: Buffer): string[] => {
  const text = raw.toString('utf8')
  if (/\r\nContent-Type: text\/plain/.test(text.slice(0, text.indexOf('\r\n\r\n'))))
    return [decodeQuotedPrintable(text.slice(text.indexOf('\r\n\r\n') + 4))]
  return text
    .split(/\r\n--=_onrecord[^\r]*\r\n/)
    .slice(1, 3)
    .map((part) => decodeQuotedPrintable(part.slice(part.indexOf('\r\n\r\n') + 4)))
}

const crlf = (text: string): string => text.replaceAll('\n', '\r\n')

const localPart = fc
  .array(
    fc.oneof(
      fc.constantFrom(..."abcXYZ019!#$%&'*+/=?^_`{|}~-"),
      fc.constantFrom('ö', 'Ж', '用', 'ß', '{{slot}}', 'ONRECORDxSLOTxnamexEND', '${x}', '.x'),
    ),
    { minLength: 1, maxLength: 20 },
  )
  .map((letters) => `x${letters.join('')}`)
const domain = fc.constantFrom('reader.test', 'xn--jgeva-dua.test', 'a.very.long.name.of.a.host.reader.test')
const address = fc.tuple(localPart, domain).map(([local, host]) => `${local}@${host}`)
const name = fc.oneof(
  fc.constantFrom(
    null,
    '',
    'Ada Lovelace',
    '"Ada" (the Countess) <x@evil.test>, Eve',
    'Ada \\',
    'Zoë 💌',
    '=?UTF-8?Q?Eve?=',
    `{{slot "address"}} ${slotMark('address')} \${x} $& <b>`,
    'n'.repeat(300),
    'ö'.repeat(200),
    '💌 '.repeat(90).trim(),
  ),
  hostileText.map((text) =>
    text
      .replace(/[\p{C}\p{Zl}\p{Zp}]/gu, '')
      .replace(/\p{Z}+/gu, ' ')
      .trim()
      .slice(0, 200)
      .toWellFormed(),
  ),
)
const recipients = fc.record({
  address,
  name,
  messageId: fc.stringMatching(/^<[a-z2-7.]{1,80}@brief\.test>$/),
  date: fc.integer({ min: 0, max: 4e12 }),
  unsubscribeUrl: fc.oneof(
    fc.constant(null),
    fc.stringMatching(/^https:\/\/brief\.test\/u\/[A-Za-z0-9._~&=?%-]{0,200}$/),
  ),
  viewUrl: fc.stringMatching(/^https:\/\/brief\.test\/v\/[A-Za-z0-9._-]{0,200}$/),
  format: fc.constantFrom('html', 'text'),
  subjectPrefix: fc.constantFrom('', '[Test] '),
})

describe('a message of any reader', () => {
  test('is read back by an independent parser, each header once, both parts as personalised', async () => {
    await fc.assert(
      fc.asyncProperty(recipients, async (person) => {
        const raw = compose(person)
        const mail = await PostalMime.parse(raw)
        const keys = mail.headers.map(({ key }) => key)
        expect(new Set(keys).size).toBe(keys.length)
        // A message of one part says how it is encoded.
        const own = person.format === 'text' ? 1 : 0
        expect(keys.length - own).toBe(person.unsubscribeUrl === null ? 12 : 14)
        expect(mail.to).toEqual([{ address: person.address, name: person.name ?? '' }])
        expect(mail.subject).toBe(person.subjectPrefix + edition.subject)
        expect(mail.messageId).toBe(person.messageId)
        expect(new Date(mail.date ?? '').getTime()).toBe(Math.floor(person.date / 1000) * 1000)
        const header = (key: string) => mail.headers.find((each) => each.key === key)?.value
        const link = person.unsubscribeUrl
        expect(header('list-unsubscribe')).toBe(link === null ? undefined : `<${link}>`)
        const { html, text } = personalise(edition, person)
        const wanted = person.format === 'text' ? [text] : [text, html]
        const exact = (given: string): string => (person.format === 'text' ? given.trimEnd() : given)
        expect(parts(raw).map(exact)).toEqual(wanted.map(crlf).map(exact))
        expect(mail.text?.trimEnd()).toBe(text.trimEnd())
        expect(mail.html?.trimEnd()).toBe(person.format === 'text' ? undefined : html.trimEnd())
      }),
      { numRuns: 400 },
    )
  })

  test('has short CRLF lines, none of which begins with a dot, and fits in the room', () => {
    fc.assert(
      fc.property(recipients, (person) => {
        const raw = compose(person)
        expect(raw.length).toBeLessThanOrEqual(composer.room)
        const text = raw.toString('latin1')
        expect(text.endsWith('\r\n')).toBe(true)
        expect(text.replaceAll('\r\n', '')).not.toMatch(/[\r\n]/)
        const [head = '', ...body] = text.split('\r\n\r\n')
        for (const line of head.split('\r\n')) expect(line.length).toBeLessThanOrEqual(998)
        for (const line of text.split('\r\n')) expect(line.startsWith('.')).toBe(false)
        for (const line of body.join('\r\n\r\n').split('\r\n')) expect(line.length).toBeLessThanOrEqual(76)
      }),
      { numRuns: 300 },
    )
  })

  test('is handed to the signer in the relaxed form that a plain reading of it gives', async () => {
    const seen: { fields: readonly SignedField[]; bodyHash: Buffer; time: number }[] = []
    const signing = openComposer(edition, {
      keyId: 'k',
      maxLength: 100,
      async sign(fields, bodyHash, time) {
        seen.push({ fields, bodyHash, time })
        return 'DKIM-Signature: x\r\n'
      },
    })
    await fc.assert(
      fc.asyncProperty(recipients, async (person) => {
        const signed = await signing.compose(person)
        const unsigned = compose(person)
        expect(signed.toString()).toBe(`DKIM-Signature: x\r\n${unsigned.toString()}`)
        const text = unsigned.toString('utf8')
        const end = text.indexOf('\r\n\r\n')
        const last = seen.pop()
        expect(last?.fields.map(({ relaxed }) => relaxed)).toEqual(relaxedHeaders(text.slice(0, end)))
        for (const { name: key, relaxed } of last?.fields ?? [])
          expect(relaxed.startsWith(`${key}:`)).toBe(true)
        expect(last?.bodyHash.toString('hex')).toBe(sha256(relaxedBody(text.slice(end + 4))))
        expect(last?.time).toBe(Math.floor(person.date / 1000))
      }),
      { numRuns: 300 },
    )
  })
})

test('a reader with a name and one without get the text that fits, in both parts', () => {
  const [named = '', namedHtml = ''] = parts(compose({ name: 'Zoë <b>' }))
  expect(named).toMatch(/^Dear Zoë <b>,\r\n/)
  expect(namedHtml).toContain('<p title="Zoë &lt;b&gt;">Dear Zoë &lt;b&gt;,</p>Dear Zoë')
  expect(named + namedHtml).not.toContain('Good morning')
  for (const none of [null, '']) {
    const [nameless = '', namelessHtml = ''] = parts(compose({ name: none }))
    expect(nameless).toMatch(/^Good morning,\r\n/)
    expect(namelessHtml).toContain('<p title="">Good morning,</p>Good morning,<p>')
    expect(nameless + namelessHtml).not.toContain('Dear')
  }
})

test('memory that is given is written to and nothing else; too little of it is an error', () => {
  const into = Buffer.alloc(composer.room)
  const raw = composer.compose(reader, into)
  expect(Buffer.isBuffer(raw) && raw.buffer === into.buffer).toBe(true)
  expect(raw).toEqual(compose())
  expect(() => composer.compose(reader, Buffer.alloc(composer.room - 1))).toThrow(RangeError)
})

test('a message composed over another one holds nothing of it', () => {
  const into = Buffer.alloc(composer.room)
  composer.compose({ ...reader, address: `${'long.'.repeat(12)}x@reader.test`, name: 'n'.repeat(300) }, into)
  expect(composer.compose(reader, into)).toEqual(compose())
})

test('a slow signer gives a promise, and a signature longer than it said is an error', async () => {
  const signer = (signature: string): Signer => ({
    keyId: 'k',
    maxLength: 30,
    sign: () => Promise.resolve(signature),
  })
  const slow = await openComposer(edition, signer('DKIM-Signature: slow\r\n')).compose(reader)
  expect(slow.toString()).toBe(`DKIM-Signature: slow\r\n${compose().toString()}`)
  await expect(openComposer(edition, signer('x'.repeat(31))).compose(reader)).rejects.toThrow(RangeError)
})

describe('nothing is built for', () => {
  const breaks = ['\r', '\n', '\r\nBcc: x@evil.test', '\0', '\t', '\u001b', '\u007f', '\u0085', '\u009b']
  const unseen = ['\u2028', '\u2029', '\ud800']
  test.each([...breaks, ...unseen])('%j in an address, a name, an id or a link', (text) => {
    const refused = expect.objectContaining({ code: 'refused' })
    for (const change of [
      { address: `ada${text}@reader.test` },
      { address: `ada@reader${text}.test` },
      { address: `ada@reader.test${text}` },
      { name: `Ada${text}` },
      { messageId: `<a${text}@b>` },
      { unsubscribeUrl: `https://brief.test/u/${text}` },
      { subjectPrefix: `[Test${text}] ` },
    ])
      expect(() => compose(change)).toThrow(refused)
  })

  test.each([
    ['two addresses', 'ada@a.test, eve@b.test'],
    ['a quoted local part', '"ada x"@a.test'],
    ['a comment', 'ada(countess)@a.test'],
    ['an address with a name', 'Ada <ada@a.test>'],
    ['an invisible character', 'ada\u200b@a.test'],
    ['a text direction', 'ada\u202e@a.test'],
    ['a domain that is none', 'ada@\u00ad.test\u3002\u3002'],
    ['an address literal', 'ada@[127.0.0.1]'],
    ['300 characters', `${'a'.repeat(290)}@reader.test`],
    ['300 octets', `${'ö'.repeat(150)}@reader.test`],
    ['no address', ''],
  ])('%s', (_, given) => {
    expect(() => compose({ address: given })).toThrow(/not one e-mail address/)
  })

  test('a name of more than 1,000 octets, a link or an id that no line holds, a date that is none', () => {
    expect(() => compose({ name: '用'.repeat(334) })).toThrow(/longer than 1000 octets/)
    expect(() => compose({ unsubscribeUrl: `https://brief.test/${'u'.repeat(900)}` })).toThrow(
      /unsubscribe link/,
    )
    expect(() => compose({ unsubscribeUrl: 'https://brief.test/> <' })).toThrow(/unsubscribe link/)
    expect(() => compose({ messageId: `<${'u'.repeat(901)}@b>` })).toThrow(/message id/)
    for (const date of [Number.NaN, -1, 1e15]) expect(() => compose({ date })).toThrow(/date/)
    expect(() => compose({ subjectPrefix: 'Test' })).toThrow(/before the subject/)
  })
})

test('a local part that is not ASCII goes out as UTF-8, a domain as punycode', () => {
  const head = compose({ address: 'jörg@jõgeva.test', name: 'Jörg' }).toString('utf8')
  expect(head).toContain('To: =?UTF-8?Q?J=C3=B6rg?=\r\n <jörg@xn--jgeva-dua.test>\r\n')
})

function sha256(text: string): string {
  return createHash('sha256').update(text).digest('hex')
}
