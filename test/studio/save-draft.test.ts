import { spawn } from 'node:child_process'
import {
  mkdtemp,
  open,
  readdir,
  readFile,
  rename,
  rm,
  stat,
  symlink,
  utimes,
  writeFile,
  chmod,
  mkdir,
} from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { basename, join } from 'node:path'
import fc from 'fast-check'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { openDraftFiles, type EditorsFiles } from '../../src/studio/draft-files.ts'
import { decodeDraft, encodeDraft } from '../../src/studio/draft-text.ts'
import { versionOf, writeOver } from '../../src/studio/save-draft.ts'

const FILE = 'briefs/w1/a.md'
let dir = ''
let files: EditorsFiles
let told: { readonly path: string; readonly hash: string | null; readonly base: string | null }[] = []

beforeEach(async () => {
  dir = await mkdtemp(join(tmpdir(), 'onrecord-save-'))
  await mkdir(join(dir, 'briefs/w1'), { recursive: true })
  await writeFile(join(dir, 'briefs/w1/issue.md'), 'issue')
  await writeFile(join(dir, FILE), 'one\ntwo\n')
  told = []
  files = openDraftFiles({ root: dir, tell: (change) => told.push(change), onSave: () => undefined })
})
afterEach(() => rm(dir, { recursive: true, force: true }))

const bytesOf = (file = FILE): Promise<Buffer> => readFile(join(dir, file))

test('line ends and a byte order mark stay what they were, and a new line gets what most have', () => {
  const former = Buffer.from('\uFEFFone\r\ntwo\nthree\r\nfour\r\n')
  expect(decodeDraft('a.md', former).text).toBe('one\ntwo\nthree\nfour\n')
  const bytes = encodeDraft('one\ntwo\nnew\nthree\nfour\n', former)
  expect(Buffer.from(bytes).toString()).toBe('\uFEFFone\r\ntwo\nnew\r\nthree\r\nfour\r\n')
})

test('a text that was only read is written back byte for byte', () => {
  const line = fc.constantFrom('', 'a', '# é', '😀', '\u2028', ' ')
  const end = fc.constantFrom('\n', '\r\n', '\r')
  const text = fc.array(fc.tuple(line, end)).map((lines) => lines.flat().join(''))
  fc.assert(
    fc.property(fc.constantFrom('', '\uFEFF'), text, line, (mark, body, last) => {
      const former = Buffer.from(mark + body + last)
      expect(Buffer.from(encodeDraft(decodeDraft('a.md', former).text, former))).toEqual(former)
    }),
  )
})

test('a save keeps the file’s mode, and pages are told which version it was made from', async () => {
  await chmod(join(dir, FILE), 0o640)
  const { hash } = await files.read(FILE)
  const saved = await files.save({ path: FILE, text: 'three\n', base: hash })
  expect(saved).toEqual({ path: FILE, hash: versionOf(Buffer.from('three\n')) })
  expect((await stat(join(dir, FILE))).mode & 0o777).toBe(0o640)
  expect(told).toEqual([{ what: 'file', path: FILE, hash: Reflect.get(saved, 'hash'), base: hash }])
  expect(await readdir(join(dir, 'briefs/w1'))).toEqual(['a.md', 'issue.md'])
})

test('what leads out of briefs/ is neither read nor written; a link within it stays a link', async () => {
  await writeFile(join(dir, 'secret.md'), 'secret')
  await symlink(join(dir, 'secret.md'), join(dir, 'briefs/w1/out.md'))
  const out = { path: 'briefs/w1/out.md', text: 'x', base: null }
  await expect(files.read(out.path)).rejects.toThrow('leads out of briefs/')
  await expect(files.save(out)).rejects.toThrow('leads out of briefs/')
  expect(await readFile(join(dir, 'secret.md'), 'utf8')).toBe('secret')
  await symlink('a.md', join(dir, 'briefs/w1/link.md'))
  const { hash } = await files.read('briefs/w1/link.md')
  await files.save({ path: 'briefs/w1/link.md', text: 'by the link', base: hash })
  expect((await bytesOf()).toString()).toBe('by the link')
  const elsewhere = await mkdtemp(join(tmpdir(), 'onrecord-elsewhere-'))
  await writeFile(join(elsewhere, 'issue.md'), 'not ours')
  await symlink(elsewhere, join(dir, 'briefs/w2'))
  await expect(files.read('briefs/w2/issue.md')).rejects.toThrow('leads out of briefs/')
  await rm(elsewhere, { recursive: true })
})

test('a file that is write-protected is left alone', async () => {
  const { hash } = await files.read(FILE)
  await chmod(join(dir, FILE), 0o444)
  await expect(files.save({ path: FILE, text: 'Mine.', base: hash })).rejects.toThrow(
    'a.md is write-protected, so that nothing is saved.',
  )
  expect(await bytesOf()).toEqual(Buffer.from('one\ntwo\n'))
  await chmod(join(dir, FILE), 0o644)
  expect(await files.save({ path: FILE, text: 'Mine.', base: hash })).toHaveProperty('hash')
})

test('what is no text, or too large, is refused in a sentence', async () => {
  await writeFile(join(dir, FILE), Buffer.from([0xff, 0xfe, 0x00]))
  await expect(files.read(FILE)).rejects.toThrow('is not UTF-8 text')
  await writeFile(join(dir, FILE), 'small')
  const { hash } = await files.read(FILE)
  const save = files.save({ path: FILE, text: 'x'.repeat(1_100_000), base: hash })
  await expect(save).rejects.toThrow('the limit is 1 MB')
  expect((await bytesOf()).toString()).toBe('small')
})

test('what a save that was broken off has left is removed, and nothing else', async () => {
  const left = join(dir, 'briefs/w1/.a.md.0e8f0f5e-6c1e-4a59-8f0e-0d7c6f1f3b11.onrecord')
  const young = left.replace('0e8f', '1e8f')
  await writeFile(left, 'half')
  await writeFile(young, 'half')
  await utimes(left, 1, 1)
  await files.list('w1')
  expect((await readdir(join(dir, 'briefs/w1'))).toSorted()).toEqual([basename(young), 'a.md', 'issue.md'])
})

test('of two saves over one version one is written, and the other is a conflict with both texts', async () => {
  const { hash } = await files.read(FILE)
  const both = await Promise.all(
    ['mine\n', 'yours\n'].map((text) => files.save({ path: FILE, text, base: hash })),
  )
  expect(both[0]).toHaveProperty('hash')
  expect(both[1]).toMatchObject({ mine: 'yours\n', theirs: { text: 'mine\n' } })
})

test('what a program writes into the file that was replaced under it is what is there in the end', async () => {
  const { hash } = await files.read(FILE)
  const slow = await open(join(dir, FILE), 'r+')
  await files.save({ path: FILE, text: 'saved here\n', base: hash })
  await slow.truncate(0)
  await slow.write('written late\n', 0)
  await slow.close()
  await expect.poll(async () => (await bytesOf()).toString(), { timeout: 4_000 }).toBe('written late\n')
  expect(told.at(-1)).toMatchObject({ hash: versionOf(Buffer.from('written late\n')), base: null })
})

test('a file that is cut and written again in two halves is read whole', async () => {
  await files.read(FILE)
  const slow = await open(join(dir, FILE), 'w')
  const reading = files.read(FILE)
  await slow.write('whole')
  await slow.close()
  expect((await reading).text).toBe('whole')
})

test('a new file is never written over one that has come meanwhile', async () => {
  const path = join(dir, 'briefs/w1/new.md')
  await writeFile(path, 'theirs')
  expect(await writeOver(path, Buffer.from('mine'), { over: null })).toBe('changed')
  await rename(path, join(dir, 'briefs/w1/old.md'))
  expect(await writeOver(path, Buffer.from('mine'), { over: null })).toBe('written')
})

test('kill -9 in the middle of saves leaves the file whole', async () => {
  const sizes = [200_000, 300_000]
  for (let kill = 0; kill < 8; kill++) {
    const child = spawn(
      process.execPath,
      [join(import.meta.dirname, '../faults/save-forever.ts'), dir, FILE],
      {
        stdio: ['ignore', 'pipe', 'inherit'],
      },
    )
    await new Promise((resolve) => child.stdout.once('data', resolve))
    await new Promise((resolve) => setTimeout(resolve, 5 + kill * 7))
    child.kill('SIGKILL')
    await new Promise((resolve) => child.once('exit', resolve))
    const text = (await bytesOf()).toString()
    expect(sizes).toContain(text.length)
    expect(new Set(text).size).toBe(1)
  }
}, 30_000)
