import { Parser } from 'htmlparser2'
import { expect, test } from 'vitest'
import { answerFrame } from '../../src/studio/answer-frame.ts'
import { frameHtml, framePolicy } from '../../src/studio/frame.ts'
import { largeText } from '../../src/studio/large-text.ts'
import { hostileWords } from './hostile-words.ts'

const baseUrl = 'https://brief.example.org'
const shown = (html: string, scheme: 'light' | 'dark' | 'auto' = 'auto'): string =>
  frameHtml(html, { scheme, baseUrl })

test('dark and light are decided in styles and media attributes, never in what an author wrote', () => {
  const html = `<meta name="color-scheme" content="light dark"><style>:root{color-scheme:light dark}
@media(prefers-color-scheme:dark){p{color:#fff}}@media ( prefers-color-scheme : light ){p{color:#000}}</style>
<p>Write (prefers-color-scheme: dark) and color-scheme: light</p>`
  const dark = shown(html, 'dark')
  expect(dark).toContain('<meta name="color-scheme" content="dark">')
  expect(dark).toContain(':root{color-scheme:dark}')
  expect(dark).toContain('@media(min-width:0){p{color:#fff}}')
  expect(dark).toContain('@media (max-width:0){p{color:#000}}')
  expect(dark).toContain('<p>Write (prefers-color-scheme: dark) and color-scheme: light</p>')
  expect(shown(html, 'light')).toContain('@media(max-width:0){p{color:#fff}}')
  expect(shown(html, 'auto')).toBe(html)
})

test('tags and styles that never end are looked through once, not again from every beginning', () => {
  for (const each of [
    '<meta ',
    '<link "',
    `<source "'`,
    '<style>',
    '<style ',
    '<meta name=color-scheme content="',
  ]) {
    const long = each.repeat(60_000)
    expect(shown(long, 'dark').length).toBeGreaterThan(long.length / 2)
  }
})

test('our images come from here, and nothing else of the site does', () => {
  const name = `${'0a'.repeat(16)}.jpg`
  const html = `<img src="${baseUrl}/images/${name}"><td background="${baseUrl}/images/${name}"><i>${baseUrl}/images/x.jpg</i>`
  expect(shown(html)).toBe(
    `<img src="/images/${name}"><td background="/images/${name}"><i>${baseUrl}/images/x.jpg</i>`,
  )
})

test('a message that was sent when the site had another address shows its images too', () => {
  const html = `<img src="http://127.0.0.1:4870/x/images/${'0a'.repeat(16)}.jpg"> http://a.example/images/x.jpg`
  expect(frameHtml(html, { scheme: 'auto', baseUrl: null })).toBe(
    `<img src="/images/${'0a'.repeat(16)}.jpg"> http://a.example/images/x.jpg`,
  )
})

test('what nothing is asked of stays as it is, byte for byte', () => {
  const html = '<a href="https://x.example/a>b" target="_top" rel=opener>x</a><p style="font-size:9px">'
  expect(shown(html)).toBe(html)
})

test('the policy of a frame never allows scripts', () => {
  expect(framePolicy).toContain("default-src 'none'")
  expect(framePolicy).toMatch(/sandbox/)
  expect(framePolicy).not.toMatch(/allow-scripts|script-src|allow-forms|allow-top-navigation/)
})

test('no frame holds what a browser looks up or connects to without asking a policy', async () => {
  const answered = (html: string): Promise<string> => answerFrame(html, { scheme: 'auto', baseUrl }).text()
  const kinds = new Set<string>()
  for (const { text } of hostileWords(200)) {
    const parser = new Parser({ onopentagname: (name) => kinds.add(name) })
    parser.end(await answered(`<p>${text}</p>`))
  }
  expect(kinds).toContain('img')
  expect([...kinds].filter((name) => /^(?:link|iframe)$/i.test(name))).toEqual([])
  expect(
    await answered('<LINK/rel=preconnect href=//x><iframe\tsrcdoc="&lt;link>">a</Iframe>b <linked>'),
  ).toBe('<meta/rel=preconnect href=//x><noembed\tsrcdoc="&lt;link>">a</noembed>b <linked>')
})

const larger = (html: string): string =>
  largeText(html, 2).replace(/<style>html\{font-size:200%\}<\/style>/, '')

test('large text multiplies sizes and heights of lines that stand for themselves, and no width', () => {
  expect(
    larger(
      '<p style="font-size:17px;line-height:1.5;width:600px;padding:4px"><b style="font:bold 12pt/16px Arial">',
    ),
  ).toBe(
    '<p style="font-size:34px;line-height:1.5;width:600px;padding:4px"><b style="font:bold 24pt/32px Arial">',
  )
  expect(
    larger('<style>h1{font-size:small;font-weight:700}@media(max-width:520px){p{line-height:20px}}</style>'),
  ).toBe('<style>h1{font-size:26px;font-weight:700}@media(max-width:520px){p{line-height:40px}}</style>')
  // These follow from the size around them, which is larger already.
  const relative = '<p style="font-size:85%"><p style="font-size:1.2em"><p style="font-size:inherit">'
  expect(larger(relative)).toBe(relative)
})

test('large text goes before what the mail says of its own', () => {
  expect(largeText('<head><style>html{font-size:9px}</style></head>', 2)).toBe(
    '<head><style>html{font-size:200%}</style><style>html{font-size:18px}</style></head>',
  )
})

test('images, colours and the size of text are changed together', () => {
  const name = `${'0a'.repeat(16)}.jpg`
  const html = `<p style="color:#000;background:#fff;font-size:10px"><img src="${baseUrl}/images/${name}" alt="A quay"></p>`
  const all = frameHtml(html, { scheme: 'forced', baseUrl, images: 'off', text: '200' })
  expect(all).not.toContain('src=')
  expect(all).toContain('alt="A quay"')
  expect(all).toContain('font-size:20px')
  expect(all).not.toContain('background:#fff')
  expect(frameHtml(html, { scheme: 'auto', baseUrl })).toBe(html.replace(baseUrl, ''))
})
