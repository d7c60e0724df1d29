import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { formatFinding, inOrder } from '../../src/core/finding.ts'
import { readBibtex } from '../../src/sources/bibtex.ts'
import { readCslJson, toCslJson } from '../../src/sources/csl-json.ts'
import { planImport } from '../../src/sources/imported.ts'
import { plainLatex } from '../../src/sources/latex.ts'
import { parseLedger } from '../../src/sources/ledger.ts'
import { looseDate } from '../../src/sources/loose-date.ts'
import { sourceKinds, type Ledger } from '../../src/sources/source.ts'
import { appendEntries } from '../../src/sources/write-ledger.ts'
import { cpuTime } from '../cpu-time.ts'

const none: Ledger = new Map()

function bibtex(text: string) {
  const { added, findings } = planImport(readBibtex('in.bib', text), none)
  return { entries: added.map(({ entry }) => entry), said: inOrder(findings).map(formatFinding) }
}

function csl(value: unknown) {
  const { added, findings } = planImport(readCslJson('in.json', JSON.stringify(value, null, 2)), none)
  return { entries: added.map(({ entry }) => entry), said: inOrder(findings).map(formatFinding) }
}

describe('BibTeX', () => {
  test('is read with strings, nested braces, accents, lists of names and dates', () => {
    const { entries, said } = bibtex(
      String.raw`% exported by hand, ana@desk.test
@string{ AAN = "Afghanistan Analysts " # {Network} }
@comment{ @online{no, title={No}} }
@preamble{"\newcommand{\x}{y}"}

@Online{Clark:2025a,
  author    = {Clark, Kate and {Ministry of Foreign Affairs} and Bj{\"o}rn {\O}degaard and others},
  title     = {{T}he {\emph{Istanbul}} Talks---a QQ de\'adlock''\ldots{} \& after},
  organization = AAN,
  url       = {https://www.afghanistan-analysts.org/en/a\_b\%20c/?utm_source=x&id=7},
  urldate   = {2025-11-10},
  date      = {2025-11-08},
  langid    = {british},
}
@article{khan, author="Khan, Jr., Asad", title="A {"}quoted{"} word", journal={Journal of Peace}, volume=3, year=2024, month=oct # "~12", doi={10.1000/182}}
@newspaper(dawn-1011, title={Border closed}, publisher={Dawn}, year={2025}, month={11}, note={Accessed: 10 November 2025. \url{https://dawn.test/1}})
`.replace('QQ', '``'),
    )
    expect(said).toEqual([])
    expect(entries).toMatchObject([
      {
        id: 'clark-2025a',
        title: 'The Istanbul Talks—a “ deádlock”… & after',
        publisher: 'Afghanistan Analysts Network',
        author: ['Kate Clark', 'Ministry of Foreign Affairs', 'Björn Ødegaard'],
        url: 'https://www.afghanistan-analysts.org/en/a_b%20c/?id=7',
        published: '2025-11-08',
        accessed: '2025-11-10',
        lang: 'en-GB',
        kind: 'thinktank',
      },
      {
        id: 'khan',
        title: 'A "quoted" word',
        author: ['Asad Khan Jr.'],
        published: '2024-10-12',
        url: 'https://doi.org/10.1000/182',
        kind: 'paper',
      },
      {
        id: 'dawn-1011',
        publisher: 'Dawn',
        url: 'https://dawn.test/1',
        published: '2025-11',
        accessed: '2025-11-10',
        kind: 'newspaper',
      },
    ])
  })

  test('that cannot be read is a finding at its sign, and what follows is read', () => {
    const { entries, said } = bibtex(`@online{a, title {No equals}}
@online{b, title = {never closed, year = 2025
@online{c, title = {Good}, url = {https://c.test/1}, publisher = {C}, date = {2025}}
@online{d, title = "no end, year = 2025}
@online{e,
  title = ,
}
@online{, title = {f}}
`)
    expect(entries.map(({ id }) => id)).toEqual(['c'])
    expect(said).toEqual([
      'in.bib:1:18  This BibTeX cannot be read: the field “title” has no =.  (DC801)',
      'in.bib:2:20  This BibTeX cannot be read: this brace is never closed.  (DC801)',
      'in.bib:4:20  This BibTeX cannot be read: this quotation mark is never closed.  (DC801)',
      'in.bib:6:11  This BibTeX cannot be read: a field has no value.  (DC801)',
      'in.bib:8:1  A record has no publisher.  (DC103)',
    ])
  })

  test('without a date, publisher or good address says what was assumed', () => {
    const { entries, said } = bibtex(`@misc{a, title={T}, url={https://www.a.test/1}}
@misc{b, title={T}, url={nowhere}}
@misc{c, url={https://c.test}}`)
    expect(entries).toMatchObject([
      { id: 'a', publisher: 'a.test', published: 'unknown', accessed: 'unknown' },
    ])
    expect(said).toEqual([
      'in.bib:1:1  “a” has no date; “unknown” was written.  (DC103)',
      'in.bib:1:1  “a” has no publisher; “a.test” was written.  (DC103)',
      'in.bib:2:1  “nowhere” is not a web address.  (DC103)',
      'in.bib:3:1  “c” has no title.  (DC103)',
    ])
  })

  test.each([
    [String.raw`\'{E}cole \`{a} l'\^{\i}le`, 'École à l’île'.replace('’', "'")],
    [String.raw`Erd\H{o}s, G\"odel, \v{S}imi\'c, \c{C}a\u{g}lar`, 'Erdős, Gödel, Šimić, Çağlar'],
    [String.raw`Stra{\ss}e \o sterbro \L{}\'od\'z`, 'Straße østerbro Łódź'],
    [String.raw`50\% \$5 and \$6, $x^2$ {\it word} \textbf{bold}`, '50% $5 and $6, x^2 word bold'],
    [String.raw`12--13 ~ a~b \"{}`, '12–13 a b "'],
    ['Москва и 東京', 'Москва и 東京'],
  ])('sets %j as people read it', (latex, text) => {
    expect(plainLatex(latex)).toBe(text)
  })

  test('whatever it holds, reading it does not throw and takes no long', () => {
    fc.assert(
      fc.property(
        fc.array(
          fc.constantFrom(
            '@online{',
            '@string{',
            'a',
            ',',
            '=',
            '{',
            '}',
            '"',
            '#',
            '\\',
            '%',
            '\n',
            'title',
            ' and ',
            '(',
            ')',
            '@',
            '\\"',
            '~',
          ),
          { maxLength: 60 },
        ),
        (signs) => {
          planImport(readBibtex('in.bib', signs.join('')), none)
        },
      ),
      { numRuns: 1000 },
    )
    const started = cpuTime()
    readBibtex('in.bib', '@a{'.repeat(20_000))
    readBibtex('in.bib', `@a{b, author = {${'x and '.repeat(20_000)}}}`)
    readBibtex('in.bib', `@a{b, title = {${'{'.repeat(50_000)}${'}'.repeat(50_000)}}}`)
    expect(cpuTime() - started).toBeLessThan(3000)
  })
})

describe('CSL-JSON', () => {
  test('is read from a list, one record, or an object of items', () => {
    const record = {
      id: 'http://zotero.org/users/1/items/ABC',
      'citation-key': 'dawn2025',
      type: 'article-newspaper',
      title: 'The <i>Durand</i> line',
      'container-title': 'Dawn',
      author: [
        { family: 'Khan', given: 'Asad' },
        { literal: 'AFP' },
        { family: 'Beethoven', 'non-dropping-particle': 'van', given: 'L.' },
      ],
      issued: { 'date-parts': [['2025', 11, '8']] },
      accessed: { raw: '10 November 2025' },
      URL: 'https://dawn.test/1?fbclid=x',
      language: 'en_US',
    }
    for (const value of [[record], record, { items: [record] }]) {
      const { entries, said } = csl(value)
      expect(said).toEqual([])
      expect(entries).toMatchObject([
        {
          id: 'dawn2025',
          title: 'The Durand line',
          publisher: 'Dawn',
          author: ['Asad Khan', 'AFP', 'L. van Beethoven'],
          published: '2025-11-08',
          accessed: '2025-11-10',
          url: 'https://dawn.test/1',
          lang: 'en-US',
          kind: 'newspaper',
        },
      ])
    }
  })

  test('that cannot be read is a finding at its place', () => {
    expect(readCslJson('in.json', '[\n {"id": 1,}\n]').findings.map(formatFinding)).toEqual([
      'in.json:2:11  This JSON cannot be read: Expected double-quoted property name.  (DC801)',
    ])
    expect(readCslJson('in.json', '').findings).toHaveLength(1)
    expect(
      csl([
        { id: 'a', title: 'T', publisher: 'P', issued: { 'date-parts': [[2025, 2, 30]] } },
        7,
        {},
        { id: 'b', type: 'book' },
      ]),
    ).toMatchObject({
      entries: [{ id: 'a', published: '2025', url: null }],
      said: [
        'in.json:16:3  This is no record of CSL-JSON: it has neither id, type nor title.  (DC801)',
        'in.json:17:3  This is no record of CSL-JSON: it has neither id, type nor title.  (DC801)',
        'in.json:18:3  “b” has no title.  (DC103)',
      ],
    })
  })

  test('of any shape does not throw', () => {
    fc.assert(
      fc.property(fc.jsonValue(), (value) => {
        csl(value)
        csl([
          {
            title: value,
            author: value,
            issued: value,
            accessed: { 'date-parts': value },
            custom: value,
            URL: value,
          },
        ])
      }),
      { numRuns: 300 },
    )
  })
})

test('no control sign of a file reaches the terminal or the ledger', () => {
  const escape = '\u001b[2J'
  const { entries, said } = bibtex(
    `@online{a${escape}, title={x}}\n@online{b, title={T${escape}}, url={https://b.test/${escape}x}, publisher={P${escape}}, ${escape}=1}\n@online{c, url={no${escape}}, title={T}, date={2025}}\n@online{d, title={T${escape}}, publisher={P}, date={2025}, author={${escape}A}}`,
  )
  const json = csl([
    {
      id: `a${escape}`,
      title: `T${escape}`,
      publisher: `P${escape}`,
      author: [{ literal: escape }],
      URL: `n${escape}`,
    },
    { id: escape, type: escape },
  ])
  expect(JSON.stringify([entries, said, json])).not.toMatch(/\\u001b/)
  expect(entries.length).toBeGreaterThan(0)
})

describe('an import', () => {
  const ledger =
    parseLedger(
      'sources.yaml',
      '- {id: dawn, title: T, publisher: Dawn, url: "https://dawn.test/1", published: 2025, accessed: 2025}\n- {id: letter, title: A letter, publisher: M, access: offline, published: 2025, accessed: 2025}\n',
    ).value ?? none

  test('leaves alone what the ledger has, and gives a taken id another', () => {
    const imported = readCslJson(
      'in.json',
      JSON.stringify([
        { id: 'x', title: 'Same page', URL: 'http://www.dawn.test/1/?utm_source=a' },
        { id: 'letter', title: 'A letter' },
        {
          id: 'dawn',
          title: 'Other page',
          URL: 'https://dawn.test/2',
          issued: { raw: '2025' },
          publisher: 'Dawn',
        },
        { id: 'again', title: 'Other page once more', URL: 'https://dawn.test/2#top' },
      ]),
    )
    expect(planImport(imported, ledger)).toMatchObject({
      unchanged: [
        { key: 'x', id: 'dawn' },
        { key: 'letter', id: 'letter' },
        { key: 'again', id: 'dawn-2' },
      ],
      added: [{ key: 'dawn', entry: { id: 'dawn-2', kind: 'newspaper' } }],
      findings: [],
    })
  })

  test('of what was exported gives the same ledger again', () => {
    const date = fc.constantFrom('2025', '2025-11', '2025-11-08', '2025-11-08~', 'unknown')
    const words = fc
      .stringMatching(/^[\p{L}\p{N}][\p{L}\p{N} “”:,#'-]{0,20}[\p{L}\p{N}]$/u)
      .map((text) => text.replace(/ +/gu, ' '))
    const source = fc.record({
      id: fc.stringMatching(/^[a-z][a-z0-9]{0,9}(-[a-z0-9]{1,5}){0,2}$/),
      title: words,
      publisher: words,
      path: fc.option(fc.stringMatching(/^[a-z0-9]{1,12}$/)),
      published: date,
      accessed: date,
      modified: fc.option(fc.constant('2025-11-09')),
      kind: fc.constantFrom(...sourceKinds),
      author: fc.array(words, { maxLength: 3 }),
      lang: fc.option(fc.constantFrom('en', 'pt-BR')),
      origin: fc.option(words),
      party: fc.option(words),
      quotes: fc.array(words, { maxLength: 2 }),
    })
    fc.assert(
      fc.property(fc.uniqueArray(source, { maxLength: 5, selector: ({ id }) => id }), (sources) => {
        const drafts = sources.map(({ path, ...rest }) => ({
          ...rest,
          title: rest.title.replace(/\s+/gu, ' '),
          publisher: rest.publisher.replace(/\s+/gu, ' '),
          url: path === null ? null : `https://${rest.id}.test/${path}`,
          reliability: null,
          archive: null,
          consulted: false,
        }))
        const before = appendEntries('sources.yaml', '', drafts)
        const read = parseLedger('sources.yaml', before).value ?? none
        const exported = JSON.stringify(toCslJson(read.values()))
        const { added } = planImport(readCslJson('in.json', exported), none)
        expect(
          appendEntries(
            'sources.yaml',
            '',
            added.map(({ entry }) => entry),
          ),
        ).toBe(before)
      }),
      { numRuns: 100 },
    )
  })
})

test.each([
  ['2025-11-08T10:00:00+05:00', '2025-11-08'],
  ['2025/11/8', '2025-11-08'],
  ['8th November 2025', '2025-11-08'],
  ['Saturday, November 8, 2025 4:00 PM', '2025-11-08'],
  ['Nov. 2025', '2025-11'],
  ['c. 2025', '2025~'],
  ['2025?', '2025~'],
  ['8/11/2025', null],
  ['30 February 2025', null],
  ['last week', null],
])('the date %j is %j', (text, edtf) => {
  expect(looseDate(text)).toBe(edtf)
})
