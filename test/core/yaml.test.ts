import { expect, test } from 'vitest'
import { parseYaml } from '../../src/core/yaml.ts'

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
