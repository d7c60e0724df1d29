import { expect, test } from 'vitest'
import { readableDomain } from '../../src/core/domain-name.ts'

test.each([
  ['example.org', 'example.org'],
  ['xn--bcher-kva.example', 'bücher.example'],
  ['mail.xn--zrich-kva.example', 'mail.zürich.example'],
  ['xn--r8jz45g.xn--zckzah', '例え.テスト'],
  // Cyrillic that reads as Latin, Greek, and a Latin letter without its dot.
  ['xn--80ak6aa92e.com', 'аррӏе.com (xn--80ak6aa92e.com)'],
  ['xn--jxalpdlp.example', 'δοκιμή.example (xn--jxalpdlp.example)'],
  ['xn--wkipedia-tkb.example', 'wıkipedia.example (xn--wkipedia-tkb.example)'],
  // What cannot be decoded, and what is no domain.
  ['xn--a.example', 'xn--a.example'],
  ['not a domain', 'not a domain'],
])('%s is read as %s', (ascii, read) => {
  expect(readableDomain(ascii)).toBe(read)
})
