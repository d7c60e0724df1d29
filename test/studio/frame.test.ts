import { expect, test } from 'vitest'
import { frameHtml, framePolicy } from '../../src/studio/frame.ts'

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

test('links open a new page that learns nothing of the studio; a link within the page stays', () => {
  expect(shown('<a href="https://x.example/a>b" target="_top" rel=opener class="c">x</a>')).toBe(
    '<a target="_blank" rel="noopener noreferrer" href="https://x.example/a>b" class="c">x</a>',
  )
  expect(shown('<a class="c" href="#s3">3</a><a name="s3" id="s3"></a>')).toBe(
    '<a class="c" href="#s3">3</a><a name="s3" id="s3"></a>',
  )
})

test('the policy of a frame never allows scripts', () => {
  expect(framePolicy).toContain("default-src 'none'")
  expect(framePolicy).toMatch(/sandbox/)
  expect(framePolicy).not.toMatch(/allow-scripts|script-src|allow-forms|allow-top-navigation/)
})
