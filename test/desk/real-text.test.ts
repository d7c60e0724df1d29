import { cpSync, mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, describe, expect, test } from 'vitest'
import { loadConfig } from '../../src/config.ts'
import { blocks, formatFinding, type Finding } from '../../src/core/finding.ts'
import { openDesk } from '../../src/desk/open-desk.ts'
import { loadIssue } from '../../src/issue/load.ts'
import { checkExample } from './example.ts'

const root = join(import.meta.dirname, '../..')
const dir = mkdtempSync(join(tmpdir(), 'onrecord-desk-'))
afterAll(() => rmSync(dir, { recursive: true, force: true }))

async function checkPublication(folder: string, id: string, dataDir: string): Promise<Finding[]> {
  const { publication } = loadConfig({ dir: folder, dataDir, environment: {} })
  return openDesk(dataDir, { cache: 'memory' }).check(await loadIssue(folder, id, publication), publication)
}

describe('the sample publication', () => {
  test('has no unwaived error, and one calm line about its stored copies', async () => {
    const findings = await checkPublication(root, '2025-w46', join(dir, 'sample'))
    expect(blocks(findings)).toBe(false)
    expect(findings.filter((each) => each.waived !== null).length).toBeLessThanOrEqual(3)
    expect(findings.filter((each) => each.rule === 'DC703').map(formatFinding)).toEqual([
      'briefs/2025-w46/sources.yaml:1:1  None of the 32 sources has a stored copy, so no quotation and no figure is checked against one.  (DC703)',
    ])
    expect(findings.filter((each) => each.rule === 'DC503')).toEqual([])
  })
})

describe('the town of the fixture, with its stored copies', () => {
  const town = join(root, 'test/fixtures/harbour')
  test('has no error, since every quotation in it holds, and two reprints are one voice', async () => {
    const data = join(dir, 'town')
    cpSync(join(town, 'snapshots'), join(data, 'snapshots'), { recursive: true })
    const findings = await checkPublication(town, '2026-w10', data)
    expect(findings.filter((each) => each.severity === 'error')).toEqual([])
    expect(
      findings.filter((each) => ['DC205', 'DC301', 'DC703'].includes(each.rule)).map(formatFinding),
    ).toEqual([])
    expect(findings.filter((each) => each.rule === 'DC502')).toHaveLength(1)
  })

  test('says which copies are not on this machine where they are not', async () => {
    const findings = await checkPublication(town, '2026-w10', join(dir, 'elsewhere'))
    expect(findings.filter((each) => each.rule === 'DC703').length).toBeGreaterThan(3)
    expect(blocks(findings)).toBe(false)
  })
})

const papers = (origin: string): string =>
  ['daily', 'echo']
    .map(
      (id) => `
- id: ${id}
  title: The dead of the harbour
  publisher: ${id}
  url: https://${id}.example.org/dead
  published: 2025-11-08
  accessed: 2025-11-10
  kind: newspaper${origin}`,
    )
    .join('')

function rulesIn(brief: string, ledger: string): string[] {
  return checkExample({ brief, ledger }).map((each) => each.rule)
}

describe('a brief of prose without a single citation', () => {
  const vague = `
To some, the closing of the gates was overdue, and reports suggest that those in charge had known of it for weeks.
It is widely believed that they were told to keep silent. Experts say that worse is to come.

Critics see a pattern. Observers point to earlier failures, and it is understood that others are on their way.

Many fear that nobody will be made to answer, while insiders hint at a quarrel behind closed doors.`

  test('is refused, with neither digits nor quotation marks in it', () => {
    const found = checkExample({ brief: vague, ledger: '' })
    expect(found.filter((each) => each.rule === 'DC104').map(formatFinding)).toEqual([
      'briefs/w1/one.md:7:1  “What the harbour did” cites no source.  (DC104)',
    ])
    expect(blocks(found)).toBe(true)
  })

  test('is refused for its length alone, when it names and reports nothing', () => {
    const words = 'We were sad, and then we were glad, and nothing else was on our minds for long. '.repeat(5)
    expect(rulesIn(words, '')).toContain('DC104')
  })
})

describe('two papers', () => {
  test('that relay one ministry do not corroborate its toll, named or not', () => {
    const one = papers('\n  origin: Ministry of Health')
    expect(rulesIn('Fourteen people were killed at the harbour [@daily; @echo].', one)).toContain('DC503')
    expect(rulesIn('The ministry said that 14 people were killed [@daily; @echo].', papers(''))).toContain(
      'DC503',
    )
    expect(rulesIn('The attack killed 14, according to the ministry [@daily; @echo].', one)).toContain(
      'DC503',
    )
  })

  test('that know it each for themselves do', () => {
    expect(rulesIn('Fourteen people were killed at the harbour [@daily; @echo].', papers(''))).not.toContain(
      'DC503',
    )
  })

  test('of one party do not, and its word is not stated as fact', () => {
    const found = checkExample({
      brief: 'Fourteen people were killed at the harbour [@daily; @echo].',
      ledger: papers('\n  party: northland'),
    }).filter((each) => each.rule === 'DC503')
    expect(found.map((each) => each.message)).toEqual([
      'This toll is stated as fact on the word of a party (northland).',
    ])
  })

  test('need not agree where both sides are named', () => {
    const text =
      'Northland claims 58 soldiers killed; Southland counts 23 of its own [@daily].\n\nAnother word [@echo].'
    expect(rulesIn(text, papers(''))).not.toContain('DC503')
  })
})

describe('numbers that are no toll', () => {
  test.each([
    'He was killed on 7 November [@daily].',
    'A 34-year-old man died in 2024 [@daily].',
    'No casualties were reported [@daily].',
    'The bill died in the 14th committee [@daily].',
  ])('%s', (sentence) => {
    expect(rulesIn(`${sentence}\n\nMore [@echo].`, papers(''))).not.toContain('DC503')
  })
})

describe('quotations', () => {
  test.each([
    'The “temporary” gates were shut. [@echo]\n\nA “so-called experts’ panel” met.',
    'Nobody reads “The Long Way Home to the Harbour” now.',
    'She called it “dead”.',
    'The pipe is 5" wide and 12" long, and nobody knew.',
  ])('that are no quotation need no source: %s', (brief) => {
    expect(rulesIn(`${brief}\n\nMore [@daily] [@echo].`, papers(''))).not.toContain('DC203')
  })

  test.each([
    '“No,” he said.',
    'He said: “Never.”',
    'It is, she told the council, “beyond anything that we have seen here”.',
    '> We had no choice but to close them.',
    '« Nous n’avons rien vu de tel ici depuis dix ans », a-t-il dit.',
  ])('that are one do: %s', (brief) => {
    expect(rulesIn(`${brief}\n\nMore [@daily] [@echo].`, papers(''))).toContain('DC203')
  })
})
