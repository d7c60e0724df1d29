import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { onTestFinished } from 'vitest'
import { backupStore, type Backup, type BackupOptions } from '../../src/store/backup.ts'
import { restoreStore, type Restoration, type RestoreOptions } from '../../src/store/restore.ts'
import { openDesk, type TestDesk } from '../delivery/desk.ts'
import { addPeople } from '../delivery/people.ts'

/** The `data/` of a publication: a store with people, an image, a stored copy, the key. */
export interface PublicationData {
  readonly dataDir: string
  readonly store: string
  /** Where the test may write. */
  readonly folder: string
  desk(): TestDesk
  backup(to: string, change?: Partial<BackupOptions>): Promise<Backup>
  restore(backup: string, change?: Partial<RestoreOptions>): Promise<Restoration>
}

export const snapshot = 'ab'.repeat(32)

export async function publicationData(people = 5): Promise<PublicationData> {
  const data = emptyData()
  mkdirSync(join(data.dataDir, 'images'), { recursive: true })
  mkdirSync(join(data.dataDir, 'snapshots', snapshot), { recursive: true })
  writeFileSync(join(data.dataDir, 'images', `${'0'.repeat(32)}.png`), 'an image')
  writeFileSync(join(data.dataDir, 'images', 'key.v1'), 'a redrawn image')
  writeFileSync(join(data.dataDir, 'images', 'half.png.tmp'), 'hal')
  writeFileSync(join(data.dataDir, 'snapshots', snapshot, 'text.txt'), 'What the page said.')
  writeFileSync(join(data.dataDir, 'links.json'), '{}')
  writeFileSync(join(data.dataDir, 'secret.key'), 'the key of the publication, 32 characters')
  const desk = data.desk()
  await addPeople(desk.subscribers, people)
  desk.close()
  return data
}

/** A machine on which nothing is yet. */
export function emptyData(): PublicationData {
  const folder = mkdtempSync(join(tmpdir(), 'onrecord-data-'))
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }))
  const dataDir = join(folder, 'data')
  const store = join(dataDir, 'onrecord.db')
  const common = { store, dataDir, signal: new AbortController().signal, onAdvance: () => undefined }
  return {
    folder,
    dataDir,
    store,
    desk: () => openDesk(dataDir),
    backup: (to, change) => backupStore({ ...common, to, force: false, now: Date.now(), ...change }),
    restore: (backup, change) => restoreStore({ ...common, backup, now: Date.now(), ...change }),
  }
}
