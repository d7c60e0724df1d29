import { describe, expect, test } from 'vitest'
import { treeText } from '../../src/render/text.ts'
import { columns, wrap } from '../../src/render/wrap.ts'
import { cite, p, root, text } from './fixture.ts'
import type { RootContent } from 'mdast'

const plain = (...nodes: RootContent[]): string =>
  `\n${treeText(root(...nodes), { lang: 'en', invitation: 'Subscribe to read on: https://x.example/' })}\n`

describe('the text part of a tree', () => {
  test('numbers its citations and spells its addresses out', () => {
    expect(
      plain(
        p(
          'He said so ',
          cite(3, { locator: 'p. 18' }),
          '. ',
          cite(1, { narrative: true }),
          ' agrees; see ',
          {
            type: 'link',
            url: 'https://example.org/a/very/long/path/that/cannot/be/broken/anywhere/in/the/middle?x=1&y=2',
            children: [text('the page')],
          },
          ' for more.',
        ),
      ),
    ).toMatchInlineSnapshot(`
      "
      He said so [3, p. 18]. Publisher 1 [1] agrees; see the page
      <https://example.org/a/very/long/path/that/cannot/be/broken/anywhere/in/the/middle?x=1&y=2>
      for more.
      "
    `)
  })

  test('sets quotations, lists and headings as mail does', () => {
    expect(
      plain(
        { type: 'heading', depth: 2, children: [text('What happened')] },
        {
          type: 'blockquote',
          children: [
            p('A quotation of more than one line, which a reader of plain text must be able to tell apart.'),
            p('And a second paragraph.'),
          ],
        },
        {
          type: 'list',
          ordered: true,
          start: 9,
          spread: false,
          children: [
            {
              type: 'listItem',
              children: [
                p('Nine, with a text that goes on for longer than one line of seventy-two columns can hold'),
              ],
            },
            {
              type: 'listItem',
              children: [
                p('Ten'),
                { type: 'list', children: [{ type: 'listItem', children: [p('inner')] }] },
              ],
            },
          ],
        },
      ),
    ).toMatchInlineSnapshot(`
      "
      What happened
      -------------

      > A quotation of more than one line, which a reader of plain text must
      > be able to tell apart.
      >
      > And a second paragraph.

      9. Nine, with a text that goes on for longer than one line of
         seventy-two columns can hold
      10. Ten
          * inner
      "
    `)
  })

  test('writes every directive', () => {
    expect(
      plain(
        { type: 'teaser', teaser: 'Why it fails' },
        { type: 'members', teaser: '', children: [p('Inside.')] },
        {
          type: 'scenarios',
          children: [
            {
              type: 'scenario',
              name: 'Managed instability',
              likelihood: 'likely',
              children: [text('It holds.')],
            },
          ],
        },
        {
          type: 'timeline',
          children: [
            {
              type: 'event',
              date: '2025-10-25',
              until: '2025-10-30',
              children: [text('First session '), cite(2)],
            },
          ],
        },
        { type: 'figures', children: [{ type: 'figure', value: '346', children: [text('injured')] }] },
        {
          type: 'positions',
          children: [
            { type: 'position', party: 'Kabul', children: [p('No.')] },
            { type: 'position', party: 'Islamabad', children: [p('Yes.')] },
          ],
        },
        { type: 'pullquote', children: [{ type: 'blockquote', children: [p('“A deadlock.”')] }] },
        { type: 'note', children: [p('One.'), p('Two.')] },
        { type: 'correction', children: [p('Not so.')] },
        { type: 'button', href: 'https://example.org/', children: [text('Read on')] },
      ),
    ).toMatchInlineSnapshot(`
      "
      | Members are reading: Why it fails
      | Subscribe to read on: https://x.example/

      [For members]

      Inside.

      Scenarios, in the desk’s judgement:

      * Managed instability (likely, 55–80 %)
        It holds.

      * 25–30 October 2025: First session [2]

      * 346 injured

      Kabul:
        No.

      Islamabad:
        Yes.

      > “A deadlock.”

      | Note
      | One.
      |
      | Two.

      | Correction
      | Not so.

      [ Read on ]
      https://example.org/
      "
    `)
  })

  test('sets a table in columns where it fits, and by rows where it does not', () => {
    const row = (...cells: string[]) => ({
      type: 'tableRow' as const,
      children: cells.map((value) => ({ type: 'tableCell' as const, children: [text(value)] })),
    })
    const long = 'a cell whose words go on for much longer than a column of a table in a plain text may be'
    expect(
      plain(
        {
          type: 'table',
          align: [null, 'right'],
          children: [row('Account', 'Dead'), row('UNAMA', '46'), row('Kabul', '150')],
        },
        { type: 'table', align: [], children: [row('When', 'What'), row('Monday', long)] },
      ),
    ).toMatchInlineSnapshot(`
      "
      Account  Dead
      -------  ----
      UNAMA      46
      Kabul     150

      When / What

      * Monday
        a cell whose words go on for much longer than a column of a table in a
        plain text may be
      "
    `)
  })
})

describe('wrapping', () => {
  test('counts columns as a terminal does', () => {
    expect([columns('abc'), columns('漢字'), columns('e\u0301'), columns('\u200b')]).toEqual([3, 4, 1, 0])
  })

  test('breaks between wide characters, never before their closing punctuation', () => {
    expect(wrap('漢字漢字、漢字', 8)).toBe('漢字漢\n字、漢字')
  })

  test('breaks no word, however long, and no address', () => {
    const address = 'https://example.org/漢字漢字漢字漢字漢字?q=1'
    expect(wrap(`see ${address} now`, 12)).toBe(`see\n${address}\nnow`)
    expect(wrap('x'.repeat(30), 10)).toBe('x'.repeat(30))
  })

  test('puts its indents before the first and the other lines', () => {
    expect(wrap('one two three', 9, '* ', '  ')).toBe('* one two\n  three')
  })
})
