import { existsSync, readFileSync, statSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { run as init } from '../../src/cli/init.ts'
import { weekOf } from '../../src/core/day.ts'
import { checkIssue } from '../../src/desk/desk.ts'
import { buildEditions } from '../../src/email/build.ts'
import { listIssues, loadIssue } from '../../src/issue/load.ts'
import { loadTemplate } from '../../src/render/template.ts'
import { contextIn, emptyFolder } from './scaffold-context.ts'

const machine = { clock: { now: () => Date.UTC(2025, 10, 14, 12) }, timeZone: 'Europe/Malta' }

test('init makes a publication that the desk check accepts without a word', async () => {
  const cwd = emptyFolder()
  const context = contextIn(cwd)
  expect(await init(context, { dir: null }, machine)).toBe(0)

  const { root, publication } = contextIn(cwd).config()
  expect(publication.timeZone).toBe('Europe/Malta')
  expect(await listIssues(root)).toEqual(['2025-w46'])
  const loaded = await loadIssue(root, '2025-w46', publication)
  expect(checkIssue(loaded, publication)).toEqual([])
  expect(loaded.issue?.briefs.map(({ id }) => id)).toEqual(['footbridge'])
  expect(loaded.issue?.numbers.size).toBe(3)
})

test.each(['weekly', 'flash'])(
  'what init makes can be built at once in the look %s, and hides the members’ words',
  async (look) => {
    const cwd = emptyFolder()
    await init(contextIn(cwd), { dir: null }, machine)
    const { root, publication, baseUrl } = contextIn(cwd).config()
    const template = await loadTemplate(join(root, 'templates', look))
    const loaded = await loadIssue(root, '2025-w46', publication)
    const { editions, findings } = await buildEditions(loaded, { publication, baseUrl, template })
    expect(findings).toEqual([])
    expect(editions.map(({ tier, html }) => [tier, html.includes('31,000')])).toEqual([
      ['public', false],
      ['subscriber', false],
      ['member', true],
    ])
  },
)

test('init copies the look, keeps secrets out of git and makes a key of its own each time', async () => {
  const [first, second] = [emptyFolder(), emptyFolder()]
  for (const cwd of [first, second]) await init(contextIn(cwd), { dir: null }, machine)

  expect(statSync(join(first, '.env')).mode & 0o777).toBe(0o600)
  expect(readFileSync(join(first, '.gitignore'), 'utf8').split('\n')).toEqual(
    expect.arrayContaining(['/data/', '.env']),
  )
  expect(existsSync(join(first, 'templates/weekly/email'))).toBe(true)
  const [one, other] = [first, second].map((cwd) => contextIn(cwd).config().secretKey)
  expect(one?.length).toBeGreaterThanOrEqual(32)
  expect(one).not.toBe(other)
})

test('init makes the folder it is given and names the next three commands, which work from where it was called', async () => {
  const cwd = emptyFolder()
  const context = contextIn(cwd)
  await init(context, { dir: 'my-brief' }, machine)
  expect(existsSync(join(cwd, 'my-brief/onrecord.yaml'))).toBe(true)
  const last = context.printed.join('\n').split('Next:\n')[1]?.split('\n')
  expect(last?.map((line) => line.trim().replace(/ {2,}.*/, ''))).toEqual([
    'onrecord -C my-brief preview',
    'onrecord -C my-brief new issue "Your title"',
    'onrecord -C my-brief check',
  ])
})

test('init refuses a folder that holds a publication, names the files and changes none', async () => {
  const cwd = emptyFolder()
  await init(contextIn(cwd), { dir: null }, machine)
  writeFileSync(join(cwd, 'onrecord.yaml'), 'mine')
  const again = init(contextIn(cwd), { dir: null }, machine)
  await expect(again).rejects.toMatchObject({ code: 'refused' })
  await expect(again).rejects.toThrow(/onrecord\.yaml.*\.env.*templates/)
  expect(readFileSync(join(cwd, 'onrecord.yaml'), 'utf8')).toBe('mine')
})

test('init refuses a file in the place of its folder', async () => {
  const cwd = emptyFolder()
  writeFileSync(join(cwd, 'notes'), '')
  await expect(init(contextIn(cwd), { dir: 'notes' }, machine)).rejects.toMatchObject({ code: 'refused' })
})

test('init adds to a .gitignore that is there', async () => {
  const cwd = emptyFolder()
  writeFileSync(join(cwd, '.gitignore'), 'drafts\n.env')
  await init(contextIn(cwd), { dir: null }, machine)
  expect(readFileSync(join(cwd, '.gitignore'), 'utf8')).toBe('drafts\n.env\n/data/\n/build/\n')
})

test('with --json init prints the folder and the files alone', async () => {
  const cwd = emptyFolder()
  const context = contextIn(cwd, { json: true })
  await init(context, { dir: null }, machine)
  expect(JSON.parse(context.printed.join('\n'))).toEqual({
    dir: cwd,
    files: expect.arrayContaining(['onrecord.yaml', 'briefs/2025-w46/issue.md', 'templates/weekly/']),
  })
})

test('a week belongs to the year of its Thursday', () => {
  expect(weekOf('2025-11-14')).toBe('2025-w46')
  expect(weekOf('2024-12-30')).toBe('2025-w01')
  expect(weekOf('2027-01-01')).toBe('2026-w53')
})
