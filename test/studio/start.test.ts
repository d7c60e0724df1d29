import { execFile } from 'node:child_process'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { expect, test } from 'vitest'

const studio = join(import.meta.dirname, '../../src/studio/studio.ts')

/** The packages that a module and all it imports at once are made of. */
const listing = `
  import module from 'node:module'
  const packages = new Set()
  module.registerHooks({
    load(url, context, next) {
      packages.add(/node_modules\\/((?:@[^/]+\\/)?[^/]+)\\/(?!.*node_modules)/.exec(url)?.[1] ?? (url.startsWith('node:') ? url : ''))
      return next(url, context)
    },
  })
  await import(process.argv[1])
  console.log(JSON.stringify([...packages]))
`

test('the studio starts without what only a build, a send or the store needs: those are loaded when they are asked for', async () => {
  const { stdout } = await promisify(execFile)(process.execPath, [
    ...['--input-type=module', '--eval', listing, `file://${studio}`],
  ])
  const packages = JSON.parse(stdout) as readonly string[]
  expect(packages).toContain('hono')
  for (const heavy of [
    'mjml',
    'mjml-core',
    'sharp',
    'handlebars',
    'mailauth',
    'smtp-server',
    'node:sqlite',
    'pg',
  ])
    expect(packages).not.toContain(heavy)
})
