import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterEach, expect, test } from 'vitest'
import type { ApprovalSheet } from '../../src/studio/contract/approval.ts'
import type { Failure } from '../../src/studio/contract/failure.ts'
import { openBed, type StudioBed } from './bed.ts'

const issue = '2025-w46'
const path = `/api/issues/${issue}/approval`
const brief = `briefs/${issue}/istanbul-talks.md`

let bed: StudioBed
afterEach(() => bed.close())

async function sheet(): Promise<ApprovalSheet> {
  return (await (await bed.ask(path)).json()) as ApprovalSheet
}

async function step(
  body: object,
): Promise<{ readonly status: number; readonly body: ApprovalSheet & Failure }> {
  const answer = await bed.send('POST', path, { note: null, ...body })
  return { status: answer.status, body: (await answer.json()) as ApprovalSheet & Failure }
}

function edit(file: string, from: string, to: string): void {
  const text = readFileSync(join(bed.dir, file), 'utf8')
  expect(text).toContain(from)
  writeFileSync(join(bed.dir, file), text.replace(from, to))
}

test('draft, review, approved, void and approved again, each with who and what changed', async () => {
  bed = await openBed({ threads: true })
  expect((await sheet()).standing).toMatchObject({ state: 'approved', decidedBy: 'frontmatter' })
  const review = await step({ step: 'review', by: 'Ada', note: 'the toll' })
  expect(review.body.standing).toMatchObject({ state: 'review', last: { by: 'Ada', note: 'the toll' } })
  const { hash, history } = review.body
  const approved = await step({ step: 'approved', by: 'Bo', seen: hash, steps: history.length })
  expect(approved.body.standing.state).toBe('approved')
  edit(brief, 'deadlock', 'standstill')
  expect((await sheet()).standing).toMatchObject({
    state: 'void',
    approval: { by: 'Bo' },
    changes: [{ kind: 'file', name: brief, how: 'changed' }],
  })
  const again = await step({ step: 'approved', by: 'Cy' })
  expect(again.body.standing).toMatchObject({ state: 'approved', approval: { by: 'Cy' } })
  expect(again.body.history.map(({ by }) => by)).toEqual(['Cy', 'Bo', 'Ada'])
  // The settings are those of this moment, not of the studio's start.
  edit('onrecord.yaml', 'Valletta', 'Mdina')
  expect((await sheet()).standing.changes).toEqual([
    { kind: 'setting', name: 'postalAddress', how: 'changed' },
  ])
})

test('what was saved or recorded since somebody looked is refused, with what it was', async () => {
  bed = await openBed()
  const { hash, history } = await sheet()
  const seen = { step: 'approved', by: 'Bo', seen: hash, steps: history.length }
  edit(brief, 'deadlock', 'standstill')
  const unseen = await step(seen)
  expect([unseen.status, unseen.body.error.message]).toEqual([
    409,
    `${issue} has changed since you looked at it: the text (istanbul-talks.md); nothing was recorded.`,
  ])
  edit(brief, 'standstill', 'deadlock')
  const both = await Promise.all(['Ada', 'Bo'].map(async (by) => ({ by, ...(await step({ ...seen, by })) })))
  const [first, second] = both.toSorted((a, b) => a.status - b.status)
  expect([first?.status, second?.status]).toEqual([200, 409])
  expect(second?.body.error.message).toMatch(`${first?.by} approved it on `)
  expect(second?.body.error.message).toMatch(/, since you looked at 2025-w46/)
  expect((await sheet()).history).toHaveLength(1)
})

test('a tick belongs to what is cited and to its entry; other pages are told of it', async () => {
  bed = await openBed()
  const events = await bed.ask('/api/events')
  const reader = events.body?.pipeThrough(new TextDecoderStream()).getReader()
  const [first] = (await sheet()).sources
  const tick = (ticked: boolean, seen?: string) =>
    bed.send('PUT', `/api/issues/${issue}/sources/${first?.check.id ?? ''}/tick`, { ticked, by: 'Ada', seen })
  const ticked = (await (await tick(true, first?.check.hash)).json()) as ApprovalSheet
  expect(ticked.sources[0]).toMatchObject({ tick: { by: 'Ada' }, stale: false })
  let told = ''
  while (!told.includes('"approval"')) told += (await reader?.read())?.value ?? ''
  expect(told).toContain(`{"what":"approval","id":"${issue}"}`)
  await reader?.cancel()
  const claim = ticked.sources[0]?.check.claims[0]
  edit(claim?.place.file ?? '', 'agreement on 7 November', 'agreement on 8 November')
  const { sources } = await sheet()
  expect(sources[0]).toMatchObject({ tick: { by: 'Ada' }, stale: true })
  expect((await tick(true, first?.check.hash)).status).toBe(409)
  expect((await tick(true, sources[0]?.check.hash)).status).toBe(200)
  expect((await sheet()).sources[0]?.stale).toBe(false)
})

test('what the desk found in an entry is shown with its source', async () => {
  bed = await openBed()
  await expect
    .poll(async () => Object.keys((await sheet()).findings).length, { timeout: 10_000 })
    .toBeGreaterThan(10)
  const { findings, sources } = await sheet()
  for (const { check } of sources)
    for (const each of findings[check.id] ?? [])
      expect(each.file === check.place.file || each.message.includes(check.id)).toBe(true)
})

test('names, notes and requests that cannot be meant are refused in a sentence', async () => {
  bed = await openBed()
  const refused: readonly [object, string][] = [
    [{ step: 'approved', by: '  ' }, 'Say who you are'],
    [{ step: 'approved', by: 'x'.repeat(101) }, 'Say who you are'],
    [{ step: 'approved', by: 'a\u0007b' }, 'Say who you are'],
    [{ step: 'draft', by: 'Ada', note: 'x'.repeat(2001) }, 'A note has at most 2,000 characters'],
    [{ step: 'sent', by: 'Ada' }, 'The request is not understood: step'],
    [{ step: 'draft', by: 'Ada', extra: 1 }, 'The request is not understood'],
  ]
  for (const [body, words] of refused) {
    const answer = await step(body)
    expect([answer.status, answer.body.error.message]).toEqual([400, expect.stringContaining(words)])
  }
  const hostile = '<img src=x onerror=alert(1)> ‮evil'
  expect((await step({ step: 'draft', by: hostile, note: hostile })).body.standing.last).toMatchObject({
    by: hostile,
    note: hostile,
  })
  for (const each of ['/api/issues/nothing/approval', '/api/issues/..%2F..%2Fetc/approval'])
    expect((await bed.ask(each)).status).toBe(404)
  const none = await bed.send('PUT', `/api/issues/${issue}/sources/nothing/tick`, { ticked: true, by: 'Ada' })
  expect(none.status).toBe(404)
})

test('an issue that a finding blocks is not approved, and can be sent back', async () => {
  bed = await openBed()
  edit(brief, 'deadlock', 'deadlock [@nobody-knows]')
  const answer = await step({ step: 'approved', by: 'Ada' })
  expect([answer.status, answer.body.error.message]).toEqual([409, expect.stringContaining('nobody-knows')])
  expect((await step({ step: 'draft', by: 'Ada' })).status).toBe(200)
  edit('onrecord.yaml', 'newsletters:', 'newsletters: [')
  const broken = await bed.ask(path)
  expect([broken.status, ((await broken.json()) as Failure).error.message]).toEqual([
    400,
    expect.stringContaining('onrecord.yaml:'),
  ])
})
