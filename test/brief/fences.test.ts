import { expect, test } from 'vitest'
import { scanFences } from '../../src/brief/fences.ts'
import { looksLikeFence } from '../../src/brief/fence-likeness.ts'
import { parseBrief } from '../../src/brief/parse.ts'
import { shown } from './show.ts'

const front = '---\ntitle: T\nstandfirst: S\ndate: 2025-11-10\n---\n'

function gateOf(body: string): string {
  const { findings } = parseBrief('a.md', front + body)
  return shown(findings.filter((each) => each.severity === 'error'))
}

test('the scanner lists what opens and closes where, and how deep', () => {
  const body = '::::members{teaser="x"}\n:::note\nx\n:::\n::::\n\n::button[x]{href="y"}\n'
  expect(scanFences('a.md', body, 1)).toEqual({
    findings: [],
    fences: [
      { name: 'members', openLine: 1, closeLine: 5, depth: 0 },
      { name: 'note', openLine: 2, closeLine: 4, depth: 1 },
      { name: 'button', openLine: 7, closeLine: 7, depth: 0 },
    ],
  })
})

test.each([
  ':::',
  '::members',
  ':members{teaser="x"}',
  '::: members',
  '   :::',
  '\t:::',
  '\u00a0:::',
  '\u200b:::',
  '\\:::',
  ':\\:\\:members',
  '> :::',
  '- :::',
  '1. :::',
  '**:::**',
  '## :::members',
  '| :::members |',
  '\uff1a\uff1a\uff1amembers',
  '\ua789\ua789members',
  '\u2237members',
  '&#58;::members',
  '&colon;&colon;&colon;',
  '&#x3A;:: note',
  ': : :',
  ':\u200b:\u200b:members',
  'words :::members{teaser="x"}',
  'words.:::',
  'words ::members[x]',
  'members{teaser="x"}',
  '<!-- :::members',
  '[x]: y ":::"',
  ':> ::',
  ':x:',
  ' : ',
  ':é::',
])('%j looks like a fence', (line) => {
  expect(looksLikeFence(line)).toBe(true)
})

test.each([
  'At 10:30, Reuters:Kabul: “no”.',
  '| :--- | :---: | ---: |',
  ':-: | :-:',
  'std::vector is C++, 2001:db8::1 an address',
  'Members: 12. Note: see below.',
  ':that is odd',
  'a {brace} and [@cite] {key}',
  '[@moe] {scope=para}',
  'अतः यह: सही',
  ':-:|:-:',
  '12:30:45',
  'He said:',
  'https://example.org:8080/?a=b::c',
  '',
])('%j does not', (line) => {
  expect(looksLikeFence(line)).toBe(false)
})

test.each([
  ['::: members{teaser="x"}\nx\n:::'],
  [':::members{teaser=“x”}\nx\n:::'],
  [':::members{teaser="x}\nx\n:::'],
  [':::members {teaser="x"}\nx\n:::'],
  [':::members{teaser="x"} x\nx\n:::'],
  [':::members[x]{teaser="x"}\nx\n:::'],
  [':::members{teaser="x" teaser="y"}\nx\n:::'],
  [':::members{__proto__="x"}\nx\n:::'],
  [':::members{teaser="x"}\nx'],
  [':::members{teaser="x"}\nx\n::'],
  [':::members{teaser="x"}\nx\n::::'],
  ['::::members{teaser="x"}\nx\n:::'],
  [':::members{teaser="x"}\n:::note\nx\n:::\n:::'],
  [':::members{teaser="x"}\n::::note\nx\n::::\n:::'],
  ['    :::members{teaser="x"}\n    x\n    :::'],
  ['> :::members{teaser="x"}\n> x\n> :::'],
  ['- y\n\n  :::members{teaser="x"}\n  x\n  :::'],
  ['```\n:::members{teaser="x"}\nx\n:::\n```'],
  [':::members{teaser="x"}\n```\n:::\n\nx\n'],
  ['<!--\n:::members{teaser="x"}\nx\n:::\n-->'],
  ['<div>\n:::members{teaser="x"}\nx\n:::\n</div>'],
  ['`a\n:::members{teaser="x"}`\nx\n:::'],
  ['::members{teaser="x"}\nx'],
  [':::'],
  ['text\n::: text'],
  [':::members{teaser="x"}\n[secret]: https://example.org "words"\n:::\n\n[secret]'],
])('%j is refused', (body) => {
  expect(gateOf(body)).toMatch(/\(DC80[34]\)/)
})

test('each slip says what to do about it', () => {
  const slips = [
    '::: members{teaser="x"}',
    ':::members {teaser="x"}',
    ':::members{teaser=“Why”}',
    ':::note',
    '::::note',
    ':::',
    '  words :::',
    '> :::note',
  ]
  expect(gateOf(slips.join('\n\n'))).toMatchInlineSnapshot(`
    "a.md:6:1  This line looks like a fence and is none.  (DC804)
      → write the name right after the colons, without a space
    a.md:8:1  This line looks like a fence and is none.  (DC804)
      → write the brace right after the name, without a space
    a.md:10:1  The “members” that begins here is never closed.  (DC804)
      → put “:::” on a line of its own where it ends
    a.md:10:1  This attribute has curly quotation marks.  (DC804)
      → attributes need straight ones: {teaser="…"}
    a.md:12:1  “:::note” stands within “:::members” of line 10 and must have fewer colons.  (DC804)
      → give the outer fence, opening and closing, one colon more
    a.md:14:1  “::::note” stands within “:::note” of line 12 and must have fewer colons.  (DC804)
      → give the outer fence, opening and closing, one colon more
    a.md:14:1  This note is empty.  (DC812)
      → write its text between the fences, or remove it
    a.md:16:1  This fence has 3 colons; “note”, opened in line 14, has 4.  (DC804)
      → a closing fence is exactly as long as the one it closes
    a.md:18:1  This line looks like a fence and is none.  (DC804)
      → a fence begins its line: remove what stands before it
    a.md:20:1  This line looks like a fence and is none.  (DC804)
      → a fence begins its line: remove what stands before it
    a.md:20:3  “note” stands within a quote or a list.  (DC804)
      → give it lines of its own, not indented
    a.md:20:3  This note is empty.  (DC812)
      → write its text between the fences, or remove it"
  `)
})

test('where the gate is open the whole text is for members', () => {
  const { value } = parseBrief('a.md', `${front}Public.\n\n::: members\nSecret.\n:::\n`)
  expect(value?.body.children).toMatchObject([{ type: 'members', teaser: '' }])
})
