import fc from 'fast-check'
import { expect, test } from 'vitest'
import { z } from 'zod'
import { parseBrief, parseIssueFile, parseSingleFile } from '../../src/brief/parse.ts'
import { briefSchema, issueSchema, singleFileSchema } from '../../src/brief/schema.ts'
import { istanbul } from './istanbul.ts'
import { cpuTime } from '../cpu-time.ts'

const RUNS = Number(process.env['MUTATION_RUNS'] ?? 250)

const spliced = [
  '---\n',
  ':::',
  '::::note\n',
  '"',
  '“',
  '[@',
  '[@x, "',
  '```\n',
  '<!--',
  '{',
  '\u0000',
  '\uD800',
  '\t',
  '- ',
  '> ',
  '&#58;',
  '|',
  '\r',
  '[x]: y\n',
  '# ',
]

const mutation = fc.tuple(
  fc.constantFrom('delete', 'splice', 'swap', 'truncate', 'duplicate'),
  fc.nat(),
  fc.nat(),
)

function mutate(text: string, [kind, a, b]: readonly [string, number, number]): string {
  const at = a % (text.length + 1)
  switch (kind) {
    case 'delete':
      return text.slice(0, at) + text.slice(at + 1 + (b % 40))
    case 'splice':
      return text.slice(0, at) + spliced[b % spliced.length] + text.slice(at)
    case 'swap': {
      const end = at + (b % 30)
      return text.slice(0, at) + [...text.slice(at, end)].toReversed().join('') + text.slice(end)
    }
    case 'truncate':
      return text.slice(0, at)
    default:
      return text.slice(0, at) + text.slice(at, at + (b % 200)) + text.slice(at)
  }
}

const parsers = [
  (text: string) => parseBrief('briefs/w/a.md', text),
  (text: string) => parseBrief('briefs/w/a.md', Buffer.from(text)),
  (text: string) => parseIssueFile('briefs/w/issue.md', 'w', text),
  (text: string) => parseSingleFile('briefs/a.md', text),
]

test('no mutated brief makes the parser throw, and every finding has its place in the file', () => {
  fc.assert(
    fc.property(fc.array(mutation, { minLength: 1, maxLength: 5 }), fc.nat(3), (mutations, entry) => {
      const text = mutations.reduce(mutate, istanbul)
      const lines = text.split(/\r\n?|\n/).length
      const { value, findings } = parsers[entry]?.(text) ?? parseBrief('briefs/w/a.md', text)
      if (value === null) expect(findings.some((each) => each.severity === 'error')).toBe(true)
      for (const each of findings) {
        expect(each.message).toMatch(/\S.*\.$/s)
        expect(each.message).not.toMatch(/undefined|\bat .*:\d+:\d+|Error:/)
        expect(each.line).toBeGreaterThanOrEqual(1)
        expect(each.line).toBeLessThanOrEqual(lines)
        expect(each.column).toBeGreaterThanOrEqual(1)
      }
    }),
    { numRuns: RUNS },
  )
})

/** Each breaks the brief for certain, wherever it strikes. */
const breakages: readonly ((text: string, at: number) => string)[] = [
  (text, at) => text.slice(0, at % text.indexOf('date:')),
  (text, at) => text.replace('---', ['---js', '--', '---json', ' ---', '```'][at % 5] ?? ''),
  (text, at) => withoutLine(text, /^:::/, at),
  (text, at) => withoutLine(text, /^(?:title|standfirst|date):/, at),
  (text, at) => replaceOne(text, /@[a-z]+(?=[-0-9a-z]*\])/g, at, '@?'),
  (text, at) => replaceOne(text, /^:::(?=\w)/gm, at, '::: '),
  (text, at) => replaceOne(text, /"(?=[^"]*"\})/g, at, '“'),
  (text, at) => replaceOne(text, /^(?:title|standfirst|date|authors|tags)(?=:)/gm, at, 'titel'),
  (text, at) => replaceOne(text, /\n\n(?=[A-Z#])/g, at, '\n\n<div>\n\n'),
  (text, at) => replaceOne(text, /\n\n(?=[A-Z#])/g, at, '\n\n:::\n\n'),
  (text, at) => replaceOne(text, /\n\n(?=[A-Z#])/g, at, '\n\n```\n\n'),
  (text, at) => replaceOne(text, / (?=\w)/g, at, '\u0007'),
  (text, at) => replaceOne(text, /https:/g, at, 'javascript:'),
  (text, at) => replaceOne(text, /\(likely\)|2025-10-19: |\*\*346\*\*/g, at, '(maybe) '),
]

function withoutLine(text: string, pattern: RegExp, at: number): string {
  const lines = text.split('\n')
  const matching = lines.flatMap((line, index) => (pattern.test(line) ? [index] : []))
  return lines.toSpliced(matching[at % matching.length] ?? 0, 1).join('\n')
}

function replaceOne(text: string, pattern: RegExp, at: number, by: string): string {
  const matches = [...text.matchAll(pattern)]
  const match = matches[at % matches.length]
  if (match === undefined) throw new Error(`${String(pattern)} is nowhere in the brief`)
  return text.slice(0, match.index) + by + text.slice(match.index + match[0].length)
}

test('every broken brief has an error', () => {
  fc.assert(
    fc.property(fc.nat(breakages.length - 1), fc.nat(), (which, at) => {
      const text = breakages[which]?.(istanbul, at) ?? istanbul
      const { findings } = parseBrief('briefs/w/a.md', text)
      expect({ text, errors: findings.filter((each) => each.severity === 'error').length }).not.toMatchObject(
        { errors: 0 },
      )
    }),
    { numRuns: RUNS },
  )
})

test('nesting that would break a parser’s stack is a finding', () => {
  const front = '---\ntitle: T\nstandfirst: S\ndate: 2025\n---\n'
  for (const body of ['> '.repeat(20_000), '- '.repeat(20_000), '['.repeat(20_000), '*a '.repeat(20_000)]) {
    expect(() => parseBrief('a.md', front + body)).not.toThrow()
  }
  expect(parseBrief('a.md', `${front}${'>'.repeat(60)} x`).findings.map((each) => each.rule)).toEqual([
    'DC815',
  ])
})

test('YAML that nests too deeply is a finding', () => {
  const { value, findings } = parseBrief('a.md', `---\ntitle: ${'['.repeat(50_000)}\n---\n`)
  expect(value).toBeNull()
  expect(findings[0]?.rule).toBe('DC801')
})

test('a brief of 2,000 words is read at once', () => {
  const text = `${istanbul}\n${'Both sides [@arab-news; @cna] keep the truce at 10:30, they say in many words.\n\n'.repeat(130)}`
  for (let warm = 0; warm < 10; warm++) parseBrief('a.md', text)
  const started = cpuTime()
  for (let run = 0; run < 5; run++) parseBrief('a.md', text)
  // Some 10 ms on an idle machine; tests share two cores and run micromark's slower development build.
  expect((cpuTime() - started) / 5).toBeLessThan(1000)
})

test('the schemas can be published as JSON Schema', () => {
  const schemas = [briefSchema, issueSchema, singleFileSchema].map((schema) =>
    z.toJSONSchema(schema, { io: 'input' }),
  )
  expect(schemas.map((schema) => schema.required)).toEqual([
    ['title', 'standfirst', 'date'],
    ['subject', 'preheader', 'newsletter', 'status', 'date'],
    ['title', 'standfirst', 'date', 'newsletter', 'status'],
  ])
  expect(schemas.every((schema) => schema.additionalProperties === false)).toBe(true)
})
