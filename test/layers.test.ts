import { spawnSync } from 'node:child_process'
import { cpSync, mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, expect, test } from 'vitest'

const root = join(import.meta.dirname, '..')
const folder = mkdtempSync(join(tmpdir(), 'onrecord-layers-'))
afterAll(() => rmSync(folder, { recursive: true, force: true }))

/** Lints the canary tree with the project's own rules. */
function lint(): string {
  cpSync(join(root, 'test/fixtures/layers'), folder, { recursive: true })
  cpSync(join(root, '.oxlintrc.json'), join(folder, '.oxlintrc.json'))
  const { stdout, status } = spawnSync(join(root, 'node_modules/.bin/oxlint'), ['--format=unix'], {
    cwd: folder,
    encoding: 'utf8',
  })
  expect(status).toBe(1)
  return stdout
}

test('the linter refuses an import against the arrows and a cycle of type imports', () => {
  const found = lint()
  expect(found).toMatch(/^src\/brief\/canary\.ts.*no-restricted-imports/m)
  expect(found).toMatch(/^src\/core\/(hen|egg)\.ts.*no-cycle/m)
  expect(found).toMatch(/^src\/studio\/ui\/canary\.tsx.*no-restricted-imports/m)
  expect(found).not.toMatch(/^src\/studio\/ui\/parts/m)
  expect(found).not.toMatch(/^src\/render/m)
})

interface Override {
  readonly files: readonly string[]
  readonly rules: Record<string, unknown>
}

test('the linter’s table is the one in docs/architecture.md', () => {
  const config = JSON.parse(readFileSync(join(root, '.oxlintrc.json'), 'utf8')) as { overrides: Override[] }
  const documented = new Map(
    [
      ...readFileSync(join(root, 'docs/architecture.md'), 'utf8').matchAll(
        /^\| `?([a-z]+)`? \| ([a-z`, ]+) \|$/gm,
      ),
    ].map(([, name = '', allowed = '']) => [name, allowed.replaceAll('`', '').split(', ').toSorted()]),
  )
  const folders = [...documented.keys()]
  expect(folders.length).toBeGreaterThan(12)
  for (const name of folders) {
    const override = config.overrides.find(({ files }) => files.includes(`src/${name}/**/*.ts`))
    const refused = JSON.stringify(override?.rules['no-restricted-imports'] ?? '')
    const allowed = folders.filter((each) => each !== name && !refused.includes(`**/${each}/*`))
    expect([name, allowed.toSorted()]).toEqual([
      name,
      documented.get(name)?.filter((each) => each !== 'nothing'),
    ])
  }
})
