import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { expect, test } from 'vitest'
import { directiveNames } from '../../src/brief/directive-names.ts'
import { likelihoods } from '../../src/brief/likelihood.ts'
import { parseBrief } from '../../src/brief/parse.ts'
import { rules } from '../../src/core/rules.ts'
import { parseLedger } from '../../src/sources/ledger.ts'
import { sourceKinds } from '../../src/sources/source.ts'

const root = join(import.meta.dirname, '../..')
const read = (path: string): string => readFileSync(join(root, path), 'utf8')
const pages = [
  'CHANGELOG.md',
  'CONTRIBUTING.md',
  ...readdirSync(join(root, 'docs'))
    .filter((name) => name.endsWith('.md'))
    .map((name) => `docs/${name}`),
]

/** Code blocks of a language, in their order. */
function blocks(page: string, language: string): string[] {
  return [...page.matchAll(new RegExp(`^\`\`\`${language}\n([\\s\\S]*?)^\`\`\`$`, 'gm'))].map(
    ([, code = '']) => code,
  )
}

test.each(pages)('the links of %s lead to files that exist', (page) => {
  const targets = [...read(page).matchAll(/\]\(((?!https?:|mailto:|#)[^)#\s]+)(?:#[^)]*)?\)/g)].map(
    ([, target = '']) => target,
  )
  expect(targets.filter((target) => !existsSync(join(root, dirname(page), target)))).toEqual([])
})

test('every file that docs/security.md names exists', () => {
  const named = [...read('docs/security.md').matchAll(/`(src\/[\w./-]+)`/g)].map(([, path = '']) => path)
  expect(named.length).toBeGreaterThan(15)
  expect(named.filter((path) => !existsSync(join(root, path)))).toEqual([])
})

test('the whole brief of docs/brief-format.md reads without a finding and uses most directives', () => {
  const example = blocks(read('docs/brief-format.md'), 'markdown').at(-1) ?? ''
  const { value, findings } = parseBrief('briefs/larkwater/footbridge.md', example)
  expect(findings).toEqual([])
  expect(value?.body.children.length).toBeGreaterThan(8)
})

test('the frontmatter shown for a brief is what the schema reads', () => {
  const front =
    blocks(read('docs/brief-format.md'), 'yaml').find((each) => each.includes('standfirst:')) ?? ''
  expect(parseBrief('briefs/x/y.md', `${front}\nWords.\n`).findings).toEqual([])
})

test('the entry of docs/sources.md reads without a finding', () => {
  const [entry = ''] = blocks(read('docs/sources.md'), 'yaml')
  expect(parseLedger('briefs/x/sources.yaml', entry).findings).toEqual([])
})

test('docs/brief-format.md names every directive and likelihood, docs/desk/README.md every rule with its severity', () => {
  const page = read('docs/brief-format.md')
  expect(directiveNames.filter((name) => !new RegExp(`\`:::?${name}`).test(page))).toEqual([])
  expect(Object.keys(likelihoods).filter((term) => !page.includes(term))).toEqual([])
  const index = read('docs/desk/README.md')
  const missing = Object.entries(rules).filter(
    ([id, { name, severity }]) => !index.includes(`| [${id}](${id}.md) | ${name} | ${severity} |`),
  )
  expect(missing.map(([id]) => id)).toEqual([])
})

test('docs/sources.md names every kind of source', () => {
  const page = read('docs/sources.md')
  expect(sourceKinds.filter((kind) => !page.includes(`\`${kind}\``))).toEqual([])
})
