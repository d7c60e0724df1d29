import { existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { publicationSchema } from '../../src/core/publication.ts'
import { blocks } from '../../src/core/finding.ts'
import { checkIssue } from '../../src/desk/desk.ts'
import { loadIssue } from '../../src/issue/load.ts'
import { makeNextDraft, openNextDraft, type GoneOut, type NextDraftHome } from '../../src/issue/next-draft.ts'

const publication = publicationSchema.parse({
  ...{ name: 'Brief', url: 'https://brief.example.org', timeZone: 'Europe/Malta', postalAddress: 'Valletta' },
  from: { name: 'Brief', address: 'desk@brief.example.org' },
  newsletters: {
    weekly: { name: 'Weekly', cadence: { every: 'Friday', at: '07:00' } },
    flash: { name: 'Éclair', lang: 'fr', cadence: { every: 'Friday', at: '18:00' } },
    rare: { name: 'Rare' },
  },
})

let home: NextDraftHome
beforeEach(() => {
  const root = mkdtempSync(join(tmpdir(), 'onrecord-next-'))
  home = { root, dataDir: join(root, 'data'), publication }
  write('2026-w47', '2026-11-20')
})
afterEach(() => rmSync(home.root, { recursive: true, force: true }))

const out: GoneOut[] = [{ issue: '2026-w47', newsletter: 'weekly', date: '2026-11-20' }]
const saturday = Date.parse('2026-11-21T09:00Z')
const week = 7 * 86_400_000

function write(id: string, date: string, newsletter = 'weekly'): void {
  mkdirSync(join(home.root, 'briefs', id), { recursive: true })
  writeFileSync(
    join(home.root, 'briefs', id, 'issue.md'),
    `---\nsubject: S\nnewsletter: ${newsletter}\ndate: ${date}\nstatus: draft\n---\n`,
  )
}

const open = (goneOut = out, now = saturday, newsletter = 'weekly') =>
  openNextDraft(home, newsletter, goneOut, now)
const issues = () => readdirSync(join(home.root, 'briefs')).toSorted()

test('after an issue has gone out the next one’s draft is there, whole, with its date and its name', async () => {
  expect(await open()).toEqual({
    ...{ issue: '2026-w48', day: '2026-11-27', at: Date.parse('2026-11-27T06:00Z') },
    files: [...['briefs/2026-w48/issue.md', 'briefs/2026-w48/brief.md', 'briefs/2026-w48/sources.yaml']],
  })
  const text = readFileSync(join(home.root, 'briefs/2026-w48/issue.md'), 'utf8')
  expect(text).toContain('subject: "Weekly, 27 November 2026"')
  expect(text).toContain('date: 2026-11-27\nstatus: draft')
  const findings = checkIssue(await loadIssue(home.root, '2026-w48', publication), publication)
  expect(blocks(findings)).toBe(false)
})

test('it is opened once: not again beside it, nor when it was deleted, nor by whoever comes at the same time', async () => {
  const made = await Promise.all([open(), open(), open()])
  expect(made.filter((each) => each !== null)).toHaveLength(1)
  expect(await open()).toBeNull()
  rmSync(join(home.root, 'briefs/2026-w48'), { recursive: true })
  expect(await open()).toBeNull()
  expect(issues()).toEqual(['2026-w47'])
  // A week was skipped, and the next one comes in its time.
  expect((await open(out, saturday + week))?.issue).toBe('2026-w49')
})

test('none is opened while one waits, be it late or dated by hand, nor before any has gone out', async () => {
  await open()
  expect(await open(out, saturday + week)).toBeNull()
  const gone = [...out, { issue: '2026-w48', newsletter: 'weekly', date: '2026-11-27' }]
  expect((await open(gone, saturday + week))?.issue).toBe('2026-w49')
  expect(await open([], saturday, 'weekly')).toBeNull()
  expect(await open([{ issue: 'x', newsletter: 'rare', date: '2026-11-20' }], saturday, 'rare')).toBeNull()
})

test('an old draft that was given up holds up none, one of another newsletter neither', async () => {
  write('never', '2026-10-01')
  write('other', '2026-11-27', 'flash')
  expect((await open())?.issue).toBe('2026-w48')
})

test('what went out the day before its time is followed by that of the week after', async () => {
  const early = [{ issue: '2026-w48', newsletter: 'weekly', date: '2026-11-27' }]
  expect((await open(early, Date.parse('2026-11-26T15:00Z')))?.day).toBe('2026-12-04')
})

test('a name that is taken stays as it is', async () => {
  write('2026-w48', '2026-11-27', 'flash')
  const before = readFileSync(join(home.root, 'briefs/2026-w48/issue.md'), 'utf8')
  expect((await open())?.issue).toBe('weekly-2026-w48')
  expect(readFileSync(join(home.root, 'briefs/2026-w48/issue.md'), 'utf8')).toBe(before)
})

test('by hand it is that of the next time which has none yet, under a title of one’s own, and that one is not opened again', async () => {
  const make = (title: string | null) => makeNextDraft(home, 'weekly', out, { now: saturday, title })
  expect(await make('Talks end')).toMatchObject({ issue: '2026-w48', day: '2026-11-27' })
  expect(readFileSync(join(home.root, 'briefs/2026-w48/issue.md'), 'utf8')).toContain('subject: "Talks end"')
  expect((await make(null))?.issue).toBe('2026-w49')
  for (const id of ['2026-w48', '2026-w49']) rmSync(join(home.root, 'briefs', id), { recursive: true })
  expect(await open()).toBeNull()
  expect((await makeNextDraft(home, 'flash', [], { now: saturday, title: null }))?.issue).toBe('2026-w48')
  expect(readFileSync(join(home.root, 'briefs/2026-w48/issue.md'), 'utf8')).toContain('27 novembre 2026')
  expect(await makeNextDraft(home, 'rare', [], { now: saturday, title: null })).toBeNull()
  expect(existsSync(join(home.root, 'data/cadence/flash-2026-11-27'))).toBe(true)
})
