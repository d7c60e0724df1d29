import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { formatFinding, type Finding } from '../../src/core/finding.ts'
import { openDesk } from '../../src/desk/open-desk.ts'
import type { Example } from '../../src/desk/rule.ts'
import { deskRules } from '../../src/desk/rules/index.ts'
import { openFiles } from '../../src/issue/files.ts'
import { loadIssue } from '../../src/issue/load.ts'
import { snapshotTexts } from '../../src/sources/snapshot-texts.ts'
import type { Fix } from '../../src/studio/contract/fix.ts'
import { decodeDraft, encodeDraft } from '../../src/studio/draft-text.ts'
import { createMender } from '../../src/studio/fixes/mend.ts'
import { publication } from '../issue/rich-issue.ts'
import { writeExample } from './check-publication.ts'

let dir = ''
beforeAll(async () => {
  dir = await mkdtemp(join(tmpdir(), 'onrecord-fixes-'))
})
afterAll(() => rm(dir, { recursive: true, force: true }))

/** What a person might answer. */
const answers: Readonly<Record<NonNullable<Fix['asks']>, string>> = {
  reason: 'Read out in council: the "minutes" follow in December # so they say',
  source: 'daily',
  title: 'Gates: [shut] # "at noon"',
  description: 'Both gates, [shut] at *noon*',
}

async function findAll(): Promise<readonly Finding[]> {
  const desk = openDesk(join(dir, 'data'), { cache: 'memory' })
  return await desk.check(await loadIssue(dir, 'w1', publication), publication)
}

async function mender() {
  const desk = openDesk(join(dir, 'data'), { cache: 'memory' })
  return createMender({
    load: (files) => loadIssue(dir, 'w1', publication, files === undefined ? {} : { files }),
    check: (loaded) => desk.check(loaded, publication),
    files: await openFiles(dir),
    snapshots: snapshotTexts(join(dir, 'data/snapshots')),
    today: '2026-11-22',
    prepared: new Map(),
  })
}

const errors = (findings: readonly Finding[]): readonly string[] =>
  findings
    .filter((each) => each.severity === 'error' && each.waived === null)
    .map(({ rule, message }) => `${rule} ${message}`)

/**
 * Tries every fix of every finding of a rule over an example, and holds it to what is promised of all; gives each
 * fix with what it made of its lines.
 */
async function tryAll(rule: string, example: Example, end = '\n'): Promise<Readonly<Record<string, string>>> {
  await rm(join(dir, 'briefs'), { recursive: true, force: true })
  await writeExample(dir, example, end)
  const findings = (await findAll()).map((each) => ({ ...each, sourceLine: null }))
  const { fixes: fixesOf, mend } = await mender()
  const fixes = await fixesOf(findings)
  const tried: Record<string, string> = {}
  for (const [at, finding] of findings.entries()) {
    if (finding.rule !== rule) continue
    for (const fix of fixes[at] ?? []) {
      if (fix.id.startsWith('copy:')) {
        tried[fix.id] = ''
        continue
      }
      const mended = await mend(finding, fix.id, fix.asks === null ? '' : answers[fix.asks])
      if ('problem' in mended) {
        // Whoever chooses a source that does not hold the words is told so.
        expect(fix.asks === 'source' ? mended.problem : `${rule} ${fix.id}: ${mended.problem}`).toMatch(
          /^(?:This would bring another error: The stored copy of “daily” does not hold|Choose a source of the ledger\.$)/,
        )
        continue
      }
      const file = join(dir, mended.path)
      const before = await readFile(file)
      expect(decodeDraft('', before).text).toBe(mended.before)
      await writeFile(file, encodeDraft(mended.after, before))
      const after = await findAll()
      const same = (all: readonly Finding[]): number =>
        all.filter((each) => each.rule === rule && each.message === finding.message && each.waived === null)
          .length
      const shown = `${fix.id}\n${mended.after}\n${after.map(formatFinding).join('\n')}`
      expect(same(after), shown).toBeLessThan(same(findings))
      const old = errors(findings)
      expect(
        errors(after).filter((each) => !old.includes(each)),
        shown,
      ).toEqual([])
      if (fix.asks === 'reason') {
        const reasons = after.flatMap((each) => (each.rule === rule ? (each.waived ?? []) : []))
        expect(reasons).toContain(answers.reason)
      }
      // What is shown before is what was done; all else is as it was, byte by byte.
      if (fix.change !== null) expect(mended.change).toEqual(fix.change)
      const { line, lead, removed, added, tail } = mended.change
      const head = mended.before
        .split('\n')
        .slice(0, line - 1)
        .map((each) => `${each}\n`)
        .join('')
      const rest = mended.before.slice(head.length + lead.length + removed.length)
      expect(mended.before.startsWith(head + lead + removed + tail)).toBe(true)
      expect(mended.after).toBe(head + lead + added + rest)
      expect((await readFile(file)).includes('\r\n')).toBe(end === '\r\n')
      await writeFile(file, before)
      tried[fix.id] ??= lead + added + tail
    }
  }
  return tried
}

/** What there is to mend the example of each rule with; a waiver for all others that may be waived. */
const expected: Readonly<Record<string, readonly string[]>> = {
  DC101: ['spelling', 'cite', 'waive'],
  DC102: ['consulted', 'waive'],
  DC105: ['title', 'waive'],
  DC201: ['cite', 'waive'],
  DC202: ['cite', 'waive'],
  DC203: ['cite', 'waive'],
  DC204: ['scope', 'waive'],
  DC205: ['figure:daily', 'waive'],
  DC301: ['words', 'waive'],
  DC302: ['two', 'waive'],
  DC303: ['marks', 'waive'],
  DC404: ['origin', 'waive'],
  DC606: ['day', 'waive'],
  DC701: [],
  DC703: ['copy:echo', 'waive'],
  DC704: [],
  DC705: ['remove'],
  DC801: [],
  DC802: ['spelling'],
  DC803: ['spelling'],
  DC804: [],
  DC805: [],
  DC806: ['level', 'waive'],
  DC807: ['alt', 'waive'],
  DC810: [],
  DC811: [],
  DC812: [],
}

describe('every fix takes its finding away and brings no error, in the example of', () => {
  const rules = deskRules.flatMap((rule) => (rule.bad === null ? [] : [[rule.id, rule.bad] as const]))
  test.each(rules)('%s', async (id, example) => {
    expect(Object.keys(await tryAll(id, example))).toEqual(expected[id] ?? ['waive'])
  })
  test.each(rules.filter(([id]) => ['DC101', 'DC201', 'DC303', 'DC102', 'DC503'].includes(id)))(
    '%s, in files with the line ends of Windows',
    async (id, example) => {
      expect(Object.keys(await tryAll(id, example, '\r\n'))).toEqual(expected[id] ?? ['waive'])
    },
  )
})

const entry = (id: string, more = ''): string => `
- id: ${id}
  title: Gates closed at noon
  publisher: ${id === 'daily' ? 'Harbour Daily' : 'The Echo'}
  url: https://${id}.example.org/gates
  published: 2025-11-08
  accessed: 2025-11-10${more}
`
const held = {
  brief: '',
  ledger: entry('daily') + entry('echo'),
  snapshots: {
    daily: 'The harbour master closed both gates at noon. Nobody was told.',
    echo: 'In March the council cut 40 posts, after a debate of six hours.\n\n“We had no choice but to close them,” Ines Rook said on the quay.',
  },
}

test('a paragraph that cites nothing is given a citation at its end; where there is no source yet, its place is told', async () => {
  const brief = 'The talks broke down on Saturday. The council cut 40 posts in March.'
  const ends = Object.values(await tryAll('DC104', { ...held, brief }))
  expect(ends.slice(0, 1)).toEqual([brief.replace('March.', 'March [@echo].')])
  await tryAll('DC104', { brief, ledger: '' })
  const findings = (await findAll()).map((each) => ({ ...each, sourceLine: null }))
  const bare = findings.findIndex(({ rule }) => rule === 'DC104')
  const [cite, waive] = (await (await mender()).fixes(findings))[bare] ?? []
  expect(cite).toMatchObject({ id: 'cite', place: { line: findings[bare]?.line, column: brief.length } })
  expect(waive?.id).toBe('waive')
})

describe('a citation goes', () => {
  const rows: readonly (readonly [string, string, string, string])[] = [
    [
      'before the full stop',
      'The council cut 40 posts in March.',
      'DC201',
      'The council cut 40 posts in March [@echo].',
    ],
    [
      'behind the mark that ends a quotation',
      'Ines Rook said on the quay: “We had no choice but to close them.”',
      'DC203',
      'Ines Rook said on the quay: “We had no choice but to close them.” [@echo]',
    ],
    [
      'behind a link',
      'The council cut 40 posts in March, [the log says.](https://log.example.org/)',
      'DC201',
      'The council cut 40 posts in March, [the log says.](https://log.example.org/) [@echo]',
    ],
    [
      'behind what Markdown escapes',
      'The council \\[of the town\\] cut 40 posts \\& more in March.',
      'DC201',
      'The council \\[of the town\\] cut 40 posts \\& more in March [@echo].',
    ],
    [
      'into a cell',
      '| Cut | When |\n| --- | --- |\n| 40 posts of the council | March 2025 |',
      'DC201',
      '| 40 posts of the council [@echo] | March 2025 |',
    ],
    [
      'into a figure',
      ':::figures\n- **40** posts cut by the council in March\n:::',
      'DC201',
      '- **40** posts cut by the council in March [@echo]',
    ],
    [
      'to the end of a block quote',
      '> We had no choice but to close them.',
      'DC203',
      '> We had no choice but to close them [@echo].',
    ],
  ]
  test.each(rows)('%s', async (_, body, rule, line) => {
    const tried = await tryAll(rule, { ...held, brief: `The gates closed at noon [@daily].\n\n${body}` })
    expect(
      Object.entries(tried)
        .find(([id]) => id === 'cite:echo' || id === 'cite')?.[1]
        .replace('@daily', '@echo'),
    ).toBe(line)
  })
  test('into a draft that has few, one after the other', async () => {
    const brief = ['40', '50', '60', '70'].map((posts) => `The council cut ${posts} posts in March.`)
    await rm(join(dir, 'briefs'), { recursive: true, force: true })
    await writeExample(dir, { ...held, brief: brief.join('\n\n') })
    for (const kept of ['“What the harbour did” cites no source.', '3 of 4 paragraphs']) {
      const findings = (await findAll()).map((each) => ({ ...each, sourceLine: null }))
      expect(errors(findings).join('\n')).toContain(kept)
      const at = findings.find(({ rule }) => rule === 'DC201')
      const { mend } = await mender()
      const mended = at === undefined ? null : await mend(at, 'cite', 'echo')
      if (mended === null || 'problem' in mended) throw new Error(mended?.problem ?? 'no finding')
      await writeFile(join(dir, mended.path), mended.after)
    }
    expect(errors(await findAll())).toEqual([])
  })
  test('with the exact words of the copy', async () => {
    const tried = await tryAll('DC201', {
      ...held,
      brief: 'The gates closed at noon [@daily]. The council cut 40 posts in March.',
    })
    expect(Object.keys(tried)).toEqual(['cite:echo', 'quote:echo', 'cite', 'waive'])
    expect(tried['quote:echo']).toContain(
      'in March [@echo, "In March the council cut 40 posts, after a debate of six hours."].',
    )
  })
})

describe('words and figures are those of the copy', () => {
  test('in a sentence, marks and all', async () => {
    const tried = await tryAll('DC301', {
      ...held,
      brief: '“We had no other choice but to close them,” Ines Rook said [@echo].',
    })
    expect(tried['words']).toBe('“We had no choice but to close them,” Ines Rook said [@echo].')
  })
  test('in the ledger', async () => {
    const tried = await tryAll('DC301', {
      ...held,
      brief: 'The gates closed at noon [@daily; @echo].',
      ledger:
        entry('daily') +
        entry('echo', '\n  quotes:\n    - We had no other choice but to close them  # as she said'),
    })
    expect(tried['words']).toBe('    - We had no choice but to close them  # as she said')
  })
  test('where another source has the figure, it is cited besides', async () => {
    const tried = await tryAll('DC205', {
      ...held,
      brief: 'The council cut 40 posts in March [@daily, p. 2].',
    })
    expect(tried['cite:echo']).toBe('The council cut 40 posts in March [@daily, p. 2; @echo].')
  })
  test('a day is written as the source has it', async () => {
    const tried = await tryAll('DC205', {
      brief: 'The gates of the harbour were closed on 16 June [@daily].',
      ledger: entry('daily'),
      snapshots: { daily: 'The gates of the harbour were closed on 6 June, the master said.' },
    })
    expect(tried['figure:daily']).toBe('The gates of the harbour were closed on 6 June [@daily].')
  })
})

describe('a waiver stands', () => {
  test('before the innermost block that may have one', async () => {
    const brief = `The gates closed at noon [@daily].

::::members{teaser="What comes next"}
## The lamps
:::note
The gates are shut.
:::
“We had no choice but to close them,” the master said.
::::`
    const tried = await tryAll('DC203', { brief })
    expect(tried['waive']).toBe(
      `\n<!-- desk-ok DC203: ${answers.reason} -->\n\n“We had no choice but to close them,” the master said.`,
    )
  })
  test('before the whole list of figures', async () => {
    const tried = await tryAll('DC201', {
      brief: 'The gates closed [@daily].\n\n:::figures\n- **40** posts cut in March\n:::',
    })
    expect(tried['waive']).toBe(`<!-- desk-ok DC201: ${answers.reason} -->\n\n:::figures`)
  })
  test.each([
    ['after others in a list', 'waivers:\n  - rule: DC503\n    on: toll\n    reason: The count is due.\n'],
    ['in a list of one line', 'waivers: [{rule: DC808, reason: x, on: nothing}]\n'],
    ['where there is none', ''],
  ])('in the frontmatter, %s', async (_, waivers) => {
    const front = `title: What the harbour did, and then, and then, and then, and then, and then, and then, and then, and then\n${waivers}`
    const brief = 'The gates closed at noon [@daily] {id=toll}.'
    expect(Object.keys(await tryAll('DC808', { brief, front }))).toEqual(['waive'])
  })
  test.each([
    ['in lines', entry('daily') + entry('echo')],
    ['in lines, before a comment', `${entry('daily')}\n# read for the picture\n${entry('echo')}`],
    [
      'of one line',
      `${entry('daily')}- {id: echo, title: Harbour in brief, publisher: The Echo, url: "https://echo.example.org/b", published: 2025-11-08, accessed: 2025-11-10}\n`,
    ],
    ['with waivers', entry('daily') + entry('echo', '\n  waivers:\n  - rule: DC703\n    reason: A book.')],
  ])('in an entry %s', async (_, ledger) => {
    const tried = await tryAll('DC102', { brief: 'The gates closed at noon [@daily].', ledger })
    expect(Object.keys(tried)).toEqual(['consulted', 'waive'])
  })
})

describe('what is malformed is written as it has to be:', () => {
  test.each<readonly [string, string, Partial<Example>, string, string]>([
    ['a fence', 'DC804', { brief: '::: note\nThe gates closed at noon [@daily].\n:::' }, 'fence', ':::note'],
    [
      'an id without its sign',
      'DC810',
      { brief: 'The gates closed [@daily; eho].', ledger: entry('daily') + entry('echo') },
      'spelling',
      'The gates closed [@daily; @echo].',
    ],
    [
      'an address',
      'DC811',
      { brief: 'The gates closed [@daily]. See [the log](log.example.org/7).' },
      'https',
      'The gates closed [@daily]. See [the log](https://log.example.org/7).',
    ],
    [
      'a date of reading',
      'DC103',
      { ledger: entry('daily').replace('accessed: 2025-11-10', 'accessed: unknown # ?') },
      'accessed',
      '  accessed: 2026-11-22 # ?',
    ],
    [
      'a missing date of reading',
      'DC103',
      { ledger: entry('daily').replace('  accessed: 2025-11-10\n', '') },
      'accessed',
      '  accessed: 2026-11-22\n',
    ],
    [
      'a term',
      'DC812',
      { brief: 'It is so [@daily].\n\n:::scenarios\n- **Drift** (likly): the gates stay shut.\n:::' },
      'spelling',
      '- **Drift** (likely): the gates stay shut.',
    ],
    [
      'an image of the frontmatter',
      'DC807',
      { front: 'image:\n  src: images/gates.png' },
      'alt',
      `  alt: ${JSON.stringify(answers.description)}\n---`,
    ],
    [
      'a waiver of the frontmatter',
      'DC705',
      { front: 'waivers:\n  - rule: DC503\n    reason: The count is due.' },
      'remove',
      '---',
    ],
  ])('%s', async (_, rule, example, id, line) => {
    const tried = await tryAll(rule, { brief: 'The gates closed at noon [@daily].', ...example })
    expect(tried[id]).toBe(line)
  })
})

test('no fix is offered for a line that has changed since, and none is made that mends nothing', async () => {
  await rm(join(dir, 'briefs'), { recursive: true, force: true })
  await writeExample(dir, { brief: 'The gates closed at noon [@dailly].' })
  const [finding] = (await findAll()).filter(({ rule }) => rule === 'DC101')
  if (finding === undefined) throw new Error('nothing is found')
  const { fixes, mend } = await mender()
  const sourceLine = 'The gates closed at one [@dailly].'
  expect(await fixes([{ ...finding, sourceLine }])).toEqual([[]])
  expect(await mend({ ...finding, sourceLine }, 'spelling', '')).toEqual({
    problem: 'The text has changed since it was checked.',
  })
  const own = { ...finding, sourceLine: null }
  expect(await mend(own, 'cite', 'nope')).toEqual({ problem: 'Choose a source of the ledger.' })
  expect(await mend(own, 'waive', 'because -->')).toMatchObject({
    problem: expect.stringContaining('reason'),
  })
  expect(await mend(own, 'waive', '  ')).toMatchObject({ problem: expect.stringContaining('reason') })
  expect(await mend(own, 'nonsense', '')).toEqual({ problem: 'This cannot be done here any more.' })
})
