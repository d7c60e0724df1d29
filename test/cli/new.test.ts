import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import fc from 'fast-check'
import { expect, test } from 'vitest'
import { run as init } from '../../src/cli/init.ts'
import { run as make } from '../../src/cli/new.ts'
import { slugOf } from '../../src/issue/slug.ts'
import { blocks } from '../../src/core/finding.ts'
import { checkIssue } from '../../src/desk/desk.ts'
import { loadIssue } from '../../src/issue/load.ts'
import { contextIn, emptyFolder } from './scaffold-context.ts'

const malta = { clock: { now: () => Date.UTC(2025, 10, 14, 12) }, timeZone: 'Europe/Malta' }
/** Already the 15th in Malta. */
const lateClock = { now: () => Date.UTC(2025, 10, 14, 23, 30) }
const none = { issue: null, newsletter: null, template: null }
const issueOf = (title: string) => ({ ...none, kind: 'issue' as const, title })
const briefOf = (title: string, issue: string) => ({ ...none, kind: 'brief' as const, title, issue })

async function publication(): Promise<string> {
  const cwd = emptyFolder()
  await init(contextIn(cwd), { dir: null }, malta)
  return cwd
}

/** Runs `new` and gives the paths it printed. */
async function made(cwd: string, options: Parameters<typeof make>[1]): Promise<string[]> {
  const context = contextIn(cwd)
  expect(await make(context, options, lateClock)).toBe(0)
  return context.printed
}

async function findings(cwd: string, id: string) {
  const { root, publication } = contextIn(cwd).config()
  return checkIssue(await loadIssue(root, id, publication), publication)
}

/** All but the lines that are to be written over, which are no error in a draft. */
async function notPlaceholders(cwd: string, id: string) {
  const found = await findings(cwd, id)
  expect(found.filter(({ rule, severity }) => rule === 'DC817' && severity === 'error')).toEqual([])
  return found.filter(({ rule }) => rule !== 'DC817')
}

test('a new issue passes the form rules, dated today in the publication’s time zone', async () => {
  const cwd = await publication()
  const paths = await made(cwd, issueOf('Gespräche in İstanbul: “Größe” & Łódź'))
  expect(paths).toEqual([
    'briefs/gesprache-in-istanbul-grosse-lodz/issue.md',
    'briefs/gesprache-in-istanbul-grosse-lodz/brief.md',
    'briefs/gesprache-in-istanbul-grosse-lodz/sources.yaml',
  ])
  expect(await notPlaceholders(cwd, 'gesprache-in-istanbul-grosse-lodz')).toEqual([])
  const text = readFileSync(join(cwd, paths[0] ?? ''), 'utf8')
  expect(text).toContain('date: 2025-11-15')
  expect(text).toContain('newsletter: "weekly"')
})

test('a new issue is set in the look that is asked for, and one that is not there is refused', async () => {
  const cwd = await publication()
  const [path = ''] = await made(cwd, { ...issueOf('Talks'), template: 'flash' })
  expect(readFileSync(join(cwd, path), 'utf8')).toContain('template: "flash"')
  expect(await notPlaceholders(cwd, 'talks')).toEqual([])
  const { root, publication: settings } = contextIn(cwd).config()
  expect((await loadIssue(root, 'talks', settings)).issue?.template).toBe('flash')
  await expect(made(cwd, { ...issueOf('Talks'), template: 'flesh' })).rejects.toMatchObject({
    message: 'There is no template “flesh” under templates/.',
    hint: expect.stringContaining('flash'),
  })
})

test('a title in use gets a number, and nothing is written over', async () => {
  const cwd = await publication()
  const first = await made(cwd, issueOf('Talks'))
  writeFileSync(join(cwd, first[0] ?? ''), 'mine')
  expect((await made(cwd, issueOf('Talks')))[0]).toBe('briefs/talks-2/issue.md')
  expect(readFileSync(join(cwd, first[0] ?? ''), 'utf8')).toBe('mine')
})

test('a new brief goes into its issue, beside what is there', async () => {
  const cwd = await publication()
  expect(await made(cwd, briefOf('Footbridge', '2025-w46'))).toEqual(['briefs/2025-w46/footbridge-2.md'])
  expect(await made(cwd, briefOf('Issue', '2025-w46'))).toEqual(['briefs/2025-w46/issue-2.md'])
  expect(await notPlaceholders(cwd, '2025-w46')).toEqual([])
})

test('the lines that “new” wrote are a warning in a draft, and stop an issue that is to go out until they are written over', async () => {
  const cwd = await publication()
  const [path = '', briefPath = ''] = await made(cwd, issueOf('Talks'))
  const placeholders = async () =>
    (await findings(cwd, 'talks'))
      .filter(({ rule }) => rule === 'DC817')
      .map(({ file, line, severity }) => `${file}:${line} ${severity}`)
  const rewrite = (file: string, from: RegExp, to: string): void =>
    writeFileSync(join(cwd, file), readFileSync(join(cwd, file), 'utf8').replace(from, to))
  expect(await placeholders()).toEqual([
    ...[
      'briefs/talks/brief.md:2 warning',
      'briefs/talks/brief.md:3 warning',
      'briefs/talks/brief.md:12 warning',
    ],
    'briefs/talks/issue.md:3 warning',
  ])
  rewrite(path, /^status: draft$/m, 'status: approved')
  expect(await placeholders()).toEqual([
    ...['briefs/talks/brief.md:2 error', 'briefs/talks/brief.md:3 error', 'briefs/talks/brief.md:12 error'],
    'briefs/talks/issue.md:3 error',
  ])
  expect(blocks(await findings(cwd, 'talks'))).toBe(true)
  rewrite(path, /^preheader: .*$/m, 'preheader: Both sides keep the truce and blame each other for its end.')
  // The subject stands above it in the mail: it is not said a second time.
  expect(readFileSync(join(cwd, briefPath), 'utf8')).not.toContain('Talks')
  rewrite(briefPath, /^title: .*$/m, 'title: A truce on paper')
  rewrite(
    briefPath,
    /^standfirst: .*$/m,
    'standfirst: The truce holds on paper and the question is untouched.',
  )
  rewrite(
    briefPath,
    /^Write here\..*$/m,
    ':::note\nNothing yet. factual sentence with the id of a source.\n:::',
  )
  expect(await placeholders()).toEqual([])
  rewrite(path, /^status: approved$/m, 'status: review')
  rewrite(briefPath, /^Nothing yet\./m, 'Write here.\nEnd each')
  rewrite(briefPath, /End each End each factual/, 'End each factual')
  expect(await placeholders()).toEqual(['briefs/talks/brief.md:13 error'])
})

test('a subject is cut at a word, so that a long title makes a draft without findings', async () => {
  const cwd = await publication()
  const title =
    'The third round of the talks between two neighbours ends without a text and nobody is surprised'
  const [path = ''] = await made(cwd, issueOf(title))
  expect(/^subject: "(.*)"$/m.exec(readFileSync(join(cwd, path), 'utf8'))?.[1]?.length).toBeLessThanOrEqual(
    60,
  )
  const found = await findings(cwd, path.split('/')[1] ?? '')
  expect(found.filter(({ severity }) => severity === 'error')).toEqual([])
})

test('an unknown issue, a single file and an unknown newsletter are refused with the next step', async () => {
  const cwd = await publication()
  writeFileSync(join(cwd, 'briefs/alone.md'), '')
  await expect(made(cwd, briefOf('A', '2025-w45'))).rejects.toMatchObject({
    code: 'not-found',
    hint: 'did you mean “2025-w46”?',
  })
  await expect(made(cwd, briefOf('A', 'alone'))).rejects.toMatchObject({ code: 'refused' })
  await expect(made(cwd, briefOf('A', '../briefs/2025-w46'))).rejects.toMatchObject({ code: 'not-found' })
  await expect(made(cwd, { ...issueOf('A'), newsletter: 'weekli' })).rejects.toMatchObject({
    hint: 'did you mean “weekly”?',
  })
  await expect(made(cwd, issueOf(' \n '))).rejects.toMatchObject({ code: 'usage' })
})

test('any title makes a draft that can be read', async () => {
  const cwd = await publication()
  await fc.assert(
    fc.asyncProperty(fc.string({ unit: 'grapheme', minLength: 1, maxLength: 80 }), async (title) => {
      fc.pre(/[^\p{Cc}\s\u2028\u2029]/u.test(title))
      const [path = ''] = await made(cwd, issueOf(title))
      const errors = (await findings(cwd, path.split('/')[1] ?? '')).filter(
        (each) => each.severity === 'error',
      )
      expect(errors).toEqual([])
    }),
    { numRuns: 60 },
  )
})

test('a name is ASCII, lower-case and short, whatever the script', () => {
  expect(slugOf('Переговоры в Стамбуле')).toBe('peregovory-v-stambule')
  expect(slugOf('Συνομιλίες')).toBe('synomilies')
  expect(slugOf('The desk’s view')).toBe('the-desks-view')
  expect(slugOf('会议')).toBe('')
  expect(slugOf('word '.repeat(40)).length).toBeLessThanOrEqual(60)
})
