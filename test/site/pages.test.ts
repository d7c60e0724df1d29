import { cpSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, expect, test } from 'vitest'
import type { Finding } from '../../src/core/finding.ts'
import { loadTemplate } from '../../src/render/template.ts'
import { openPages } from '../../src/site/pages.ts'
import { samplePublication } from './bed.ts'

const weekly = join(import.meta.dirname, '..', '..', 'templates', 'weekly')
const folder = mkdtempSync(join(tmpdir(), 'onrecord-look-'))
afterAll(() => rmSync(folder, { recursive: true }))

const anybody = { tier: 'public', signedIn: false } as const

/** The site's pages with a look that has these files of `web/` besides what mail needs. */
async function openLook(files: Readonly<Record<string, string>>) {
  const dir = mkdtempSync(join(folder, 'own-'))
  for (const medium of ['email', 'text']) cpSync(join(weekly, medium), join(dir, medium), { recursive: true })
  for (const [path, text] of Object.entries({ 'issue.html.hbs': '<p>An issue</p>', ...files })) {
    mkdirSync(join(dir, 'web', path, '..'), { recursive: true })
    writeFileSync(join(dir, 'web', path), text)
  }
  const faults: Finding[] = []
  const builtIn = await loadTemplate(weekly)
  const look = await loadTemplate(dir)
  expect(look.findings).toEqual([])
  const pages = openPages({
    publication: samplePublication,
    baseUrl: 'https://brief.example.org',
    looks: new Map([['weekly', look]]),
    builtIn,
    onFault: (fault) => faults.push(fault),
  })
  const message = { kind: 'test', title: 'Moved', paragraphs: ['A word.'], form: null, links: [] }
  return { pages, faults, show: () => pages.render('message', { title: 'Moved' }, message, anybody) }
}

test('a look that has no pages gets those of the program, and their style', async () => {
  const { pages, show } = await openLook({})
  expect(show()).toContain('<h1>Moved</h1>')
  const css = [...pages.assets.values()].find(({ mediaType }) => mediaType.startsWith('text/css'))
  expect(css?.text).toContain('.masthead')
})

test('a look restyles a page, its style sheet and the script by files of its own', async () => {
  const { pages, show } = await openLook({
    'pages/message.html.hbs': '<!doctype html><title>{{frame.title}}</title><h2>{{title}} &amp; ours</h2>',
    'pages/site.css.hbs': 'h2 { color: {{theme.accent}} }',
    'pages/site.js': 'document.title = "ours"',
  })
  expect(show()).toContain('<h2>Moved &amp; ours</h2>')
  const texts = [...pages.assets.values()].map(({ text }) => text)
  expect(texts.some((text) => text.includes('h2 { color: #8a1c1c }'))).toBe(true)
  expect(texts).toContain('document.title = "ours"')
})

test('a mistake in a page is told with its file and line, and readers get the page of the program', async () => {
  const { faults, show } = await openLook({
    'partials/layout.hbs': '<!doctype html>\n<html lang="en">\n{{> @partial-block}}\n</html>',
    'pages/message.html.hbs': '{{#> layout}}\n<h1>{{title}}</h1>\n<p>{{titel}}</p>\n{{/layout}}',
  })
  expect(show()).toContain('<p>A word.</p>')
  expect(faults).toHaveLength(1)
  expect(faults[0]).toMatchObject({ line: 3, message: expect.stringContaining('“titel”') })
  expect(faults[0]?.file).toMatch(/web\/pages\/message\.html\.hbs$/)
})

test('what is written of people and sources is never run as a template, and never as markup', async () => {
  const { pages } = await openLook({})
  const html = pages.render(
    'message',
    { title: '{{frame}} <b>' },
    { kind: 'x', title: '{{{frame}}}', paragraphs: ['<script>1</script> ${a} {{b}}'], form: null, links: [] },
    anybody,
  )
  expect(html).toContain('<h1>{{{frame}}}</h1>')
  expect(html).toContain('&lt;script&gt;1&lt;/script&gt; ${a} {{b}}')
  expect(html).toContain('<title>{{frame}} &lt;b&gt;')
})

test('another version of the program makes every ETag another', async () => {
  const builtIn = await loadTemplate(weekly)
  const hash = (version?: string) =>
    openPages({
      ...{ publication: samplePublication, baseUrl: 'https://brief.example.org', looks: new Map(), builtIn },
      ...(version === undefined ? {} : { version }),
    }).hash.slice(0, 16)
  expect(hash('1.0.0')).toBe(hash('1.0.0'))
  expect(hash('1.0.1')).not.toBe(hash('1.0.0'))
  expect(hash()).toBe(hash(String(createRequire(import.meta.url)('../../package.json').version)))
})
