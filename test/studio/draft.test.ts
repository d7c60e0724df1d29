import { readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, test } from 'vitest'
import type {
  DraftConflict,
  DraftFiles,
  DraftText,
  MadeDraft,
  Saved,
} from '../../src/studio/contract/draft.ts'
import { openBed, type StudioBed } from './bed.ts'

const id = '2025-w46'
const brief = `briefs/${id}/istanbul-talks.md`

let bed: StudioBed
beforeAll(async () => {
  bed = await openBed()
})
afterAll(() => bed.close())

const read = async (path: string): Promise<DraftText> =>
  (await (await bed.ask(`/api/file?path=${encodeURIComponent(path)}`)).json()) as DraftText

test('an issue lists its own file, its briefs in reading order and its ledger, with what a reader reads', async () => {
  const { files } = (await (await bed.ask(`/api/issues/${id}/files`)).json()) as DraftFiles
  expect(files.map(({ path, kind }) => `${kind} ${path.split('/').at(-1) ?? ''}`)).toEqual([
    'issue issue.md',
    'brief istanbul-talks.md',
    'brief paktika-strikes.md',
    'ledger sources.yaml',
  ])
  expect(files[1]?.title).toBe('Istanbul talks end without agreement')
  expect(files[1]?.words).toBeGreaterThan(700)
  expect(files[3]?.words).toBe(null)
  expect((await bed.ask('/api/issues/nowhere/files')).status).toBe(404)
})

test('a text is saved against the version it was read with, and against no other', async () => {
  const { text, hash } = await read(brief)
  const saved = await bed.send('PUT', '/api/file', { path: brief, text: `${text}More.\n`, base: hash })
  expect(saved.status).toBe(200)
  const { hash: next } = (await saved.json()) as Saved
  expect((await read(brief)).hash).toBe(next)
  const refused = await bed.send('PUT', '/api/file', { path: brief, text: 'Mine.', base: hash })
  expect(refused.status).toBe(409)
  const { mine, theirs } = (await refused.json()) as DraftConflict
  expect([mine, theirs]).toEqual(['Mine.', { text: `${text}More.\n`, hash: next }])
  expect(await readFile(join(bed.dir, brief), 'utf8')).toBe(`${text}More.\n`)
})

test('a new brief is the last of the list in issue.md, and a new issue is on the shelf', async () => {
  const made = (await (
    await bed.send('POST', `/api/issues/${id}/briefs`, { title: 'A third brief' })
  ).json()) as MadeDraft
  expect(made).toMatchObject({ issue: id, path: `briefs/${id}/a-third-brief.md`, note: null })
  const { line, words } = made.begin
  expect(words).toMatch(/^Write here\./)
  expect((await readFile(join(bed.dir, made.path), 'utf8')).split('\n')[line - 1]).toBe(words)
  expect(await readFile(join(bed.dir, `briefs/${id}/issue.md`), 'utf8')).toContain(
    'briefs: [istanbul-talks, paktika-strikes, a-third-brief]',
  )
  const issue = (await (
    await bed.send('POST', '/api/issues', { title: 'What the harbour costs', newsletter: null })
  ).json()) as MadeDraft
  expect(issue.begin).toEqual(made.begin)
  expect(issue.path).toBe('briefs/what-the-harbour-costs/what-the-harbour-costs.md')
  expect((await bed.ask(`/api/issues/${issue.issue}/files`)).status).toBe(200)
  expect((await bed.send('POST', '/api/issues', { title: ' ', newsletter: null })).status).toBe(400)
})

test('only the editors’ files are read and written', async () => {
  await writeFile(join(bed.dir, 'briefs', id, 'notes.txt'), 'Not a text of ours.')
  for (const path of [
    ...['onrecord.yaml', `briefs/${id}/notes.txt`, `briefs/${id}/../../onrecord.yaml`, '/etc/passwd', ''],
    ...[`briefs/${id}/../${id}/issue.md`, `briefs/${id}/images/a.md`, 'briefs/nowhere/issue.md'],
  ]) {
    expect([path, (await bed.ask(`/api/file?path=${encodeURIComponent(path)}`)).status]).toEqual([path, 404])
    const body = { path, text: 'x', base: null }
    expect([path, (await bed.send('PUT', '/api/file', body)).status]).toEqual([path, 404])
  }
})
