import { beforeEach, expect, test } from 'vitest'
import { letterWords } from '../../src/site/mail/words.ts'
import { openBed, type SiteBed } from './bed.ts'
import { everything, loggedIn, visit, type Visitor } from './visitor.ts'

const DAY = 86_400_000

let bed: SiteBed
let visitor: Visitor
let publicId: string
beforeEach(async () => {
  bed = await openBed()
  publicId = (await bed.person('reader@brief.test')).publicId
  visitor = await loggedIn(bed, 'reader@brief.test')
})

const address = async () => (await bed.subscribers.find({ publicId }))?.address

/** Asks for the change; the links of the letters, by whom they went to. */
async function ask(to = 'new@brief.test'): Promise<{ former: string; fresh: string }> {
  const answer = await visitor.post('/preferences/address', { email: to })
  expect(answer.headers.get('Location')).toBe('/preferences?saved=address')
  const paths = new Map<string, string>()
  for (;;) {
    const letter = await bed.deps.readers.nextLetter()
    if (letter === null) break
    if (letter.kind === 'change-from' || letter.kind === 'change-to')
      paths.set(letter.address, `/change/${letter.token}`)
    await bed.deps.readers.settleLetter(letter.id, 'sent')
  }
  const former = paths.get('reader@brief.test')
  const fresh = paths.get(to)
  if (former === undefined || fresh === undefined) throw new Error('two letters were to be written')
  return { former, fresh }
}

test('the address changes once both have said yes, in either order; both logged out, and the former told', async () => {
  for (const order of [['former', 'fresh'] as const, ['fresh', 'former'] as const]) {
    bed = await openBed()
    publicId = (await bed.person('reader@brief.test')).publicId
    visitor = await loggedIn(bed, 'reader@brief.test')
    const links = await ask()
    const half = await visitor.post(links[order[0]])
    expect(await half.text()).toContain('Half done')
    expect(await address()).toBe('reader@brief.test')
    expect(await (await visitor.get('/preferences')).text()).toContain('waits for a yes from')
    const done = await visitor.post(links[order[1]])
    expect([done.status, await done.text()]).toEqual([
      200,
      expect.stringContaining('Your address is changed'),
    ])
    expect(await address()).toBe('new@brief.test')
    expect(visitor.cookie).toBeNull()
    expect(bed.database.prepare('select count(*) as count from session').get()).toEqual({ count: 0 })
    expect(await bed.deps.readers.nextLetter()).toMatchObject({
      kind: 'changed',
      address: 'reader@brief.test',
    })
  }
})

test('opening either link, however often, changes nothing, and tells neither side the other’s address', async () => {
  const { former, fresh } = await ask()
  const before = everything(bed)
  for (let time = 0; time < 3; time++)
    for (const path of [former, fresh])
      for (const method of ['GET', 'HEAD']) {
        const html = await (await bed.site.request(path, { method })).text()
        expect(html).not.toMatch(/reader@brief|new@brief/)
        if (method === 'GET') expect(html).toContain('n…@brief.test instead of r…@brief.test')
      }
  expect(everything(bed)).toBe(before)
})

test('the letter to the former address promises no more of the new one than its page shows', async () => {
  await visitor.post('/preferences/address', { email: 'new@brief.test' })
  const letter = await bed.deps.readers.nextLetter()
  if (letter?.kind !== 'change-from') throw new Error('the former address is asked first')
  const words = (await letterWords(letter, bed.deps)).paragraphs.join(' ')
  expect(words).toContain('The page shows the first character of the other one and what stands after its @.')
  const html = await (await bed.site.request(`/change/${letter.token}`)).text()
  expect(html).toContain('write to n…@brief.test instead')
})

test('one yes is one yes: pressing twice does not stand for the other', async () => {
  const { former, fresh } = await ask()
  await bed.post(former)
  const again = await bed.post(former)
  expect([again.status, await again.text()]).toEqual([410, expect.stringContaining('has said yes before')])
  expect(await address()).toBe('reader@brief.test')
  await bed.post(fresh)
  expect(await address()).toBe('new@brief.test')
})

test('the links hold two days; made-up ones and those of a former wish do nothing', async () => {
  const first = await ask()
  const second = await ask('newer@brief.test')
  expect((await bed.post(first.fresh)).status).toBe(404)
  expect((await bed.post('/change/made-up')).status).toBe(404)
  expect((await bed.site.request('/change/made-up')).status).toBe(404)
  bed.clock.time += 2 * DAY
  for (const path of [second.former, second.fresh]) {
    for (const answer of [await bed.site.request(path), await bed.post(path)])
      expect([answer.status, await answer.text()]).toEqual([410, expect.stringContaining('too old')])
  }
  expect(await address()).toBe('reader@brief.test')
})

test('a change that waits can be taken back: the address stays, both links are dead, and it can be asked for again', async () => {
  const links = await ask()
  await visitor.post(links.former)
  const page = async () => (await visitor.get('/preferences')).text()
  expect(await page()).toContain('action="/preferences/keep-address"')
  const kept = await visitor.post('/preferences/keep-address')
  expect(kept.headers.get('Location')).toBe('/preferences?saved=kept')
  expect(await (await visitor.get('/preferences?saved=kept')).text()).toContain(
    'Your address stays as it is.',
  )
  expect(await page()).not.toMatch(/keep-address|waits for a yes/)
  const late = await bed.post(links.fresh)
  expect([late.status, await late.text()]).toEqual([404, expect.stringContaining('was taken back')])
  expect(await address()).toBe('reader@brief.test')
  // Letters that were not mailed yet are not mailed any more.
  await visitor.post('/preferences/address', { email: 'new@brief.test' })
  await visitor.post('/preferences/keep-address')
  expect(await bed.deps.readers.nextLetter()).toBeNull()
  const again = await ask()
  await bed.post(again.former)
  await bed.post(again.fresh)
  expect(await address()).toBe('new@brief.test')
})

test('an address that somebody has is told to be taken only to who holds both', async () => {
  await bed.person('new@brief.test')
  // The form’s answer is the same as for any other address (see `ask`).
  const { former, fresh } = await ask()
  expect((await bed.post(former)).status).toBe(200)
  const taken = await bed.post(fresh)
  expect([taken.status, await taken.text()]).toEqual([409, expect.stringContaining('subscribed already')])
  expect(await address()).toBe('reader@brief.test')
})

test('one’s own address, what is no address, and a fourth change in a day are refused with what to do', async () => {
  const refused = async (email: string): Promise<[number, string]> => {
    const answer = await visitor.post('/preferences/address', { email })
    const problem = /role="alert">([^<]*)/.exec(await answer.text())?.[1] ?? ''
    return [answer.status, problem]
  }
  expect(await refused('Reader@Brief.test')).toEqual([422, 'That is your address already.'])
  expect(await refused('nobody')).toEqual([422, 'The new address has no @.'])
  await ask('a@brief.test')
  await ask('b@brief.test')
  expect(await refused('c@brief.test')).toEqual([
    429,
    'You have asked for many changes today. Please try again tomorrow.',
  ])
  bed.clock.time += DAY
  visitor = await loggedIn(bed, 'reader@brief.test')
  await ask('d@brief.test')
})

test('a yes needs no session, and makes none', async () => {
  const { former, fresh } = await ask()
  const stranger = visit(bed)
  await stranger.post(former)
  const answer = await stranger.post(fresh)
  expect(answer.status).toBe(200)
  expect(stranger.cookie).toBeNull()
})
