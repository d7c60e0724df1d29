import { expect, test } from 'vitest'
import { readFile, writeFile } from 'node:fs/promises'
import { draftFile, openDraftBed, race } from './draft-race.ts'
import { openClient } from './draft-clients.ts'

/** For a machine that has much else to do. */
const slow = { timeout: 8_000 }

test('two pages and another program on one file: of 1,000 random edits none is lost without being shown', async () => {
  const ended = await race(20251114, 1_000)
  expect(ended.lost).toEqual([])
  expect(new Set(ended.texts).size).toBe(1)
  expect(ended.tokens).toBe(1_000)
  expect(ended.outside).toBeGreaterThan(100)
  expect(ended.conflicts).toBeGreaterThan(10)
}, 60_000)

test('what comes into a text while two are shown is shown too, before one is chosen', async () => {
  const bed = await openDraftBed()
  const client = await openClient({ ask: bed.ask, path: draftFile, speed: 30, onConflict: () => undefined })
  try {
    const before = await readFile(bed.path, 'utf8')
    client.edit({ changes: { from: client.text().length, insert: 'Mine.\n' } })
    await writeFile(bed.path, `${before}Theirs.\n`)
    await expect.poll(() => client.conflict(), slow).not.toBe(null)
    client.autosave.face()
    const seen = client.conflict()
    if (seen === null) throw new Error('nothing is asked')
    client.edit({ changes: { from: client.text().length, insert: 'Late.\n' } })
    expect(client.autosave.resolve(seen, seen.theirs?.text ?? '')).toBe(false)
    expect(client.text()).toBe(`${before}Mine.\nLate.\n`)
    const again = client.conflict()
    expect(again?.mine).toBe(`${before}Mine.\nLate.\n`)
    expect(again !== null && client.autosave.resolve(again, again.mine)).toBe(true)
    await expect.poll(() => readFile(bed.path, 'utf8'), slow).toBe(`${before}Mine.\nLate.\n`)
  } finally {
    await client.close()
    await bed.close()
  }
}, 40_000)

test('what another program takes in is taken in here; what takes away what was written here is asked about', async () => {
  const bed = await openDraftBed()
  const questions: boolean[] = []
  const client = await openClient({
    ask: bed.ask,
    path: draftFile,
    speed: 30,
    onConflict: ({ overwritten }) => questions.push(overwritten),
  })
  try {
    const before = await readFile(bed.path, 'utf8')
    const end = client.text().length
    client.edit({ changes: { from: end, insert: 'Mine.\n' } })
    await expect.poll(() => readFile(bed.path, 'utf8'), slow).toBe(`${before}Mine.\n`)
    await writeFile(bed.path, `${before}Theirs. Mine.\n`)
    await expect.poll(() => client.text(), slow).toContain('Theirs. Mine.')
    expect(questions).toEqual([])
    await writeFile(bed.path, `${before}Theirs.\n`)
    await expect.poll(() => questions, slow).toEqual([true])
    expect(client.text()).toContain('Mine.')
    // The other program thinks again, and there is nothing to ask any more.
    await writeFile(bed.path, `${before}Theirs. Mine.\n`)
    await expect.poll(() => client.conflict(), slow).toBe(null)
    expect(client.autosave.unsaved).toBe(false)
    // Who has chosen the other text is not asked about it again.
    await writeFile(bed.path, before)
    await expect.poll(() => client.conflict(), slow).not.toBe(null)
    const seen = client.conflict()
    expect(seen !== null && client.autosave.resolve(seen, before)).toBe(true)
    await writeFile(bed.path, `${before}Theirs anew.\n`)
    await expect.poll(() => client.text(), slow).toBe(`${before}Theirs anew.\n`)
    expect(questions).toEqual([true, true])
  } finally {
    await client.close()
    await bed.close()
  }
}, 40_000)
