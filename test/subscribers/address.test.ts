import fc from 'fast-check'
import { expect, test } from 'vitest'
import { parseAddress } from '../../src/subscribers/address.ts'
import { cpuTime } from '../cpu-time.ts'

const read = (text: string): string => {
  const parsed = parseAddress(text)
  return parsed.ok ? parsed.value.address : `refused: ${parsed.reason}`
}

test('a plain address is kept as it is written, with its domain in lower case', () => {
  expect(parseAddress('Ada.Lovelace+news@Example.ORG')).toEqual({
    ok: true,
    value: {
      address: 'Ada.Lovelace+news@example.org',
      key: 'ada.lovelace+news@example.org',
      domain: 'example.org',
      smtputf8: false,
    },
  })
})

test('spaces around an address are taken off, also the ones that spreadsheets leave', () => {
  expect(read(' \tada@example.org\u00a0 ')).toBe('ada@example.org')
})

test('an international domain becomes ASCII, and every spelling of it one person', () => {
  const spellings = [
    'ada@bücher.example',
    'ada@BÜCHER.example',
    'ada@bu\u0308cher.example',
    'ada@xn--bcher-kva.example',
  ]
  expect(new Set(spellings.map(read))).toEqual(new Set(['ada@xn--bcher-kva.example']))
})

test('a local part beyond ASCII is allowed and flagged, in either normal form', () => {
  const composed = parseAddress('Zoë@example.org')
  const decomposed = parseAddress('Zoe\u0308@example.org')
  expect(composed).toMatchObject({ ok: true, value: { key: 'zoë@example.org', smtputf8: true } })
  expect(decomposed).toEqual(composed)
})

test.each([
  ['', 'is empty'],
  ['   ', 'is empty'],
  ['ada', 'has no @'],
  ['ada@b@example.org', 'has more than one @'],
  ['@example.org', 'has nothing before the @'],
  ['ada@', 'has nothing after the @'],
  ['.ada@example.org', 'has a dot at the beginning or the end of what is before the @'],
  ['ada.@example.org', 'has a dot at the beginning or the end of what is before the @'],
  ['a..da@example.org', 'has two dots in a row'],
  ['ada@example', 'has a domain without a dot'],
  ['ada@.example.org', 'has a domain with a dot too many'],
  ['ada@example.org.', 'has a domain with a dot too many'],
  ['ada@ex..org', 'has a domain with a dot too many'],
  ['ada@-example.org', 'has a domain that is not well formed'],
  ['ada@exa_mple.org', 'has a domain with a character that no domain can have'],
  ['ada@%65xample.org', 'has a domain with a character that no domain can have'],
  ['ada@xn--\u0430.org', 'has a domain that does not exist in any spelling'],
  ['ada@127.0.0.1', 'names a server by its number: a domain is needed'],
  ['ada@127.1', 'names a server by its number: a domain is needed'],
  ['ada@[127.0.0.1]', 'names a server by its number: a domain is needed'],
  ['Ada <ada@example.org>', 'holds a space'],
  ['<ada@example.org>', 'holds angle brackets: give the address alone, without a name'],
  ['"ada lovelace"@example.org', 'holds a space'],
  ['"ada"@example.org', 'holds quotes, brackets or a backslash'],
  ['ada(comment)@example.org', 'holds quotes, brackets or a backslash'],
  ['ada,bob@example.org', 'holds a character that an address cannot have'],
  ['ada;bob@example.org', 'holds a character that an address cannot have'],
  ['ada\u200b@example.org', 'holds a line break, a control character or an invisible one'],
  ['ada@exam\u00adple.org', 'holds a line break, a control character or an invisible one'],
  ['ada\u202e@example.org', 'holds a line break, a control character or an invisible one'],
  [`${'a'.repeat(65)}@example.org`, 'is too long: at most 64 bytes before the @'],
  [`${'ë'.repeat(33)}@example.org`, 'is too long: at most 64 bytes before the @'],
  [`ada@${'a'.repeat(64)}.org`, 'has a domain that is not well formed'],
  [`${'a'.repeat(60)}@${`${'b'.repeat(60)}.`.repeat(4)}org`, 'is too long: an address has at most 254 bytes'],
])('%j is refused: it %s', (text, reason) => {
  expect(parseAddress(text)).toEqual({ ok: false, reason })
})

test('a line break or control character anywhere in an address is refused, however it is spelt', () => {
  const hostile = fc.constantFrom(
    '\r',
    '\n',
    '\r\n',
    '\0',
    '\u2028',
    '\u2029',
    '\u0085',
    '\u001b',
    '\u007f',
    '\v',
  )
  fc.assert(
    fc.property(fc.emailAddress(), hostile, fc.nat(), (address, character, at) => {
      const place = at % (address.length + 1)
      const text = address.slice(0, place) + character + address.slice(place)
      expect(parseAddress(text).ok).toBe(false)
    }),
    { numRuns: 500 },
  )
})

test('whatever is accepted is safe on the wire and reads back as itself', () => {
  const pieces = fc.constantFrom(
    'a',
    'B',
    '.',
    '@',
    '-',
    '+',
    'ä',
    '"',
    '<',
    '\r\n',
    ' ',
    '%',
    '127.1',
    'xn--',
    '\u202e',
    '。',
    '😀',
  )
  const texts = fc.oneof(
    fc.string({ unit: 'binary', maxLength: 300 }),
    fc.array(pieces, { maxLength: 20 }).map((parts) => parts.join('')),
    fc.array(pieces, { maxLength: 8 }).map((parts) => `${parts.join('')}@example.org`),
  )
  fc.assert(
    fc.property(texts, (text) => {
      const parsed = parseAddress(text)
      if (!parsed.ok) {
        expect(parsed.reason).not.toContain('undefined')
        return
      }
      const { address, key, domain } = parsed.value
      expect(address).not.toMatch(/[\s\p{Cc}\p{Cf}<>"(),;:\\[\]]/u)
      expect(address.split('@')).toHaveLength(2)
      expect(domain).toMatch(/^[a-z0-9.-]+\.[a-z0-9-]+$/)
      expect(Buffer.byteLength(address)).toBeLessThanOrEqual(254)
      expect(parseAddress(address)).toEqual(parsed)
      expect(parseAddress(key)).toMatchObject({ ok: true, value: { key } })
    }),
    { numRuns: 3_000 },
  )
})

test('a long run of spaces is refused at once', () => {
  const started = cpuTime()
  expect(parseAddress(`${' '.repeat(1_000_000)}x`).ok).toBe(false)
  expect(cpuTime() - started).toBeLessThan(200)
})
