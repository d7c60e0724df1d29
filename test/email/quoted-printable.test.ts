import fc from 'fast-check'
import { expect, test } from 'vitest'
import { encodedRoom, encodeText, encodeValue } from '../../src/email/quoted-printable.ts'
import { decodeQuotedPrintable, hostileText, relaxedBody } from './plain-forms.ts'

/** Texts and values in turn, as an edition with slots is encoded. */
const spliced = fc.array(fc.record({ text: hostileText, value: hostileText.map(withoutBreaks) }), {
  maxLength: 6,
})

function withoutBreaks(text: string): string {
  return text.replace(/[\r\n]/g, '')
}

function encode(pieces: readonly { readonly text: string; readonly value: string }[], last: string): string {
  const body = pieces.map(({ text, value }) => encodeText(text, 'open') + encodeValue(value)).join('')
  return `${body}${encodeText(last, 'closed')}\r\n`
}

test('whatever texts and values stand together, each line is short, ASCII and needs no dot-stuffing', () => {
  fc.assert(
    fc.property(spliced, hostileText, (pieces, last) => {
      for (const line of encode(pieces, last).split('\r\n')) {
        expect(line.length).toBeLessThanOrEqual(76)
        expect(line).toMatch(/^(?![.]|From )[ -~]*$/)
        expect(line).not.toMatch(/ $/)
      }
    }),
    { numRuns: 2_000 },
  )
})

test('what is encoded is in DKIM’s relaxed form already, but for empty lines at its very end', () => {
  fc.assert(
    fc.property(spliced, hostileText, (pieces, last) => {
      const body = `${encode(pieces, last)}--boundary--\r\n`
      expect(relaxedBody(body)).toBe(body)
    }),
    { numRuns: 2_000 },
  )
})

test('decoded, it is what went in, with LF line ends as CRLF', () => {
  fc.assert(
    fc.property(spliced, hostileText, (pieces, last) => {
      const plain = pieces.map(({ text, value }) => lines(text) + value).join('') + lines(last)
      const encoded = encode(pieces, last)
      expect(decodeQuotedPrintable(encoded.slice(0, -2))).toBe(plain.toWellFormed())
    }),
    { numRuns: 2_000 },
  )
})

test('a value never takes more room than was kept for it', () => {
  fc.assert(
    fc.property(hostileText.map(withoutBreaks), fc.integer({ min: 1, max: 40 }), (text, times) => {
      const value = text.repeat(times)
      expect(encodeValue(value).length).toBeLessThanOrEqual(encodedRoom(Buffer.byteLength(value)))
    }),
  )
})

test('a value is encoded the same wherever it stands', () => {
  expect(encodeValue('')).toBe('')
  expect(encodeValue('.a b=c')).toBe('=2Ea=20b=3Dc=\r\n')
  expect(encodeValue(`${'x'.repeat(75)}.y`)).toBe(`${'x'.repeat(75)}=\r\n=2Ey=\r\n`)
  expect(encodeValue('Zoë')).toBe('Zo=C3=AB=\r\n')
})

function lines(text: string): string {
  return text.replaceAll('\r\n', '\n').replaceAll('\n', '\r\n')
}
