import { spawnSync } from 'node:child_process'
import { existsSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { compileMjml } from '../../src/render/compile-mjml.ts'

const column = (inner: string): string =>
  `<mjml lang="en" dir="ltr"><mj-head><mj-title>T</mj-title></mj-head><mj-body><mj-section><mj-column>${inner}</mj-column></mj-section></mj-body></mjml>`

test('code that MJML or its minifier would load from the working directory is never run', () => {
  const folder = mkdtempSync(join(tmpdir(), 'onrecord-config-'))
  const canary = join(folder, 'canary')
  const code = `require('node:fs').writeFileSync(${JSON.stringify(canary)}, 'run')`
  writeFileSync(join(folder, '.mjmlconfig'), JSON.stringify({ packages: ['./evil.js'] }))
  writeFileSync(join(folder, '.mjmlconfig.js'), `${code}; module.exports = {}`)
  writeFileSync(join(folder, 'evil.js'), code)
  writeFileSync(join(folder, 'htmlnano.config.js'), `${code}; module.exports = {}`)
  const module = join(import.meta.dirname, '../../src/render/compile-mjml.ts')
  const script = `import { compileMjml } from ${JSON.stringify(module)}
    const before = process.cwd()
    const { html } = await compileMjml(${JSON.stringify(column('<mj-text>words</mj-text>'))})
    if (!html.includes('words') || process.cwd() !== before) process.exit(3)`
  const run = spawnSync(process.execPath, ['--input-type=module', '-e', script], {
    cwd: folder,
    encoding: 'utf8',
  })
  expect(run.stderr).toBe('')
  expect(run.status).toBe(0)
  expect(existsSync(canary)).toBe(false)
  rmSync(folder, { recursive: true })
})

test('an include brings nothing in', async () => {
  const { html } = await compileMjml(
    column('<mj-text>a</mj-text><mj-include path="/etc/passwd" type="html" />'),
  )
  expect(html).not.toContain('root:')
})

test('what is not valid is complained about by tag, not thrown', async () => {
  const { html, errors } = await compileMjml(column('<mj-text colour="red">a</mj-text><mj-nothing />'))
  expect(html).toBeNull()
  expect(errors?.map(({ tag }) => tag)).toEqual(['mj-text', 'mj-nothing'])
})

test('what is no MJML at all is complained about, not thrown', async () => {
  for (const source of ['', 'words', '<mjml></mjml>', '<p>x</p>']) {
    const { html, errors } = await compileMjml(source)
    expect(html).toBeNull()
    expect(errors?.length).toBeGreaterThan(0)
  }
})
