import { appendFile, mkdir, open, readFile, rename, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import type { Worker } from 'node:worker_threads'
import fc from 'fast-check'
import { afterEach, expect, test } from 'vitest'
import type { Tier } from '../../src/core/tier.ts'
import { createPreviewer } from '../../src/studio/build-preview.ts'
import { createLibrary, MOST_KEPT, type Library, type ShelvedIssue } from '../../src/studio/library.ts'
import { startBuilder, type Answer } from '../../src/studio/thread.ts'
import { watchPublication } from '../../src/studio/watch.ts'
import { brief, testPublication, type TestPublication } from './publication.ts'

const baseUrl = 'https://brief.example.org'
const FILE = 'briefs/harbour.md'
const closing: (() => Promise<unknown>)[] = []

afterEach(async () => {
  for (const close of closing.splice(0).reverse()) await close()
})

async function publication(): Promise<TestPublication> {
  const made = await testPublication()
  closing.push(made.remove)
  return made
}

/** A library over the real thread; with `watches`, told by the folder. */
async function library(dir: string, watches = false): Promise<Library> {
  const made = createLibrary(startBuilder({ root: dir, baseUrl, snapshotsDir: join(dir, 'data/snapshots') }))
  closing.push(() => made.close())
  if (watches) closing.push(await watchPublication(dir, (issues) => made.changed(issues)))
  return made
}

/** Waits until what is known of the issue fits, and gives back all that it was on the way. */
async function until(
  from: Library,
  fits: (issue: ShelvedIssue) => boolean,
): Promise<readonly ShelvedIssue[]> {
  const seen: ShelvedIssue[] = []
  let stop: () => void = () => undefined
  await new Promise<void>((resolve, reject) => {
    const timer = setTimeout(() => reject(new Error('what was waited for never came')), 15_000)
    const look = async (): Promise<void> => {
      const issue = await from.issue('harbour')
      if (issue === null) return
      seen.push({ ...issue })
      if (fits(issue)) {
        clearTimeout(timer)
        resolve()
      }
    }
    stop = from.onChange((id) => id === 'harbour' && void look())
    void look()
  })
  stop()
  return seen
}

const htmlOf = (issue: ShelvedIssue, tier: Tier): string => issue.shown?.editions?.[tier].html ?? ''

test('the tier that is looked at is shown before the others are built, and the others follow', async () => {
  const { dir, write } = await publication()
  const live = await library(dir)
  await live.issue('harbour', 'member')
  await until(live, (issue) => !issue.partial)
  await write(FILE, brief('The quay stays open', 'The gulls voted on Monday.'))
  live.changed(['harbour'])
  const seen = await until(live, (issue) => !issue.partial && htmlOf(issue, 'public').includes('gulls'))
  const first = seen.find((issue) => htmlOf(issue, 'member').includes('gulls'))
  expect(first?.partial).toBe(true)
  expect(first && htmlOf(first, 'public')).not.toContain('gulls')
  const last = seen.at(-1)
  // Nobody need load again what is shown already.
  expect(last?.pictures.member).toBe(first?.pictures.member)
  expect(last?.pictures.public).toBeGreaterThan(first?.pictures.public ?? Infinity)
})

test('a save that changes nothing tells nobody, and one for members changes no other picture', async () => {
  const { dir, write } = await publication()
  const text = (words: string): string =>
    brief('The quay stays open', `Everyone reads this.\n\n:::members{teaser="Why it stays"}\n${words}\n:::`)
  await write(FILE, text('Secret words.'))
  const live = await library(dir)
  await live.issue('harbour', 'member')
  const [before] = await until(live, (issue) => !issue.partial && issue.version > 0)
  const told: (string | null)[] = []
  live.onChange((id) => told.push(id))
  await write(FILE, text('Secret words.'))
  live.changed(['harbour'])
  await live.shelf()
  await live.message('harbour', 'member', reader)
  expect(told).toEqual([])
  await write(FILE, text('Secret sentences.'))
  live.changed(['harbour'])
  const after = (
    await until(live, (issue) => !issue.partial && htmlOf(issue, 'member').includes('sentences'))
  ).at(-1)
  expect(after?.pictures.public).toBe(before?.pictures.public)
  expect(after?.pictures.member).toBeGreaterThan(before?.pictures.member ?? Infinity)
})

const reader = {
  address: 'ada@example.org',
  name: 'Ada',
  messageId: '<one@example.org>',
  date: 0,
  unsubscribeUrl: null,
  subjectPrefix: '',
}

test('a person’s own message is made of the newest build', async () => {
  const { dir } = await publication()
  const live = await library(dir)
  expect(await live.message('harbour', 'public', reader)).toBe(null)
  await live.issue('harbour')
  const message = await live.message('harbour', 'public', reader)
  expect(message?.html).toContain('ada@example.org')
  expect(message?.source).toContain('To: Ada <ada@example.org>')
  expect(message?.marked).toMatch(/<p data-l="0:\d+:1-\d+:\d+">The council voted/)
})

test('a draft that breaks keeps its last good version, says where, and comes back', async () => {
  const { dir, write } = await publication()
  const live = await library(dir, true)
  await live.issue('harbour')
  await write(FILE, brief('The quay stays open', '::: members\nSecret words.\n:::'))
  const broken = (await until(live, (issue) => issue.latest?.editions === null)).at(-1)
  expect(broken?.shown).not.toBe(broken?.latest)
  expect(broken && htmlOf(broken, 'public')).toContain('The council voted')
  const found = broken?.latest?.findings.find(({ rule }) => rule === 'DC804')
  expect([found?.file, found?.line, found?.sourceLine]).toEqual([FILE, 11, '::: members'])
  await write(FILE, brief('The quay stays open', 'Mended words.'))
  const mended = (await until(live, (issue) => htmlOf(issue, 'public').includes('Mended'))).at(-1)
  expect(mended?.shown).toBe(mended?.latest)
})

test('a citation that is half typed never shows: the picture stays until it leads somewhere', async () => {
  const { dir, write } = await publication()
  const live = await library(dir)
  await live.issue('harbour')
  await write(FILE, brief('The quay stays open', 'The gulls voted [@nobo].'))
  live.changed(['harbour'])
  const seen = await until(live, (issue) => issue.latest?.editions === null)
  expect(seen.some((issue) => htmlOf(issue, 'subscriber').includes('gulls'))).toBe(false)
})

test('a save in two halves is seen whole: neither an empty file nor a missing one breaks the picture', async () => {
  const { dir, write } = await publication()
  const live = await library(dir, true)
  await live.issue('harbour')
  const broke: ShelvedIssue[] = []
  live.onChange(async () => {
    const issue = await live.issue('harbour')
    if (issue?.latest?.editions === null) broke.push({ ...issue })
  })
  const path = join(dir, FILE)
  const file = await open(path, 'w')
  await new Promise((resolve) => setTimeout(resolve, 40))
  await file.write(brief('The quay stays open', 'Cut and written.'))
  await file.close()
  await until(live, (issue) => htmlOf(issue, 'public').includes('Cut and written'))
  await rename(path, `${path}~`)
  await new Promise((resolve) => setTimeout(resolve, 40))
  await write(FILE, brief('The quay stays open', 'Taken away and put back.'))
  await until(live, (issue) => htmlOf(issue, 'public').includes('Taken away'))
  expect(broke).toEqual([])
})

test('many saves in a row end with the last one, whatever was given up on the way', async () => {
  const { dir, write } = await publication()
  const live = await library(dir, true)
  await live.issue('harbour')
  for (let save = 0; save < 40; save++) {
    await write(FILE, brief('The quay stays open', `Save number ${save} of forty.`))
    await new Promise((resolve) => setTimeout(resolve, save % 7))
  }
  const last = (
    await until(
      live,
      (issue) => !issue.partial && htmlOf(issue, 'public').includes('Save number 39 of forty'),
    )
  ).at(-1)
  for (const tier of ['public', 'subscriber', 'member'] as const) {
    expect(last && htmlOf(last, tier)).toContain('Save number 39 of forty')
  }
})

test('a thread that dies is replaced: what it was at says so in a sentence, and all else is asked once more', async () => {
  const { dir, write } = await publication()
  await write('briefs/quay.md', brief('The quay', 'Nobody was there.'))
  const threads: Worker[] = []
  /** Ends the thread as soon as it begins with something. */
  let dies = false
  const onThread = (thread: Worker): void => {
    threads.push(thread)
    thread.on('message', (answer: Answer) => {
      if (!dies || !('began' in answer)) return
      dies = false
      void thread.terminate()
    })
  }
  process.on('worker', onThread)
  closing.push(async () => process.off('worker', onThread))
  const live = await library(dir)
  await live.issue('harbour')

  let broken: ShelvedIssue | undefined
  // It may be quicker than its end.
  for (let save = 0; (broken?.fault ?? null) === null; save++) {
    const words = `Save number ${save}.`
    await write(FILE, brief('The quay stays open', words))
    await write('briefs/quay.md', brief('The quay', words))
    dies = true
    live.changed(['harbour'])
    live.changed(['quay'])
    const isBuilt = (issue: ShelvedIssue): boolean =>
      !issue.partial && htmlOf(issue, 'member').includes(words)
    broken = (await until(live, (issue) => issue.fault !== null || isBuilt(issue))).at(-1)
    await expect.poll(async () => htmlOf(await other(live), 'member')).toContain(words)
  }
  expect(broken?.fault).toBe('The preview could not be built: its thread ended.')
  expect(broken && htmlOf(broken, 'public')).toContain('The council voted')
  expect((await other(live)).fault).toBe(null)
  expect((await live.issue('harbour'))?.fault).toBe(broken?.fault)

  // One that dies of itself, with questions before it that it never began with.
  const died = threads.length
  threads.at(-1)?.postMessage(null)
  live.changed(['harbour'])
  await until(live, (issue) => issue.fault === null)
  expect(threads.length).toBe(died + 1)
})

async function other(live: Library): Promise<ShelvedIssue> {
  const found = (await live.issues()).find(({ id }) => id === 'quay')
  if (found === undefined) throw new Error('there is no quay')
  return found
}

test('whatever is edited, and in whatever order, a build is what one that knew nothing before would be', async () => {
  const { dir, write } = await publication()
  const options = { root: dir, baseUrl, snapshotsDir: join(dir, 'data/snapshots') }
  const kept = createPreviewer(options)
  const style = join(dir, 'templates/weekly/email/style.css.hbs')
  const words = fc.constantFrom(
    'The council voted.',
    '*Two* lines.\n\nOf words.',
    'A [@source].',
    '## Head',
    '',
  )
  const edit = fc.oneof(
    words.map((text) => () => write(FILE, brief('The quay stays open', text))),
    words.map(
      (text) => () =>
        write(FILE, brief('Another title', `${text}\n\n:::members{teaser="t"}\nx ${text}\n:::`)),
    ),
    fc.constant(() => appendFile(style, '\n.x { color: #123456; }')),
    fc.constant(async () => {
      const settings = await readFile(join(dir, 'onrecord.yaml'), 'utf8')
      await writeFile(join(dir, 'onrecord.yaml'), settings.replace(/accent: "#(.)/, 'accent: "#0'))
    }),
    fc.constant(() => write(FILE, 'no frontmatter')),
  )
  await fc.assert(
    fc.asyncProperty(fc.array(edit, { minLength: 1, maxLength: 3 }), async (edits) => {
      for (const change of edits) {
        await change()
        const known = await kept.build('harbour')
        expect(known).toEqual(await createPreviewer(options).build('harbour'))
      }
    }),
    { numRuns: 10 },
  )
}, 60_000)

test('a list that could not be read is read anew by whoever asks next', async () => {
  const { dir } = await publication()
  const real = startBuilder({ root: dir, baseUrl, snapshotsDir: join(dir, 'data/snapshots') })
  let isLost = true
  const made = createLibrary({
    ...real,
    shelf: () => (isLost ? Promise.reject(new Error('the thread ended')) : real.shelf()),
  })
  closing.push(() => made.close())
  await expect(made.shelf()).rejects.toThrow('the thread ended')
  isLost = false
  expect((await made.shelf()).issues).toContain('harbour')
})

test('of many issues those looked at last are kept whole; another is built again when it is looked at', async () => {
  const { dir } = await publication()
  const real = await createPreviewer({ root: dir, baseUrl, snapshotsDir: null }).build('harbour')
  let issues = Array.from({ length: MOST_KEPT + 2 }, (_, at) => `issue-${9 + at}`)
  const forgotten: string[] = []
  const made = createLibrary({
    shelf: async () => ({ issues, findings: [], publication: null }),
    build: async (id) => real && { ...real, id },
    message: async () => null,
    look: async () => null,
    fixes: async () => [],
    mend: async () => ({ problem: '' }),
    inspect: async () => null,
    forget: async (id) => (forgotten.push(id), null),
    close: async () => undefined,
  })
  closing.push(() => made.close())
  const whole = async (): Promise<readonly string[]> =>
    (await made.issues()).flatMap(({ id, shown }) => (shown?.editions ? [id] : []))
  const first = await made.issue('issue-10')
  await expect.poll(async () => (await made.issues()).every(({ version }) => version > 0)).toBe(true)
  expect(await whole()).toHaveLength(MOST_KEPT)
  // Latest id first, numbers as numbers.
  expect((await made.issues()).map(({ id }) => id).slice(-2)).toEqual(['issue-10', 'issue-9'])
  expect(await whole()).toContain('issue-10')
  expect(forgotten).toHaveLength(2)
  const [shed = ''] = forgotten
  const before = (await made.issues()).find(({ id }) => id === shed)
  expect(before).toMatchObject({ shown: { meta: real?.meta }, latest: { findings: real?.findings } })
  const version = before?.version
  expect(await made.issue(shed)).toMatchObject({ version, shown: { editions: real?.editions } })
  expect(await whole()).toHaveLength(MOST_KEPT)
  expect(await whole()).toContain('issue-10')
  expect(first?.shown?.editions).toBe(real?.editions)
  issues = issues.filter((id) => id !== 'issue-10')
  made.changed([])
  await expect.poll(() => forgotten).toContain('issue-10')
})

test('a picture beside issues in one file is of any of them, one in an issue’s folder of that alone', async () => {
  const { dir } = await publication()
  for (const each of ['images', '2025-w46/images'])
    await mkdir(join(dir, 'briefs', each), { recursive: true })
  const told: unknown[] = []
  closing.push(await watchPublication(dir, (issues) => told.push(issues)))
  await writeFile(join(dir, 'briefs/images/map.png'), 'one')
  await expect.poll(() => told).toEqual([null])
  await writeFile(join(dir, 'briefs/2025-w46/images/map.png'), 'one')
  await expect.poll(() => told).toEqual([null, ['2025-w46']])
})
