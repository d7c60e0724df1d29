import type { RootContent } from 'mdast'
import { describe, expect, test } from 'vitest'
import { formatDate } from '../../src/render/date.ts'
import { blocksHtml, type HtmlContext } from '../../src/render/html.ts'
import { contrast, paper, themeOf } from '../../src/render/theme.ts'
import { cite, h, p, text } from './fixture.ts'

function html(medium: 'email' | 'web', ...nodes: RootContent[]): string {
  const context: HtmlContext = {
    medium,
    lang: 'en',
    definitions: new Map(),
    image: (src) =>
      src === 'a.png' ? { src: 'https://x.example/images/1.png', width: 600, height: 300 } : null,
    directive: (node) => `<${node.type}>`,
    cited: new Map(),
    headings: { shift: 1, last: 2 },
  }
  return blocksHtml(nodes, context)
}

describe('citations', () => {
  test('lead to the source in mail, to the list and back on the web', () => {
    const node = p('So it was ', cite(3), cite(4, { linked: false }), '.')
    expect(html('email', node)).toMatchInlineSnapshot(
      `"<p>So it was <a class="c" href="https://news.example.org/3?a=1&amp;b=2#:~:text=the%20very%20words">[3]</a><a class="c" href="#s4">[4]</a>.</p>"`,
    )
    expect(html('web', node, p(cite(3, { narrative: true }), ' says'))).toMatchInlineSnapshot(`
      "<p>So it was <a class="c" id="c3-1" href="#s3" title="Publisher 3">[3]</a><a class="c" id="c4-1" href="#s4" title="Publisher 4">[4]</a>.</p>
      <p>Publisher 3 <a class="c" id="c3-2" href="#s3" title="Publisher 3">[3]</a> says</p>"
    `)
  })

  test('show the relay behind the origin', () => {
    const marks = [
      { number: 9, publisher: 'Ministry', href: null, via: 10 },
      { number: 10, publisher: 'Ledger', href: 'https://x.example/', via: null },
    ]
    expect(html('email', p('x ', cite(9, { marks })))).toMatchInlineSnapshot(
      `"<p>x <a class="c" href="#s9">[9]</a> <span class="c">via</span> <a class="c" href="https://x.example/">[10]</a></p>"`,
    )
  })
})

test('prose is plain HTML', () => {
  expect(
    html(
      'email',
      h(2, 'A & B'),
      h(4, 'skipped a level'),
      p(
        'a\nb ',
        { type: 'strong', children: [text('c')] },
        { type: 'break' },
        { type: 'delete', children: [text('d')] },
      ),
      {
        type: 'list',
        ordered: true,
        start: 3,
        spread: false,
        children: [{ type: 'listItem', children: [p('e')] }],
      },
      { type: 'code', value: 'f <\n  g' },
      p({ type: 'image', url: 'a.png', alt: 'h "i"' }, { type: 'image', url: 'none.png', alt: 'j' }),
      { type: 'thematicBreak' },
      { type: 'html', value: '<b onclick=k>' },
    ),
  ).toMatchInlineSnapshot(`
    "<h3>A &amp; B</h3>
    <h4>skipped a level</h4>
    <p>a b <strong>c</strong><br><del>d</del></p>
    <ol start="3"><li>e</li></ol>
    <pre><code>f &lt;&#10;  g</code></pre>
    <p><img src="https://x.example/images/1.png" width="600" height="300" alt="h &quot;i&quot;" style="width:100%;max-width:600px;height:auto">[j]</p>
    <hr>
    <p>&lt;b onclick=k&gt;</p>"
  `)
})

test('a table says what its columns are', () => {
  const cell = (value: string) => ({ type: 'tableCell' as const, children: [text(value)] })
  const table: RootContent = {
    type: 'table',
    align: [null, 'right'],
    children: [
      { type: 'tableRow', children: [cell('a'), cell('b')] },
      { type: 'tableRow', children: [cell('c'), cell('1')] },
    ],
  }
  expect(html('email', table)).toMatchInlineSnapshot(`
    "<table class="t"><thead><tr><th scope="col" align="left">a</th><th scope="col" align="right">b</th></tr></thead>
    <tbody><tr><td>c</td><td align="right">1</td></tr></tbody></table>"
  `)
  expect(html('web', table)).toMatchInlineSnapshot(`
    "<table class="t"><thead><tr><th scope="col">a</th><th scope="col" class="to-right">b</th></tr></thead>
    <tbody><tr><td>c</td><td class="to-right">1</td></tr></tbody></table>"
  `)
})

test.each([
  ['2025-11-08', null, '8 November 2025'],
  ['2025-11', null, 'November 2025'],
  ['2025', null, '2025'],
  ['2025-11-08~', null, 'about 8 November 2025'],
  ['unknown', null, 'date unknown'],
  ['last week', null, 'last week'],
  ['2025-10-25', '2025-10-30', '25–30 October 2025'],
  ['2025-12-30', '2026-01-02', '30 December 2025–2 January 2026'],
  ['2025-10~', '2025-11', 'about October 2025 – November 2025'],
])('the date %s to %s is shown as %s', (date, until, shown) => {
  expect(formatDate(date, 'en', until)).toBe(shown)
})

test.each(['#8a1c1c', '#ffe600', '#000000', '#ffffff', '#0a5fd6', '#7f7f7f', '#00ff88'])(
  'the accent %s is readable on light and on dark paper, and under its button’s text',
  (accent) => {
    const theme = themeOf({ accent, font: 'serif' })
    expect(contrast(theme.accent, paper.light)).toBeGreaterThanOrEqual(4.5)
    expect(contrast(theme.accentDark, paper.dark)).toBeGreaterThanOrEqual(4.5)
    expect(contrast(theme.accent, theme.onAccent)).toBeGreaterThanOrEqual(4.5)
    expect(contrast(theme.accentDark, theme.onAccentDark)).toBeGreaterThanOrEqual(4.5)
  },
)
