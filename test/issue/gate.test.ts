import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import fc from 'fast-check'
import { afterAll, expect, test } from 'vitest'
import { blocks } from '../../src/core/finding.ts'
import { tiers } from '../../src/core/tier.ts'
import { checkIssue } from '../../src/desk/desk.ts'
import { loadIssue } from '../../src/issue/load.ts'
import { project } from '../../src/issue/project.ts'
import {
  memberAddresses,
  memberWords,
  members,
  publication,
  richIssue,
  writePublication,
} from './rich-issue.ts'

const files = richIssue()
const before = `---
title: The harbour stays open
standfirst: What the paper reports, and what it leaves out of the account of that night on the quay.
date: 2025-11-10
---
Before [@daily].

`
const after =
  '\n\nAfter [@trends], and [the rest](https://elsewhere.test/page) [@agency].\n\n[hidden]: https://members.test/only\n'
const written = writePublication({
  'briefs/w1/issue.md': `---
subject: What the harbour did this week
preheader: "One truce, two accounts, and a list of everything that we have read about it this week."
newsletter: weekly
date: 2025-11-14
status: approved
---
`,
  'briefs/w1/sources.yaml': files['briefs/w1/sources.yaml'] ?? '',
  'briefs/w1/harbour.md': before + members + after,
})
afterAll(() => written.remove())

/** Words and addresses of the members' section alone. */
const secrets = [...memberWords.slice(0, 3), memberWords[4] ?? '', ...memberAddresses.slice(1)]

/** What a slip of the hand, a paste from a word processor or an editor's macro does to a text. */
type Mutation = (text: string) => string

const pieces = fc.constantFrom(
  ...[
    ':',
    '::',
    ':::',
    '::::',
    ':::::',
    ' ',
    '\t',
    '\n',
    '\n\n',
    '\r',
    '\r\n',
    '{',
    '}',
    '"',
    '”',
    '“',
    '’',
    '`',
    '```',
  ],
  ...[
    '~~~',
    '>',
    '> ',
    '- ',
    '1. ',
    '    ',
    '# ',
    '---',
    '***',
    '|',
    '\\',
    '<',
    '<!--',
    '-->',
    '<div>',
    '[',
    ']',
    '(',
    ')',
  ],
  ...[
    '&#58;',
    '\u00a0',
    '\u200b',
    '\u2028',
    '\ufeff',
    '：',
    'members',
    ':::members',
    '::: members',
    ':::Members{teaser="x"}',
  ],
  ...[
    ':::note\n',
    '\n:::\n',
    '\n::::\n',
    '[x]: y\n',
    '![',
    '@',
    '[@daily]',
    '{teaser="x"}',
    ':::members{teaser="x"}\n',
  ],
)

const place = fc.nat(members.length)

const mutation: fc.Arbitrary<Mutation> = fc.oneof(
  fc.tuple(place, pieces).map(
    ([at, piece]): Mutation =>
      (text) =>
        text.slice(0, at) + piece + text.slice(at),
  ),
  fc.tuple(place, fc.integer({ min: 1, max: 5 })).map(
    ([at, length]): Mutation =>
      (text) =>
        text.slice(0, at) + text.slice(at + length),
  ),
  fc.tuple(place, pieces).map(
    ([at, piece]): Mutation =>
      (text) =>
        text.slice(0, at) + piece + text.slice(at + piece.length),
  ),
  line((lines, at) => lines.toSpliced(at, 1)),
  line((lines, at) => lines.toSpliced(at, 0, lines[at] ?? '')),
  line((lines, at) => lines.toSpliced(at, 2, `${lines[at] ?? ''} ${lines[at + 1] ?? ''}`)),
  // Two lines trade places; across a fence that would be a decision to move words out.
  line((lines, at) => {
    const inner = 1 + (at % Math.max(1, lines.length - 3))
    return lines.toSpliced(inner, 2, lines[inner + 1] ?? '', lines[inner] ?? '')
  }),
  fc.tuple(fc.nat(12), pieces).map(
    ([at, piece]): Mutation =>
      (text) =>
        changeLines(text, (lines) => lines.toSpliced(at, 1, piece + (lines[at] ?? ''))),
  ),
  pieces.map(
    (piece): Mutation =>
      (text) =>
        changeLines(text, (lines) => lines.map((each) => piece + each)),
  ),
  fc.constantFrom<Mutation>(
    (text) => text.replaceAll('"', '”'),
    (text) => text.replaceAll('\n', '\r\n'),
    (text) => text.replaceAll('\n', '\r'),
    (text) => text.replaceAll('::::', ':::'),
    (text) => text.replaceAll(':', '：'),
    (text) => text.replace(/::::$/u, ''),
    (text) => text.replace('members{', 'members {'),
    (text) => text.replace('members{', 'member{'),
    (text) => text.replace('{teaser', '[SECRETONE]{teaser'),
    (text) => text.replace('teaser=', 'SECRETONE=1 teaser='),
    (text) => text.replace('teaser="Why', "teaser='Why"),
    (text) => `- item\n${text.replaceAll(/^/gmu, '  ')}`,
    (text) => `:::note\n${text}\n:::`,
    (text) => `:::::note\n${text}\n:::::`,
    (text) => `<div>\n${text}\n</div>`,
    (text) => `<!--\n-->${text}`,
    (text) => `\`\`\`\n${text}\n\`\`\``,
    (text) => `| a |\n| --- |\n${text}`,
    (text) => `word\n${text}`,
    (text) => `[ref]:\n${text}`,
    (text) => `${text}${text}`,
  ),
)

const mangledSection = fc
  .array(mutation, { minLength: 1, maxLength: 3 })
  .map((mutations) => mutations.reduce((text, mutate) => mutate(text), members))

/**
 * Whether the mutations amount to a decision: fences that are plainly right, and words plainly outside
 * them; or no fence at all.
 */
function isMovedOut(mangled: string): boolean {
  const lines = mangled.split(/\r\n?|\n/u).map((each) => each.trim())
  const opening = lines.findIndex((each) => /^::::members\{teaser="[^"]*"\}$/u.test(each))
  const closing = lines.findIndex((each, index) => index > opening && each === '::::')
  const fences = lines.filter((each) => /(?<!:)::::(?!:)/u.test(each))
  if (fences.length === 0) return true
  if (opening === -1 || closing === -1 || fences.length !== 2) return false
  const outside = [...lines.slice(0, opening), ...lines.slice(closing + 1)].join('\n')
  return [...secrets, '@vault', '@relay'].some((secret) => outside.includes(secret))
}

function line(change: (lines: string[], at: number) => string[]): fc.Arbitrary<Mutation> {
  return fc.nat(12).map(
    (at): Mutation =>
      (text) =>
        changeLines(text, (lines) => change(lines, at)),
  )
}

function changeLines(text: string, change: (lines: string[]) => string[]): string {
  return change(text.split('\n')).join('\n')
}

test(
  'a members’ section, however it is mangled, stays hidden or stops the issue',
  { timeout: 120_000 },
  async () => {
    let hidden = 0
    let stopped = 0
    await fc.assert(
      fc.asyncProperty(mangledSection, async (mangled) => {
        fc.pre(!isMovedOut(mangled))
        writeFileSync(join(written.root, 'briefs/w1/harbour.md'), before + mangled + after)
        const loaded = await loadIssue(written.root, 'w1', publication)
        const { issue } = loaded
        if (issue === null || blocks(checkIssue(loaded, publication))) {
          stopped += 1
          return
        }
        hidden += 1
        for (const tier of tiers.filter((each) => each !== 'member')) {
          const bytes = JSON.stringify([project(issue, tier)])
          expect(secrets.filter((secret) => bytes.includes(secret))).toEqual([])
        }
      }),
      { numRuns: 400, seed: 20251114 },
    )
    // Neither half of the property may be empty.
    expect(hidden).toBeGreaterThan(20)
    expect(stopped).toBeGreaterThan(100)
  },
)

test('untouched, the section is hidden and the issue may go out', async () => {
  writeFileSync(join(written.root, 'briefs/w1/harbour.md'), before + members + after)
  const loaded = await loadIssue(written.root, 'w1', publication)
  expect(blocks(checkIssue(loaded, publication))).toBe(false)
  if (loaded.issue === null) throw new Error('no issue')
  const member = JSON.stringify(project(loaded.issue, 'member'))
  expect(secrets.filter((secret) => !member.includes(secret))).toEqual([])
})
