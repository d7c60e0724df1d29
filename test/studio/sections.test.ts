import { join } from 'node:path'
import { beforeAll, expect, test } from 'vitest'
import { createPreviewer } from '../../src/studio/build-preview.ts'
import type { Preview, PreviewEdition } from '../../src/studio/preview.ts'
import { measureMail } from '../../src/studio/sections.ts'

const root = join(import.meta.dirname, '../..')
const folder = 'briefs/2025-w46'
let preview: Preview
let member: PreviewEdition

beforeAll(async () => {
  const built = await createPreviewer({
    root,
    baseUrl: 'https://brief.example.org',
    snapshotsDir: null,
  }).build('2025-w46')
  if (built === null || built.editions === null) throw new Error('the sample does not build')
  preview = built
  member = built.editions.member
})

test('the parts of a mail are the whole of what is sent, in its order', () => {
  const { sections } = measureMail(member.marked, preview.files)
  expect(sections.map(({ label, place }) => [label, place?.file ?? null])).toEqual([
    ['Styles', null],
    ['Masthead', null],
    ['Opening', `${folder}/issue.md`],
    ['Istanbul talks end without agreement', `${folder}/istanbul-talks.md`],
    ['Paktika, December 2024: three accounts of one night', `${folder}/paktika-strikes.md`],
    ['Sources', null],
    ['Footer', null],
  ])
  let end = 0
  for (const section of sections) {
    end += section.bytes
    expect(section.end).toBe(end)
  }
  expect(end).toBe(Buffer.byteLength(member.html))
  expect(end).toBe(member.bytes.html)
})

test('a part begins where the block does that holds its first words, and no part cuts a tag', () => {
  const sent = Buffer.from(member.html)
  const { sections } = measureMail(member.marked, preview.files)
  for (const [index, { end }] of sections.entries()) {
    const next = sections[index + 1]
    if (next !== undefined) expect(sent.subarray(end, end + 1).toString()).toBe('<')
  }
  const talks = sections[3]
  const html = sent.subarray((talks?.end ?? 0) - (talks?.bytes ?? 0), talks?.end).toString()
  expect(html.match(/<h2\b/g)?.length).toBe(1)
  expect(html).toContain('Istanbul talks end without agreement')
  expect(html).not.toContain('three accounts of one night')
})

test('the clip line stands before the first block that does not reach the reader whole', () => {
  expect(measureMail(member.marked, preview.files).clip).toBe(null)
  const { clip } = measureMail(member.marked, preview.files, 40_000)
  const sent = Buffer.from(member.html)
  expect(clip?.at).toBeLessThan(40_000)
  const block = /^<(\w+)[^>]*>[\s\S]*?<\/\1>/.exec(sent.subarray(clip?.at).toString())?.[0] ?? ''
  expect((clip?.at ?? 0) + Buffer.byteLength(block)).toBeGreaterThan(40_000)
  expect(clip?.place?.file).toBe(`${folder}/istanbul-talks.md`)
  expect(member.marked).toContain(clip?.selector.slice(1, -1))
})

test('an issue in one file and a mail without marks have their parts, too', () => {
  const plain = measureMail('<html><head></head><body><p>Words</p></body></html>', [])
  expect(plain.sections.map(({ label, bytes }) => [label, bytes])).toEqual([
    ['Styles', 19],
    ['Masthead', 32],
  ])
  expect(measureMail('', []).sections).toEqual([])
})
