import { describe, expect, test } from 'vitest'
import { inspectMail } from '../../../src/email/compat/inspect.ts'

const header = [
  'From: The Brief <desk@brief.org>',
  'To: a@b.org',
  'Subject: Talks end',
  'Date: Fri, 14 Nov 2025 00:00:00 +0000',
  'Message-ID: <a@b.org>',
  'List-Unsubscribe: <https://brief.org/u/1>, <mailto:desk@brief.org>',
  'List-Unsubscribe-Post: List-Unsubscribe=One-Click',
]

function withHeader(...changed: readonly string[]): string {
  const names = changed.map((line) => line.split(':', 1)[0])
  return (
    [...header.filter((line) => !names.includes(line.split(':', 1)[0])), ...changed].join('\r\n') + '\r\n'
  )
}

function page(body: string, head = '<title>T</title>', html = '<html lang="en">'): string {
  return `<!doctype html>${html}<head>${head}</head><body>${body}</body></html>`
}

function codes(mail: {
  html?: string
  headers?: string | null
  text?: string
  images?: readonly { src: string; bytes: number }[]
}): readonly string[] {
  const { remarks } = inspectMail(
    { html: page('<p>Words</p>'), headers: header.join('\r\n'), text: 'x', images: [], ...mail },
    { clients: ['apple-mail-ios'] },
  )
  return remarks.map(({ code }) => code)
}

test('a mail in order has no remarks', () => {
  expect(codes({})).toEqual([])
})

describe('the header', () => {
  test.each([
    ['missing', withHeader('From: ').replace('Date', 'X-Date')],
    ['from', withHeader('From: The Brief')],
    ['from', withHeader('From: Two <a@b.org>, <c@d.org>').replace('<c@d.org>', 'c@d.org')],
    ['from-name', withHeader('From: desk@brief.org')],
    ['from-other', withHeader('From: "bank@bank.org" <desk@brief.org>')],
    ['twice', withHeader('Subject: One', 'Subject: Two')],
    ['subject-empty', withHeader('Subject: =?utf-8?Q?_?=')],
    ['subject-reply', withHeader('Subject: Re: your order')],
    ['subject-shouts', withHeader('Subject: TALKS END IN ISTANBUL')],
    ['subject-long', withHeader(`Subject: ${'word '.repeat(40)}`)],
    ['long-line', withHeader(`Subject: ${'x'.repeat(1_000)}`)],
    ['raw', withHeader('Subject: Überblick')],
    ['encoded-word', withHeader('Subject: =?utf-8?Q?a=ZZ?=')],
    ['encoded-word', withHeader('Subject: =?utf-8?B?/////w==?=')],
    ['encoded-word', withHeader('Subject: =?klingon?Q?a?=')],
    ['encoded-word', withHeader(`Subject: =?utf-8?Q?${'a'.repeat(70)}?=`)],
    [
      'encoded-line',
      withHeader('Subject: =?utf-8?Q?aaaaaaaaaaaaaaaaaaaaaaaaa?= =?utf-8?Q?aaaaaaaaaaaaaaaaaaaaaaaaa?='),
    ],
    ['quoted-word', withHeader('From: "=?utf-8?Q?J=C3=B6rg?=" <desk@brief.org>')],
    ['line', withHeader('no colon here')],
    ['unsubscribe', withHeader('List-Unsubscribe: https://brief.org/u')],
    ['unsubscribe-https', withHeader('List-Unsubscribe: <http://brief.org/u>')],
    ['unsubscribe-https', withHeader('List-Unsubscribe: <mailto:a@b.org>')],
    ['unsubscribe-post', withHeader('List-Unsubscribe-Post: yes')],
  ])('has something wrong with it: %s', (code, headers) => {
    expect(codes({ headers })).toContain(`header.${code}`)
  })

  test.each([
    [
      'encoded words',
      withHeader(
        'Subject: =?utf-8?Q?=C3=9Cberblick?=\r\n =?utf-8?B?w5xiZXI=?=',
        'From: =?utf-8?Q?J=C3=B6rg?= <desk@brief.org>',
      ),
    ],
    [
      'a test message, which nobody can leave',
      header.filter((line) => !line.startsWith('List')).join('\r\n'),
    ],
    ['the sender’s own address as a name', withHeader('From: "desk@brief.org" <desk@brief.org>')],
    ['capitals in a short name', withHeader('Subject: UN and NATO')],
  ])('may have %s', (_, headers) => {
    expect(codes({ headers })).toEqual([])
  })
})

describe('the form', () => {
  test.each([
    ['lang', page('<p>Words</p>', '<title>T</title>', '<html>')],
    ['lang', page('<p>Words</p>', '<title>T</title>', '<html lang="und">')],
    ['title', page('<p>Words</p>', '')],
    ['table', page('<table><tr><td>Words</td></tr></table>')],
    ['alt', page('<img src="https://a.org/a.png">')],
    ['link-empty', page('<a href="https://a.org/"><img src="https://a.org/a.png" alt=""></a>')],
    ['link-text', page('<a href="https://a.org/">Click here</a>')],
    ['link-address', page(`<a href="https://a.org/">https://a.org/${'long/'.repeat(10)}</a>`)],
    ['link-target', page('<a href="#">Words</a>')],
    ['anchor', page('<a href="#nowhere">Words</a>')],
    [
      'tap',
      page(
        '<a href="https://a.org/" style="display:inline-block;font-size:12px;line-height:14px;padding:2px">Words</a>',
      ),
    ],
    ['heading', page('<h1>One</h1><h3>Three</h3>')],
    ['text', page('<p>Words</p>')],
  ])('has something wrong with it: %s', (code, html) => {
    expect(codes({ html, ...(code === 'text' ? { text: ' \n' } : {}) })).toEqual([`form.${code}`])
  })

  test.each([
    ['a table of data', page('<table><tr><th>Head</th></tr><tr><td>Words</td></tr></table>')],
    ['an image that is only there to be seen', page('<img src="https://a.org/a.png" alt="">')],
    [
      'a link by an image that says what it is',
      page('<a href="https://a.org/"><img src="https://a.org/a.png" alt="Home"></a>'),
    ],
    [
      'a link in a sentence, as small as its words',
      page('<p>Words <a href="https://a.org/" style="font-size:12px">on them</a></p>'),
    ],
    [
      'a button of a good size',
      page('<a href="https://a.org/" style="display:block;line-height:20px;padding:4px 8px">Words</a>'),
    ],
    ['a place in the mail by an old name', page('<a href="#s1">Words</a><a name="s1"></a>')],
    ['hidden images', page('<div style="display:none"><img src="https://a.org/a.png"></div>')],
  ])('may have %s', (_, html) => {
    expect(codes({ html })).toEqual([])
  })
})

describe('the size', () => {
  const kilobytes = (number: number) => page(`<p>${'x'.repeat(number * 1024)}</p>`)

  test('is told before Gmail cuts the mail off, and when it does', () => {
    expect(codes({ html: kilobytes(70) })).toEqual([])
    expect(codes({ html: kilobytes(90) })).toEqual(['size.near-clip'])
    expect(codes({ html: kilobytes(101) })).toEqual(['size.clip'])
  })

  test('counts style sheets, each image, and all of them', () => {
    expect(
      codes({ html: page('<p>Words</p>', `<title>T</title><style>${'.a{margin:0}'.repeat(1_500)}</style>`) }),
    ).toEqual(['size.styles'])
    const image = (bytes: number) => ({ src: 'https://a.org/a.png', bytes })
    expect(codes({ images: [image(400_000)] })).toEqual(['size.image'])
    expect(codes({ images: Array.from({ length: 6 }, () => image(290_000)) })).toEqual(['size.images'])
  })
})

describe('the contrast', () => {
  test.each([
    ['grey on white', '<p style="color:#888">Words</p>', ['contrast.light', 'contrast.dark']],
    ['large grey on white', '<p style="color:#888;font-size:24px">Words</p>', []],
    ['bold grey of 14 pt', '<p style="color:#888;font-size:18.67px;font-weight:bold">Words</p>', []],
    [
      'bold grey a little smaller',
      '<p style="color:#888;font-size:18px;font-weight:bold">Words</p>',
      ['contrast.light', 'contrast.dark'],
    ],
    [
      'white on a dark ground',
      '<table role="presentation" bgcolor="#333"><tr><td style="color:white">Words</td></tr></table>',
      [],
    ],
    ['faint ink by alpha', '<p style="color:rgba(0,0,0,.4)">Words</p>', ['contrast.light', 'contrast.dark']],
    [
      'text on a picture, which nobody can reckon',
      '<p style="color:#888;background:url(https://a.org/a.png)">Words</p>',
      [],
    ],
    ['hidden text', '<p style="color:#fff;display:none">Words</p>', []],
    ['faint dots', '<p style="color:#ccc">· ·</p>', []],
    ['nearly mid-grey both ways', '<p style="color:#000;background:#999">Words</p>', []],
  ])('of %s', (_, body, wanted) => {
    const found = codes({ html: page(body) }).filter(
      (code) => !code.endsWith('forced-dark') && code.startsWith('contrast'),
    )
    expect(found).toEqual(wanted)
  })

  test('is held to the colour that wins: an important one over the element’s own, that over any other', () => {
    const html = (own: string) =>
      page(
        `<p id="a" class="b" style="color:#777${own}">Words</p>`,
        '<title>T</title><style>p{color:#000 !important}#a.b{color:#888}</style>',
      )
    expect(codes({ html: html('') })).toEqual([])
    expect(codes({ html: html(' !important') })).toContain('contrast.light')
  })

  test('is held to the mail’s own dark styles, at the element that fails', () => {
    const html = page(
      '<p>Words</p><p class="note" data-l="0:7:1-7:9"><b>Note</b></p>',
      '<title>T</title><meta name="color-scheme" content="light dark"><style>@media (prefers-color-scheme:dark){.note{color:#333 !important}}</style>',
    )
    const { remarks, contrast } = inspectMail(
      { html, text: 'x', headers: null, images: [] },
      { clients: ['apple-mail-ios'] },
    )
    expect(remarks).toMatchObject([
      {
        code: 'contrast.dark',
        severity: 'breaks',
        message:
          'Text on a dark screen is hard to read: #333333 on #121212 has a contrast of 1.4, and 4.5 is needed.',
        place: { path: 'html > body > p:nth-child(2) > b:nth-child(1)', mark: '0:7:1-7:9' },
      },
    ])
    expect(contrast.light).toBe(21)
  })

  test('is reckoned for mail that is turned dark: what suits the dark stays, what does not is inverted', () => {
    const { remarks } = inspectMail(
      {
        html: page('<p style="background:#808080;color:#000">Words</p><p style="color:#222">Words</p>'),
        text: 'x',
        headers: null,
        images: [],
      },
      { clients: ['apple-mail-ios'] },
    )
    // Mid-grey stays as it is, and black on it turns white.
    expect(remarks.map(({ code, place }) => [code, place?.path])).toEqual([
      ['contrast.forced-dark', 'html > body > p:nth-child(1)'],
    ])
  })
})
