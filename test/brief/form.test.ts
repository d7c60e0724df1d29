import { expect, test } from 'vitest'
import { parseBrief } from '../../src/brief/parse.ts'
import { collectWaivers } from '../../src/brief/waivers.ts'
import { shown } from './show.ts'

const front = '---\ntitle: T\nstandfirst: S\ndate: 2025-11-10\n---\n'

function findingsOf(body: string): string {
  return shown(parseBrief('a.md', front + body).findings)
}

test('HTML and plain comments are errors and leave nothing in the tree', () => {
  const { value, findings } = parseBrief(
    'a.md',
    `${front}A <b>bold</b> word.\n\n<script>\nalert(1)\n</script>\n\n<!-- to do -->\n\nEnd.\n`,
  )
  expect(JSON.stringify(value?.body)).not.toMatch(/html|script|to do/)
  expect(shown(findings)).toMatchInlineSnapshot(`
    "a.md:6:3  HTML is not passed through.  (DC805)
      → write it in Markdown, or write &lt; for a literal <
    a.md:6:10  HTML is not passed through.  (DC805)
      → write it in Markdown, or write &lt; for a literal <
    a.md:8:1  HTML is not passed through.  (DC805)
      → write it in Markdown, or write &lt; for a literal <
    a.md:12:1  Comments are not kept out of what readers get.  (DC805)
      → delete it; only <!-- desk-ok DCnnn: reason --> may stand here, on a line of its own"
  `)
})

test('headings begin at the second level and do not jump', () => {
  expect(findingsOf('# One\n\n## Two\n\n#### Four\n\n## Two\n\n### Three\n\n##\n')).toMatchInlineSnapshot(`
    "a.md:6:1  The title is the only heading of the first level.  (DC806)
      → begin this heading with “##”
    a.md:10:1  This heading jumps from level 2 to level 4.  (DC806)
      → begin it with “###”
    a.md:16:1  This heading has no words.  (DC806)
      → write some, or remove it"
  `)
})

test('links are whole http, https or mailto addresses with words', () => {
  const body = [
    '[a](javascript:alert(1)) [b](JaVaScRiPt:x) [c](data:text/html,x) [d](/path) [e](example.org) [f](https://)',
    '[g](<https://a b>) [](https://example.org) [h](vbscript&colon;x) [i](mailto:desk) [j](//example.org)',
    '[ok](https://example.org/a?b=c#d) <https://example.org> www.example.org desk@example.org [m](mailto:desk@example.org)',
  ].join('\n\n')
  expect(findingsOf(body)).toMatchInlineSnapshot(`
    "a.md:6:1  Links to “javascript:” are refused.  (DC811)
      → use https, http or mailto
    a.md:6:26  Links to “javascript:” are refused.  (DC811)
      → use https, http or mailto
    a.md:6:44  Links to “data:” are refused.  (DC811)
      → use https, http or mailto
    a.md:6:66  “/path” is not a full address.  (DC811)
      → write the full address, https:// included
    a.md:6:77  “example.org” is not a full address.  (DC811)
      → write the full address, https:// included
    a.md:6:94  “https://” is not a full address.  (DC811)
      → write the full address, https:// included
    a.md:8:1  “https://a b” holds characters no address has.  (DC811)
      → write the full address, https:// included
    a.md:8:20  This link has no words.  (DC811)
      → write [words](https://…)
    a.md:8:44  Links to “vbscript:” are refused.  (DC811)
      → use https, http or mailto
    a.md:8:66  “mailto:desk” is not a full address.  (DC811)
      → write the full address, https:// included
    a.md:8:83  “//example.org” is not a full address.  (DC811)
      → write the full address, https:// included"
  `)
})

test('references are resolved, and those that lead nowhere are errors', () => {
  const { value, findings } = parseBrief(
    'a.md',
    `${front}See [the text][un] and [un], not [nothing][nowhere],\n[this][] nor [brackets].\n\n![A map][map]\n\n\`[code][x]\` \\[not][this]\n\n[un]: https://example.org/un\n[UN]: https://example.org/two\n[map]: images/map.png\n`,
  )
  expect(shown(findings)).toMatchInlineSnapshot(`
    "a.md:6:34  No link is named “nowhere”.  (DC811)
      → write [words](https://…)
    a.md:7:1  No link is named “this”.  (DC811)
      → write [words](https://…)
    a.md:14:1  “UN” is defined twice.  (DC811)
      → give one of them another name"
  `)
  expect(JSON.stringify(value?.body)).not.toMatch(/definition|Reference/)
  expect(JSON.stringify(value?.body)).toContain('"url":"images/map.png"')
})

test('images are files of the issue with a description', () => {
  expect(
    findingsOf(
      '![](images/a.png) ![b](https://example.org/b.png) ![c](/c.png) ![d](data:image/png,x) ![ok](images/d.png)',
    ),
  ).toMatchInlineSnapshot(`
    "a.md:6:1  This image has no description.  (DC807)
      → write ![what it shows](path)
    a.md:6:19  An image is a file of the issue, given by its path from the brief.  (DC809)
      → save it under images/ and write ![what it shows](images/name.jpg)
    a.md:6:51  An image is a file of the issue, given by its path from the brief.  (DC809)
      → save it under images/ and write ![what it shows](images/name.jpg)
    a.md:6:64  An image is a file of the issue, given by its path from the brief.  (DC809)
      → save it under images/ and write ![what it shows](images/name.jpg)"
  `)
  const image = '---\ntitle: T\nstandfirst: S\ndate: 2025\nimage:\n  src: a.png\n---\n'
  expect(shown(parseBrief('a.md', image).findings)).toMatchInlineSnapshot(`
    "a.md:5:1  The image has no description.  (DC807)
      → add “alt:”, what it shows in a few words"
  `)
})

test('waivers come from the frontmatter and from comments before a block', () => {
  const text = `---
title: T
standfirst: S
date: 2025-11-10
waivers:
  - rule: DC503
    on: toll
    reason: "UN count due"
---

<!-- desk-ok DC201: the figure is the desk’s own -->
<!-- desk-ok DC202: known to all -->
First paragraph
of two lines.

:::figures
<!-- desk-ok DC205: rounded -->

- **346** injured
:::
`
  const { value, findings } = parseBrief('a.md', text)
  expect(shown(findings)).toBe('')
  const waivers = value === null ? [] : collectWaivers(value)
  expect(
    waivers.map(({ rule, on, reason, place, covers }) => ({ rule, on, reason, line: place.line, covers })),
  ).toEqual([
    { rule: 'DC503', on: 'toll', reason: 'UN count due', line: 6, covers: null },
    {
      rule: 'DC201',
      on: null,
      reason: 'the figure is the desk’s own',
      line: 11,
      covers: { fromLine: 13, toLine: 14 },
    },
    { rule: 'DC202', on: null, reason: 'known to all', line: 12, covers: { fromLine: 13, toLine: 14 } },
    { rule: 'DC205', on: null, reason: 'rounded', line: 17, covers: { fromLine: 16, toLine: 20 } },
  ])
})

test('a waiver without a reason, a rule or a block, or for what cannot be waived, is an error', () => {
  const text = `---
title: T
standfirst: S
date: 2025-11-10
waivers:
  - rule: DC503
  - {rule: DC804, reason: "trust me"}
---

<!-- desk-ok DC503: -->
One.

<!-- desk-ok DC503 -->
Two.

<!-- desk-ok: because -->
Three.

<!-- desk-ok DC804: because -->
Four.

<!-- desk-ok DC503: last -->
`
  expect(shown(parseBrief('a.md', text).findings)).toMatchInlineSnapshot(`
    "a.md:6:5  This waiver gives no reason.  (DC705)
      → add “reason:”, why this is right all the same
    a.md:7:5  DC804 cannot be waived.  (DC705)
      → mend what the finding is about
    a.md:10:1  This waiver gives no reason.  (DC705)
      → write <!-- desk-ok DC503: why this is right all the same -->
    a.md:13:1  This waiver gives no reason.  (DC705)
      → write <!-- desk-ok DC503: why this is right all the same -->
    a.md:16:1  This waiver does not say which rule it is about.  (DC705)
      → write <!-- desk-ok DC503: why this is right all the same -->
    a.md:19:1  DC804 cannot be waived.  (DC705)
      → mend what the finding is about
    a.md:22:1  No block follows this waiver, so it covers nothing.  (DC705)
      → put it before the block it is about"
  `)
})
