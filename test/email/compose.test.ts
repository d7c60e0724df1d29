import PostalMime from 'postal-mime'
import { describe, expect, test } from 'vitest'
import { composeMessage } from '../../src/email/compose.ts'
import type { Recipient } from '../../src/email/edition.ts'
import { personalise } from '../../src/email/personalise.ts'
import { slotMark } from '../../src/render/slots.ts'
import { sampleEdition } from './sample-edition.ts'

const reader: Recipient = {
  address: 'ada+news@reader.test',
  name: null,
  messageId: '<abc234@brief.test>',
  date: Date.UTC(2025, 10, 12, 6, 30),
  unsubscribeUrl: 'https://brief.test/u/ab12.cGF5bG9hZA.bWFj',
  subjectPrefix: '',
}

async function compose(change: Partial<Recipient> = {}, edition = sampleEdition()): Promise<Buffer> {
  return composeMessage(edition, { ...reader, ...change })
}

function head(raw: Buffer): string {
  return raw.toString('utf8').split('\r\n\r\n')[0] ?? ''
}

test('the headers stand in the order of the delivery rules, and no others', async () => {
  expect(head(await compose())).toMatchInlineSnapshot(`
    "From: =?UTF-8?Q?J=C3=B6rg_=26_die_Redaktion=2C_Berlin?= <desk@brief.test>
    Reply-To: letters@brief.test
    To: ada+news@reader.test
    Subject: =?UTF-8?Q?Talks_end_in_Istanbul_=E2=80=94_?=
     =?UTF-8?Q?=E2=80=9Cno_deal=E2=80=9D?=
    Date: Wed, 12 Nov 2025 06:30:00 +0000
    Message-ID: <abc234@brief.test>
    List-Unsubscribe: <https://brief.test/u/ab12.cGF5bG9hZA.bWFj>
    List-Unsubscribe-Post: List-Unsubscribe=One-Click
    List-ID: "The Weekly \\"Brief\\"" <weekly.brief.test>
    List-Help: <mailto:letters@brief.test?subject=help>
    List-Archive: <https://brief.test/>
    Feedback-ID: 2025-w46:weekly:issue:brieftest
    MIME-Version: 1.0
    Content-Type: multipart/alternative;
     boundary="=_onrecord-74c469e9db5310412ccc9b54-Part_1""
  `)
})

test('an independent parser reads back headers, both parts and their charset', async () => {
  const edition = sampleEdition()
  const mail = await PostalMime.parse(await compose({}, edition))
  expect(mail.from).toMatchObject(edition.envelope.from)
  expect(mail.replyTo).toMatchObject([{ address: 'letters@brief.test' }])
  expect(mail.to).toMatchObject([{ address: reader.address }])
  expect(mail.subject).toBe(edition.subject)
  expect(mail.messageId).toBe(reader.messageId)
  expect(new Date(mail.date ?? '').getTime()).toBe(reader.date)
  const parts = personalise(edition, reader)
  expect(mail.html?.trimEnd()).toBe(parts.html.trimEnd())
  expect(mail.text?.trimEnd()).toBe(parts.text.trimEnd())
})

test('every line is at most 998 bytes and ends in CRLF, and the text part comes first', async () => {
  const raw = (await compose()).toString('latin1')
  expect(raw.replaceAll('\r\n', '')).not.toMatch(/[\r\n]/)
  expect(Math.max(...raw.split('\r\n').map((line) => line.length))).toBeLessThanOrEqual(998)
  expect(raw.indexOf('text/plain; charset=utf-8')).toBeLessThan(raw.indexOf('text/html; charset=utf-8'))
  expect(raw.match(/Content-Transfer-Encoding: quoted-printable/g)).toHaveLength(2)
})

test('the same inputs give the same bytes, and another person other ones', async () => {
  expect(await compose()).toEqual(await compose())
  expect(await compose()).not.toEqual(await compose({ messageId: '<other@brief.test>' }))
})

test('a test message says so, leads nowhere and cannot be unsubscribed from', async () => {
  const raw = await compose({ unsubscribeUrl: null, subjectPrefix: '[Test] ' })
  const mail = await PostalMime.parse(raw)
  expect(mail.subject).toBe('[Test] Talks end in Istanbul — “no deal”')
  expect(head(raw)).not.toMatch(/List-Unsubscribe/i)
  expect(mail.html).toContain('href="https://brief.test/u/test"')
  expect(head(raw)).toContain('Feedback-ID: 2025-w46:weekly:test:brieftest')
})

describe('what could break out of a header is refused before the message is built', () => {
  const breaks = ['\r', '\n', '\r\nBcc: x@evil.test', '\0', '\u2028', '\u2029', '\u0085', '\u007f']
  test.each(breaks)('%j in a subject, a name, an address or a link', async (text) => {
    const edition = sampleEdition()
    const { envelope } = edition
    const from = { ...envelope.from, name: `Desk${text}` }
    const listId = { ...envelope.listId, name: `Brief${text}` }
    await expect(compose({}, { ...edition, subject: `News${text}` })).rejects.toThrow(/control character/)
    await expect(compose({}, { ...edition, envelope: { ...envelope, from } })).rejects.toThrow()
    await expect(compose({}, { ...edition, envelope: { ...envelope, listId } })).rejects.toThrow()
    await expect(compose({ address: `ada${text}@reader.test` })).rejects.toThrow()
    await expect(compose({ messageId: `<a${text}@b>` })).rejects.toThrow()
    await expect(compose({ unsubscribeUrl: `https://brief.test/u/${text}` })).rejects.toThrow()
  })

  test.each([
    'ada@a.test, eve@b.test',
    'ada@a.test>',
    '"ada x"@a.test',
    'Ada <ada@a.test>',
    'ada@@a.test',
    'ada',
  ])('%j is not one address', async (address) => {
    await expect(compose({ address })).rejects.toThrow(/not one e-mail address/)
  })
})

test('a person’s values are escaped in HTML, literal in text, and never looked at again', () => {
  const address = `{{slot}}&"'<${slotMark('unsubscribeUrl')}$&@reader.test`
  const { html, text } = personalise(sampleEdition(), { ...reader, address })
  expect(html).toContain(
    `Sent to {{slot}}&amp;&quot;&#39;&lt;${slotMark('unsubscribeUrl')}$&amp;@reader.test.`,
  )
  expect(text).toContain(`Sent to ${address}.`)
})
