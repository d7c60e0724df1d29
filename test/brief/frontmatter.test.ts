import matter from 'gray-matter'
import { expect, test } from 'vitest'
import { parseBrief, parseIssueFile, parseSingleFile } from '../../src/brief/parse.ts'
import { shown } from './show.ts'
import { cpuTime } from '../cpu-time.ts'

const keys = 'title: T\nstandfirst: S\ndate: 2025-11-10\n'

function findingsOf(content: string | Uint8Array): string {
  return shown(parseBrief('briefs/w/a.md', content).findings)
}

test('a brief of the required keys has the defaults of the rest', () => {
  const { value, findings } = parseBrief('briefs/w/a.md', `---\n${keys}---\nText.\n`)
  expect(findings).toEqual([])
  expect(value?.id).toBe('a')
  expect(value?.meta).toEqual({
    title: 'T',
    standfirst: 'S',
    date: '2025-11-10',
    authors: [],
    tags: [],
    access: 'public',
    order: null,
    image: null,
    waivers: [],
    corrections: [],
  })
})

test('a byte order mark, CRLF and “---yaml” change neither values nor positions', () => {
  const text = `\uFEFF---yaml\r\n${keys.replaceAll('\n', '\r\n')}---\r\n\r\n# Heading\r\n`
  const { value, findings } = parseBrief('briefs/w/a.md', new TextEncoder().encode(text))
  expect(value?.meta.title).toBe('T')
  expect(findings.map((each) => [each.rule, each.line, each.column])).toEqual([['DC806', 7, 1]])
})

test.each([
  '---js',
  '---javascript',
  '---json',
  '---coffee',
  '---toml',
  '--- yaml',
  '---YAML',
  '----',
  '---{',
  '---yml',
])('the opening fence “%s” is refused before gray-matter sees it', (fence) => {
  const marker = 'onrecordFrontmatterRan'
  const { value, findings } = parseBrief(
    'briefs/w/a.md',
    `${fence}\n(globalThis.${marker} = true)\n---\nText.\n`,
  )
  expect(value).toBeNull()
  expect(findings[0]?.rule).toBe('DC801')
  expect(Reflect.get(globalThis, marker)).toBeUndefined()
})

test('gray-matter keeps no file in its cache', () => {
  parseBrief('briefs/w/a.md', `---\n${keys}---\nText.\n`)
  expect(Object.keys(Reflect.get(matter, 'cache') ?? {})).toEqual([])
})

test('what is wrong with the fences of the frontmatter is said in plain words', () => {
  expect(findingsOf('Just text.\n')).toMatchInlineSnapshot(`
    "briefs/w/a.md:1:1  This file has no frontmatter: its first line must be “---”.  (DC801)
      → begin it with “---”, the keys, and “---” again"
  `)
  expect(findingsOf('')).toMatchInlineSnapshot(`
    "briefs/w/a.md:1:1  This file has no frontmatter: its first line must be “---”.  (DC801)
      → begin it with “---”, the keys, and “---” again"
  `)
  expect(findingsOf('---js\nx\n---\n')).toMatchInlineSnapshot(`
    "briefs/w/a.md:1:1  Frontmatter begins with “---” alone; “---js” is refused.  (DC801)
      → only YAML is read: write “---” on the first line"
  `)
  expect(findingsOf(`---\n${keys}\nText without end.\n`)).toMatchInlineSnapshot(`
    "briefs/w/a.md:1:1  The frontmatter that begins here is never closed.  (DC801)
      → put “---” on a line of its own after the last key"
  `)
  expect(findingsOf(`---\n${keys}---oops\nText.\n`)).toMatchInlineSnapshot(`
    "briefs/w/a.md:5:1  The line that closes the frontmatter must be “---” and nothing else.  (DC801)
      → remove what follows the three hyphens"
  `)
})

test('every mistake is reported at once, at its line, with the nearest known key', () => {
  const text = `---
title: ""
standfirst: [a, list]
date: 2025-02-30
acces: member
access: everyone
order: first
tags: south-asia
image:
  src: a.jpg
waivers:
  - rule: DC5
corrections:
  - date: yesterday
    txt: hm
---

# Heading

<b>bold</b>
`
  expect(findingsOf(text)).toMatchInlineSnapshot(`
    "briefs/w/a.md:2:8  “title” must not be empty.  (DC801)
    briefs/w/a.md:3:13  “standfirst” must be text.  (DC801)
    briefs/w/a.md:4:7  “date” must be a date such as 2025-11-08, 2025-11, 2025 or 2025-11-08~.  (DC801)
    briefs/w/a.md:5:1  There is no key “acces” here.  (DC802)
      → did you mean “access”?
    briefs/w/a.md:6:9  “access” must be public, subscriber or member.  (DC801)
    briefs/w/a.md:7:8  “order” must be a whole number.  (DC801)
    briefs/w/a.md:8:7  “tags” must be a list such as [diplomacy].  (DC801)
    briefs/w/a.md:12:11  “rule” must be a rule such as DC503.  (DC801)
    briefs/w/a.md:14:5  The key “text” is required.  (DC801)
    briefs/w/a.md:14:11  “date” must be a date such as 2025-11-08, 2025-11, 2025 or 2025-11-08~.  (DC801)
    briefs/w/a.md:15:5  There is no key “txt” here.  (DC802)
      → did you mean “text”?
    briefs/w/a.md:18:1  The title is the only heading of the first level.  (DC806)
      → begin this heading with “##”
    briefs/w/a.md:20:1  HTML is not passed through.  (DC805)
      → write it in Markdown, or write &lt; for a literal <
    briefs/w/a.md:20:8  HTML is not passed through.  (DC805)
      → write it in Markdown, or write &lt; for a literal <"
  `)
})

test('an unknown key is an error even where the rest is right', () => {
  const { value, findings } = parseBrief('briefs/w/a.md', `---\n${keys}acces: member\n---\nText.\n`)
  expect(value).not.toBeNull()
  expect(shown(findings)).toMatchInlineSnapshot(`
    "briefs/w/a.md:5:1  There is no key “acces” here.  (DC802)
      → did you mean “access”?"
  `)
})

test('numbers, dates and signs stay what was written, and __proto__ is inert', () => {
  const text = `---\ntitle: 2025\nstandfirst: 1e3\ndate: 2025-11-10\n__proto__: {access: member}\n---\n`
  const { value, findings } = parseBrief('briefs/w/a.md', text)
  expect(value?.meta.title).toBe('2025')
  expect(value?.meta.standfirst).toBe('1e3')
  expect(value?.meta.access).toBe('public')
  expect(findings.map((each) => each.rule)).toContain('DC802')
})

test('sources are left to the ledger, with their places', () => {
  const text = `---\n${keys}sources:\n  - id: moe\n    published: 2025\n---\n`
  const { value, findings } = parseBrief('briefs/w/a.md', text)
  expect(findings).toEqual([])
  expect(value?.front.value).toMatchObject({ sources: [{ id: 'moe', published: '2025' }] })
  expect(value?.front.at(['sources', 0, 'id'])).toMatchObject({ line: 6, column: 9 })
})

test('what is no text is refused whole', () => {
  expect(findingsOf(new Uint8Array([0x2d, 0x2d, 0x2d, 0xff, 0xfe]))).toMatchInlineSnapshot(`
    "briefs/w/a.md:1:1  This file is not UTF-8 text.  (DC815)
      → save it as UTF-8 in your editor"
  `)
  expect(findingsOf('a'.repeat(1024 * 1024 + 1))).toMatchInlineSnapshot(`
    "briefs/w/a.md:1:1  This file has 1048577 bytes; the limit is 1 MB.  (DC815)
      → split it, or move images out of it"
  `)
  expect(findingsOf('\uD800')).toMatchInlineSnapshot(`
    "briefs/w/a.md:1:1  This file is not UTF-8 text.  (DC815)
      → save it as UTF-8 in your editor"
  `)
})

test('characters that cannot be seen are found, each at its place', () => {
  expect(findingsOf(`---\n${keys}---\nOne\u2028two.\n\nThree \u0000four.\n`)).toMatchInlineSnapshot(`
    "briefs/w/a.md:6:4  Here is a character that cannot be seen (U+2028).  (DC815)
      → delete it and type the space or the line break anew
    briefs/w/a.md:8:7  Here is a character that cannot be seen (U+0000).  (DC815)
      → delete it and type the space or the line break anew"
  `)
})

test('YAML that cannot be read does not hide what is wrong with the body', () => {
  expect(findingsOf(`---\ntitle: "open\ndate: [\n---\n\n# Heading\n`)).toMatchInlineSnapshot(`
    "briefs/w/a.md:2:8  This YAML cannot be read: the “"” that stands here is never closed.  (DC801)
      → close it with “"”, or quote the value if it is meant as it stands
    briefs/w/a.md:6:1  The title is the only heading of the first level.  (DC806)
      → begin this heading with “##”"
  `)
})

test('an alias bomb is refused quickly', () => {
  const bomb = [
    'a: &a [x, x]',
    ...'bcdefghij'
      .split('')
      .map((key, index) => `${key}: &${key} [${`*${'abcdefghij'[index]}, `.repeat(9)}]`),
  ]
  const started = cpuTime()
  expect(findingsOf(`---\n${bomb.join('\n')}\n---\n`)).toContain('DC801')
  expect(cpuTime() - started).toBeLessThan(1000)
})

test('texts too long or too short to read well are warnings', () => {
  const { findings } = parseBrief(
    'a.md',
    `---\ntitle: ${'t'.repeat(91)}\nstandfirst: ${'s'.repeat(221)}\ndate: 2025\n---\n`,
  )
  expect(shown(findings)).toMatchInlineSnapshot(`
    "a.md:2:8  The title has 91 characters; 90 or fewer read best, since it has to fit the headline.  (DC808)
    a.md:3:13  The standfirst has 221 characters; 220 or fewer read best, since it is read at a glance.  (DC808)"
  `)
  expect(findings.every((each) => each.severity === 'warning')).toBe(true)
})

const issueKeys = `subject: Talks end in Istanbul without a text
preheader: Both sides keep the truce and blame each other. Nine sources, all linked.
newsletter: weekly
date: 2025-11-14
status: draft
`

test('an issue’s file is its frontmatter and the opening note', () => {
  const { value, findings } = parseIssueFile(
    'briefs/w/issue.md',
    'w',
    `---\n${issueKeys}briefs: [b, a]\n---\nGood morning.\n`,
  )
  expect(findings).toEqual([])
  expect(value?.id).toBe('w')
  expect(value?.meta).toEqual({
    subject: 'Talks end in Istanbul without a text',
    preheader: 'Both sides keep the truce and blame each other. Nine sources, all linked.',
    newsletter: 'weekly',
    template: null,
    date: '2025-11-14',
    status: 'draft',
    briefs: ['b', 'a'],
    lang: null,
  })
  expect(value?.note.children).toHaveLength(1)
})

test('an issue’s file names what it lacks', () => {
  const { value, findings } = parseIssueFile(
    'briefs/w/issue.md',
    'w',
    '---\nsubject: |\n  two\n  lines\ndate: 2025-11~\nstatus: sent\n---\n',
  )
  expect(value).toBeNull()
  expect(shown(findings)).toMatchInlineSnapshot(`
    "briefs/w/issue.md:2:1  The key “newsletter” is required.  (DC801)
    briefs/w/issue.md:2:1  The key “preheader” is required.  (DC801)
    briefs/w/issue.md:2:10  “subject” must be one line without control characters.  (DC801)
    briefs/w/issue.md:5:7  “date” must be a full date such as 2025-11-08.  (DC801)
    briefs/w/issue.md:6:9  “status” must be draft, review or approved.  (DC801)"
  `)
})

test('in a single file subject and preheader default to title and standfirst', () => {
  const title = 'Istanbul talks end without agreement'
  const standfirst = 'The truce of 19 October holds on paper; the question that broke it is untouched.'
  const text = `---\ntitle: ${title}\nstandfirst: ${standfirst}\ndate: 2025-11-10\nnewsletter: weekly\nstatus: approved\n---\nText.\n`
  const { value, findings } = parseSingleFile('briefs/istanbul.md', text)
  expect(findings).toEqual([])
  expect(value?.issue).toMatchObject({
    id: 'istanbul',
    meta: { subject: title, preheader: standfirst, status: 'approved' },
  })
  expect(value?.brief).toMatchObject({ id: 'istanbul', meta: { title, standfirst } })
})

test('in a single file newsletter and status stay required', () => {
  const { findings } = parseSingleFile('briefs/istanbul.md', `---\n${keys}---\nText.\n`)
  expect(shown(findings)).toMatchInlineSnapshot(`
    "briefs/istanbul.md:2:1  The key “newsletter” is required.  (DC801)
    briefs/istanbul.md:2:1  The key “status” is required.  (DC801)"
  `)
})
