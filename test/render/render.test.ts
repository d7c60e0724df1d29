import { describe, expect, test } from 'vitest'
import type { ProjectedIssue } from '../../src/issue/issue.ts'
import { tiers } from '../../src/core/tier.ts'
import { markupText } from '../../src/render/markup-text.ts'
import { anySlotMark, slotMark } from '../../src/render/slots.ts'
import { styleHashes } from '../../src/render/style-hashes.ts'
import type { Template } from '../../src/render/template.ts'
import { render } from '../../src/render/render.ts'
import { baseUrl, brief, cite, issueOf, p, publication, richIssue, root, source, text } from './fixture.ts'
import { looks } from './looks.ts'

async function renderedIn(template: Template, issue: ProjectedIssue) {
  const result = await render(issue, { publication, baseUrl, template })
  expect(result.findings).toEqual([])
  if (result.rendered === null) throw new Error('nothing was rendered')
  return result.rendered
}

describe.each(looks)('in the look $name, a rich issue', (template) => {
  const rendered = (issue = richIssue()) => renderedIn(template, issue)

  test.each(tiers)('renders for the tier %s without a finding', async (tier) => {
    const parts = await rendered(richIssue(tier))
    expect(parts.mjml).toContain('<mjml lang="en" dir="ltr">')
    expect(parts.html).toMatch(/^<!doctype html><html lang="en" dir="ltr"/)
    expect(parts.html).toContain('<title>Talks end in Istanbul without a text · The Ledger Brief</title>')
    expect(parts.web).toMatch(/^<!doctype html><html lang="en" dir="ltr">/)
  })

  test('comes out the same twice, since nothing is kept between calls', async () => {
    expect(await rendered()).toEqual(await rendered())
  })

  test('has slots in the mail and the text part, and none on the web', async () => {
    const parts = await rendered()
    for (const part of [parts.html, parts.text]) {
      expect(part).toContain(slotMark('unsubscribeUrl'))
      expect(part).toContain(slotMark('address'))
    }
    expect(parts.web.search(anySlotMark)).toBe(-1)
  })

  test('links each citation in the mail to the source, at the passage', async () => {
    const { html } = await rendered()
    expect(html).toContain(
      '<a class="c" href="https://news.example.org/1?a=1&amp;b=2#:~:text=the%20very%20words">[1, p. 18]</a>',
    )
    for (const number of [1, 2, 3]) expect(html).toContain(`<a name="s${number}" id="s${number}"></a>`)
  })

  test('leads from a citation to the list and back on the web', async () => {
    const { web } = await rendered()
    const cited = [...web.matchAll(/<a class="c" id="(c\d+-\d+)" href="#(s\d+)"/g)]
    expect(cited.length).toBeGreaterThan(10)
    for (const [, id, target] of cited) {
      expect(web).toContain(`href="#${id}"`)
      expect(web).toContain(`id="${target}"`)
    }
  })

  test('has no address of a source in any public part', async () => {
    const parts = await rendered(richIssue('public'))
    for (const part of Object.values(parts)) {
      expect(part).not.toContain('news.example.org')
      expect(part).not.toContain('web.archive.org')
      expect(part).not.toContain('Trade was meant')
    }
    expect(parts.web).toContain('A free subscription unlocks 4 direct links')
    expect(parts.html).toContain('4 sources, 0 open, 4 unlock when you subscribe.')
  })

  test('invites to what is taken out, and shows members what is theirs', async () => {
    const subscriber = await rendered(richIssue('subscriber'))
    expect(subscriber.html).toContain('Members are reading:')
    expect(subscriber.text).toContain('Members are reading: Why economic interdependence')
    const member = await rendered()
    expect(member.html).not.toContain('Members are reading')
    expect(member.html).toContain('Trade was meant')
  })

  test('has one first-level heading and never skips a level', async () => {
    const { html, web } = await rendered()
    for (const part of [html, web]) {
      const levels = [...part.matchAll(/<h([1-6])/g)].map(([, level]) => Number(level))
      expect(levels.filter((level) => level === 1)).toHaveLength(1)
      levels.reduce((before, level) => {
        expect(level).toBeLessThanOrEqual(before + 1)
        return level
      }, 0)
    }
  })

  test('needs nothing from outside but its own images', async () => {
    const { html, web } = await rendered()
    for (const part of [html, web]) {
      expect([...part.matchAll(/src="([^"]*)"/g)].map(([, src]) => src)).toEqual([
        `${baseUrl}/images/0123456789abcdef.jpg`,
      ])
      const live = part.replace(/<script type="application\/ld\+json">[^<]*<\/script>/, '')
      expect(live).not.toMatch(/<script|<iframe|@import|url\(|<link rel="stylesheet/)
    }
  })

  test('keeps every style of the web page in one element, so that one hash allows it', async () => {
    const { web } = await rendered()
    expect(web).not.toContain(' style=')
    expect(styleHashes(web)).toHaveLength(1)
    expect(styleHashes(web)[0]).toMatch(/^sha256-[A-Za-z0-9+/]{43}=$/)
  })

  test('leaves no layout of the template in the mail', async () => {
    const { html } = await rendered()
    expect(html).not.toMatch(/\n/)
    expect(html).toContain('if (a &lt; b &amp;&amp; c) {&#10;    return &quot;x&quot;&#10;}')
  })

  test('wraps the text part at 72 columns and breaks no address', async () => {
    const { text } = await rendered()
    for (const line of text.split('\n')) {
      if (!line.includes('://')) expect(line.length, line).toBeLessThanOrEqual(72)
    }
    expect(text).toContain(
      'https://news.example.org/1?a=1&b=2#:~:text=There%20is%20a%20complete%20deadlock\n',
    )
  })
})

test.each(looks)('the look $name ends with what the issue rests on, in every part', async (template) => {
  const parts = await renderedIn(
    template,
    issueOf([brief('a', root(p('Words')))], {
      sourcing: {
        cited: 12,
        consulted: 1,
        kinds: [
          { kind: 'newspaper', count: 10 },
          { kind: 'un', count: 2 },
        ],
        primary: 2,
        voices: 9,
        snapshots: 11,
        keyClaims: 3,
        singleVoice: [{ numbers: [2] }, { numbers: [1, 3] }],
        unnamed: [
          { number: 2, reason: 'may not speak', access: 'was in the room' },
          { number: 3, reason: null, access: null },
        ],
        corrections: [{ date: '2025-11-12', brief: 'A title' }],
      },
      waivers: [{ rule: 'DC503', on: null, reason: 'The count is due', file: 'briefs/a.md' }],
    }),
  )
  expect(parts.text.slice(parts.text.indexOf('How this'), parts.text.indexOf('-'.repeat(72))))
    .toMatchInlineSnapshot(`
    "How this issue is sourced
    Sources: 12 cited, 1 more read: 10 newspaper, 2 United Nations.
    Primary: 2 (17 %): official, United Nations, paper, data set or
      interview.
    Independent voices: 9; a reprint counts with its original, a party once.
    Key claims: 3; 2 on a single voice: [2]; [1][3].
    Unnamed sources: [2] (may not speak; was in the room); [3].
    Stored copies: 11 of 12; the others are not verified.
    Exceptions to our checks: casualty (DC503): The count is due.
    Corrections: 12 November 2025, A title.


    "
  `)
  for (const part of [parts.html, parts.web]) {
    const words = markupText(part).replace(/\s+/g, ' ')
    expect(words).toContain('10 newspaper, 2 United Nations')
    expect(words).toContain('3; 2 on a single voice: [2]; [1][3]')
    expect(words).toContain('[2] (may not speak; was in the room); [3]')
    expect(words).toContain('casualty (DC503): The count is due.')
    expect(part).toContain('<a href="#s2">[2]</a>')
  }
})

test.each(looks)(
  'in the look $name, text that holds a slot’s mark is refused at its line',
  async (template) => {
    const at = { start: { line: 9, column: 3 }, end: { line: 9, column: 40 } }
    const node = { type: 'text' as const, value: `Dear ${slotMark('address')}`, position: at }
    const { rendered: none, findings } = await render(
      issueOf([brief('a', root({ type: 'paragraph', children: [node] }))]),
      { publication, baseUrl, template },
    )
    expect(none).toBeNull()
    expect(findings.map(({ rule, file, line, column }) => ({ rule, file, line, column }))).toEqual([
      { rule: 'DC814', file: 'briefs/2025-w46/a.md', line: 9, column: 3 },
    ])
  },
)

test.each(looks)(
  'in the look $name, a link that is not http, https or mailto is left out, its words stay',
  async (template) => {
    const urls = [
      'javascript:alert(1)',
      'data:text/html,x',
      'vbscript:x',
      ' java\nscript:alert(1)',
      '//x',
      'file:///etc/passwd',
    ]
    const body = root(
      ...urls.map((url) => p({ type: 'link', url, children: [{ type: 'text', value: 'the words' }] })),
      ...urls.map((href) => ({
        type: 'button' as const,
        href,
        children: [{ type: 'text' as const, value: 'press' }],
      })),
    )
    const bad = source(1, {
      url: 'javascript:alert(1)',
      passageUrl: 'javascript:alert(1)',
      archive: 'data:,x',
    })
    const parts = await renderedIn(template, issueOf([brief('a', body)], { sources: [bad] }))
    for (const part of Object.values(parts))
      expect(JSON.stringify(part)).not.toMatch(/javascript:|data:|vbscript:|file:/i)
  },
)

test.each(looks)('in the look $name, a language that is written from the right says so', async (template) => {
  const cell = (value: string) => ({ type: 'tableCell' as const, children: [text(value)] })
  const body = root(p('قال Müller ', cite(1), ' إن العمل متأخر.'), {
    type: 'table',
    align: [null, 'left'],
    children: [{ type: 'tableRow', children: [cell('الطرف'), cell('القتلى')] }],
  })
  const parts = await renderedIn(template, issueOf([brief('a', body)], { lang: 'ar' }))
  expect(parts.html).toContain('<html lang="ar" dir="rtl"')
  expect(parts.web).toContain('<html lang="ar" dir="rtl">')
  for (const html of [parts.html, parts.web]) {
    expect(html).toContain('Müller\u00a0<a class="c" dir="auto"')
    expect(html).toContain('\u200f10 نوفمبر 2025')
  }
  expect(parts.html).toMatch(/<table class="t" dir="rtl">.*align="right">الطرف<.*align="left">القتلى</s)
})

test.each(looks)(
  'in the look $name, a brief that is locked as a whole says for whom, and invites',
  async (template) => {
    const locked = brief('a', root(), { locked: 'member' })
    const parts = await renderedIn(template, issueOf([locked], { tier: 'subscriber' }))
    expect(parts.html).toContain('Become a Member to read this brief')
    expect(parts.web).toContain('Become a Member to read this brief')
    expect(parts.text).toContain('This brief is for members.\nBecome a member: mailto:')
  },
)
