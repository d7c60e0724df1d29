import { expect, onTestFinished, test } from 'vitest'
import { importText } from '../subscribers/import-text.ts'
import { openPeople } from './open-people.ts'

test('an import sets the connection up each time, and leaves it as it was', async () => {
  const { database, subscribers, close } = await openPeople()
  onTestFinished(close)
  let asked = 0
  // A pragma that is kept answers what it saw when it was compiled.
  const pages = (): unknown =>
    database.prepare(`pragma wal_autocheckpoint -- ${(asked += 1)}`).get()?.['wal_autocheckpoint']
  expect(pages()).toBe(4_000)
  const during: unknown[] = []
  for (const text of ['email\nada@x.test\n', 'email\nbob@x.test\n']) {
    await importText(subscribers, text, { onProgress: () => during.push(pages()) })
    expect(pages()).toBe(4_000)
  }
  expect(during).toEqual([10_000, 10_000])
  await expect(importText(subscribers, '')).rejects.toThrow('The file is empty.')
  expect(pages()).toBe(4_000)
})
