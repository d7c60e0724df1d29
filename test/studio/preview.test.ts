import { readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { tiers } from '../../src/core/tier.ts'
import { openViewToken } from '../../src/subscribers/view-token.ts'
import { openUnsubscribeToken } from '../../src/subscribers/unsubscribe-token.ts'
import { parseAddress } from '../../src/subscribers/address.ts'
import { parseParts } from '../../src/outbox/parts.ts'
import { withoutAttributes } from '../../src/render/position-marks.ts'
import type {
  IssuePreview,
  Persona,
  Personas,
  PreviewMime,
  PreviewText,
} from '../../src/studio/contract/preview.ts'
import { openBed, type StudioBed } from './bed.ts'

const ISSUE = '2025-w46'
let bed: StudioBed

beforeAll(async () => {
  bed = await openBed({ threads: true })
})

afterAll(() => bed.close())

async function ask<Answer>(path: string): Promise<Answer> {
  const answer = await bed.ask(path)
  expect([answer.status, path]).toEqual([200, path])
  return (await answer.json()) as Answer
}

const preview = (query = ''): Promise<IssuePreview> =>
  ask<IssuePreview>(`/api/issues/${ISSUE}/preview?${query}`)

async function frame(query: string, tier = 'subscriber', part = 'mail'): Promise<string> {
  const answer = await bed.ask(`/frame/${ISSUE}/${tier}/${part}?${query}`)
  expect(answer.headers.get('content-security-policy')).toContain('sandbox')
  return await answer.text()
}

/** The HTML part of a message as a mail program decodes it. */
async function htmlOf(eml: string): Promise<string> {
  return (await parseParts(Buffer.from(eml))).html?.replace(/\r\n/g, '\n').trimEnd() ?? ''
}

async function somebody(address: string, name: string | null, newsletter = 'weekly'): Promise<Persona> {
  const parsed = parseAddress(address)
  if (!parsed.ok) throw new Error(address)
  await bed.app.subscribers.add({
    address: parsed.value,
    name,
    tier: 'member',
    newsletter,
    source: 'test',
    again: false,
  })
  const { personas } = await ask<Personas>(`/api/personas?q=${encodeURIComponent(address)}&issue=${ISSUE}`)
  const [found] = personas
  if (found === undefined) throw new Error(`${address} was not found`)
  return found
}

test('for every tier and reader the frame is the message’s HTML, byte for byte, but for its marks', async () => {
  const real = await somebody('grace@example.org', 'Grace & “Co” <b>')
  for (const tier of tiers) {
    for (const persona of ['sample', 'sample:1', 'sample:2', 'sample:3', 'sample:5', real.id]) {
      const query = `tier=${tier}&persona=${persona}`
      const eml = await (await bed.ask(`/api/issues/${ISSUE}/preview/message.eml?${query}`)).text()
      const shown = await frame(`persona=${persona}`, tier)
      expect(shown).toContain(' data-l="')
      const sent = withoutAttributes(shown).replaceAll('"/images/', '"http://127.0.0.1:4870/images/')
      expect(sent.trimEnd() === (await htmlOf(eml)), `${tier} ${persona}`).toBe(true)
      expect((await preview(query)).bytes).toBe(Buffer.byteLength(sent))
    }
  }
})

test('a real reader is found by name, keeps their tier and their words, and none of their links works', async () => {
  const { id } = await somebody('zoe.müller@example.org', 'Zoë Müller')
  const { personas } = await ask<Personas>(`/api/personas?q=muller&issue=${ISSUE}`)
  expect(personas).toEqual([
    {
      id,
      name: 'Zoë Müller',
      address: 'zoe.müller@example.org',
      tier: 'member',
      sample: false,
      plain: false,
      note: null,
    },
  ])
  const { text } = await ask<PreviewText>(`/api/issues/${ISSUE}/preview/text?tier=member&persona=${id}`)
  const token = /\/u\/(\S+)/.exec(text)?.[1] ?? ''
  const view = /\/v\/(\S+)/.exec(text)?.[1] ?? ''
  expect(token.length).toBeGreaterThan(40)
  expect(view.length).toBeGreaterThan(40)
  expect(openUnsubscribeToken(bed.app.tokens, token)).toBe(null)
  expect(openViewToken(bed.app.tokens, view)).toBe(null)
  expect((await preview(`tier=member&persona=${id}`)).persona.name).toBe('Zoë Müller')
})

test('who would get no issue is shown with the reason, and who is erased not at all', async () => {
  const { id } = await somebody('leaver@example.org', 'A. Leaver')
  await bed.app.subscribers.unsubscribe({ publicId: id }, 'weekly')
  expect((await preview(`persona=${id}`)).persona.note).toMatch(/gets no issue/)
  const parsed = parseAddress('leaver@example.org')
  if (parsed.ok) await bed.app.subscribers.erase(parsed.value)
  const answer = await bed.ask(`/api/issues/${ISSUE}/preview?persona=${id}`)
  expect(answer.status).toBe(404)
  expect(await answer.text()).toContain('This reader is not there any more.')
  expect((await bed.ask(`/frame/${ISSUE}/member/mail?persona=${id}`)).status).toBe(404)
})

test('who wants plain text gets that alone', async () => {
  const { id } = await somebody('plain@example.org', 'P. Lain')
  await bed.app.readers({ sessionDays: 1 }).setFormat(id, 'text')
  expect((await preview(`tier=member&persona=${id}`)).persona.plain).toBe(true)
  const { structure } = await ask<PreviewMime>(
    `/api/issues/${ISSUE}/preview/source?tier=member&persona=${id}`,
  )
  expect(structure).toMatchObject({ type: 'text/plain', parts: [] })
})

test('each way to look changes what it says', async () => {
  const plain = await frame('')
  expect(await frame('scheme=light')).toContain('content="light"')
  expect(await frame('scheme=dark')).toMatch(/\(min-width:0\)\)?\{body/)
  const forced = await frame('scheme=forced')
  expect(forced).toContain('color-scheme:only light')
  expect(forced).not.toContain('prefers-color-scheme')
  expect(plain).toMatch(/<img[^>]*src="\/images\//)
  expect(await frame('images=off')).not.toMatch(/<img[^>]*src=/)
  expect(await frame('images=off')).toContain('Drawing of an empty negotiating table')
  expect(plain).toContain('font-size:17px')
  expect(await frame('text=200')).toContain('font-size:34px')
  expect(await frame('', 'subscriber', 'web')).not.toContain('data-l=')
  expect((await bed.ask(`/frame/${ISSUE}/nobody/mail`)).status).toBe(404)
})

test('the issue is shown in another look without a change to its file', async () => {
  const file = join(bed.dir, 'briefs', ISSUE, 'issue.md')
  const before = await readFile(file, 'utf8')
  const [own, other] = [await preview(), await preview('look=flash')]
  expect([own.look, own.ownLook, [...own.looks].sort()]).toEqual(['weekly', 'weekly', ['flash', 'weekly']])
  expect([other.look, other.ownLook]).toEqual(['flash', 'weekly'])
  expect(other.bytes).not.toBe(own.bytes)
  expect(await frame('look=flash&persona=sample:1')).not.toBe(await frame('persona=sample:1'))
  const source = (look: string): Promise<PreviewMime> =>
    ask<PreviewMime>(`/api/issues/${ISSUE}/preview/source?look=${look}`)
  expect((await source('flash')).bytes).not.toBe((await source('weekly')).bytes)
  expect(await readFile(file, 'utf8')).toBe(before)
  for (const look of ['..', '../../briefs', 'nowhere', '__proto__', '']) {
    const answer = await bed.ask(`/api/issues/${ISSUE}/preview?look=${encodeURIComponent(look)}`)
    expect([look, answer.status]).toEqual([look, 404])
  }
})

test('the source is the message itself, in its parts, with every header explained', async () => {
  const mime = await ask<PreviewMime>(`/api/issues/${ISSUE}/preview/source?persona=sample:3`)
  const eml = await bed.ask(`/api/issues/${ISSUE}/preview/message.eml?persona=sample:3`)
  expect(eml.headers.get('content-disposition')).toBe(`attachment; filename="${ISSUE}.eml"`)
  expect(await eml.text()).toBe(mime.source)
  expect(mime.structure).toMatchObject({
    type: 'multipart/alternative',
    bytes: mime.bytes,
    parts: [
      { type: 'text/plain', charset: 'utf-8', encoding: 'quoted-printable', parts: [] },
      { type: 'text/html', charset: 'utf-8', encoding: 'quoted-printable', parts: [] },
    ],
  })
  // What stands in a code for the wire is shown as letters, too.
  expect(mime.headers.filter(({ shown }) => shown !== null)).toEqual([
    expect.objectContaining({
      name: 'To',
      value: expect.stringContaining('=?UTF-8?'),
      shown: 'ليلى الخطيب <layla@example.org>',
    }),
  ])
  const inside = mime.structure?.parts.reduce((sum, part) => sum + part.bytes, 0) ?? 0
  expect(inside).toBeLessThan(mime.bytes)
  expect(inside).toBeGreaterThan(mime.bytes * 0.95)
  expect(mime.headers.map(({ name }) => name)).toContain('List-Unsubscribe')
  expect(mime.headers.filter(({ explanation }) => explanation.length < 10)).toEqual([])
})

test('the sections are the whole mail, and the reading order leads to lines', async () => {
  const { sections, bytes, clip, sources, files } = await preview('persona=sample:2')
  expect(sections.reduce((sum, each) => sum + each.bytes, 0)).toBe(bytes)
  expect(clip).toBe(null)
  expect(sources.find(({ number }) => number === 3)).toMatchObject({ publisher: 'Al Jazeera', locked: null })
  const { readingOrder } = await ask<PreviewText>(`/api/issues/${ISSUE}/preview/text`)
  const [first] = readingOrder.filter(({ mark }) => mark !== null)
  expect(files[Number(first?.mark?.split(':')[0])]).toBe(`briefs/${ISSUE}/issue.md`)
})

test('public readers are told why a source has no link', async () => {
  const { sources } = await preview('tier=public')
  expect(sources.every(({ url }) => url === null)).toBe(true)
  expect(sources[0]?.locked).toBe('The link is for subscribers.')
})

test('a publication names sample readers of its own; what is wrong with them is said with its line', async () => {
  const file = join(bed.dir, 'sample-readers.yaml')
  await writeFile(
    file,
    '- {name: Ö, address: o@example.org, tier: member}\n- {address: nameless@example.org}\n',
  )
  const { personas, problem } = await ask<Personas>('/api/personas')
  expect(problem).toBe(null)
  expect(personas.map(({ name, address, tier }) => [name, address, tier])).toEqual([
    [null, 'a.reader.of.ours@example.org', null],
    ['Ö', 'o@example.org', 'member'],
    [null, 'nameless@example.org', null],
  ])
  await writeFile(file, '- {name: Ö, address: o@example.org}\n- {name: X, adress: o@example.org}\n')
  const wrong = await ask<Personas>('/api/personas')
  expect(wrong.problem).toMatch(/^sample-readers.yaml, line 2: /)
  expect(wrong.personas.length).toBeGreaterThan(3)
})

test('a mail above 102,400 bytes is cut before the first block that does not fit, a source or a paragraph', async () => {
  const sentence = 'A quarrel of two rooms goes on and on without an end in sight. '
  const file = join(bed.dir, 'briefs', ISSUE, 'paktika-strikes.md')
  const before = await readFile(file, 'utf8')
  const lengthened = async (paragraphs: number): Promise<IssuePreview> => {
    const text = `${sentence.repeat(12)}\n\n`.repeat(paragraphs)
    await writeFile(file, `${before}\n${text}`)
    let last: IssuePreview | null = null
    await expect
      .poll(async () => (last = await preview()).bytes, { timeout: 15_000 })
      .toBeGreaterThan(70_000 + text.length)
    if (last === null) throw new Error('nothing was shown')
    return last
  }
  const inSources = await lengthened(55)
  expect(inSources.limits.clip).toBe(102_400)
  expect(inSources.clip?.selector).toMatch(/^\[id="s\d+"\]$/)
  expect(inSources.clip?.at).toBeLessThanOrEqual(102_400)
  expect(inSources.clip?.at).toBeGreaterThan(101_000)
  const inText = await lengthened(75)
  expect(inText.clip?.selector).toMatch(/^\[data-l="2:/)
  expect(inText.clip?.at).toBeLessThanOrEqual(102_400)
  expect(inText.clip?.at).toBeGreaterThan(101_000)
  expect(inText.clip?.place?.file).toBe(`briefs/${ISSUE}/paktika-strikes.md`)
  await writeFile(file, before)
})

test('of a broken draft the last good version stays, and is said to be stale', async () => {
  const file = join(bed.dir, 'briefs', ISSUE, 'istanbul-talks.md')
  const before = await readFile(file, 'utf8')
  await expect.poll(async () => (await preview()).clip, { timeout: 15_000 }).toBe(null)
  await writeFile(file, before.replace('The third round of talks', 'The third round of talks [@nowhere'))
  await expect.poll(async () => (await preview()).stale, { timeout: 15_000 }).toBe(true)
  expect(await frame('')).toContain('The third round of talks between')
  expect(await frame('look=flash')).toContain('The third round of talks between')
  await writeFile(file, before)
  await expect.poll(async () => (await preview()).stale, { timeout: 15_000 }).toBe(false)
})

test('of a draft that was broken from the start, no picture is shown, and it is said why', async () => {
  await writeFile(join(bed.dir, 'briefs/never.md'), '---\ntitle: "The talks: day one\n---\nWords.\n')
  const asked = async (): Promise<unknown> => await (await bed.ask('/api/issues/never/preview')).json()
  await expect
    .poll(asked, { timeout: 15_000 })
    .toMatchObject({ error: { message: expect.stringContaining('kept no version of it from before') } })
})
