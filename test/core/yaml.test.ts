import { expect, test } from 'vitest'
import { parseYaml, readYamlDocument } from '../../src/core/yaml.ts'

const found = (text: string) =>
  parseYaml(text, 'x.yaml').findings.map(
    ({ line, column, message, hint }) => `${line}:${column} ${message} → ${hint}`,
  )

test('a list, map or quotation that is never closed is shown where it opens', () => {
  expect(found('title: a\ndate: b\nauthors: [Desk\ntags: [a]\n')).toEqual([
    '3:10 This YAML cannot be read: the “[” that stands here is never closed. → close it with “]”, or quote the value if it is meant as it stands',
  ])
  expect(found('title: a\nauthors: [Desk\n')[0]).toContain('2:10 ')
  expect(found('image: {src: a\ntitle: b\n')[0]).toMatch(/^1:8 .*the “\{”.*close it with “\}”/)
  expect(found('a: "b"\ntitle: "Talks\nstandfirst: c\n')[0]).toMatch(/^2:8 .*the “"”/)
  expect(found("title: 'Talks\nstandfirst: c\n")[0]).toMatch(/^1:8 .*the “'”/)
})

test('the next step is that of the mistake', () => {
  expect(found('title: One: two\n')[0]).toContain('→ quote a value that holds “: ”')
  expect(found('title: @one\n')[0]).toContain('→ quote the value: it begins with a sign')
  expect(found('title: a\ntitle: b\n')[0]).toMatch(/^2:1 .*→ remove one of the two/)
  expect(found('\ttitle: a\n')[0]).toContain('→ indent with spaces')
  expect(found('title: !x a\n')[0]).toContain('begins with “!”')
})

test('whatever is wrong is said without words of the parser, once a line', () => {
  const broken = [
    'a: b: c',
    'a: "b" c',
    '- a\nb: c',
    'a: 1\n  b: 2',
    'a: [1]]',
    'a: &x &y z',
    '%x',
    'a: |x',
    'a: b\nc',
    'a: - b',
  ]
  const more = [
    'a: b\n---\nc',
    'a: "\\q"',
    'a:\n  b: c\n d: e',
    'a: {b: |\n c}',
    '!!map [a]',
    'a: !<x y',
    `${'k'.repeat(1_100)}: a`,
  ]
  for (const text of [...broken, ...more]) {
    const [first = '', ...others] = found(text)
    expect(first).toMatch(/^\d+:\d+ This YAML cannot be read: .+\. → .+/)
    expect(first).not.toMatch(
      /token|scalar|implicit|mapping|node|indicator|directive|anchor|alias|parse|stack|undefined/i,
    )
    const lines = [first, ...others].map((each) => each.split(':')[0])
    expect(new Set(lines).size).toBe(lines.length)
  }
})

test('what lies too deep is refused before it is parsed, and many keys and sources are not', () => {
  for (const deep of [
    'a: ' + '{a: '.repeat(20_000),
    '['.repeat(20_000),
    '- '.repeat(20_000),
    '? '.repeat(20_000),
  ]) {
    expect(found(deep)).toEqual([expect.stringContaining('too deep')])
    expect(readYamlDocument(deep)).toBeNull()
  }
  const many = parseYaml(
    Array.from({ length: 5_000 }, (_, at) => `s${at}: {title: "[{", quotes: [a, b]}`).join('\n'),
    'x',
  )
  expect(many.findings).toEqual([])
  expect(many.at(['s4999', 'title'])).toMatchObject({ line: 5_000, column: 16 })
})
