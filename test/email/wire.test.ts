import MimeNode from 'nodemailer/lib/mime-node'
import { expect, test } from 'vitest'
import { compileWire } from '../../src/email/compile-wire.ts'
import { openComposer } from '../../src/email/composer.ts'
import type { Edition, Recipient } from '../../src/email/edition.ts'
import type { Wire } from '../../src/email/wire.ts'
import { choiceMarks, slotMark } from '../../src/render/slots.ts'
import { sampleEdition } from './sample-edition.ts'

const reader: Recipient = {
  address: 'ada@reader.test',
  name: 'Ada',
  messageId: '<abc234@brief.test>',
  date: Date.UTC(2025, 10, 12, 6, 30),
  unsubscribeUrl: 'https://brief.test/u/ab12',
  subjectPrefix: '',
}

const message = (edition: Edition, person = reader): string =>
  String(openComposer(edition, null).compose(person))

test('an edition whose lines need no encoding gives the bytes of nodemailer’s own composer', async () => {
  const edition = sampleEdition({
    html: '<p>One</p>\n<p>Two</p>',
    text: 'One\n\nTwo\n',
    subject: 'One and two',
  })
  const raw = message(edition)
  const root = new MimeNode('multipart/alternative', {
    newline: 'win',
    boundaryPrefix: '',
    baseBoundary: '',
  })
  const boundary = /boundary="([^"]+)"/.exec(raw)?.[1] ?? ''
  root.setHeader('Content-Type', `multipart/alternative; boundary="${boundary}"`)
  const { from, replyTo } = edition.envelope
  root.addHeader('From', from)
  root.addHeader('Reply-To', replyTo ?? '')
  root.addHeader('To', reader.address)
  root.addHeader('Subject', edition.subject)
  root.addHeader('Date', new Date(reader.date))
  root.addHeader('Message-ID', reader.messageId)
  root.addHeader('List-Unsubscribe', `<${reader.unsubscribeUrl}>`)
  root.addHeader('List-Unsubscribe-Post', 'List-Unsubscribe=One-Click')
  root.addHeader('List-Id', { prepared: true, value: '"The Weekly \\"Brief\\"" <weekly.brief.test>' })
  root.addHeader('List-Help', '<mailto:letters@brief.test?subject=help>')
  root.addHeader('List-Archive', '<https://brief.test/>')
  root.addHeader('Feedback-ID', '2025-w46:weekly:issue:brieftest')
  for (const [type, content] of [
    ['text/plain', edition.text],
    ['text/html', edition.html],
  ] as const)
    root
      .createChild(`${type}; charset=utf-8`)
      .setHeader('Content-Transfer-Encoding', 'quoted-printable')
      .setContent(content)
  expect(message(edition, { ...reader, name: null })).toBe(String(await root.build()))
})

test('a frozen edition gives the same bytes after it has been kept as JSON', () => {
  const open = sampleEdition({ html: `<p>${choiceMarks('name', slotMark('name'), 'you')}</p>` })
  const frozen: Edition = { ...open, wire: compileWire(open) }
  const kept: Edition = JSON.parse(JSON.stringify(frozen))
  expect(message(kept)).toBe(message(frozen))
})

test('what was frozen goes out, whatever a new version would make of the edition', () => {
  const frozen: Edition = { ...sampleEdition(), wire: compileWire(sampleEdition()) }
  expect(message({ ...frozen, subject: 'Another', html: '<p>Another</p>', text: 'Another' })).toBe(
    message(frozen),
  )
})

test('an edition that was frozen before editions were compiled gives the same bytes as one compiled', () => {
  const old = sampleEdition()
  expect(old.wire).toBeUndefined()
  expect(message(old)).toBe(message({ ...old, wire: compileWire(old) }))
})

test('an edition of a newer format is refused, with what to do', () => {
  const compiled = JSON.stringify(compileWire(sampleEdition()))
  const wire: Wire = JSON.parse(compiled.replace('"version":1', '"version":2'))
  expect(() => openComposer({ ...sampleEdition(), wire }, null)).toThrow(
    expect.objectContaining({ code: 'refused', hint: expect.stringMatching(/install/) }),
  )
})

test('the wire is plain ASCII in whole lines, and holds nobody', () => {
  const { headers, body } = compileWire(sampleEdition())
  expect(JSON.stringify([headers, body])).not.toMatch(/@slot\.invalid|ONRECORDx/)
  for (const piece of [...headers.issue, ...headers.test, ...body]) {
    const texts = typeof piece === 'string' ? [piece] : 'after' in piece ? [piece.before, piece.after] : []
    for (const text of texts) expect(text).toMatch(/^[\r\n -~]*$/)
  }
  for (const piece of body) if (typeof piece === 'string') expect(piece).toMatch(/\r\n$/)
})

test('the boundary is the edition’s own: the same for all its readers, another for another text', () => {
  const boundary = (raw: string) => /boundary="([^"]+)"/.exec(raw)?.[1]
  const first = boundary(message(sampleEdition()))
  expect(boundary(message(sampleEdition(), { ...reader, messageId: '<other@brief.test>' }))).toBe(first)
  expect(boundary(message(sampleEdition({ text: 'Another' })))).not.toBe(first)
})
