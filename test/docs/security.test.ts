import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'

const root = join(import.meta.dirname, '..', '..')
const document = readFileSync(join(root, 'docs/security.md'), 'utf8')

test('every test and source that docs/security.md names is there', () => {
  const tests = [...document.matchAll(/`((?!src)[a-z]+\/[a-z-]+(?:\.test)?\.ts)`/g)].map(
    ([, name = '']) => `test/${name}`,
  )
  const sources = [...document.matchAll(/`(src\/[a-z/-]+(?:\.ts)?)`/g)].map(([, name = '']) => name)
  expect(tests.length).toBeGreaterThan(30)
  expect(sources.length).toBeGreaterThan(15)
  expect([...tests, ...sources].filter((name) => !existsSync(join(root, name)))).toEqual([])
})

test('every requirement of the table has a test', () => {
  const [, table = ''] = document.split('## The public site, by OWASP ASVS 5.0')
  const rows = table.split('\n').filter((line) => /^\| (\d|–)/.test(line))
  expect(rows.length).toBeGreaterThan(30)
  expect(rows.filter((row) => !/\| `[^|]+` \|$/.test(row))).toEqual([])
})
