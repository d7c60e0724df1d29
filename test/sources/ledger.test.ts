import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { formatFinding } from '../../src/core/finding.ts'
import { parseYaml } from '../../src/core/yaml.ts'
import { mergeLedgers, parseBriefSources, parseLedger } from '../../src/sources/ledger.ts'

const good = `- id: caliber-1108
  title: "No fourth round: talks are over"
  publisher: Caliber.Az
  url: https://caliber.test/post/1?utm_source=x
  published: 2025-11-08~
  accessed: 2025-11-10
  kind: newspaper
  author: [One, Two]
  lang: en
  reliability: B
  archive: https://web.archive.org/web/2025/https://caliber.test/post/1
  anonymity: {reason: not authorised to speak, access: was in the room}
  quotes:
    - There is a complete deadlock.
- id: ministry
  title: A letter
  publisher: Ministry
  access: offline
  published: unknown
  accessed: 2025
  consulted: true
`

function reported(content: string): string[] {
  return parseLedger('sources.yaml', content).findings.map(formatFinding)
}

function entry(changes: Record<string, string | null>): string {
  const fields: Record<string, string | null> = {
    id: 'a',
    title: 'A page',
    publisher: 'A paper',
    url: 'https://a.test/1',
    published: '2025',
    accessed: '2025-11-10',
    ...changes,
  }
  const lines = Object.entries(fields).flatMap(([key, value]) => (value === null ? [] : `  ${key}: ${value}`))
  return lines.join('\n').replace('  ', '- ') + '\n'
}

describe('a ledger', () => {
  test('is read in the order written, with dates as written and tracking parameters gone', () => {
    const { value, findings } = parseLedger('sources.yaml', good)
    expect(findings).toEqual([])
    expect([...(value?.values() ?? [])]).toMatchObject([
      {
        id: 'caliber-1108',
        url: 'https://caliber.test/post/1',
        published: '2025-11-08~',
        author: ['One', 'Two'],
        kind: 'newspaper',
        quotes: ['There is a complete deadlock.'],
        party: null,
        place: { file: 'sources.yaml', line: 1, column: 3 },
      },
      { id: 'ministry', url: null, access: 'offline', accessed: '2025', kind: 'reference', consulted: true },
    ])
  })

  test('may be empty', () => {
    expect(parseLedger('sources.yaml', '')).toEqual({ value: new Map(), findings: [] })
    expect(parseLedger('sources.yaml', '# nothing yet\n').findings).toEqual([])
  })

  test.each([
    [{ title: null }, 'sources.yaml:1:3  The key “title” is required.  (DC103)'],
    [
      { title: '' },
      'sources.yaml:2:10  “title” must be text; describe a page without a headline [in brackets].  (DC103)',
    ],
    [{ publisher: '{}' }, 'sources.yaml:3:14  “publisher” must be the name of the publisher.  (DC103)'],
    [{ url: 'a.test/1' }, 'sources.yaml:4:8  “a.test/1” is not a web address.  (DC103)'],
    [{ published: null }, 'sources.yaml:1:3  The key “published” is required.  (DC103)'],
    [
      { accessed: '10 November' },
      'sources.yaml:6:13  “accessed” must be a date such as 2025, 2025-11 or 2025-11-08 (with ~ for “about”), or unknown.  (DC103)',
    ],
    [{ accessed: 'unknown' }, 'sources.yaml:6:13  It is not known when “a” was read.  (DC103)'],
    [
      { url: 'javascript:alert(1)' },
      'sources.yaml:4:8  The address of a source must be http or https, without a user name.  (DC811)',
    ],
    [{ archive: 'nowhere' }, 'sources.yaml:7:12  “nowhere” is not a web address.  (DC801)'],
    [{ kind: 'blog' }, /sources\.yaml:7:9 {2}“kind” must be one of official, .* \(DC801\)$/],
    [{ publisherr: 'x' }, 'sources.yaml:7:3  There is no key “publisherr” here.  (DC802)'],
    [{ reliability: 'G' }, 'sources.yaml:7:16  “reliability” must be a letter from A to F.  (DC801)'],
    [{ waivers: '[{rule: DC703}]' }, 'sources.yaml:7:13  The key “reason” is required.  (DC705)'],
    [{ id: 'A Paper' }, 'sources.yaml:1:7  “id” must be lower-case letters, digits and hyphens.  (DC801)'],
  ])('says what is wrong with %j', (changes, expected) => {
    const lines = reported(entry(changes))
    expect(lines).toHaveLength(1)
    expect(lines[0]).toMatch(expected)
  })

  test('reports every mistake at once and loses no entry with a usable id', () => {
    const content =
      entry({ title: null, kind: 'blog' }) + entry({ id: 'b', url: 'https://b.test', nonsense: 'x' })
    const { value, findings } = parseLedger('sources.yaml', content)
    expect(findings.map(({ rule, line }) => [rule, line])).toEqual([
      ['DC103', 1],
      ['DC801', 6],
      ['DC802', 13],
    ])
    expect([...(value?.keys() ?? [])]).toEqual(['a', 'b'])
    expect(value?.get('a')).toMatchObject({ title: '[a]', publisher: 'A paper', kind: 'reference' })
  })

  test('an access that is not known is a warning', () => {
    const [only] = parseLedger('sources.yaml', entry({ accessed: 'unknown' })).findings
    expect(only).toMatchObject({ rule: 'DC103', severity: 'warning' })
  })

  test('says where an id or an address is taken', () => {
    const content =
      entry({}) +
      entry({ url: 'https://b.test' }) +
      entry({ id: 'c', url: 'http://www.a.test/1/?utm_medium=m#x' })
    expect(reported(content)).toEqual([
      'sources.yaml:7:7  The id “a” is taken: sources.yaml:1 has it too.  (DC103)',
      'sources.yaml:16:8  This is the address of “a” (sources.yaml:1) once more.  (DC103)',
    ])
  })

  test('says so across files, too', () => {
    const shared = parseLedger('sources.yaml', entry({})).value ?? new Map()
    const own = parseBriefSources({
      front: parseYaml(`title: x\nsources:\n${entry({ url: 'https://b.test' })}`, 'one.md', 1),
    }).value
    const { findings } = mergeLedgers([shared, own ?? new Map()])
    expect(findings.map(formatFinding)).toEqual([
      'one.md:4:3  The id “a” is taken: sources.yaml:1 has it too.  (DC103)',
    ])
  })

  test.each(['title: x', '"text"', '- one\n- two', '- [a]', 'a: [', '\t- id: x', '- *nowhere'])(
    'that is no ledger is a finding: %j',
    (content) => {
      expect(reported(content).length).toBeGreaterThan(0)
    },
  )

  test('its names have no power over the program', () => {
    const { findings } = parseLedger('sources.yaml', entry({ ['__proto__']: '{polluted: true}' }))
    expect(findings.every((each) => each.rule !== 'DC103')).toBe(true)
    expect(Reflect.get({}, 'polluted')).toBeUndefined()
  })
})

/** One thing broken in an entry that is otherwise right: what is written, and how the ledger says so. */
const breakage = fc.constantFrom<Record<string, string | null>>(
  { id: null },
  { id: '-' },
  { id: 'UPPER' },
  { id: '[list]' },
  { title: null },
  { title: '""' },
  { title: 'a: b: c' },
  { publisher: '[]' },
  { publisher: 'null' },
  { url: 'ftp://a.test/1' },
  { url: 'https//a.test' },
  { url: '[https://a.test]' },
  { published: '2025-13' },
  { published: '2025-02-30' },
  { accessed: 'yesterday' },
  { accessed: null },
  { kind: 'rumour' },
  { access: 'maybe' },
  { reliability: 'b' },
  { snapshot: 'sha256:abc' },
  { archive: 'javascript:1' },
  { anonymity: 'yes' },
  { anonymity: '{reason: x}' },
  { quotes: '{a: b}' },
  { quotes: '[[]]' },
  { consulted: 'perhaps' },
  { waivers: '[DC703]' },
  { waivers: '[{rule: DC703, reason: }]' },
  { waiver: '[]' },
  { lang: 'english language' },
  { titel: 'x' },
  { title: '"never closed' },
  { title: '*alias' },
  { title: '&a [*a, *a]' },
)

test('two hundred broken ledgers: a finding for each, and the other entries stay', () => {
  fc.assert(
    fc.property(breakage, fc.boolean(), (broken, first) => {
      const other = entry({ id: 'other', url: 'https://other.test/1' })
      const content = first ? entry(broken) + other : other + entry(broken)
      const { value, findings } = parseLedger('sources.yaml', content)
      expect(findings.length).toBeGreaterThan(0)
      // YAML that cannot be read at all has no entries; anything else keeps the good one.
      const unreadable = findings.some((each) => each.message.startsWith('This YAML'))
      if (!unreadable) expect(value?.get('other')?.title).toBe('A page')
    }),
    { numRuns: 200 },
  )
})

test('whatever bytes a ledger holds, reading it does not throw', () => {
  fc.assert(
    fc.property(
      fc.nat(good.length),
      fc.nat(12),
      fc.string({ unit: 'binary', maxLength: 12 }),
      (at, cut, put) => {
        const { value, findings } = parseLedger(
          'sources.yaml',
          good.slice(0, at) + put + good.slice(at + cut),
        )
        expect(value !== null || findings.length > 0).toBe(true)
      },
    ),
    { numRuns: 300 },
  )
})
