import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createTokens } from '../../src/core/token.ts'
import { openDatabase, type Database } from '../../src/store/sqlite.ts'
import { openSubscriberStore } from '../../src/store/subscribers.ts'
import type { OpenPeople } from '../contract/subscribers.ts'

export const secret = 'a secret of more than 32 characters, for tests'

/** An empty store in a folder of its own, whose clock the test sets. */
export async function openPeople(): Promise<OpenPeople & { readonly database: Database }> {
  const folder = mkdtempSync(join(tmpdir(), 'onrecord-people-'))
  const clock = { time: Date.UTC(2026, 0, 2), now: () => clock.time }
  const database = openDatabase(join(folder, 'onrecord.db'), clock)
  return {
    database,
    clock,
    subscribers: openSubscriberStore(database, createTokens(secret)),
    async close() {
      database.close()
      rmSync(folder, { recursive: true, force: true })
    },
  }
}
