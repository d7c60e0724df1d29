import { describe, expect, test } from 'vitest'
import { mailClientIds, usualMailClients } from '../../../src/core/mail-clients.ts'
import data from '../../../src/email/compat/data/caniemail.json' with { type: 'json' }
import { inspectMail } from '../../../src/email/compat/inspect.ts'
import { noticeOf, notices, type UseKey } from '../../../src/email/compat/notices.ts'
import { featureOf, supportOf } from '../../../src/email/compat/support.ts'

const keys = Object.keys(notices).filter((key): key is UseKey => Object.hasOwn(notices, key))

/** A mail that has nothing to be remarked but what is put into it. */
function mail(body: string, css = ''): string {
  return `<!doctype html><html lang="en"><head><title>T</title><style>${css}</style></head><body>${body}</body></html>`
}

function codes(html: string, clients = mailClientIds): readonly string[] {
  const { remarks } = inspectMail({ html, text: 'x', headers: null, images: [] }, { clients })
  return remarks.map(({ code }) => code).filter((code) => code.startsWith('client.'))
}

/** For each feature a mail that uses it and nothing else that anybody would notice. */
const uses: Readonly<Record<string, readonly [body: string, css?: string]>> = {
  'anchor-link': ['<a href="#there">To it</a><p id="there">Here</p>'],
  'display-none': ['<div style="display:none">Words</div>'],
  'visibility-hidden': ['<p style="visibility:hidden">Words</p>'],
  'hidden-attribute': ['<p hidden>Words</p>'],
  'opacity-zero': ['<p style="opacity:0">Words</p>'],
  'line-breaks': ['<p style="white-space:pre-wrap">one\ntwo</p>'],
  'text-before': ['<p class="n">Words</p>', '.n::before{content:"Note: "}'],
  'text-after': ['<p class="n">Words</p>', '.n:after{content:"end"}'],
  'image-map': ['<img alt="Map" src="https://a.org/m.png" usemap="#m">'],
  form: ['<form action="https://a.org/"></form>'],
  'text-field': ['<input type="text">'],
  'tick-box': ['<input type="checkbox">'],
  choice: ['<select><option>One</option></select>'],
  video: ['<video src="https://a.org/v.mp4"></video>'],
  audio: ['<audio src="https://a.org/v.ogg"></audio>'],
  svg: ['<svg width="1" height="1"></svg>'],
  object: ['<object data="https://a.org/x.pdf"></object>'],
  dialog: ['<dialog open>Words</dialog>'],
  meter: ['<meter value="0.5"></meter>'],
  progress: ['<progress value="0.5"></progress>'],
  webp: ['<img alt="A" src="https://a.org/a.webp">'],
  avif: ['<img alt="A" src="https://a.org/a.avif?x=1">'],
  'svg-image': ['<img alt="A" src="https://a.org/a.svg">'],
  heif: ['<img alt="A" src="https://a.org/a.heic">'],
  tiff: ['<img alt="A" src="https://a.org/a.tif">'],
  ico: ['<img alt="A" src="https://a.org/a.ico">'],
  'data-image': ['<img alt="A" src="data:image/png;base64,AAAA">'],
  'video-image': ['<img alt="A" src="https://a.org/a.mp4">'],
  apng: ['<img alt="A" src="https://a.org/a.apng">'],
  radius: ['<p style="border-radius:4px">Words</p>'],
  'radius-logical': ['<p style="border-start-start-radius:4px">Words</p>'],
  'box-shadow': ['<p class="s">Words</p>', '.s{box-shadow:0 1px 2px #ccc}'],
  'text-shadow': ['<p style="text-shadow:0 1px 2px #ccc">Words</p>'],
  'background-image': ['<p style="background-image:url(https://a.org/p.png)">Words</p>'],
  'linear-gradient': ['<p style="background:linear-gradient(#fff,#eee)">Words</p>'],
  'radial-gradient': ['<p style="background:radial-gradient(#fff,#eee)">Words</p>'],
  'conic-gradient': ['<p style="background:conic-gradient(#fff,#eee)">Words</p>'],
  flex: ['<div style="display:flex">Words</div>'],
  grid: ['<div style="display:grid">Words</div>'],
  'grid-template': ['<div style="grid-template-columns:1fr 1fr">Words</div>'],
  columns: ['<div style="column-count:2">Words</div>'],
  float: ['<img alt="A" src="https://a.org/a.png" style="float:left">'],
  'position-absolute': ['<p style="position:absolute">Words</p>'],
  'position-fixed': ['<p style="position:fixed">Words</p>'],
  'position-sticky': ['<p style="position:sticky">Words</p>'],
  bmp: ['<img alt="A" src="https://a.org/a.bmp">'],
  padding: ['<div style="padding:8px;background:#eee">Words</div>'],
  'negative-margin': ['<p style="margin:-8px 0 0">Words</p>'],
  'wide-image': ['<img alt="A" src="https://a.org/a.png" width="1200" height="10">'],
  'font-face': ['<p>Words</p>', '@font-face{font-family:X;src:url(https://a.org/x.woff2)}'],
  'style-import': ['<p>Words</p>', '@import url(https://a.org/x.css);'],
  'style-link': ['<link rel="stylesheet" href="https://a.org/x.css"><p>Words</p>'],
  animation: ['<p style="animation:turn 1s">Words</p>'],
  transform: ['<p style="transform:rotate(2deg)">Words</p>'],
  filter: ['<p style="filter:blur(1px)">Words</p>'],
  'clip-path': ['<p style="clip-path:circle(50%)">Words</p>'],
  'mask-image': ['<p style="mask-image:linear-gradient(#000,#0000)">Words</p>'],
  'blend-mode': ['<p style="mix-blend-mode:multiply">Words</p>'],
  opacity: ['<p style="opacity:.6">Words</p>'],
  'object-fit': ['<img alt="A" src="https://a.org/a.png" style="object-fit:cover">'],
  'aspect-ratio': ['<p style="aspect-ratio:1/2">Words</p>'],
  'list-image': ['<ul style="list-style-image:url(https://a.org/b.png)"><li>Words</li></ul>'],
  'list-numbers': ['<ol reversed><li>Words</li></ol>'],
  'rem-size': ['<p style="font-size:1.2rem">Words</p>'],
  'rem-unit': ['<p style="margin:1rem">Words</p>'],
  'vw-unit': ['<p style="width:50vw">Words</p>'],
  'vh-unit': ['<p style="width:50vh">Words</p>'],
  'ch-unit': ['<p style="width:50ch">Words</p>'],
  calc: ['<p style="width:calc(100% - 2px)">Words</p>'],
  clamp: ['<p style="width:clamp(1px,50%,9px)">Words</p>'],
  min: ['<p style="width:min(50%,9px)">Words</p>'],
  max: ['<p style="width:max(50%,9px)">Words</p>'],
  rgba: ['<p style="color:rgba(0,0,0,.9)">Words</p>'],
  'rgb-spaces': ['<p style="color:rgb(0 0 0)">Words</p>'],
  'modern-colour': ['<p style="color:oklch(20% 0.1 20)">Words</p>'],
  'light-dark': ['<p style="color:light-dark(#000,#fff)">Words</p>'],
  variable: ['<p style="color:var(--ink)">Words</p>'],
  nesting: ['<p>Words</p>', 'p{color:#000;& b{color:#111}}'],
  'attribute-selector': ['<p title="x">Words</p>', 'p[title]{color:#222}'],
  'child-selector': ['<p>Words</p>', 'body > p{color:#222}'],
  'adjacent-selector': ['<b>A</b><p>Words</p>', 'b + p{color:#222}'],
  'sibling-selector': ['<b>A</b><p>Words</p>', 'b ~ p{color:#222}'],
  'chained-selector': ['<p class="a b">Words</p>', '.a.b{color:#222}'],
  'universal-selector': ['<p>Words</p>', '*{color:#222}'],
  'first-child': ['<p>Words</p>', 'p:first-child{color:#222}'],
  'last-child': ['<p>Words</p>', 'p:last-child{color:#222}'],
  'nth-child': ['<b>A</b><p>Words</p>', 'p:nth-child(2n){color:#222}'],
  'nth-last-child': ['<p>Words</p><b>A</b>', 'p:nth-last-child(2){color:#222}'],
  not: ['<p>Words</p>', 'p:not(.x){color:#222}'],
  has: ['<p>Words</p>', 'p:has(b){color:#222}'],
  'first-letter': ['<p>Words</p>', 'p::first-letter{font-size:40px}'],
  'text-emphasis': ['<p style="text-emphasis:dot">Words</p>'],
  'writing-mode': ['<p style="writing-mode:vertical-rl">Words</p>'],
  'caption-side': ['<table role="presentation" style="caption-side:bottom"><tr><td>Words</td></tr></table>'],
  'text-overflow': ['<p style="text-overflow:ellipsis">Words</p>'],
  marquee: ['<marquee>Words</marquee>'],
  ruby: ['<ruby>Words</ruby>'],
}

/** What cannot be used alone. */
const besides: Readonly<Record<string, readonly string[]>> = {
  'mask-image': ['client.linear-gradient'],
}

describe('what a reader would notice', () => {
  test.each(Object.entries(uses))('is told of %s, and of nothing else', (key, [body, css]) => {
    expect(new Set(codes(mail(body, css)))).toEqual(new Set([`client.${key}`, ...(besides[key] ?? [])]))
  })

  test('has a mail for each feature; an only child is both the first and the last', () => {
    const visible = keys.filter((key) => noticeOf(key).notice !== 'invisible')
    expect(visible.filter((key) => uses[key] === undefined)).toEqual([])
  })

  test.each([
    ['plain words', '<p>Words</p>', ''],
    [
      'a dark scheme that some programs lack',
      '<p>Words</p>',
      '@media (prefers-color-scheme:dark){p{color:#fff}body{background:#000}}',
    ],
    [
      'what only the dark scheme uses',
      '<p>Words</p>',
      '@media (prefers-color-scheme:dark){p{border-radius:4px}}',
    ],
    ['values that ask for nothing', '<p style="border-radius:0;float:none;box-shadow:none">Words</p>', ''],
    ['a newer form after an older one', '<p style="color:#222;color:var(--ink)">Words</p>', ''],
    ['rules that touch nothing', '<p>Words</p>', '.gone{border-radius:4px;position:absolute}'],
    ['margins by a newer selector', '<p>Words</p>', 'p:first-child{margin-top:2px}'],
    ['a hover that a phone never has', '<p>Words</p>', 'p:hover{color:#222}'],
    ['a transition', '<p style="transition:color 1s">Words</p>', ''],
    [
      'padding in a table cell',
      '<table role="presentation"><tr><td style="padding:8px;background:#eee">Words</td></tr></table>',
      '',
    ],
    ['a pre that keeps its lines by itself', '<pre>one\ntwo</pre>', ''],
    [
      'a source set with a plain source',
      '<img alt="A" src="https://a.org/a.png" srcset="https://a.org/b.png 2x">',
      '',
    ],
    ['hidden things without words', '<div style="display:none"></div>', ''],
    ['negative letter spacing', '<p style="letter-spacing:-1px">Words</p>', ''],
  ])('is nothing of %s', (_, body, css) => {
    expect(codes(mail(body, css))).toEqual([])
  })
})

test('every feature is in the vendored data, with its page and a known word for each program', () => {
  for (const key of keys) {
    const feature = featureOf(noticeOf(key).slug)
    expect([key, feature?.url]).toEqual([key, `https://www.caniemail.com/features/${noticeOf(key).slug}/`])
    for (const client of Object.keys(feature?.support ?? {})) expect(mailClientIds).toContain(client)
  }
})

test('the data carries its licence, its source and its day', () => {
  expect(data.licence).toContain('Copyright (c) 2019 HTeuMeuLeu')
  expect(data.licence).toContain('WITHOUT WARRANTY OF ANY KIND')
  expect(data.source).toMatch(/npm package caniemail \d+\.\d+\.\d+$/)
  expect(data.updated).toMatch(/^20\d\d-\d\d-\d\d$/)
  expect(Object.keys(data.features).toSorted()).toEqual(
    [...new Set(keys.map((key) => noticeOf(key).slug))].toSorted(),
  )
})

test('the data says what caniemail says, by the newest version that was tested', () => {
  const level = (slug: string, client: (typeof mailClientIds)[number]) => {
    const feature = featureOf(slug)
    return feature === null ? null : supportOf(feature, client)
  }
  expect(level('css-border-radius', 'outlook-windows')).toMatchObject({ level: 'none', version: '2019' })
  expect(level('css-border-radius', 'gmail-web')).toMatchObject({ level: 'full' })
  expect(level('css-position', 'apple-mail-ios')?.notes[0]).toContain('not `sticky`'.replaceAll('`', ''))
  // It was counted by years until 2016, and by versions since.
  expect(level('image-webp', 'outlook-macos')).toMatchObject({ level: 'full', version: '16.80' })
})

test('programs that nobody uses are not spoken of, and a whole family goes by its own name', () => {
  const html = mail('<p style="position:absolute;border-radius:3px">Words</p>')
  const told = (clients: typeof mailClientIds) =>
    inspectMail({ html, text: 'x', headers: null, images: [] }, { clients }).remarks.map(
      ({ message }) => message,
    )
  // Apple Mail places parts freely; only fixed and sticky ones are not known to it.
  expect(told(['apple-mail-macos', 'gmail-web', 'gmail-ios'])).toEqual([
    'Gmail puts freely placed parts elsewhere.',
  ])
  expect(told(['gmail-web', 'gmail-ios', 'gmail-android', 'outlook-windows', 'outlook-ios'])).toEqual([
    'Gmail and Outlook put freely placed parts elsewhere.',
    'Classic Outlook on Windows shows square corners.',
  ])
  expect(told(['outlook-windows'])).toEqual([
    'Classic Outlook on Windows puts freely placed parts elsewhere.',
    'Classic Outlook on Windows shows square corners.',
  ])
  expect(told(['proton-web'])).toEqual(
    expect.not.arrayContaining(['Classic Outlook on Windows shows square corners.']),
  )
  expect(usualMailClients.every((each) => mailClientIds.includes(each))).toBe(true)
})
