import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, onTestFinished, test } from 'vitest'
import { envText } from '../../src/cli/scaffold/env.ts'
import { publicationText } from '../../src/cli/scaffold/publication.ts'
import { loadConfig } from '../../src/config.ts'
import { settings } from '../../src/settings.ts'

const root = join(import.meta.dirname, '../..')

test('.env.example has every setting with its default and its explanation', () => {
  expect(readFileSync(join(root, '.env.example'), 'utf8')).toBe(envText())
})

test('.env.example, taken as it is, is accepted and sets the defaults', () => {
  const folder = mkdtempSync(join(tmpdir(), 'onrecord-env-'))
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }))
  writeFileSync(join(folder, 'onrecord.yaml'), publicationText('UTC'))
  const plain = loadConfig({ cwd: folder, environment: {} })
  writeFileSync(join(folder, '.env'), envText())
  expect(loadConfig({ cwd: folder, environment: {} })).toEqual(plain)
})

test('docs/configuration.md names every setting', () => {
  const page = readFileSync(join(root, 'docs/configuration.md'), 'utf8')
  expect(Object.keys(settings).filter((name) => !page.includes(`\`${name}\``))).toEqual([])
})
