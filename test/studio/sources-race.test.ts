import { cp, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, onTestFinished, test } from 'vitest'
import { createParseCache } from '../../src/issue/parse-cache.ts'
import { openDraftFiles } from '../../src/studio/draft-files.ts'
import { pasteSource, type SourceWorld } from '../../src/studio/paste-source.ts'
import { servePages } from './pages.ts'

const ledger = 'briefs/2025-w46/sources.yaml'
const sample = join(import.meta.dirname, '..', '..')

/** The sample’s ledger in a folder of its own, and a small web. */
async function openWorld(): Promise<SourceWorld> {
  const root = await mkdtemp(join(tmpdir(), 'onrecord-race-'))
  await cp(join(sample, 'briefs'), join(root, 'briefs'), { recursive: true })
  const pages = await servePages()
  onTestFinished(async () => {
    await pages.close()
    await rm(root, { recursive: true, force: true })
  })
  return {
    root,
    files: openDraftFiles({ root, tell: () => undefined, onSave: () => undefined }),
    fetcher: pages.fetcher,
    snapshotsDir: null,
    timeZone: 'Europe/Malta',
    clock: { now: () => Date.UTC(2025, 10, 14, 9) },
    parsed: createParseCache(),
  }
}

const request = { url: 'https://paper.example/talks', open: null }
const never = new AbortController().signal

test('what is written into the ledger between its reading and its writing is kept: the entry goes after it', async () => {
  const world = await openWorld()
  const path = join(world.root, ledger)
  let others = 0
  const files: SourceWorld['files'] = {
    ...world.files,
    async read(file) {
      const read = await world.files.read(file)
      if (others++ < 3) await writeFile(path, `# Another editor, ${others}.\n${read.text}`)
      return read
    },
    save: (saved) => world.files.save(saved),
  }
  const made = await pasteSource('2025-w46', request, never, { ...world, files })
  const after = await readFile(path, 'utf8')
  expect(after).toMatch(/^# Another editor, 3\.\n# Another editor, 2\.\n# Another editor, 1\.\n/u)
  expect(after.split('\n')[made.source.place.line - 1]).toContain(`id: ${made.source.id}`)
  expect(after.match(/https:\/\/paper\.example\/talks/gu)).toHaveLength(1)
})

test('an id that was taken a moment ago is not taken twice', async () => {
  const world = await openWorld()
  const path = join(world.root, ledger)
  const entry =
    '\n- id: paper-1108\n  title: T\n  publisher: P\n  url: https://other.example/\n  published: 2025\n  accessed: 2025\n'
  let isFirst = true
  const files: SourceWorld['files'] = {
    ...world.files,
    async read(file) {
      if (isFirst) await writeFile(path, `${(await world.files.read(file)).text}${entry}`)
      isFirst = false
      return await world.files.read(file)
    },
  }
  const made = await pasteSource('2025-w46', request, never, { ...world, files })
  expect(made.citation).toBe('[@paper-1108-2]')
  expect((await readFile(path, 'utf8')).match(/id: paper-1108$/gmu)).toHaveLength(1)
})

test('one that is given up after its page is there, and before it is written, is not written', async () => {
  const world = await openWorld()
  const before = await readFile(join(world.root, ledger), 'utf8')
  const giveUp = new AbortController()
  const fetcher: SourceWorld['fetcher'] = {
    async fetchPage(url) {
      const page = await world.fetcher.fetchPage(url)
      giveUp.abort()
      return page
    },
  }
  await expect(pasteSource('2025-w46', request, giveUp.signal, { ...world, fetcher })).rejects.toThrow()
  expect(await readFile(join(world.root, ledger), 'utf8')).toBe(before)
})
