import { beforeEach, expect, test } from 'vitest'
import { publicationSchema } from '../../src/core/publication.ts'
import { parseAddress } from '../../src/subscribers/address.ts'
import { openBed, type SiteBed } from './bed.ts'
import { loggedIn, type Visitor } from './visitor.ts'

const publication = publicationSchema.parse({
  name: 'The Ledger Brief',
  url: 'https://brief.example.org',
  from: { name: 'Desk', address: 'desk@brief.example.org' },
  postalAddress: '1 Harbour Street',
  timeZone: 'Europe/Malta',
  newsletters: { weekly: { name: 'Weekly' }, daily: { name: 'Daily' } },
})

/** Somebody whose mail came back while they were logged in. */
let bed: SiteBed
let visitor: Visitor
let publicId: string
beforeEach(async () => {
  bed = await openBed({ publication })
  publicId = (await bed.person('reader@brief.test')).publicId
  visitor = await loggedIn(bed, 'reader@brief.test')
  const address = parseAddress('reader@brief.test')
  if (!address.ok) throw new Error(address.reason)
  await bed.subscribers.suppress(address.value, 'bounced', null)
})

const account = () => bed.deps.readers.account(publicId)

test('is told to write to the publication, and offered no change of address that could never be carried out', async () => {
  const page = await (await visitor.get('/preferences')).text()
  expect(page).toContain('write to desk@brief.example.org')
  expect(page).not.toContain('action="/preferences/address"')
  expect(page).not.toContain('Change the address here')
})

test('a form of before, that asks for a change, is refused with what to do, and writes no letter', async () => {
  const answer = await visitor.post('/preferences/address', { email: 'new@brief.test' })
  expect(answer.status).toBe(422)
  const page = await answer.text()
  expect(page).toContain('cannot be changed here')
  expect(page).toContain('write to ')
  expect((await account())?.change).toBeNull()
  expect(bed.database.prepare('select 1 from letter').get()).toBeUndefined()
})

test('newsletters of which one cannot be joined are not half saved: none is left either', async () => {
  // Leaves the first, joins the second.
  const before = (await account())?.consents
  const answer = await visitor.post('/preferences/newsletters', { 'newsletter-daily': 'yes' })
  expect(answer.status).toBe(422)
  expect(await answer.text()).toContain('nothing was saved')
  const { subscriber, consents } = (await account()) ?? {}
  expect(subscriber?.subscriptions.map(({ newsletter, state }) => [newsletter, state])).toEqual([
    ['weekly', 'confirmed'],
  ])
  expect(consents).toEqual(before)
})
