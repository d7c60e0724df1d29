import type { RootContent } from 'mdast'
import { expect, test } from 'vitest'
import { parseBrief } from '../../src/brief/parse.ts'
import { plainText } from '../../src/brief/plain-text.ts'
import { istanbul } from './istanbul.ts'
import { shown } from './show.ts'

const front = '---\ntitle: T\nstandfirst: S\ndate: 2025-11-10\n---\n'

function read(body: string): { nodes: readonly RootContent[]; findings: string } {
  const { value, findings } = parseBrief('a.md', front + body)
  if (value === null) throw new Error(shown(findings))
  return { nodes: value.body.children, findings: shown(findings) }
}

function findingsOf(body: string): string {
  return read(body).findings
}

test('a brief that uses the whole format has no findings, and these nodes', () => {
  const { value, findings } = parseBrief('briefs/w/istanbul-talks.md', istanbul)
  expect(shown(findings)).toBe('')
  expect(value?.body.children.map((node) => node.type)).toEqual([
    'paragraph',
    'paragraph',
    'heading',
    'waiver',
    'paragraph',
    'table',
    'timeline',
    'figures',
    'positions',
    'pullquote',
    'members',
    'scenarios',
    'button',
  ])
})

test('text directives are off: colons in prose stay prose', () => {
  const { nodes, findings } = read(
    'At 10:30, Reuters:Kabul said :that: it ended:soon. See 2001:db8::1 and :name[x]{y}.',
  )
  expect(findings).toBe('')
  expect(nodes.map((node) => plainText(node))).toEqual([
    'At 10:30, Reuters:Kabul said :that: it ended:soon. See 2001:db8::1 and :name[x]{y}.',
  ])
})

test('a members’ section keeps its teaser and its blocks', () => {
  const { nodes, findings } = read(
    '::::members{teaser="Why &quot;it&quot; fails"}\nOne.\n\n:::correction\nTwo.\n:::\n::::\n',
  )
  expect(findings).toBe('')
  expect(nodes).toMatchObject([
    {
      type: 'members',
      teaser: 'Why "it" fails',
      children: [{ type: 'paragraph' }, { type: 'correction', children: [{ type: 'paragraph' }] }],
      position: { start: { line: 6, column: 1 }, end: { line: 12 } },
    },
  ])
})

test('scenarios have a name, one of the seven terms, and their words', () => {
  const { nodes, findings } = read(
    ':::scenarios\n- **Managed *instability*** (Likely): the truce\n  frays [@cna].\n- **Shock**\n  (very unlikely):\n  it *ends*.\n:::\n',
  )
  expect(findings).toBe('')
  expect(nodes).toMatchObject([
    {
      type: 'scenarios',
      children: [
        {
          type: 'scenario',
          name: 'Managed instability',
          likelihood: 'likely',
          children: [
            { type: 'text', value: 'the truce\nfrays ', position: { start: { line: 7, column: 39 } } },
            { type: 'citation' },
            { type: 'text', value: '.' },
          ],
        },
        { name: 'Shock', likelihood: 'very unlikely' },
      ],
    },
  ])
})

test('a timeline is sorted by date, ranges and vague dates included', () => {
  const { nodes, findings } = read(
    ':::timeline\n- 2025-10-25/2025-10-30: second\n- 2025-10-19~: first\n- 2025: the year\n- 2025-11: **third**\n:::\n',
  )
  expect(findings).toBe('')
  const [timeline] = nodes
  expect(
    timeline?.type === 'timeline' ? timeline.children.map(({ date, until }) => [date, until]) : null,
  ).toEqual([
    ['2025', null],
    ['2025-10-19~', null],
    ['2025-10-25', '2025-10-30'],
    ['2025-11', null],
  ])
  expect(timeline === undefined ? '' : plainText(timeline)).toContain('2025-10-25/2025-10-30: second')
})

test('figures, positions, a pullquote and a button have their parts', () => {
  const { nodes, findings } = read(
    [
      ':::figures',
      '- **6,000–6,500** fighters [@un]',
      ':::',
      '',
      ':::positions',
      '### Kabul',
      '',
      'It keeps the truce. [@a]',
      '',
      '### Islamabad',
      '',
      'So does it.',
      '',
      'Twice.',
      ':::',
      '',
      ':::pullquote',
      '> A deadlock. [@c]',
      ':::',
      '',
      "::button[Read *on*]{href='https://example.org/?a=b'}",
    ].join('\n'),
  )
  expect(findings).toBe('')
  expect(nodes).toMatchObject([
    {
      type: 'figures',
      children: [{ value: '6,000–6,500', children: [{ value: 'fighters ' }, { type: 'citation' }] }],
    },
    {
      type: 'positions',
      children: [
        { party: 'Kabul', children: [{ type: 'paragraph' }] },
        { party: 'Islamabad', children: [{ type: 'paragraph' }, { type: 'paragraph' }] },
      ],
    },
    { type: 'pullquote', children: [{ type: 'paragraph' }] },
    {
      type: 'button',
      href: 'https://example.org/?a=b',
      children: [{ value: 'Read ' }, { type: 'emphasis' }],
    },
  ])
})

test('no directive of micromark leaves the parser, whatever is wrong', () => {
  const { nodes } = read(
    ':::nonsense\nSecret.\n:::\n\n::nonsense[x]\n\n:::button\nx\n:::\n\n::members[x]{teaser="x"}\n',
  )
  const types = JSON.stringify(nodes)
  expect(types).not.toMatch(/Directive|"html"|definition|Reference/)
})

test('an unknown name is an error, and what it holds is for members until it is mended', () => {
  const { nodes, findings } = read(':::member{teaser="Why"}\nSecret.\n:::\n')
  expect(nodes).toMatchObject([{ type: 'members' }])
  expect(findings).toMatchInlineSnapshot(`
    "a.md:6:1  There is no directive “member”.  (DC803)
      → did you mean “members”?"
  `)
})

test('unknown attributes are errors with the nearest name', () => {
  expect(
    findingsOf(
      ':::members{teasr="Why"}\nx\n:::\n\n:::note{.big}\nx\n:::\n\n:::note{colour="red"}\nx\n:::\n\n::button[x]{href="https://example.org" url="y"}\n',
    ),
  ).toMatchInlineSnapshot(`
    "a.md:6:1  A members’ section needs a teaser, which everybody else reads instead of it.  (DC812)
      → write :::members{teaser="Why …"}
    a.md:6:12  “members” has no attribute “teasr”.  (DC803)
      → did you mean “teaser”?
    a.md:10:1  The attributes cannot be read from “.big” on.  (DC804)
      → write {name="value"}, with straight quotation marks around the value
    a.md:10:9  “note” has no attribute “class”.  (DC803)
      → it has none
    a.md:14:9  “note” has no attribute “colour”.  (DC803)
      → it has none
    a.md:18:40  “button” has no attribute “url”.  (DC803)
      → it knows href"
  `)
})

test('content that is not what a directive needs is said in plain words', () => {
  const wrong = [
    ':::members\nx\n:::',
    ':::members{teaser=""}\n:::',
    ':::scenarios\nProse.\n:::',
    ':::scenarios\n- Managed (likely): x\n- **A** (perhaps): x\n- **B** (highly likely): x\n- **C** likely: x\n- **D** (likely):\n:::',
    ':::timeline\n- 2025-02-30: x\n- yesterday: x\n- 2025-11-08/2025-11-07: x\n- something\n- 2025-11-08: one\n\n  two\n:::',
    ':::figures\n- many injured\n- **346**\n- **few** injured\n\nmore\n:::',
    ':::positions\nBefore.\n\n#### Kabul\n\nx\n\n### Islamabad\n:::',
    ':::pullquote\nNo quote.\n:::',
    ':::pullquote\n> Without a source.\n:::',
    ':::note\n:::',
    '::button[Go]',
    '::button[]{href="https://example.org"}',
    '::button[Go]{href="javascript:alert(1)"}',
  ]
  expect(findingsOf(wrong.join('\n\n'))).toMatchInlineSnapshot(`
    "a.md:6:1  A members’ section needs a teaser, which everybody else reads instead of it.  (DC812)
      → write :::members{teaser="Why …"}
    a.md:10:1  A members’ section needs a teaser, which everybody else reads instead of it.  (DC812)
      → write :::members{teaser="Why …"}
    a.md:10:1  This members’ section is empty.  (DC812)
      → write what members read between its fences
    a.md:13:1  “scenarios” needs a list.  (DC812)
      → write “- **Name** (likely): what happens”
    a.md:18:1  A scenario begins with its name and its likelihood.  (DC812)
      → write “- **Name** (likely): what happens”
    a.md:19:8  “perhaps” is none of the seven terms of likelihood.  (DC812)
      → the terms are almost no chance, very unlikely, unlikely, roughly even, likely, very likely, almost certain
    a.md:20:8  “highly likely” is none of the seven terms of likelihood.  (DC812)
      → the terms are almost no chance, very unlikely, unlikely, roughly even, likely, very likely, almost certain
    a.md:21:1  A scenario begins with its name and its likelihood.  (DC812)
      → write “- **Name** (likely): what happens”
    a.md:22:1  This scenario says nothing.  (DC812)
      → write “- **Name** (likely): what happens”
    a.md:26:3  “2025-02-30” is not a date.  (DC812)
      → write 2025-11-08, 2025-11, 2025, 2025-11-08~ or a range such as 2025-10-25/2025-10-30
    a.md:27:3  “yesterday” is not a date.  (DC812)
      → write 2025-11-08, 2025-11, 2025, 2025-11-08~ or a range such as 2025-10-25/2025-10-30
    a.md:28:3  This range ends before it begins.  (DC812)
      → write 2025-11-07/2025-11-08
    a.md:29:1  An event begins with its date.  (DC812)
      → write “- 2025-10-19: what happened”
    a.md:30:1  Each item of “timeline” is one paragraph.  (DC812)
      → write “- 2025-10-19: what happened”
    a.md:36:1  A figure is a number in bold and what it counts.  (DC812)
      → write “- **346** injured [@id]”
    a.md:37:1  A figure is a number in bold and what it counts.  (DC812)
      → write “- **346** injured [@id]”
    a.md:38:1  A figure is a number in bold and what it counts.  (DC812)
      → write “- **346** injured [@id]”
    a.md:40:1  “figures” holds one list and nothing else.  (DC812)
      → move this out of it
    a.md:44:1  Here is text before the first party’s name.  (DC812)
      → write “### Party”, an empty line, and a paragraph for each
    a.md:46:1  A party’s name stands in a heading of the third level.  (DC812)
      → write “### Party”, an empty line, and a paragraph for each
    a.md:50:1  “Islamabad” has no text.  (DC812)
      → write “### Party”, an empty line, and a paragraph for each
    a.md:53:1  “pullquote” holds one blockquote with its citation.  (DC812)
      → write “> The words. [@id]”
    a.md:57:1  A displayed quotation needs its citation.  (DC812)
      → write “> The words. [@id]”
    a.md:61:1  This note is empty.  (DC812)
      → write its text between the fences, or remove it
    a.md:64:1  This button leads nowhere.  (DC812)
      → write ::button[Words]{href="https://…"}
    a.md:66:1  This button has no words.  (DC812)
      → write ::button[Words]{href="https://…"}
    a.md:68:1  Links to “javascript:” are refused.  (DC811)
      → use https, http or mailto"
  `)
})
