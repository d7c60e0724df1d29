import { beforeAll, expect, test } from 'vitest'
import type { PageDocument } from '../../src/render/page-document.ts'
import { lockOf } from '../../src/site/lock.ts'
import { openBed, type SiteBed } from './bed.ts'
import { enter } from './every-route.ts'
import { publishSecrets, secretPublication } from './secret-publication.ts'

let bed: SiteBed

beforeAll(async () => {
  bed = await openBed({ publication: secretPublication, baseUrl: secretPublication.url })
  await publishSecrets(bed)
})

function documentOf(issue: string, tier: 'public' | 'subscriber' | 'member'): PageDocument {
  const head = bed.deps.archive.editionOf(issue, tier)
  const document = head === null ? null : bed.deps.archive.page(head.hash)?.document
  if (document === null || document === undefined) throw new Error('no page')
  return document
}

test('the public is told in numbers what is open, what a confirmation unlocks and what is for members', () => {
  // Open: the book and the library’s volume, which have no link. Unlocked: daily, agency, and what the brief
  // for readers cites. The rest stand only in members’ parts: two sections and a brief.
  expect(lockOf(documentOf('w1', 'public'), secretPublication)).toEqual({
    total: 9,
    open: 2,
    unlock: 3,
    forMembers: 3,
    href: '/subscribe',
    by: 'subscriber',
  })
})

test('a subscriber is told what members read, and a member of no lock', () => {
  expect(lockOf(documentOf('w1', 'subscriber'), secretPublication)).toEqual({
    total: 9,
    open: 5,
    unlock: 4,
    forMembers: 3,
    href: 'mailto:desk@harbour.example.org?subject=Member',
    by: 'member',
  })
  expect(lockOf(documentOf('w1', 'member'), secretPublication)).toBeNull()
  expect(lockOf(documentOf('w2', 'subscriber'), secretPublication)).toBeNull()
})

test('a source’s own page speaks of that one', () => {
  const document = documentOf('w1', 'public')
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
