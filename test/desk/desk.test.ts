import { afterEach, describe, expect, test } from 'vitest'
import { blocks, formatFinding, type Finding } from '../../src/core/finding.ts'
import { checkIssue } from '../../src/desk/desk.ts'
import { loadIssue } from '../../src/issue/load.ts'
import { publication, writePublication } from '../issue/rich-issue.ts'

let remove: () => void = () => undefined
afterEach(() => remove())

const issueFile = `---
subject: What the harbour did this week
preheader: "One truce, two accounts, and a list of all that we have read about it this week."
newsletter: weekly
date: 2025-11-14
status: approved
---
`

function entry(id: string, more = `  url: https://${id}.test/1\n`): string {
  return `- id: ${id}\n  title: A page\n  publisher: ${id}\n  published: 2025\n  accessed: 2025-11-10\n${more}`
}

async function check(
  texts: { body: string; front?: string; ledger?: string; note?: string; second?: string },
  severities: Record<string, 'error' | 'warning' | 'info'> = {},
): Promise<Finding[]> {
  const head = (title: string, front = ''): string =>
    `---\ntitle: ${title}\nstandfirst: What was seen on the quay that night, and what the port says about it since.\ndate: 2025-11-10\n${front}---\n`
  const written = writePublication({
    'briefs/w1/issue.md': issueFile + (texts.note ?? ''),
    'briefs/w1/one.md': head('The first one', texts.front) + texts.body,
    'briefs/w1/sources.yaml': texts.ledger ?? entry('daily'),
    ...(texts.second === undefined ? {} : { 'briefs/w1/two.md': head('The second one') + texts.second }),
  })
  remove = written.remove
  const desk = { ...publication.desk, severities }
  return checkIssue(await loadIssue(written.root, 'w1', publication), { desk })
}

async function lines(...args: Parameters<typeof check>): Promise<string[]> {
  return (await check(...args)).map(formatFinding)
}

describe('citations and the ledger', () => {
  test('an unknown source is an error at its citation, with the nearest id', async () => {
    const findings = await check({ body: 'One [@daily].\n\nWords and\nmore *words [@dailly; @else]*.\n' })
    expect(findings.map((each) => [formatFinding(each), each.hint])).toEqual([
      ['briefs/w1/one.md:9:13  The ledger has no source “dailly”.  (DC101)', 'did you mean “daily”?'],
      ['briefs/w1/one.md:9:13  The ledger has no source “else”.  (DC101)', 'add “else” to sources.yaml'],
    ])
  })

  test('while a brief cannot be read, no source is said to be unused, nor its waiver idle', async () => {
    const ledger =
      entry('daily') + entry('echo', '  access: offline\n  waivers: [{rule: DC102, reason: later}]\n')
    const broken = await lines({ body: 'One [@daily].\n', front: 'authors: [Desk\n', ledger })
    expect(broken).toHaveLength(1)
    expect(broken[0]).toMatch(/^briefs\/w1\/one\.md:5:10 .*the “\[” that stands here is never closed/)
    expect(await lines({ body: 'One.\n', ledger: entry('daily') })).toContainEqual(
      expect.stringContaining('(DC102)'),
    )
  })

  test('what is wrong with a ledger that cannot be read is told there, and not at every citation', async () => {
    const ledger = entry('daily').replace('A page', '"A" page')
    expect(await lines({ body: 'One [@daily].\n\nTwo [@daily].\n', ledger })).toEqual([
      expect.stringMatching(/^briefs\/w1\/sources\.yaml:2:\d+ {2}This YAML cannot be read/),
    ])
  })

  test('an unknown relay, a narrative citation and the opening note are looked at, too', async () => {
    expect(
      await lines({ body: '@nobody says [@daily; via @relay].\n', note: 'A note [@nothing].\n' }),
    ).toEqual([
      'briefs/w1/issue.md:8:8  The ledger has no source “nothing”.  (DC101)',
      'briefs/w1/one.md:6:1  The ledger has no source “nobody”.  (DC101)',
      'briefs/w1/one.md:6:14  The ledger has no source “relay”.  (DC101)',
    ])
  })

  test('a source that is never cited is a warning at its entry, unless it was only consulted', async () => {
    const ledger =
      entry('daily') + entry('idle') + entry('read', '  url: https://r.test\n  consulted: true\n')
    const findings = await check({ body: 'One [@daily].\n', ledger })
    expect(findings.map(formatFinding)).toEqual([
      'briefs/w1/sources.yaml:7:3  The source “idle” is never cited.  (DC102)',
    ])
    expect(findings[0]?.severity).toBe('warning')
  })

  test('a source needs an address, unless it is offline or reached through another', async () => {
    const ledger =
      entry('daily') + entry('letter', '  access: offline\n') + entry('origin', '') + entry('bare', '')
    expect(await lines({ body: 'One [@origin; via @daily] [@letter] [@bare].\n', ledger })).toEqual([
      'briefs/w1/sources.yaml:18:3  The source “bare” has no url.  (DC103)',
    ])
    remove()
    expect(
      await lines({
        body: 'One [@origin; via @daily]. Two [@origin].\n',
        ledger: entry('daily') + entry('origin', ''),
      }),
    ).toEqual(['briefs/w1/sources.yaml:7:3  The source “origin” has no url.  (DC103)'])
    remove()
    expect(await lines({ body: 'One [@daily].\n', ledger: entry('daily', '  url: nowhere\n') })).toHaveLength(
      1,
    )
  })

  test('a brief’s own source is for that brief alone', async () => {
    const front = `sources:\n${entry('own').replaceAll(/^(?=.)/gm, '  ')}`
    expect(await lines({ body: 'One [@daily] [@own].\n', front, second: 'Two [@own].\n' })).toEqual([
      'briefs/w1/two.md:6:5  The source “own” is listed in briefs/w1/one.md for that brief alone.  (DC101)',
    ])
  })
})

describe('waivers', () => {
  test('in a comment cover the block that follows, and no other', async () => {
    const body = '<!-- desk-ok DC101: the page is gone -->\n\nOne [@daily] [@gone].\n\nTwo [@gone].\n'
    const findings = await check({ body })
    expect(findings.map(({ line, waived }) => [line, waived])).toEqual([
      [8, 'the page is gone'],
      [10, null],
    ])
    expect(blocks(findings)).toBe(true)
  })

  test('in the frontmatter cover the whole brief, or what they name', async () => {
    const body = 'One [@daily] [@gone].\n\nTwo [@lost] {id=claim}.\n'
    const waive = (on: string): string => `waivers:\n  - rule: DC101\n${on}    reason: because\n`
    const waived = async (on: string) => {
      const findings = await check({ body, front: waive(on) })
      remove()
      return findings.filter((each) => each.waived !== null).map((each) => each.message.slice(-6, -2))
    }
    expect(await waived('')).toEqual(['gone', 'lost'])
    expect(await waived('    on: gone\n')).toEqual(['gone'])
    expect(await waived('    on: claim\n')).toEqual(['lost'])
  })

  test('in a ledger entry cover that entry', async () => {
    const ledger =
      entry('daily') +
      entry('idle', '  url: https://i.test\n  waivers: [{rule: DC102, reason: kept for later}]\n')
    expect((await check({ body: 'One [@daily].\n', ledger })).map((each) => each.waived)).toEqual([
      'kept for later',
    ])
  })

  test('that match nothing are errors, where their rule is checked', async () => {
    const body =
      '<!-- desk-ok DC101: nothing is wrong -->\n\nOne [@daily].\n\n<!-- desk-ok DC503: counted twice -->\n\nTwo.\n'
    expect(await lines({ body })).toEqual([
      'briefs/w1/one.md:6:1  This waiver of DC101 matches no finding.  (DC705)',
    ])
  })

  test.each(['DC801', 'DC802', 'DC803', 'DC804', 'DC811', 'DC814', 'DC705'])(
    'never cover %s',
    async (rule) => {
      const front = `acces: member\nwaivers:\n  - {rule: ${rule}, reason: because}\n`
      const findings = await check({ body: 'One [@daily], ::: members [x](javascript:x).\n', front })
      expect(findings.filter((each) => each.waived !== null)).toEqual([])
      expect(findings.map((each) => each.rule)).toContain('DC705')
      const ledger = entry('daily', `  url: javascript:1\n  waivers: [{rule: ${rule}, reason: because}]\n`)
      remove()
      const inLedger = await check({ body: 'One [@daily].\n', ledger })
      expect(inLedger.filter((each) => each.waived !== null)).toEqual([])
      expect(inLedger.map((each) => each.rule)).toEqual(expect.arrayContaining(['DC705', 'DC811']))
    },
  )
})

describe('the publication’s severities', () => {
  test('replace a rule’s own', async () => {
    const ledger = entry('daily') + entry('idle')
    expect((await check({ body: 'One [@daily].\n', ledger }, { DC102: 'error' }))[0]?.severity).toBe('error')
  })

  test('cannot soften the gate', async () => {
    const severities = { DC804: 'info', DC811: 'info', DC801: 'info', DC999: 'info' } as const
    const findings = await check(
      { body: '::: members\nOne [x](javascript:x) [@daily].\n', front: '' },
      severities,
    )
    expect(findings.map((each) => each.rule)).toContain('DC804')
    expect(findings.filter((each) => each.rule !== 'DC101').every((each) => each.severity === 'error')).toBe(
      true,
    )
  })
})
