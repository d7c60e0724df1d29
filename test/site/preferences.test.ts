import { beforeEach, describe, expect, test } from 'vitest'
import { publicationSchema } from '../../src/core/publication.ts'
import { unsubscribeToken } from '../../src/subscribers/unsubscribe-token.ts'
import { openBed, type SiteBed } from './bed.ts'
import { csrfIn, everything, loggedIn, visit, type Visitor } from './visitor.ts'

const publication = publicationSchema.parse({
  name: 'The <Ledger> Brief',
  url: 'https://brief.example.org',
  from: { name: 'Desk', address: 'desk@brief.example.org' },
  postalAddress: '1 Harbour Street',
  timeZone: 'Europe/Malta',
  newsletters: {
    weekly: { name: 'Weekly' },
    daily: { name: 'Daily & more', consent: 'Yes, the daily one, too.' },
  },
})
const DAY = 86_400_000

let bed: SiteBed
let visitor: Visitor
let publicId: string
beforeEach(async () => {
  bed = await openBed({ publication })
  publicId = (await bed.person('reader@brief.test')).publicId
  visitor = await loggedIn(bed, 'reader@brief.test')
})

const account = async () => {
  const found = await bed.deps.readers.account(publicId)
  if (found === null) throw new Error('there is no account')
  return found
}
/** Those of the person's own; the one that the bed entered is an operator's. */
const consents = async () => (await account()).consents.filter(({ form }) => form !== 'operator')
const states = async (): Promise<Record<string, string>> =>
  Object.fromEntries((await account()).subscriber.subscriptions.map((each) => [each.newsletter, each.state]))

/** Presses a button of the page and follows to where it leads. */
async function press(path: string, fields: Record<string, string> = {}): Promise<string> {
  const answer = await visitor.post(path, fields)
  const to = answer.headers.get('Location')
  expect(answer.status).toBe(303)
  return (await visitor.get(to ?? '')).text()
}

test('the page is of one person: without a session it leads to the log-in, and nobody keeps it', async () => {
  const before = await visit(bed).get('/preferences')
  expect([before.status, before.headers.get('Location')]).toEqual([303, '/log-in?next=/preferences'])
  const page = await visitor.get('/preferences')
  expect(page.headers.get('Cache-Control')).toBe('no-store')
  expect(page.headers.get('ETag')).toBeNull()
  expect(page.headers.get('X-Robots-Tag')).toBe('noindex')
  const html = await page.text()
  expect(html).toContain('reader@brief.test')
  expect(html).toContain('Daily &amp; more')
  // Every form of it carries the token.
  expect(html.match(/<form /g)?.length).toBe(html.match(/name="csrf"/g)?.length)
})

test('each newsletter is joined and left by itself, with the words that stood there as the consent', async () => {
  expect(
    await press('/preferences/newsletters', { 'newsletter-weekly': 'yes', 'newsletter-daily': 'yes' }),
  ).toContain('Your newsletters are saved.')
  expect(await states()).toEqual({ weekly: 'confirmed', daily: 'confirmed' })
  bed.clock.time += 1_000
  await press('/preferences/newsletters', { 'newsletter-daily': 'yes' })
  expect(await states()).toEqual({ weekly: 'left', daily: 'confirmed' })
  expect(await consents()).toMatchObject([
    {
      newsletter: 'daily',
      kind: 'given',
      form: 'preferences',
      words: 'Yes, the daily one, too.',
      network: '127.0.0.0/24',
      at: bed.clock.time - 1_000,
    },
    {
      newsletter: 'weekly',
      kind: 'withdrawn',
      form: 'preferences',
      words: 'Leave Weekly',
      at: bed.clock.time,
    },
  ])
})

test('a form sent twice leaves no second consent', async () => {
  for (let time = 0; time < 2; time++)
    await press('/preferences/newsletters', { 'newsletter-weekly': 'yes', 'newsletter-daily': 'yes' })
  expect(await consents()).toHaveLength(1)
})

test('whoever leaves everything keeps the page, and reads what everybody reads', async () => {
  const html = await press('/preferences/newsletters')
  expect(await states()).toEqual({ weekly: 'left' })
  expect(html).toContain('Your preferences')
  expect(await press('/preferences/newsletters', { 'newsletter-weekly': 'yes' })).toContain('saved')
  expect(await states()).toEqual({ weekly: 'confirmed' })
})

test('an address that nothing may be mailed to joins nothing, and the page says why', async () => {
  bed.database
    .prepare(
      `insert into suppression (address_hash, reason, created_at) select address_hash, 'operator', 1 from subscriber`,
    )
    .run()
  const answer = await visitor.post('/preferences/newsletters', {
    'newsletter-daily': 'yes',
    'newsletter-weekly': 'yes',
  })
  expect(answer.status).toBe(422)
  expect(await answer.text()).toContain('We may not write to this address any more')
  expect(await states()).toEqual({ weekly: 'confirmed' })
})

test('the format is one of two', async () => {
  expect((await account()).format).toBe('html')
  expect(await press('/preferences/format', { format: 'text' })).toMatch(/value="text" checked/)
  expect((await account()).format).toBe('text')
  const answer = await visitor.post('/preferences/format', { format: 'pdf' })
  expect([answer.status, (await account()).format]).toEqual([422, 'text'])
  expect(await answer.text()).toContain('Choose one of the two formats.')
})

test('a pause holds all newsletters back until its day, says so, and ends by a press or by itself', async () => {
  const paused = await press('/preferences/pause', { weeks: '2' })
  expect(paused).toContain('until 19 January 2026')
  expect(await states()).toEqual({ weekly: 'paused' })
  expect(await press('/preferences/pause', { weeks: '0' })).toContain('Mail comes again.')
  expect(await states()).toEqual({ weekly: 'confirmed' })

  await press('/preferences/pause', { weeks: '2' })
  bed.clock.time += 14 * DAY
  await bed.deps.readers.tidy()
  expect(await states()).toEqual({ weekly: 'confirmed' })
})

test.each(['', '-1', '53', '1e9', 'NaN', '2.5', '999999'])('a pause of “%s” weeks is none', async (weeks) => {
  const answer = await visitor.post('/preferences/pause', { weeks })
  expect(answer.status).toBe(422)
  expect(await states()).toEqual({ weekly: 'confirmed' })
})

test('there is nothing to pause for who gets nothing', async () => {
  await press('/preferences/newsletters')
  const answer = await visitor.post('/preferences/pause', { weeks: '2' })
  expect([answer.status, await answer.text()]).toEqual([
    422,
    expect.stringContaining('no newsletter that could be paused'),
  ])
})

test('what the page says was saved comes from a closed list', async () => {
  for (const saved of ['<script>alert(1)</script>', 'constructor', '__proto__', 'You have won'])
    expect(await (await visitor.get(`/preferences?saved=${encodeURIComponent(saved)}`)).text()).not.toContain(
      'role="status"',
    )
})

test('view links are switched off for what was mailed until now', async () => {
  const published = bed.clock.time - DAY
  expect(await bed.deps.readers.viewTier(publicId, published)).toBe('subscriber')
  expect(await press('/preferences/views')).toContain('no longer show an issue')
  expect(await bed.deps.readers.viewTier(publicId, published)).toBeNull()
  bed.clock.time += 1
  expect(await bed.deps.readers.viewTier(publicId, bed.clock.time)).toBe('subscriber')
})

test('my data is a JSON file for me alone', async () => {
  await press('/preferences/newsletters', { 'newsletter-weekly': 'yes', 'newsletter-daily': 'yes' })
  const answer = await visitor.get('/preferences/data.json')
  expect(answer.headers.get('Content-Type')).toBe('application/json; charset=utf-8')
  expect(answer.headers.get('Content-Disposition')).toBe('attachment; filename="my-data.json"')
  expect(answer.headers.get('Cache-Control')).toBe('no-store')
  const text = await answer.text()
  expect(JSON.parse(text)).toMatchObject({ version: 1 })
  for (const held of ['reader@brief.test', 'Yes, the daily one, too.', '127.0.0.0/24', 'weekly', 'daily'])
    expect(text).toContain(held)
  const stranger = await visit(bed).get('/preferences/data.json')
  expect([stranger.status, stranger.headers.get('Location')]).toEqual([303, '/log-in?next=/preferences'])
})

describe('erase me', () => {
  test('asks twice, says what stays, and then leaves nothing of the address', async () => {
    const before = everything(bed)
    const asked = await visitor.post('/preferences/erase')
    const html = await asked.text()
    expect(asked.status).toBe(200)
    expect(html).toContain('Erase all that is yours?')
    expect(html).toContain('a keyed hash of the address')
    expect(html).toContain('until they are deleted in their turn')
    expect(html).toContain('href="/preferences/data.json"')
    expect(everything(bed)).toBe(before)

    const answer = await bed.post(
      '/preferences/erase',
      { csrf: csrfIn(html), sure: 'yes' },
      { Cookie: visitor.cookie ?? '' },
    )
    expect(answer.status).toBe(200)
    expect(answer.headers.getSetCookie().join()).toContain('Max-Age=0')
    const done = await answer.text()
    expect(done).toContain('You are erased')
    expect(done).toContain('a keyed hash of the address')
    expect(done).toContain('until they are deleted in their turn')
    expect(done).not.toContain('href="/preferences"')
    const kept = everything(bed)
    expect(kept).not.toContain('reader@brief.test')
    expect(kept).toContain('"erased"')
    expect((await visit(bed, visitor.cookie).get('/preferences')).status).toBe(303)
  })

  test('pressed twice is done once, and the second answer knows', async () => {
    const fields = { csrf: csrfIn(await (await visitor.get('/preferences')).text()), sure: 'yes' }
    const cookie = { Cookie: visitor.cookie ?? '' }
    expect((await bed.post('/preferences/erase', fields, cookie)).status).toBe(200)
    const again = await bed.post('/preferences/erase', fields, cookie)
    expect([again.status, await again.text()]).toEqual([
      401,
      expect.stringContaining('pressed twice, it is done'),
    ])
  })

  test('makes the links of former mail as good as used, and lets the person come back by their own word', async () => {
    const token = unsubscribeToken(bed.tokens, { publicId, newsletter: 'weekly' })
    await visitor.post('/preferences/erase', { sure: 'yes' })
    expect((await bed.post(`/u/${token}`)).status).toBe(200)
    expect((await bed.post(`/u/${token}/undo`)).status).toBe(410)
    await bed.post('/subscribe', { email: 'reader@brief.test', newsletter: 'weekly' })
    expect((await bed.deps.readers.nextLetter())?.kind).toBe('confirm')
  })
})

test('nothing of what a person did stands in the log', async () => {
  await press('/preferences/format', { format: 'text' })
  await visitor.post('/preferences/address', { email: 'new@brief.test' })
  await visitor.get('/preferences/data.json')
  const log = JSON.stringify(bed.logged)
  for (const secret of ['brief.test', publicId, visitor.cookie?.split('=')[1] ?? ''])
    expect(log).not.toContain(secret)
})
