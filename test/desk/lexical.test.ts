import { describe, expect, test } from 'vitest'
import { blocks, type Finding } from '../../src/core/finding.ts'
import { checkIssue } from '../../src/desk/desk.ts'
import { publication } from '../issue/rich-issue.ts'
import { checkExample, loadExample } from './example.ts'

function found(brief: string, rule: string, more: { front?: string; ledger?: string } = {}): Finding[] {
  return checkExample({ brief, ...more }).filter((each) => each.rule === rule)
}

function places(brief: string, rule: string): string[] {
  const lines = ['', '', '', '', '', '', ...brief.trim().split('\n')]
  return found(brief, rule).map(({ line, column, endColumn }) =>
    (lines[line - 1] ?? '').slice(column - 1, endColumn - 1),
  )
}

const entry = (id: string, more = ''): string =>
  `- id: ${id}\n  title: A page\n  publisher: ${id}\n  url: https://${id}.example.org/1\n  published: 2025-11-08\n  accessed: 2025-11-10\n${more}`

describe('a brief that only hears of things', () => {
  const brief = `
To some, the closing of the gates was overdue. Reports suggest that the council had known for weeks.

Critics see a pattern, and many observers fear that more is to come. According to experts, nothing else could be done.
In the eyes of many, the harbour is lost. Some believe that nobody will answer for it.`

  test('is refused, with a finding at each vague attribution', () => {
    const findings = checkExample({ brief, ledger: '' })
    expect(blocks(findings)).toBe(true)
    expect(findings.filter((each) => each.severity === 'error').map((each) => each.rule)).toEqual(['DC104'])
    expect(places(brief, 'DC401')).toEqual([
      'To some',
      'Reports suggest',
      'Critics see',
      'observers fear',
      'According to experts',
      'In the eyes of many',
      'Some believe',
    ])
  })

  test('is not read by rules that know no word of its language', () => {
    const { loaded, evidence } = loadExample({ brief, ledger: '' })
    const issue = loaded.issue && { ...loaded.issue, lang: 'de' }
    const rules = checkIssue({ ...loaded, issue }, publication, evidence).map((each) => each.rule)
    expect(rules.filter((rule) => /^DC(?:201|202|4|6)/.test(rule))).toEqual([])
  })
})

describe('words in quotation marks are not the writer’s', () => {
  test.each([
    ['DC401', 'He wrote “experts say that it will hold” on the wall [@daily].'],
    ['DC403', 'The word “reportedly” was struck out [@daily].'],
    ['DC606', '“We leave tomorrow,” she said [@daily].'],
    ['DC401', '> Experts say that it will hold. [@daily]'],
    ['DC606', ':::pullquote\n> “Yesterday was the end.” [@daily]\n:::'],
  ])('%s: %s', (rule, brief) => {
    expect(found(brief, rule)).toEqual([])
  })
})

describe('facts without a source', () => {
  test('are found in figures, events and rows of a table, one a row', () => {
    const brief = `
:::figures
- **346** people injured
- **17** killed [@daily]
:::

:::timeline
- 2025-10-19: The gates close.
- 2025-10-20: They open [@daily].
:::

| In 2024 | In 2025 |
| --- | --- |
| 40 ships | 50 ships |
| 40 ships | 50 ships [@daily] |`
    expect(found(brief, 'DC201').map((each) => each.line)).toEqual([8, 13, 19])
  })

  test('are none where a note declares the section the desk’s analysis, and are some after it', () => {
    const brief = `
## What it means

:::note
What follows is the desk’s analysis.
:::

The strikes of December 2024 were the moment at which it turned. It had cost 40 lives.

## What happened

The gates closed on 3 May. It was noon [@daily].`
    expect(found(brief, 'DC201').map((each) => each.line)).toEqual([17])
  })

  test('in a row before one citation are one fault, at that citation', () => {
    const brief =
      'The gates closed on 3 May. The council cut 40 posts. The mayor said that it had to [@daily]. '
    expect(found(brief, 'DC204')).toHaveLength(1)
    expect([...found(brief, 'DC201'), ...found(brief, 'DC202')]).toEqual([])
    const whole = brief.replace('[@daily]', '[@daily] {scope=para}')
    expect(['DC201', 'DC202', 'DC204'].flatMap((rule) => found(whole, rule))).toEqual([])
  })

  test('that the desk judges, asks, supposes or points to are none', () => {
    for (const brief of [
      'We count 40 posts too many.',
      'Who needs 40 posts?',
      'If 40 posts went, the port would stop.',
      'Article 12 and section 4 of the G7 text say why.',
      '## Forty posts cut in March',
      'The US way has two sides.',
    ]) {
      expect([brief, found(brief, 'DC201')]).toEqual([brief, []])
    }
    expect(found('The US cut 40 posts in March.', 'DC201')).toHaveLength(1)
  })
})

describe('whose word it is', () => {
  test('a relay is a finding where the ledger lists its origin, and none where it names a wire', () => {
    const ledger =
      entry('origin') + entry('relay', '  origin: origin\n') + entry('reprint', '  origin: North Wire\n')
    expect(
      found('It rained [@relay]. It froze [@origin; via @relay]. It thawed [@origin; @relay].', 'DC404', {
        ledger,
      }),
    ).toHaveLength(1)
    expect(found('It rained [@reprint].', 'DC404', { ledger })).toEqual([])
  })

  test('a key claim on two reprints of one wire has one voice', () => {
    const ledger =
      entry('one', '  origin: AP\n') + entry('two', '  origin: Associated Press\n') + entry('own')
    expect(found('It closed [@one; @two] {key}.', 'DC501', { ledger })).toHaveLength(1)
    expect(found('It closed [@one; @own] {key}.', 'DC501', { ledger })).toEqual([])
  })

  test('a date of the standfirst is looked up in the body', () => {
    const front = 'standfirst: The gates that closed on 3 May are shut.\n'
    const ledger = entry('one') + entry('two')
    expect(found('They closed on 3 May [@one]. It rained [@two].', 'DC501', { front, ledger })).toHaveLength(
      1,
    )
    expect(
      found('They closed on 3 May [@one]. On 3 May it rained [@two].', 'DC501', { front, ledger }),
    ).toEqual([])
    expect(found('They closed [@one].', 'DC501', { front, ledger })).toEqual([])
  })

  test('a party reached through a relay is a party, and its own column attributes it', () => {
    const ledger = entry('army', '  party: northland\n') + entry('paper')
    expect(found('The depot was empty [@army; via @paper].', 'DC504', { ledger })).toHaveLength(1)
    expect(found('The depot was empty [@army; @paper].', 'DC504', { ledger })).toEqual([])
    const side = ':::positions\n### Northland\n\nThe depot was empty [@army].\n:::'
    expect(found(side, 'DC504', { ledger })).toEqual([])
  })

  test('an unnamed source is explained by the ledger as well as by the sentence', () => {
    const brief = 'An insider who declined to be named called it a farce [@talk].'
    const anonymity = '  anonymity: {reason: fears for his post, access: kept the minutes}\n'
    expect(found(brief, 'DC402', { ledger: entry('talk', '  kind: interview\n') })).toHaveLength(1)
    expect(found(brief, 'DC402', { ledger: entry('talk', `  kind: interview\n${anonymity}`) })).toEqual([])
  })
})

test('hedges and odds are looked for in scenarios alone', () => {
  const words = 'the gates may open in May, and will probably stay so.'
  expect(places(`A [@daily].\n\n:::scenarios\n- **Drift** (likely): ${words}\n:::`, 'DC601')).toEqual(['may'])
  expect(places(`A [@daily].\n\n:::scenarios\n- **Drift** (likely): ${words}\n:::`, 'DC603')).toEqual([
    'probably',
  ])
  expect(['DC601', 'DC603'].flatMap((rule) => found(`A [@daily]. We think ${words}`, rule))).toEqual([])
})
