import { readFileSync, writeFileSync } from 'node:fs'
import { monitorEventLoopDelay } from 'node:perf_hooks'
import { join } from 'node:path'
import { afterEach, expect, test } from 'vitest'
import type { ComparedVersions, Versions } from '../../src/studio/contract/compare.ts'
import type { Failure } from '../../src/studio/contract/failure.ts'
import { openBed, type StudioBed } from './bed.ts'

const issue = '2025-w46'
const folder = `briefs/${issue}`

let bed: StudioBed
afterEach(() => bed.close())

async function ask<Answer>(path: string): Promise<Answer> {
  return (await (await bed.ask(`/api/issues/${issue}/${path}`)).json()) as Answer
}

const approve = (by: string) =>
  bed.send('POST', `/api/issues/${issue}/approval`, { step: 'approved', by, note: null })

function edit(file: string, from: string, to: string): void {
  const text = readFileSync(join(bed.dir, folder, file), 'utf8')
  expect(text).toContain(from)
  writeFileSync(join(bed.dir, folder, file), text.replace(from, to))
}

test('versions are told latest first, and a change leads to its line', async () => {
  bed = await openBed()
  expect((await ask<Versions>('versions')).versions.map(({ id }) => id)).toEqual(['now'])
  await approve('Ada')
  edit('istanbul-talks.md', 'third', '3rd')
  await approve('Bo, of the desk')
  expect((await ask<Versions>('versions')).versions.map(({ id, by }) => [id, by])).toEqual([
    ['now', null],
    ['approved', 'Bo, of the desk'],
    ['approval-1', 'Ada'],
  ])
  expect((await ask<ComparedVersions>('compare?from=approved&to=now&tier=member')).changes).toEqual([])
  edit('issue.md', 'without a text', 'with no text')
  edit('sources.yaml', 'No fourth round', 'No fifth round')
  const { changes, files, places } = await ask<ComparedVersions>('compare?from=approval-1')
  expect(changes.map(({ kind }) => kind)).toEqual(expect.arrayContaining(['subject', 'text', 'source']))
  const text = changes.find((each) => each.kind === 'text' && each.at.line !== null)
  expect(text).toMatchObject({ kind: 'text', how: 'changed' })
  expect(files[0]).toBe(`${folder}/issue.md`)
  expect(places['subject']).toEqual({ file: `${folder}/issue.md`, line: 2, column: 1 })
  expect(places['source:caliber-1108']).toMatchObject({ file: `${folder}/sources.yaml` })
  // Between two former versions there is no line of now to lead to.
  const former = await ask<ComparedVersions>('compare?from=approval-1&to=approved')
  expect(former.files).toEqual([])
  expect(former.changes).not.toEqual([])
})

test('what is not there is refused in a sentence', async () => {
  bed = await openBed()
  for (const [query, status] of [
    ['compare?from=approved', 404],
    ['compare?from=..%2F..%2Fonrecord', 404],
    ['compare?from=now%3A..%2F..%2Fonrecord', 404],
    ['compare?from=now&tier=everybody', 400],
    ['compare?from=now&fromTier=everybody', 400],
  ] as const)
    expect((await bed.ask(`/api/issues/${issue}/${query}`)).status, query).toBe(status)
  await approve('Ada')
  edit('issue.md', 'newsletter: weekly', 'newsletter: [')
  const broken = await bed.ask(`/api/issues/${issue}/compare`)
  expect(broken.status).toBe(404)
  const { error } = (await broken.json()) as Failure
  expect(error.message).toContain('2025-w46 cannot be rendered as it is: briefs/2025-w46/issue.md:')
})

test('comparing and approving leave the studio free to answer', async () => {
  bed = await openBed({ threads: true })
  // The library's first build has to end before what is measured is ours alone.
  await expect
    .poll(async () => (await (await bed.ask(`/api/issues/${issue}`)).text()).includes('"version":0'), {
      timeout: 60_000,
    })
    .toBe(false)
  await ask('approval')
  const delay = monitorEventLoopDelay({ resolution: 1 })
  const begun = performance.now()
  delay.enable()
  await approve('Ada')
  await ask('compare?from=approved')
  delay.disable()
  // A share, since a busy machine is slow in all: in the studio's own process one pause is most of it.
  expect(delay.max / 1e6 / (performance.now() - begun)).toBeLessThan(0.3)
})
