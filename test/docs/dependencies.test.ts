import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'

const root = join(import.meta.dirname, '../..')
const page = readFileSync(join(root, 'docs/dependencies.md'), 'utf8')

interface Package {
  readonly license?: string
  readonly version?: string
  /** In a lock file: installed for development alone. */
  readonly dev?: boolean
  readonly dependencies?: Readonly<Record<string, string>>
  readonly devDependencies?: Readonly<Record<string, string>>
}

function readJson<T>(path: string): T {
  return JSON.parse(readFileSync(join(root, path), 'utf8')) as T
}

/** The rows of the table under a heading. */
function rows(heading: string): string[][] {
  const section = page.split(`## ${heading}\n`)[1]?.split('\n## ')[0] ?? ''
  return [...section.matchAll(/^\| (.+) \|$/gm)]
    .map(([, row = '']) => row.split(' | ').map((cell) => cell.trim()))
    .slice(2)
}

test.each([
  ['At run time', 'dependencies'],
  ['In development', 'devDependencies'],
] as const)('“%s” has a line with a reason for each of %s, and no other', (heading, key) => {
  const listed = rows(heading)
  expect(listed.map(([name]) => name).toSorted()).toEqual(
    Object.keys(readJson<Package>('package.json')[key] ?? {}).toSorted(),
  )
  for (const [name, reason = ''] of listed) expect(reason.length, name).toBeGreaterThan(12)
})

test('each licence is the one that the package states', () => {
  const stated = [...rows('At run time'), ...rows('In development')]
  const found = stated.map(([name = '']) => [
    name,
    readJson<Package>(`node_modules/${name}/package.json`).license,
  ])
  expect(stated.map(([name, , licence]) => [name, licence])).toEqual(found)
})

test('every copy of a listed package that users install is at its minimum safe version', () => {
  const minimum = new Map(rows('Minimum safe versions').map(([name = '', version = '']) => [name, version]))
  expect([...minimum.keys()]).toEqual(
    expect.arrayContaining(['handlebars', 'mjml', 'nodemailer', 'sanitize-html']),
  )
  const lock = readJson<{ packages: Record<string, Package> }>('package-lock.json').packages
  const unsafe = Object.entries(lock).flatMap(([path, { version = '0.0.0', dev }]) => {
    const least = minimum.get(path.replace(/^.*node_modules\//, ''))
    return least !== undefined && dev !== true && isOlder(version, least)
      ? [`${path} ${version} < ${least}`]
      : []
  })
  expect(unsafe).toEqual([])
})

/** A pre-release of the minimum counts as older. */
function isOlder(version: string, least: string): boolean {
  const numbers = (text: string): number[] => (text.split(/[-+]/)[0] ?? '').split('.').map(Number)
  const [a, b] = [numbers(version), numbers(least)]
  for (const [index, part] of b.entries()) if (a[index] !== part) return (a[index] ?? 0) < part
  return version.includes('-')
}
