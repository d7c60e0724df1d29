import { appendFile, readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import type { IssueCompat } from '../../src/studio/contract/compat.ts'
import { openBed, type StudioBed } from './bed.ts'
import { gates, writeGates } from './gates.ts'
import { linkingTo, serveMisbehaving, type Misbehaving } from './misbehaving.ts'

let pages: Misbehaving
let bed: StudioBed
beforeAll(async () => {
  pages = await serveMisbehaving()
  bed = await openBed({ fetcher: pages.fetcher, prepare: (dir) => writeGates(dir, linkingTo(pages)) })
})
afterAll(async () => {
  await bed.close()
  await pages.close()
})

async function compat(issue: string, { links = 'off', tier = 'subscriber' } = {}): Promise<IssueCompat> {
  const answer = await bed.ask(`/api/issues/${issue}/compat?tier=${tier}&links=${links}`)
  expect(answer.status).toBe(200)
  return (await answer.json()) as IssueCompat
}

describe('the finished mail', () => {
  test('is looked at as its readers meet it, in sentences, with places in the text', async () => {
    const { mail, tier } = await compat('2025-w46', { tier: 'member' })
    if (mail === null) throw new Error('there is no mail')
    expect(tier).toBe('member')
    expect(mail.clients).toContain('Gmail on iOS')
    expect(mail.clientsLine).toBe(null)
    expect(mail.dataFrom).toMatch(/^\d{4}-\d{2}-\d{2}$/)
    expect(mail.sizes.html).toBeGreaterThan(20_000)
    expect(mail.sizes.images).toBeGreaterThan(10_000)
    expect(mail.contrast['forced-dark']).toBeGreaterThan(3)
    expect(mail.remarks.length).toBeGreaterThan(2)
    const ranks = mail.remarks.map(({ severity }) => severity)
    expect(ranks).toEqual(ranks.toSorted())
    for (const { message, hint, about, clients } of mail.remarks) {
      expect(message).toMatch(/^\p{Lu}.*\.$/u)
      expect(hint ?? 'None.').toMatch(/^\p{Lu}.*\.$/u)
      expect(clients.length > 0).toBe(about === 'programs')
    }
    const size = (await compat('2025-w46', { tier: 'public' })).mail?.sizes.html
    expect(size).not.toBe(mail.sizes.html)
  })

  test('leads to the line of what is found in the editor’s words', async () => {
    const { links } = await compat('2025-w46')
    const [link] = links.results
    const { file, line } = link?.place ?? { file: '', line: 0 }
    const text = (await readFile(join(bed.dir, file), 'utf8')).split('\n')
    expect(text[line - 1]).toMatch(/\S/)
  })

  test('names the mail programs of onrecord.yaml, with their line', async () => {
    const settings = join(bed.dir, 'onrecord.yaml')
    const lines = (await readFile(settings, 'utf8')).split('\n').length
    await appendFile(settings, '\nclients: [thunderbird, gmx-web]\n')
    await expect
      .poll(async () => (await compat('2025-w46')).mail?.clients, { timeout: 20_000 })
      .toEqual(['Thunderbird', 'GMX on the web'])
    expect((await compat('2025-w46')).mail?.clientsLine).toBe(lines + 1)
  })

  test('of a draft that was never whole is none, and of no issue is not found', async () => {
    const other = await openBed({ prepare: (dir) => writeGates(dir, gates) })
    const answer = await other.ask('/api/issues/gates/compat')
    expect(((await answer.json()) as IssueCompat).mail).toBe(null)
    expect((await other.ask('/api/issues/nope/compat')).status).toBe(404)
    await other.close()
  })
})

describe('links and images', () => {
  test('are not asked for while asking is off, then each is, once, and told by its state', async () => {
    const { links: quiet } = await compat('gates')
    expect(quiet).toMatchObject({ running: false, done: 0, total: 7 })
    expect(quiet.results.every(({ state }) => state === 'waiting')).toBe(true)
    expect(pages.asked).toEqual([])
    expect((await compat('gates', { links: 'on' })).links.running).toBe(true)
    // Nobody is asked at every key.
    expect(pages.asked).toEqual([])
    await expect
      .poll(async () => (await compat('gates', { links: 'on' })).links.running, { timeout: 20_000 })
      .toBe(false)
    const { links } = await compat('gates', { links: 'on' })
    expect(links.done).toBe(7)
    const states = links.results.map(({ url, state, movedTo }) => [
      new URL(url).host === 'inside.org' ? 'inside' : new URL(url).pathname,
      movedTo === null ? state : `${state}, moved to ${new URL(movedTo).pathname}`,
    ])
    expect(Object.fromEntries(states)).toEqual({
      '/well': 'works',
      '/gone': 'broken',
      '/login': 'could-not-verify',
      '/not-you': 'could-not-verify',
      '/slow-down': 'could-not-verify',
      '/moved': 'works, moved to /new',
      inside: 'refused',
    })
    expect(pages.asked.filter((each) => each === 'HEAD /well').length).toBe(1)
    for (const { place, sentence, state } of links.results) {
      expect(place?.file).toBe('briefs/gates/quay.md')
      if (state !== 'works') expect(sentence).toMatch(/^\p{Lu}.*\.$/u)
    }
  })

  test('are not asked for again when only words change, and all of them by a press', async () => {
    const before = pages.asked.length
    const { version } = await compat('gates', { links: 'on' })
    await writeGates(bed.dir, linkingTo(pages).replace('It rained', 'It snowed'))
    await expect
      .poll(async () => (await compat('gates', { links: 'on' })).version, { timeout: 20_000 })
      .toBeGreaterThan(version)
    expect((await compat('gates', { links: 'on' })).links.running).toBe(false)
    expect(pages.asked.length).toBe(before)
    expect((await bed.send('POST', '/api/issues/gates/compat/links', { tier: 'subscriber' })).status).toBe(
      202,
    )
    await expect
      .poll(async () => (await compat('gates', { links: 'on' })).links, { timeout: 20_000 })
      .toMatchObject({ running: false, done: 7 })
    expect(pages.asked.length).toBeGreaterThan(before + 5)
  })
})
