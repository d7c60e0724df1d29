import { cpSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import Handlebars from 'handlebars'
import { afterAll, expect, test } from 'vitest'
import { finding, formatFinding, startOf } from '../../src/core/finding.ts'
import { loadTemplate } from '../../src/render/template.ts'
import { complaint } from '../../src/render/template-complaint.ts'
import { render } from '../../src/render/render.ts'
import { choiceMarks, slotMark } from '../../src/render/slots.ts'
import { baseUrl, publication, richIssue } from './fixture.ts'

const folders: string[] = []
afterAll(() => folders.forEach((folder) => rmSync(folder, { recursive: true })))

/** The weekly look with one file changed, rendered; what was found. */
async function changed(path: string, change: (source: string) => string) {
  const folder = mkdtempSync(join(tmpdir(), 'onrecord-look-'))
  folders.push(folder)
  const dir = join(folder, 'weekly')
  cpSync(join(import.meta.dirname, '../../templates/weekly'), dir, { recursive: true })
  writeFileSync(join(dir, path), change(readFileSync(join(dir, path), 'utf8')))
  const result = await render(richIssue(), { publication, baseUrl, template: await loadTemplate(dir) })
  return { ...result, messages: result.findings.map(formatFinding) }
}

const insertAt = (line: number, text: string) => (source: string) =>
  source
    .split('\n')
    .toSpliced(line - 1, 0, text)
    .join('\n')

test('a template that cannot be read is reported at its line', async () => {
  const { rendered, messages } = await changed('email/partials/source.hbs', insertAt(3, '{{#if x}'))
  expect(rendered).toBeNull()
  expect(messages[0]).toMatch(
    /^templates\/weekly\/email\/partials\/source\.hbs:\d:1 {2}This template does not work: .*DC816\)$/,
  )
})

test.each([
  ['One.\n{{#if x}}\n{{#each y}}\n{{/each}}\n', 2, '“{{#if x}}” is never closed'],
  ['{{! {{#if x}} }}\n{{#each y}}', 2, '“{{#each y}}” is never closed'],
  ['{{#if x}}\n{{/each}}', 1, '“{{#if}}” is closed by “{{/each}}”'],
  ['One.\n{{> mastfoot}}', 2, 'the look has no part “mastfoot”'],
  ['One.\n{{foo', 2, 'it cannot be read near “One.{{foo”'],
  ['One.\n{{nohelp 1}}', 2, 'there is no helper “nohelp”'],
])('what is wrong with the template “%s” is said at line %i, in words', (source, line, words) => {
  const run = (): string =>
    Handlebars.compile(Handlebars.parse(source), { knownHelpersOnly: true, strict: true })({ x: 1, y: [] })
  let error: unknown
  try {
    run()
  } catch (thrown) {
    error = thrown
  }
  const found = complaint({ path: 'x.hbs', source }, error)
  expect([found.line, found.message]).toEqual([line, `This template does not work: ${words}.`])
})

test('a value that does not exist is reported at its line, by name', async () => {
  const { rendered, messages } = await changed('web/partials/source.hbs', insertAt(2, '{{publishr}}'))
  expect(rendered).toBeNull()
  expect(messages).toEqual([
    'templates/weekly/web/partials/source.hbs:2:3  This template does not work: it has no value “publishr” here.  (DC816)',
  ])
})

test('a helper outside the closed set, and a partial that is not there, are reported', async () => {
  expect((await changed('text/issue.txt.hbs', insertAt(2, '{{log issue "x"}}'))).messages[0]).toMatch(
    /issue\.txt\.hbs:2:/,
  )
  expect((await changed('text/issue.txt.hbs', insertAt(2, '{{shout issue}}'))).messages[0]).toMatch(
    /issue\.txt\.hbs:2:/,
  )
  expect((await changed('web/issue.html.hbs', insertAt(2, '{{> nowhere}}'))).messages[0]).toMatch(/nowhere/)
  expect((await changed('text/issue.txt.hbs', insertAt(4, '{{slot "email"}}'))).messages[0]).toMatch(
    /there is no slot “email”/,
  )
})

test.each([
  '{{constructor.name}}',
  '{{issue.constructor.constructor "return 1"}}',
  '{{__proto__.x}}',
  '{{lookup issue "__proto__"}}',
])('prototypes cannot be reached by %s', async (code) => {
  const { rendered, messages } = await changed('text/issue.txt.hbs', insertAt(2, `before${code}after`))
  if (rendered !== null) expect(rendered.text).toContain('beforeafter')
  else expect(messages[0]).toMatch(/issue\.txt\.hbs:2:/)
})

test('MJML that is not valid is reported at the template’s line, never at one of generated MJML', async () => {
  const { rendered, messages } = await changed('email/partials/footer.hbs', (source) =>
    source.replace('<mj-column>', '<mj-column colour="red">\n<mj-nonsense />'),
  )
  expect(rendered).toBeNull()
  expect(messages).toHaveLength(2)
  for (const message of messages)
    expect(message).toMatch(/^templates\/weekly\/email\/.*This template makes MJML that is not valid/)
  expect(
    messages.some((message) => message.startsWith('templates/weekly/email/partials/footer.hbs:3:')),
  ).toBe(true)
})

test('a look that leaves words out is found out, at the brief’s file', async () => {
  const { rendered, findings } = await changed('email/partials/pullquote.hbs', () => '<div></div>')
  expect(rendered).not.toBeNull()
  expect(findings.map(({ rule, file, message }) => ({ rule, file, message }))).toEqual([
    {
      rule: 'DC814',
      file: 'briefs/2025-w46/istanbul-talks.md',
      message:
        'These words did not reach the mail: ““There is a complete deadlock. The negotiations have …”.',
    },
  ])
})

test('stray text that MJML drops in silence is found out', async () => {
  const { findings } = await changed('email/partials/brief.hbs', (source) =>
    source.replace('<mj-text css-class="ink">{{html}}</mj-text>', '{{html}}'),
  )
  expect(findings.length).toBeGreaterThan(0)
  expect(new Set(findings.map(({ rule }) => rule)).size).toBe(1)
})

test('a partial named for a tag is picked for the briefs that carry it', async () => {
  const { rendered } = await changed(
    'email/partials/brief-diplomacy.hbs'.replace('brief-diplomacy', 'brief'),
    (source) => source,
  )
  expect(rendered?.html).not.toContain('SPECIAL')
  const folder = folders.at(-1) ?? ''
  const dir = join(folder, 'weekly')
  const source = readFileSync(join(dir, 'email/partials/brief.hbs'), 'utf8')
  writeFileSync(
    join(dir, 'email/partials/brief-diplomacy.hbs'),
    source.replace('{{title}}', '{{title}} SPECIAL'),
  )
  const again = await render(richIssue(), { publication, baseUrl, template: await loadTemplate(dir) })
  expect(again.rendered?.html.match(/SPECIAL/g)).toHaveLength(1)
})

test('a folder that is no look has a finding for each file it lacks', async () => {
  const template = await loadTemplate('/nowhere/odd')
  expect(template.findings.map(formatFinding)).toEqual([
    'templates/odd/email/issue.mjml.hbs:1:1  The look “odd” has no file email/issue.mjml.hbs.  (DC816)',
    'templates/odd/text/issue.txt.hbs:1:1  The look “odd” has no file text/issue.txt.hbs.  (DC816)',
    'templates/odd/web/issue.html.hbs:1:1  The look “odd” has no file web/issue.html.hbs.  (DC816)',
  ])
})

const greeting = '{{#present "name"}}Dear {{slot "name"}},{{else}}Good morning,{{/present}}'

test('a text by whether the reader has a name is kept for both parts, and may not stand in another', async () => {
  const mail = await changed('email/partials/footer.hbs', (source) =>
    source.replace('<p>You', `<p>${greeting}</p><p>You`),
  )
  expect(mail.messages).toEqual([])
  const [, present, absent] =
    /<p>ONRECORDxPRESENTxnamexEND(.*?)ONRECORDxABSENTxnamexEND(.*?)ONRECORDxCLOSExnamexEND<\/p>/.exec(
      mail.rendered?.html ?? '',
    ) ?? []
  expect([present, absent]).toEqual([`Dear ${slotMark('name')},`, 'Good morning,'])
  expect((await changed('text/issue.txt.hbs', insertAt(1, greeting))).rendered?.text).toContain(
    choiceMarks('name', `Dear ${slotMark('name')},`, 'Good morning,'),
  )

  const nested = await changed(
    'text/issue.txt.hbs',
    insertAt(1, `{{#present "name"}}${greeting}{{/present}}`),
  )
  expect(nested.rendered).toBeNull()
  expect(nested.messages[0]).toMatch(/“present” of the slot “name” is not closed, or stands within another/)
})

test('only what may be missing can be asked for', async () => {
  const { rendered, messages } = await changed(
    'text/issue.txt.hbs',
    insertAt(2, '{{#present "address"}}x{{/present}}'),
  )
  expect(rendered).toBeNull()
  expect(messages[0]).toMatch(/issue\.txt\.hbs:.*“present” asks for “address”; only name may be missing/)
})

test.each([
  ['a choice', '{{#present "name"}}<mj-section></mj-section>{{/present}}', 'name'],
  ['an address', '{{slot "address"}}', 'address'],
])('%s where MJML would drop its marks is reported, never sent', async (_, code, slot) => {
  const { rendered, messages } = await changed('email/issue.mjml.hbs', (source) =>
    source.replace('</mj-body>', `${code}</mj-body>`),
  )
  expect(rendered).toBeNull()
  expect(messages[0]).toContain(`MJML drops the slot “${slot}” where it stands; slots go into <mj-text>`)
})

test('a slot on the web page, which has no reader to fill it, is reported', async () => {
  const { rendered, messages } = await changed('web/issue.html.hbs', (source) =>
    source.replace('</body>', `${greeting}</body>`),
  )
  expect(rendered).toBeNull()
  expect(messages[0]).toMatch(/the web page holds a slot/)
})

/** A look of its own beside the weekly one, of `files`, loaded. */
async function lookOf(name: string, files: Readonly<Record<string, string>>) {
  const folder = mkdtempSync(join(tmpdir(), 'onrecord-look-'))
  folders.push(folder)
  cpSync(join(import.meta.dirname, '../../templates/weekly'), join(folder, 'weekly'), { recursive: true })
  for (const [path, source] of Object.entries(files)) {
    mkdirSync(dirname(join(folder, name, path)), { recursive: true })
    writeFileSync(join(folder, name, path), source)
  }
  return { folder, look: await loadTemplate(join(folder, name)) }
}

test('a look has of its own what its folder holds, and the rest of the look that it extends', async () => {
  const { folder, look } = await lookOf('own', {
    'look.yaml': 'extends: weekly\n',
    'email/partials/pullquote.hbs': '<p>OWN {{html}}</p>',
    'web/pages/site.js': '// own',
  })
  expect(look.findings).toEqual([])
  const { rendered, findings } = await render(richIssue(), { publication, baseUrl, template: look })
  expect(findings).toEqual([])
  const weekly = await loadTemplate(join(folder, 'weekly'))
  const before = await render(richIssue(), { publication, baseUrl, template: weekly })
  expect(rendered?.html).toContain('OWN ')
  expect([rendered?.web, rendered?.text]).toEqual([before.rendered?.web, before.rendered?.text])
  expect(look.pages).toEqual(weekly.pages)
  expect(look.assets.get('site.js')).toBe('// own')
  const letter = { ...letterView, publication: { name: 'A', postalAddress: 'B', url: baseUrl } }
  expect(look.letter('text', 'letter', letter)).toBe(weekly.letter('text', 'letter', letter))

  writeFileSync(join(folder, 'own/email/partials/source.hbs'), '{{publishr}}')
  const broken = await render(richIssue(), {
    ...{ publication, baseUrl, template: await loadTemplate(join(folder, 'own')) },
  })
  expect(broken.findings.map(({ file }) => file)).toEqual(['templates/own/email/partials/source.hbs'])
})

test('the hash of a look covers what it takes from another, and nothing that it does not', async () => {
  const { folder, look } = await lookOf('own', {
    'look.yaml': 'extends: weekly\n',
    'email/partials/pullquote.hbs': '<p>OWN {{html}}</p>',
  })
  const hashAfter = async (path: string): Promise<string> => {
    writeFileSync(join(folder, path), `${readFileSync(join(folder, path), 'utf8')}\n{{!-- changed --}}`)
    return (await loadTemplate(join(folder, 'own'))).hash
  }
  expect(await hashAfter('weekly/email/partials/pullquote.hbs')).toBe(look.hash)
  expect(await hashAfter('weekly/email/partials/footer.hbs')).not.toBe(look.hash)
})

test.each([
  ['extends: ../weekly', 'templates/own/look.yaml:1:10  “extends” must be the name of a folder'],
  ['extends: /etc', 'templates/own/look.yaml:1:10  “extends” must be the name of a folder'],
  ['extends: wekly', 'templates/own/look.yaml:1:10  The look “wekly”, which this one extends, is not under'],
  ['extends: own', 'templates/own/look.yaml:1:10  These looks extend each other in a circle: own → own.'],
  ['extend: weekly', 'templates/own/look.yaml:1:1  The key “extends” is required.'],
  ['[', 'templates/own/look.yaml:1:1  This YAML cannot be read'],
])('a look.yaml of “%s” is reported at its place', async (source, message) => {
  const { look } = await lookOf('own', { 'look.yaml': source })
  expect(formatFinding(look.findings[0] ?? finding('DC816', startOf(''), 'none'))).toContain(message)
  const { rendered } = await render(richIssue(), { publication, baseUrl, template: look })
  expect(rendered).toBeNull()
})

/** Of the kind that a letter's parts are given. */
const letterView = {
  ...{ kind: 'confirm', subject: 'S', preheader: 'P', heading: 'H', paragraphs: ['One'], notes: [] },
  ...{ issue: null, button: null, links: [], lang: 'en', dir: 'ltr' },
}
