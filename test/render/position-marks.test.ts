import { cp, mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import fc from 'fast-check'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { publicationSchema, type Publication } from '../../src/core/publication.ts'
import { parseYaml } from '../../src/core/yaml.ts'
import { buildEdition } from '../../src/email/build.ts'
import { loadIssue } from '../../src/issue/load.ts'
import { createParseCache } from '../../src/issue/parse-cache.ts'
import { project } from '../../src/issue/project.ts'
import { positionMarks, withAttributes, withoutAttributes } from '../../src/render/position-marks.ts'
import { loadTemplate, type Template } from '../../src/render/template.ts'

const root = join(import.meta.dirname, '../..')
const baseUrl = 'https://brief.example.org'
let dir = ''
let publication: Publication
let looks: readonly Template[]

beforeAll(async () => {
  dir = await mkdtemp(join(tmpdir(), 'onrecord-marks-'))
  await cp(join(root, 'briefs'), join(dir, 'briefs'), { recursive: true })
  await cp(join(root, 'templates'), join(dir, 'templates'), { recursive: true })
  const settings = parseYaml(await readFile(join(root, 'onrecord.yaml'), 'utf8'), 'onrecord.yaml')
  publication = publicationSchema.parse(settings.value)
  const names = await readdir(join(dir, 'templates'))
  looks = await Promise.all(names.toSorted().map((name) => loadTemplate(join(dir, 'templates', name))))
})

afterAll(() => rm(dir, { recursive: true, force: true }))

const parsed = createParseCache()
const file = 'briefs/2025-w46/istanbul-talks.md'

/** Each tier of the issue in each look, plain and marked. */
async function renderings() {
  const loaded = await loadIssue(dir, '2025-w46', publication, { parsed })
  const { issue } = loaded
  if (issue === null) return []
  const marks = positionMarks(issue)
  const options = { publication, baseUrl }
  const all = []
  for (const template of looks) {
    for (const tier of ['public', 'member'] as const) {
      const projected = project(issue, tier, loaded)
      const plain = await buildEdition(projected, { ...options, template })
      const { edition, marked } = await buildEdition(projected, { ...options, template, marks })
      all.push({ plain: plain.edition, edition, framed: withAttributes(marked), files: marks.files })
    }
  }
  return all
}

test('a block of a mail says from which lines of which file it is made', async () => {
  const written = await readFile(join(dir, file), 'utf8')
  const lines = written.split('\n')
  for (const { framed, files } of await renderings()) {
    const found = /<p data-l="(\d+):(\d+):(\d+)-(\d+):(\d+)">The third round of talks/.exec(framed)
    const [number, line, column, endLine, endColumn] = found?.slice(1).map(Number) ?? []
    expect(files[number ?? -1]).toBe(file)
    const block = lines.slice((line ?? 0) - 1, endLine).join('\n')
    expect(column).toBe(1)
    expect(block.startsWith('The third round of talks')).toBe(true)
    expect((endColumn ?? 0) - 1).toBe(lines[(endLine ?? 0) - 1]?.length)
  }
})

test('titles lead to the frontmatter', async () => {
  const [first] = await renderings()
  expect(first?.framed).toMatch(/data-l="1:2:8-2:44">Istanbul talks end without agreement/)
})

test('without its marks a marked mail has the bytes of one that is sent, and its edition has none', async () => {
  const original = await readFile(join(root, file), 'utf8')
  const words = fc.constantFrom(
    ...[
      'plain',
      '**bold**',
      '[@dawn-third-round]',
      '`code`',
      '  ',
      '\u00a0',
      '<b>',
      '&amp;',
      '“quoted”',
      '\u0001',
    ],
    ...[
      'data-l="0:1:1-1:2"',
      '<span data-l="0:1:1-1:2"></span>',
      '![](x.png)',
      '\\\n',
      '[a](https://a.example)',
      '{{x}}',
    ],
  )
  const line = fc.array(words, { minLength: 1, maxLength: 6 }).map((all) => all.join(' '))
  const block = fc.oneof(
    line,
    line.map((text) => `- ${text}\n- ${text}\n\n  ${text}`),
    line.map((text) => `> ${text}`),
    line.map((text) => `## ${text}`),
    line.map((text) => `| a | b |\n| --- | ---: |\n| ${text} | |`),
    line.map((text) => `:::members{teaser="Why it fails"}\n${text}\n:::`),
    line.map((text) => `::: note\n${text}\n:::`),
    line.map((text) => `::button[${text.replaceAll(/[[\]\n]/g, '')}]{href="https://a.example/"}`),
    fc.constant('```\n  code "x"\n\n  more\n```'),
  )
  const edit = fc.record({ at: fc.nat(), blocks: fc.array(block, { minLength: 1, maxLength: 4 }) })
  let shown = 0
  await fc.assert(
    fc.asyncProperty(edit, async ({ at, blocks }) => {
      const paragraphs = original.split('\n\n')
      // Behind the frontmatter, which is the first.
      paragraphs.splice(1 + (at % paragraphs.length), 0, ...blocks)
      await writeFile(join(dir, file), paragraphs.join('\n\n'))
      for (const { plain, edition, framed } of await renderings()) {
        expect(edition?.hash).toBe(plain?.hash)
        if (edition === null) continue
        shown++
        // Told as yes or no: a difference of two mails nobody can read.
        expect(edition.html === plain?.html).toBe(true)
        expect(withoutAttributes(framed) === edition.html).toBe(true)
        expect(framed.includes('\u0001')).toBe(false)
      }
    }),
    { numRuns: 15 },
  )
  await writeFile(join(dir, file), original)
  expect(shown).toBeGreaterThan(30)
}, 60_000)
