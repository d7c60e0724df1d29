import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { deskPages } from '../../scripts/desk-pages.ts'
import { rules } from '../../src/core/rules.ts'
import { deskRules } from '../../src/desk/rules/index.ts'

const folder = join(import.meta.dirname, '../../docs/desk')
const read = (name: string): string => readFileSync(join(folder, name), 'utf8')

test('docs/desk is what the rules say: “node scripts/desk-pages.ts” writes it again', () => {
  const pages = deskPages(read('README.md'))
  // What is measured is written by bench/desk.
  const written = readdirSync(folder).filter((name) => name !== 'measured.md')
  expect(written.toSorted()).toEqual([...pages.keys()].toSorted())
  for (const [name, text] of pages) expect(read(name), name).toBe(text)
})

test('every rule of the catalogue has a page, and its example says why', () => {
  expect(deskRules.map((rule) => rule.id)).toEqual(Object.keys(rules).toSorted())
  expect(deskRules.filter((rule) => rule.why.length < 40).map((rule) => rule.id)).toEqual([])
})

test('the links of docs/desk lead to pages that are there', () => {
  const pages = readdirSync(folder)
  for (const page of pages) {
    const targets = [...read(page).matchAll(/\]\(([A-Z][\w.]+\.md)\)/g)].map(([, target = '']) => target)
    expect(
      targets.filter((target) => !pages.includes(target)),
      page,
    ).toEqual([])
  }
})
