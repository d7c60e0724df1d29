import { existsSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, onTestFinished, test } from 'vitest'
import { openApp, type App } from '../../src/app.ts'
import { run as init } from '../../src/cli/init.ts'
import { run as newNext } from '../../src/cli/new-next.ts'
import { keepNextDrafts } from '../../src/cli/next-drafts.ts'
import { cadenceTime } from '../../src/cli/scheduled.ts'
import { sampleEdition } from '../email/sample-edition.ts'
import { contextIn, emptyFolder } from './scaffold-context.ts'

const saturday = Date.parse('2026-11-21T09:00Z')
const clock = { now: () => saturday }

/** A publication whose weekly newsletter comes out on Fridays, and whose last one has. */
async function publication(): Promise<{ readonly cwd: string; readonly app: App }> {
  const cwd = emptyFolder()
  await init(contextIn(cwd), { dir: null }, { clock, timeZone: 'Europe/Malta' })
  const file = join(cwd, 'onrecord.yaml')
  const text = readFileSync(file, 'utf8')
  writeFileSync(file, text.replace(/^ {2}weekly:\n/m, '$&    cadence: {every: Friday, at: 07:00}\n'))
  const app = await openApp(contextIn(cwd).config())
  onTestFinished(() => app.close())
  const of = (tier: 'public' | 'subscriber' | 'member') =>
    sampleEdition({ tier, issue: '2026-w47', newsletter: 'weekly', date: '2026-11-20', hash: tier })
  await app.editions.publish({ public: of('public'), subscriber: of('subscriber'), member: of('member') })
  return { cwd, app }
}

const keep = async (app: App, rounds = 1): Promise<string[]> => {
  const lines: string[] = []
  const over = new AbortController()
  let looked = 0
  const editions: App['editions'] = {
    ...app.editions,
    listPublished() {
      looked += 1
      if (looked === rounds) over.abort()
      return app.editions.listPublished()
    },
  }
  const log = (line: string) => void lines.push(line)
  await keepNextDrafts({ ...app, editions }, { signal: over.signal, log, clock, every: 1 })
  return lines
}

test('whoever keeps a publication running opens the next draft when the last issue is out, and says it once', async () => {
  const { cwd, app } = await publication()
  const all = await Promise.all([keep(app, 3), keep(app, 3)])
  expect(all.flat()).toEqual([
    '2026-w48: opened as the next draft, for Fri 27 Nov 2026, 07:00 (Europe/Malta, UTC+1)',
  ])
  expect(readdirSync(join(cwd, 'briefs', '2026-w48')).toSorted()).toEqual([
    ...['brief.md', 'issue.md', 'sources.yaml'],
  ])
})

test('on a machine without the briefs it says so once and makes nothing', async () => {
  const { cwd, app } = await publication()
  rmSync(join(cwd, 'briefs'), { recursive: true })
  expect(await keep(app)).toEqual(['there is no briefs/ here: next drafts are opened where the editors work'])
  expect(existsSync(join(cwd, 'briefs'))).toBe(false)
})

test('“--at cadence” is the first time from the issue’s day on, and is refused once it has passed', async () => {
  const { cwd, app } = await publication()
  const context = { ...contextIn(cwd), app: async () => app }
  await newNext(context, { title: null, newsletter: null }, clock)
  const config = context.config()
  const due = (now: string) => cadenceTime(config, '2026-w48', Date.parse(now))
  expect(await due('2026-11-21T09:00Z')).toBe(Date.parse('2026-11-27T06:00Z'))
  const file = join(cwd, 'briefs/2026-w48/issue.md')
  writeFileSync(file, readFileSync(file, 'utf8').replace('2026-11-27', '2026-11-23'))
  expect(await due('2026-11-21T09:00Z')).toBe(Date.parse('2026-11-27T06:00Z'))
  await expect(due('2026-11-27T06:00Z')).rejects.toThrow(
    'Fri 27 Nov 2026, 07:00 (Europe/Malta, UTC+1) has passed.',
  )
  writeFileSync(file, readFileSync(file, 'utf8').replace('2026-11-23', '2026-13-40'))
  await expect(due('2026-11-21T09:00Z')).rejects.toThrow('The file of 2026-w48 names no day.')
  await expect(cadenceTime(config, '2026-w49', 0)).rejects.toThrow('There is no issue “2026-w49”')
})

test('“new next” makes it by hand, and the one after it when asked again; without a cadence it says how', async () => {
  const { cwd, app } = await publication()
  const context = { ...contextIn(cwd), app: async () => app }
  const options = { title: null, newsletter: null }
  expect(await newNext(context, { ...options, title: 'Talks end' }, clock)).toBe(0)
  expect(context.printed[0]).toBe('briefs/2026-w48/issue.md')
  await newNext(context, options, clock)
  expect(context.printed[3]).toBe('briefs/2026-w49/issue.md')
  expect(await keep(app)).toEqual([])
  const file = join(cwd, 'onrecord.yaml')
  writeFileSync(file, readFileSync(file, 'utf8').replace(/^ {4}cadence: .*\n/m, ''))
  await expect(newNext(context, options, clock)).rejects.toThrow('has no cadence')
})
