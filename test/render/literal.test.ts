import fc from 'fast-check'
import { Parser } from 'htmlparser2'
import { describe, expect, test } from 'vitest'
import type { ProjectedIssue } from '../../src/issue/issue.ts'
import { formatFinding } from '../../src/core/finding.ts'
import type { Template } from '../../src/render/template.ts'
import { render } from '../../src/render/render.ts'
import { baseUrl, brief, cite, issueOf, p, publication, root, source, text } from './fixture.ts'
import { looks } from './looks.ts'

/** An issue with `words` at every place where an editor can write some. */
function saying(words: string): ProjectedIssue {
  const body = root(
    p(words),
    { type: 'heading', depth: 2, children: [text(words)] },
    p(
      { type: 'inlineCode', value: words },
      ' ',
      { type: 'emphasis', children: [text(words)] },
      { type: 'delete', children: [text(words)] },
    ),
    p({ type: 'link', url: 'https://example.org/?q="&x=<y>', title: words, children: [text(words)] }),
    p(text(words), cite(1, { narrative: true, locator: words })),
    p({ type: 'image', url: 'images/none.png', alt: words }),
    { type: 'code', lang: words, value: `${words}\n  ${words}` },
    { type: 'blockquote', children: [p(words)] },
    { type: 'list', children: [{ type: 'listItem', children: [p(words)] }] },
    {
      type: 'table',
      align: [null],
      children: [
        { type: 'tableRow', children: [{ type: 'tableCell', children: [text(words)] }] },
        { type: 'tableRow', children: [{ type: 'tableCell', children: [text(words)] }] },
      ],
    },
    { type: 'teaser', teaser: words },
    { type: 'members', teaser: words, children: [p(words)] },
    {
      type: 'scenarios',
      children: [{ type: 'scenario', name: words, likelihood: 'likely', children: [text(words)] }],
    },
    { type: 'timeline', children: [{ type: 'event', date: '2025', until: null, children: [text(words)] }] },
    { type: 'figures', children: [{ type: 'figure', value: words, children: [text(words)] }] },
    { type: 'positions', children: [{ type: 'position', party: words, children: [p(words)] }] },
    { type: 'pullquote', children: [{ type: 'blockquote', children: [p(words)] }] },
    { type: 'note', children: [p(words)] },
    { type: 'correction', children: [p(words)] },
    { type: 'button', href: 'https://example.org/', children: [text(words)] },
  )
  const image = { src: 'images/a.png', alt: words, credit: words }
  const issue = issueOf(
    [
      brief('a', body, {
        title: words,
        standfirst: words,
        authors: [words],
        tags: ['x'],
        image,
        corrections: [{ date: '2025', text: words }],
      }),
    ],
    {
      tier: 'subscriber',
      note: root(p(words)),
      sources: [source(1, { publisher: words, title: words, authors: [words], party: 'x', quotes: [words] })],
      images: new Map([
        [
          'briefs/2025-w46/images/a.png',
          { file: 'a', name: 'a.png', mediaType: 'image/png', width: 1, height: 1, bytes: new Uint8Array() },
        ],
      ]),
    },
  )
  return { ...issue, meta: { ...issue.meta, subject: words, preheader: words } }
}

/** The tags of a page in order, with the names of their attributes: what a browser would act on. */
function skeleton(html: string): string[] {
  const tags: string[] = []
  const parser = new Parser({
    onopentag: (name, attributes) => void tags.push(`${name} ${Object.keys(attributes).join(' ')}`),
    oncomment: (comment) => void tags.push(`comment ${comment.length < 60 ? comment : ''}`),
  })
  parser.end(html)
  return tags
}

async function partsFor(template: Template, words: string) {
  const { rendered, findings } = await render(saying(words), { publication, baseUrl, template })
  if (rendered === null) throw new Error(findings.map(formatFinding).join('\n'))
  return { rendered, findings: findings.map(formatFinding) }
}

describe.each(looks)(
  'in the look $name, what an editor writes comes out literally, and never as markup',
  async (template) => {
    const plain = await partsFor(template, 'wordsx')

    async function expectLiteral(words: string): Promise<void> {
      const { rendered, findings } = await partsFor(template, words)
      expect(findings).toEqual([])
      expect(skeleton(rendered.html)).toEqual(skeleton(plain.rendered.html))
      expect(skeleton(rendered.web)).toEqual(skeleton(plain.rendered.web))
    }

    test.each([
      'w<script>alert(1)</script>',
      'w<img src=x onerror=alert(1)>',
      'w" onmouseover="alert(1)',
      "w' onmouseover='alert(1)",
      'w&lt;script&gt;alert(1)&lt;/script&gt;',
      'w</mj-text><mj-raw><script>1</script></mj-raw><mj-text>',
      'w</mj-button></td></table>',
      'w]]><mj-include path="/etc/passwd" />',
      'w<!-- --> <!--[if mso]><b>x</b><![endif]-->',
      'w<!-- htmlmin:ignore -->x<!-- htmlmin:ignore -->',
      'w{{issue.subject}} {{{slot "address"}}} {{#each}} ${process.env} [[x]] {% x %} <%= x %>',
      'w{{../../constructor}} {{__proto__}}',
      "w$& $1 $` $' \\n \\u003c",
      'w true',
      'wfalse & null;',
      'w</style></title></head><body>',
      'w 漢字𠀀𠀁と“かな”、そして長い文章がここに続いていきますから、どこかで折り返さなければなりません。',
      'w ‮right to left‬ שלום سلام \u200b\u00ad\u2060x',
      'w >quoted > again *x* _y_ `z` # 1. - |',
      'w\u0000\u0007\u001b[31m\u0085x\ud800y',
      'w\r\nnext\rline\u2028sep\u2029par\ttab',
      `w${'long'.repeat(60)}`,
    ])('%j', expectLiteral)

    test('for any text', async () => {
      const part = fc.oneof(
        fc.constantFrom(
          '<',
          '>',
          '&',
          '"',
          "'",
          '{{',
          '}}',
          '{',
          '}',
          '[',
          ']',
          '[[',
          '&lt;',
          '&#60;',
          '<b>',
          '</p>',
          '<!--',
          '-->',
          '\n',
          ' ',
          '=',
          '`',
          '\\',
          '$&',
          'mj-text',
          '/>',
          '：',
          '漢',
        ),
        fc.string({ unit: 'grapheme', maxLength: 8 }),
        fc.string({ unit: 'binary', maxLength: 4 }),
      )
      const words = fc.array(part, { maxLength: 12 }).map((parts) => `w${parts.join('')}`)
      await fc.assert(fc.asyncProperty(words, expectLiteral), { numRuns: 80 })
    })
  },
)
