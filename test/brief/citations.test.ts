import { expect, test } from 'vitest'
import { citationsOf } from '../../src/brief/citations.ts'
import { parseBrief } from '../../src/brief/parse.ts'
import { plainText } from '../../src/brief/plain-text.ts'
import type { Brief } from '../../src/brief/brief.ts'
import { shown } from './show.ts'
import { cpuTime } from '../cpu-time.ts'

const front = '---\ntitle: T\nstandfirst: S\ndate: 2025-11-10\n---\n'

function read(body: string): { brief: Brief; findings: string } {
  const { value, findings } = parseBrief('a.md', front + body)
  if (value === null) throw new Error(shown(findings))
  return { brief: value, findings: shown(findings) }
}

/** Each citation in one line: what it cites, and how. */
function cited(body: string): string[] {
  const { brief, findings } = read(body)
  expect(findings).toBe('')
  return citationsOf(brief.body).map((each) => {
    const items = each.items.map(({ id, locator, quote, via }) =>
      [id, locator && `at ${locator}`, quote && `“${quote}”`, via && `via ${via}`].filter(Boolean).join(' '),
    )
    const marks = [
      each.narrative ? 'narrative' : '',
      each.key ? 'key' : '',
      each.claim === null ? '' : `id=${each.claim}`,
      each.scope === 'para' ? 'para' : '',
    ]
    const place = each.position?.start
    return [`${place?.line}:${place?.column}`, items.join(' + '), ...marks].filter(Boolean).join(' ')
  })
}

test.each([
  ['It ended on 7 November [@caliber-1108].', ['6:24 caliber-1108']],
  ['Both [@arab-news; @cna].', ['6:6 arab-news + cna']],
  ['[@un-mt-15, p. 18]', ['6:1 un-mt-15 at p. 18']],
  ['[@un-mt-15, pp. 18, 20]', ['6:1 un-mt-15 at pp. 18, 20']],
  ['[@un-mt-15, row 1,200]', ['6:1 un-mt-15 at row 1,200']],
  ['[ @un-mt-15 p. 18, "It fell." ; @b\n]', ['6:1 un-mt-15 at p. 18 “It fell.” + b']],
  ['[@a, mail desk@example.org \\@ noon \\; on]', ['6:1 a at mail desk@example.org @ noon ; on']],
  ['[@a "It fell."]', ['6:1 a “It fell.”']],
  ['[@c, "There is a complete deadlock."]', ['6:1 c “There is a complete deadlock.”']],
  ['[@c, “There is, [sic]; a ‘deadlock’.”]', ['6:1 c “There is, [sic]; a ‘deadlock’.”']],
  ['[@c, p. 3, "A deadlock"; @d]', ['6:1 c at p. 3 “A deadlock” + d']],
  ['[@c, "He said \\"no\\" twice"]', ['6:1 c “He said "no" twice”']],
  ['@dawn-1011 reports that.', ['6:1 dawn-1011 narrative']],
  ['So says @dawn-1011.', ['6:9 dawn-1011 narrative']],
  ['So @dawn--and @moe_-2 [sic]', ['6:4 dawn narrative', '6:15 moe_-2 narrative']],
  ['(so @dawn-, @moe_2–)', ['6:5 dawn narrative', '6:13 moe_2 narrative']],
  ['[@moe; via @ledger]', ['6:1 moe via ledger']],
  ['[@moe; via @ledger; @cna]', ['6:1 moe via ledger + cna']],
  ['[@un-mt-15] {scope=para}', ['6:1 un-mt-15 para']],
  ['[@a]{scope=para} [@b]{key}.', ['6:1 a para', '6:18 b key']],
  ['[@a] {key id=paktika-toll}', ['6:1 a key id=paktika-toll']],
  ['@dawn {key} says', ['6:1 dawn narrative key']],
  ['[@a][@b][@c]', ['6:1 a', '6:5 b', '6:9 c']],
  ['**bold [@a]** and *em [@b, "x *y* z"]*', ['6:8 a', '6:23 b “x *y* z”']],
  ['[@a,\n"exact\n   words"; @b]\n{key}', ['6:1 a “exact words” + b key']],
  ['> quoted [@a,\n> "over\n> lines"] on', ['6:10 a “over lines”']],
  ['- item [@a; \n  @b]', ['6:8 a + b']],
  ['| a | b |\n| - | - |\n| [@x, "y"] | @z |', ['8:3 x “y”', '8:15 z narrative']],
  ['[^1] and [sic] and [a@b.example]', []],
  ['Write to desk@example.org, a+b@example.org, or @ home.', []],
  ['https://mastodon.example/@desk and example.org/@desk', []],
  ['\\@dawn and `[@code]` and `@code`', []],
  ['<https://example.org/@x>', []],
  ['    [@code]', []],
])('%j cites %j', (body, expected) => {
  expect(cited(body)).toEqual(expected)
})

test('the positions of a citation are those of the file, attributes included', () => {
  const { brief } = read('One [@a] {key} two.')
  expect(citationsOf(brief.body)[0]?.position).toEqual({
    start: { line: 6, column: 5, offset: front.length + 4 },
    end: { line: 6, column: 15, offset: front.length + 14 },
  })
})

test('a bracket that begins like a citation and is none is reported with what to write', () => {
  const broken = [
    'One [@] two.',
    'One [@a; b].',
    'One [@a, ].',
    'One [@a;].',
    'One [@a.b].',
    'One [@a--b].',
    'One [@a b @c].',
    'One [@a, see @c].',
    'One [@a; see @c].',
    'One [@a; -@c].',
    'One [see @a, p. 3; @b].',
    'One [-@a], and *two [see\n\\] `]` @a]*.',
    'One [sic [see @a] @b].',
    'One [@a, "open].',
    'One [@a [@b].',
    'One [@a, "x", p. 3].',
    'One [via @b] or [@a; via b].',
    'One [@a](https://example.org).',
    'One [@a](not a link).',
    'One [@a] {sic}.',
    'One [@a] {scope=page}.',
    'One [@a] {key.',
    'A claim {key} [@a].',
    'One [words @a](https://example.org).',
    '[@a]: https://example.org',
  ].join('\n\n')
  expect(read(broken).findings).toMatchInlineSnapshot(`
    "a.md:6:5  This begins like a citation and is none: “@” is no source’s id: ids are letters, digits and single hyphens.  (DC810)
      → write [@id], [@id, p. 18], [@id, "exact words"] or [@id; via @other]; a literal @ is \\@
    a.md:8:5  This begins like a citation and is none: “b” is no source’s id: an id begins with “@”.  (DC810)
      → write [@id], [@id, p. 18], [@id, "exact words"] or [@id; via @other]; a literal @ is \\@
    a.md:10:5  This begins like a citation and is none: a comma has nothing after it.  (DC810)
      → write [@id], [@id, p. 18], [@id, "exact words"] or [@id; via @other]; a literal @ is \\@
    a.md:12:5  This begins like a citation and is none: a source is missing: “;” or “,” has nothing before it.  (DC810)
      → write [@id], [@id, p. 18], [@id, "exact words"] or [@id; via @other]; a literal @ is \\@
    a.md:14:5  This begins like a citation and is none: “@a.b” is no source’s id: ids are letters, digits and single hyphens.  (DC810)
      → write [@id], [@id, p. 18], [@id, "exact words"] or [@id; via @other]; a literal @ is \\@
    a.md:16:5  This begins like a citation and is none: “@a--b” is no source’s id: ids are letters, digits and single hyphens.  (DC810)
      → write [@id], [@id, p. 18], [@id, "exact words"] or [@id; via @other]; a literal @ is \\@
    a.md:18:5  This begins like a citation and is none: “;” stands between two sources.  (DC810)
      → write [@id], [@id, p. 18], [@id, "exact words"] or [@id; via @other]; a literal @ is \\@
    a.md:20:5  This begins like a citation and is none: “;” stands between two sources.  (DC810)
      → write [@id], [@id, p. 18], [@id, "exact words"] or [@id; via @other]; a literal @ is \\@
    a.md:22:5  This begins like a citation and is none: “see @c” is no source’s id: an id begins with “@”.  (DC810)
      → write [@id], [@id, p. 18], [@id, "exact words"] or [@id; via @other]; a literal @ is \\@
    a.md:24:5  This begins like a citation and is none: “-@c” is no source’s id: nothing can be left out with “-”.  (DC810)
      → write [@id], [@id, p. 18], [@id, "exact words"] or [@id; via @other]; a literal @ is \\@
    a.md:26:10  A bracket around a citation begins with the citation: nothing stands before its “@”.  (DC810)
      → write the words before the bracket, as in: see [@id]; a literal @ is \\@
    a.md:28:7  A bracket around a citation begins with the citation: nothing stands before its “@”.  (DC810)
      → write the words before the bracket, as in: see [@id]; a literal @ is \\@
    a.md:29:8  A bracket around a citation begins with the citation: nothing stands before its “@”.  (DC810)
      → write the words before the bracket, as in: see [@id]; a literal @ is \\@
    a.md:31:15  A bracket around a citation begins with the citation: nothing stands before its “@”.  (DC810)
      → write the words before the bracket, as in: see [@id]; a literal @ is \\@
    a.md:31:19  A bracket around a citation begins with the citation: nothing stands before its “@”.  (DC810)
      → write the words before the bracket, as in: see [@id]; a literal @ is \\@
    a.md:33:5  This begins like a citation and is none: its quotation marks are never closed.  (DC810)
      → write [@id], [@id, p. 18] or [@id, "exact words"]; a literal @ is \\@
    a.md:35:5  This begins like a citation and is none: there is a bracket within it.  (DC810)
      → write [@id], [@id, p. 18] or [@id, "exact words"]; a literal @ is \\@
    a.md:37:5  This begins like a citation and is none: the exact words come last.  (DC810)
      → write [@id], [@id, p. 18], [@id, "exact words"] or [@id; via @other]; a literal @ is \\@
    a.md:39:10  A bracket around a citation begins with the citation: nothing stands before its “@”.  (DC810)
      → write the words before the bracket, as in: see [@id]; a literal @ is \\@
    a.md:39:17  This begins like a citation and is none: “via b” is no source’s id: an id begins with “@”.  (DC810)
      → write [@id], [@id, p. 18], [@id, "exact words"] or [@id; via @other]; a literal @ is \\@
    a.md:41:5  A citation cannot be the text of a link.  (DC810)
      → the citation is a link already: remove the parentheses after it
    a.md:43:5  A citation cannot be the text of a link.  (DC810)
      → the citation is a link already: remove the parentheses after it
    a.md:45:10  “{sic}” after a citation is none of its attributes.  (DC810)
      → write {scope=para}, {key} or {id=name-of-the-claim}
    a.md:47:9  A mark such as {key} follows no citation.  (DC810)
      → put it right after the citation’s bracket
    a.md:47:10  “{scope=page}” after a citation is none of its attributes.  (DC810)
      → write {scope=para}, {key} or {id=name-of-the-claim}
    a.md:49:10  The brace after this citation is never closed.  (DC810)
      → write {scope=para}, {key} or {id=name-of-the-claim}
    a.md:51:1  A mark such as {key} follows no citation.  (DC810)
      → put it right after the citation’s bracket
    a.md:53:12  A citation cannot stand within a link.  (DC810)
      → put it after the link
    a.md:55:1  A source’s id cannot name a link.  (DC810)
      → put the address into the ledger"
  `)
})

test('words are plain text without citations', () => {
  const { brief } = read(
    'It *ended* on 7 November [@a], [they](https://example.org) say [@b] {key}.\nSo @dawn `x`.',
  )
  expect(plainText(brief.body)).toBe('It ended on 7 November, they say.\nSo  x.')
})

test('a long text full of open brackets is read in time', () => {
  const started = cpuTime()
  read('[@a, "x '.repeat(4000))
  read('[@a; '.repeat(4000))
  expect(cpuTime() - started).toBeLessThan(20_000)
})
