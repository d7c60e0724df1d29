import { mkdir, readFile, rm, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { afterEach, expect, test } from 'vitest'
import { z } from 'zod'
import { readyIssue } from '../../src/cli/ready-issue.ts'
import { publishIssue } from '../../src/delivery/publish.ts'
import { openBed, type StudioBed } from './bed.ts'
import { addPerson, issue, sendSample } from './sent.ts'

let bed: StudioBed | null = null
afterEach(async () => {
  await bed?.close()
  bed = null
})

const summary = z.object({
  id: z.string(),
  state: z.string(),
  subject: z.string().nullable(),
  by: z.string().nullable(),
  rehearsedAt: z.number().nullable(),
  briefs: z.array(z.string()),
  version: z.number(),
  readiness: z.object({ light: z.string(), sentence: z.string(), lines: z.array(z.unknown()) }),
})
const shelf = z.object({
  publication: z
    .object({ name: z.string(), rehearsal: z.boolean(), server: z.string().nullable() })
    .nullable(),
  findings: z.array(z.object({ file: z.string(), line: z.number(), message: z.string() })),
  issues: z.array(summary),
  complete: z.boolean(),
})

/** The list once every issue in it has been built. */
async function built({ ask }: StudioBed): Promise<z.infer<typeof shelf>> {
  for (;;) {
    const now = shelf.parse(await (await ask('/api/shelf')).json())
    if (now.complete) return now
    await new Promise((resolve) => setTimeout(resolve, 30))
  }
}

const change = async (open: StudioBed, file: string, from: string, to: string): Promise<void> => {
  const path = join(open.dir, file)
  await writeFile(path, (await readFile(path, 'utf8')).replace(from, to))
}

test('before the record is in use the frontmatter says where an issue stands, then the record does', async () => {
  bed = await openBed()
  const open = bed
  const [first] = (await built(open)).issues
  expect(first).toMatchObject({ id: issue, state: 'approved', by: null })
  expect(first?.briefs).toHaveLength(2)
  const step = (body: object): Promise<Response> => open.send('POST', `/api/issues/${issue}/approval`, body)
  expect((await step({ step: 'review', by: 'Ada', note: null })).status).toBe(200)
  expect((await built(open)).issues[0]?.state).toBe('review')
  expect((await step({ step: 'approved', by: 'Bo', note: null })).status).toBe(200)
  expect((await built(open)).issues[0]).toMatchObject({
    state: 'approved',
    by: 'Bo',
    readiness: { light: 'ready' },
  })
  await change(open, `briefs/${issue}/issue.md`, 'subject: ', 'subject: Again, ')
  await expect
    .poll(async () => (await built(open)).issues[0], { timeout: 30_000, interval: 200 })
    .toMatchObject({
      state: 'void',
      readiness: { light: 'open', sentence: 'Changed since it was approved: to be approved again.' },
    })
}, 90_000)

test('what is on the site is not ready to go out again while its text is in review or has changed', async () => {
  bed = await openBed()
  const open = bed
  await publishIssue(open.app, await readyIssue(open.app, issue))
  const light = async (): Promise<unknown> => {
    const { state, readiness } = (await built(open)).issues[0] ?? {}
    return [state, readiness?.light, readiness?.sentence]
  }
  const step = (body: object): Promise<Response> => open.send('POST', `/api/issues/${issue}/approval`, body)
  expect(await light()).toEqual(['published', 'ready', 'Ready: nothing stands in the way.'])
  await step({ step: 'review', by: 'Ada', note: null })
  await expect.poll(light, { timeout: 30_000 }).toEqual(['published', 'open', 'To be approved.'])
  await step({ step: 'approved', by: 'Bo', note: null })
  await expect
    .poll(light, { timeout: 30_000 })
    .toEqual(['published', 'ready', 'Ready: nothing stands in the way.'])
  await change(open, `briefs/${issue}/issue.md`, 'subject: ', 'subject: Again, ')
  await expect
    .poll(light, { timeout: 30_000 })
    .toEqual(['published', 'open', 'Changed since it was approved: to be approved again.'])
}, 90_000)

test('a rehearsal is told and counts for nothing; lights go without their lines', async () => {
  bed = await openBed()
  await addPerson(bed, 'ada@mail.example')
  await sendSample(bed)
  const { issues, publication } = await built(bed)
  expect(publication).toMatchObject({ rehearsal: true, server: null })
  expect(issues[0]).toMatchObject({ state: 'approved', readiness: { lines: [] } })
  expect(issues[0]?.rehearsedAt).toBeGreaterThan(0)
}, 90_000)

test('settings that cannot be read are told with file, line and sentence; the issues stay', async () => {
  bed = await openBed()
  await built(bed)
  const open = bed
  await change(open, 'onrecord.yaml', 'name:', 'nmae:')
  await expect
    .poll(async () => shelf.parse(await (await open.ask('/api/shelf')).json()).findings, {
      timeout: 30_000,
      interval: 200,
    })
    .not.toEqual([])
  const { findings, issues } = shelf.parse(await (await open.ask('/api/shelf')).json())
  expect(findings[0]).toMatchObject({ file: 'onrecord.yaml' })
  expect(issues).toHaveLength(1)
})

test('a publication without an issue has an empty list', async () => {
  bed = await openBed({
    prepare: (dir) => rm(join(dir, 'briefs'), { recursive: true }),
  })
  expect(await built(bed)).toMatchObject({ issues: [], findings: [] })
})

test('an issue that cannot be read is told as such', async () => {
  bed = await openBed({
    prepare: async (dir) => {
      await rm(join(dir, 'briefs'), { recursive: true })
      await mkdir(join(dir, 'briefs'))
      await writeFile(join(dir, 'briefs/quay.md'), '---\ntitle: [\n---\n\nWords.\n')
    },
  })
  const { issues } = await built(bed)
  expect(issues).toMatchObject([
    { id: 'quay', state: 'broken', subject: null, readiness: { light: 'blocked' } },
  ])
})
