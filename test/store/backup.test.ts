import { existsSync, mkdirSync, readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import { expect, onTestFinished, test } from 'vitest'
import { collect } from '../collect.ts'
import { migrations } from '../../src/store/migrations/index.ts'
import { openAsIs } from '../../src/store/open-as-is.ts'
import { emptyData, publicationData, snapshot } from './publication-data.ts'

test('one file, readable by its owner alone, holds the store, images, stored copies and the key', async () => {
  const data = await publicationData()
  const file = join(data.folder, 'backup.db')
  expect(await data.backup(file)).toMatchObject({
    file,
    people: 5,
    files: 4,
    hasKey: true,
    step: migrations.length,
  })
  expect(statSync(file).mode & 0o777).toBe(0o600)
  expect(readdirSync(data.folder).toSorted()).toEqual(['backup.db', 'data'])
  const copy = openAsIs(file)
  onTestFinished(() => copy.close())
  expect(
    copy
      .prepare('select path from backup_file order by path')
      .all()
      .map((row) => row['path']),
  ).toEqual([`images/${'0'.repeat(32)}.png`, 'links.json', 'secret.key', `snapshots/${snapshot}/text.txt`])
})

test('what is restored on an empty machine is what was backed up', async () => {
  const data = await publicationData()
  const file = join(data.folder, 'backup.db')
  const before = data.desk()
  const people = await collect(before.subscribers.list())
  before.close()
  await data.backup(file)
  const other = emptyData()
  expect(await other.restore(file)).toMatchObject({ people: 5, kept: null, keptFiles: [], hasFiles: true })
  const after = other.desk()
  expect(await collect(after.subscribers.list())).toEqual(people)
  after.close()
  for (const path of [
    `images/${'0'.repeat(32)}.png`,
    `snapshots/${snapshot}/text.txt`,
    'links.json',
    'secret.key',
  ])
    expect(readFileSync(join(other.dataDir, path)).equals(readFileSync(join(data.dataDir, path))), path).toBe(
      true,
    )
  expect(statSync(join(other.dataDir, 'secret.key')).mode & 0o777).toBe(0o600)
  expect(statSync(other.store).mode & 0o777).toBe(0o600)
  const restored = new DatabaseSync(other.store)
  onTestFinished(() => restored.close())
  expect(restored.prepare("select count(*) as n from sqlite_schema where name like 'backup%'").get()).toEqual(
    { n: 0 },
  )
  // The key is in its own file alone.
  expect(readFileSync(other.store).includes('the key of the publication')).toBe(false)
})

test('a file that is there is never replaced without --force, and then only by a whole one', async () => {
  const data = await publicationData()
  const file = join(data.folder, 'backup.db')
  writeFileSync(file, 'somebody’s file')
  await expect(data.backup(file)).rejects.toThrow('is there already; it was not touched')
  const stopped = AbortSignal.abort()
  await expect(data.backup(file, { force: true, signal: stopped })).rejects.toThrow('Stopped')
  expect(readFileSync(file, 'utf8')).toBe('somebody’s file')
  await data.backup(file, { force: true })
  expect(openAsIs(file).prepare('select count(*) as n from subscriber').get()).toEqual({ n: 5 })
  await expect(data.backup(data.store, { force: true })).rejects.toThrow('is the store itself')
  await expect(data.backup(data.dataDir, { force: true })).rejects.toThrow('is a folder')
  await expect(data.backup(join(data.folder, 'no', 'such.db'))).rejects.toThrow('There is no folder')
  await expect(emptyData().backup(join(data.folder, 'none.db'))).rejects.toThrow('There is no store')
  expect(readdirSync(data.folder).toSorted()).toEqual(['backup.db', 'data'])
})

test('Ctrl-C in the middle leaves nothing under the name nor beside it', async () => {
  const data = await publicationData(2_000)
  const file = join(data.folder, 'backup.db')
  const stop = new AbortController()
  const backup = data.backup(file, { signal: stop.signal, onAdvance: () => stop.abort() })
  await expect(backup).rejects.toMatchObject({ code: 'interrupted' })
  expect(readdirSync(data.folder)).toEqual(['data'])
})

test('a damaged store is not backed up as if it were whole', async () => {
  const data = await publicationData(2_000)
  data.desk().close()
  const bytes = readFileSync(data.store)
  // Into the middle of the file, past the schema.
  bytes.fill(0xff, Math.floor(bytes.length / 2), Math.floor(bytes.length / 2) + 8_192)
  writeFileSync(data.store, bytes)
  const file = join(data.folder, 'backup.db')
  await expect(data.backup(file)).rejects.toThrow(/damaged/)
  expect(existsSync(file)).toBe(false)
})

test('restoring keeps the former store and key beside the new, and the newest image', async () => {
  const data = await publicationData()
  const file = join(data.folder, 'backup.db')
  await data.backup(file)
  const desk = data.desk()
  const { addPeople } = await import('../delivery/people.ts')
  await addPeople(desk.subscribers, 3, 'later')
  desk.close()
  writeFileSync(join(data.dataDir, 'secret.key'), 'another key, made on a machine of its own')
  mkdirSync(join(data.dataDir, 'images'), { recursive: true })
  writeFileSync(join(data.dataDir, 'images', 'later.png'), 'a later image')
  const restored = await data.restore(file, { now: Date.UTC(2026, 0, 31, 12) })
  expect(restored.kept).toBe(`${data.store}.before-restore-2026-01-31T120000Z`)
  expect(restored.keptFiles).toEqual([join(data.dataDir, 'secret.key.before-restore-2026-01-31T120000Z')])
  expect(readFileSync(join(data.dataDir, 'secret.key'), 'utf8')).toContain('the key of the publication')
  expect(existsSync(join(data.dataDir, 'images', 'later.png'))).toBe(true)
  const count = (store: string): unknown =>
    openAsIs(store).prepare('select count(*) as n from subscriber').get()
  expect(count(data.store)).toEqual({ n: 5 })
  expect(count(restored.kept ?? '')).toEqual({ n: 8 })
  // And what was kept can be put back the same way, the database alone.
  expect(await data.restore(restored.kept ?? '')).toMatchObject({ people: 8, hasFiles: false })
  expect(readdirSync(data.dataDir).filter((name) => name.includes('.part'))).toEqual([])
})

test('a store in use is not exchanged: not under a send, not under another process', async () => {
  const data = await publicationData()
  const file = join(data.folder, 'backup.db')
  await data.backup(file)
  const desk = data.desk()
  await expect(data.restore(file)).rejects.toThrow('is open in another process')
  const lock = await desk.lockSender()
  desk.close()
  await expect(data.restore(file)).rejects.toThrow('A send is going on')
  lock?.release()
  await data.restore(file)
})

test('a store that is damaged beyond opening goes out of the way as it is', async () => {
  const data = await publicationData()
  const file = join(data.folder, 'backup.db')
  await data.backup(file)
  writeFileSync(data.store, 'rubbish '.repeat(2_000))
  writeFileSync(`${data.store}-wal`, 'log')
  const { kept } = await data.restore(file)
  expect(readFileSync(kept ?? '', 'utf8')).toContain('rubbish')
  expect(existsSync(`${data.store}-wal`)).toBe(false)
  const desk = data.desk()
  expect(await collect(desk.subscribers.list())).toHaveLength(5)
  desk.close()
})

test('a log without its store is never read into the one that is restored', async () => {
  const data = await publicationData()
  const file = join(data.folder, 'backup.db')
  await data.backup(file)
  const other = emptyData()
  mkdirSync(other.dataDir)
  writeFileSync(`${other.store}-wal`, 'an old log')
  expect((await other.restore(file)).kept).toBeNull()
  expect(existsSync(`${other.store}-wal`)).toBe(false)
})
