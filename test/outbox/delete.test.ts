import { mkdir, mkdtemp, readdir, readFile, rm, symlink, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { deleteMessage, emptyOutbox } from '../../src/outbox/delete.ts'
import { fileName } from '../../src/outbox/file-name.ts'
import { openKeeper } from '../../src/outbox/keep.ts'

let root: string
let dir: string
beforeEach(async () => {
  root = await mkdtemp(join(tmpdir(), 'onrecord-delete-'))
  dir = join(root, 'outbox')
  await mkdir(dir)
})
afterEach(() => rm(root, { recursive: true, force: true }))

async function* bytes(): AsyncGenerator<Uint8Array> {
  yield Buffer.from('Message-ID: <a@x>\r\n\r\nHello\r\n')
}

test('only messages of ours are deleted, and nothing that a link points to', async () => {
  await writeFile(join(root, 'outside.eml'), 'outside')
  await writeFile(join(dir, fileName(1, 'a')), 'one')
  await writeFile(join(dir, 'notes.txt'), 'notes')
  await writeFile(join(dir, 'mine.eml'), 'mine')
  await symlink(join(root, 'outside.eml'), join(dir, fileName(2, 'b')))
  await mkdir(join(dir, fileName(3, 'c')))
  for (const name of [
    'notes.txt',
    'mine.eml',
    '../outside.eml',
    fileName(2, 'b'),
    fileName(3, 'c'),
    fileName(9, 'z'),
  ])
    expect([name, await deleteMessage(dir, name)]).toEqual([name, false])
  expect(await deleteMessage(dir, fileName(1, 'a'))).toBe(true)
  expect(await deleteMessage(dir, fileName(1, 'a'))).toBe(false)
  await writeFile(join(dir, fileName(4, 'd')), 'four')
  expect(await emptyOutbox(dir)).toBe(1)
  expect((await readdir(dir)).sort()).toEqual(
    [fileName(2, 'b'), fileName(3, 'c'), 'mine.eml', 'notes.txt'].sort(),
  )
  expect(await readFile(join(root, 'outside.eml'), 'utf8')).toBe('outside')
})

test('emptied up to what was seen, what came since stays, and numbers are never given out again', async () => {
  const keeper = await openKeeper(dir)
  const names: string[] = []
  for (let count = 0; count < 5; count++) names.push(await keeper.keep(bytes()))
  await keeper.close()
  expect(await emptyOutbox(dir, names[2])).toBe(3)
  expect(await emptyOutbox(dir, 'no name of ours')).toBe(0)
  expect((await readdir(dir)).filter((name) => name.endsWith('.eml')).sort()).toEqual(names.slice(3))
  expect(await emptyOutbox(dir)).toBe(2)
  const again = await openKeeper(dir)
  const next = await again.keep(bytes())
  await again.close()
  expect(next > (names.at(-1) ?? '')).toBe(true)
})

test('an outbox that is not there yet is empty', async () => {
  expect(await emptyOutbox(join(root, 'none'))).toBe(0)
  expect(await deleteMessage(join(root, 'none'), fileName(1, 'a'))).toBe(false)
})
