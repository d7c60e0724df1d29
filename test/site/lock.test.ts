import { beforeAll, expect, test } from 'vitest'
import type { PageDocument } from '../../src/render/page-document.ts'
import { lockOf } from '../../src/site/lock.ts'
import { openBed, type SiteBed } from './bed.ts'
import { enter } from './every-route.ts'
import { publishSecrets, secretPublication } from './secret-publication.ts'
import { loggedIn } from './visitor.ts'

let bed: SiteBed

beforeAll(async () => {
  bed = await openBed({ publication: secretPublication, baseUrl: secretPublication.url })
  await publishSecrets(bed)
})

async function documentOf(issue: string, tier: 'public' | 'subscriber' | 'member'): Promise<PageDocument> {
  const head = await bed.deps.archive.editionOf(issue, tier)
  const document = head === null ? null : (await bed.deps.archive.page(head.hash))?.document
  if (document === null || document === undefined) throw new Error('no page')
  return document
}

test('the public is told in numbers what is open, what a confirmation unlocks and what is for members', async () => {
  // Open: the book and the library’s volume, which have no link. Unlocked: daily, agency, and what the brief
  // for readers cites. The rest stand only in members’ parts: two sections and a brief.
  expect(lockOf(await documentOf('w1', 'public'), secretPublication)).toEqual({
    total: 9,
    open: 2,
    unlock: 3,
    forMembers: 3,
    href: '/subscribe',
    by: 'subscriber',
  })
})

test('a subscriber is told what members read, and a member of no lock', async () => {
  expect(lockOf(await documentOf('w1', 'subscriber'), secretPublication)).toEqual({
    total: 9,
    open: 5,
    unlock: 4,
    forMembers: 3,
    href: 'mailto:desk@harbour.example.org?subject=Member',
    by: 'member',
  })
  expect(lockOf(await documentOf('w1', 'member'), secretPublication)).toBeNull()
  expect(lockOf(await documentOf('w2', 'subscriber'), secretPublication)).toBeNull()
})

test('a source’s own page speaks of that one', async () => {
  const document = await documentOf('w1', 'public')
  const source = (id: string) => document.sources.find((each) => each.id === id)
  expect(lockOf(document, secretPublication, source('daily'))).toMatchObject({
    total: 1,
    unlock: 1,
    by: 'subscriber',
  })
  expect(lockOf(document, secretPublication, source('vault'))).toMatchObject({
    total: 1,
    unlock: 1,
    by: 'member',
  })
  expect(lockOf(document, secretPublication, source('book'))).toBeNull()
})

test('the page says it, and once confirmed the links are there and the words gone', async () => {
  const open = await (await bed.site.request('/issues/w1')).text()
  expect(open.replaceAll(/<[^>]*>/g, '')).toContain('9 sources, 2 open, 3 unlock when you confirm')
  expect(open).toContain('href="/subscribe"')
  const { cookie } = await enter(bed, 'subscriber')
  const own = await (await bed.site.request('/issues/w1', { headers: { Cookie: cookie ?? '' } })).text()
  expect(own).not.toContain('when you confirm')
  expect(own).toContain('href="https://zqsdaily.test/zqspath')
})

test('who is logged in without a newsletter is sent to choose one, not to log in or to sign up', async () => {
  const { publicId } = await bed.person('left@people.test')
  const visitor = await loggedIn(bed, 'left@people.test')
  await bed.subscribers.unsubscribe({ publicId }, null)
  for (const path of ['/issues/w1', '/sources/w1/daily']) {
    const html = await (await visitor.get(path)).text()
    const lock = /<aside class="unlock".*?<\/aside>/s.exec(html)?.[0] ?? ''
    expect(lock.replaceAll(/<[^>]*>/g, '')).toContain('unlock')
    expect(lock).toContain('when you choose a newsletter')
    expect(lock).toContain('href="/preferences"')
    expect(lock).not.toMatch(/log-in|"\/subscribe"|confirm/)
  }
  const stranger = await (await bed.site.request('/issues/w1')).text()
  expect(stranger).toContain('Subscribed already? Log in')
})
