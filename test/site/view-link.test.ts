import { beforeEach, expect, test } from 'vitest'
import { createTokens } from '../../src/core/token.ts'
import { letterWords } from '../../src/site/mail/words.ts'
import { openDeliveries } from '../../src/store/deliveries.ts'
import { viewToken } from '../../src/subscribers/view-token.ts'
import { openBed, type SiteBed } from './bed.ts'
import { addressOf, enter } from './every-route.ts'
import { publishSecrets, secretPublication } from './secret-publication.ts'

let bed: SiteBed
let publicId: string

beforeEach(async () => {
  bed = await openBed({ publication: secretPublication, baseUrl: secretPublication.url })
  await publishSecrets(bed)
  publicId = (await bed.person('ines.reader@people.test', 'member')).publicId
  await bed.subscribers.set({ publicId }, { name: 'Ines Reader' })
})

const open = async (issue: string, who = publicId, headers: Record<string, string> = {}): Promise<Response> =>
  bed.site.request(`/v/${viewToken(bed.tokens, issue, who)}`, { headers })

/** The highest tier of which a page shows anything. */
async function tierOf(answer: Response): Promise<string> {
  expect(answer.status).toBe(200)
  const html = await answer.text()
  expect(html).toContain('Harbour week')
  return html.includes('zqm') ? 'member' : html.includes('zqs') ? 'subscriber' : 'public'
}

test('a link in mail shows its issue as its person may see it', async () => {
  expect(await tierOf(await open('w1'))).toBe('member')
  const subscriber = await bed.person('other@people.test')
  expect(await tierOf(await open('w1', subscriber.publicId))).toBe('subscriber')
})

test('what it shows follows the person: another tier, leaving, being erased', async () => {
  await bed.subscribers.set({ publicId }, { tier: 'subscriber' })
  expect(await tierOf(await open('w1'))).toBe('subscriber')
  await bed.subscribers.set({ publicId }, { tier: 'member' })
  await bed.deps.readers.pause(publicId, null)
  expect(await tierOf(await open('w1'))).toBe('member')
  await bed.subscribers.unsubscribe({ publicId }, null)
  expect(await tierOf(await open('w1'))).toBe('public')
  await bed.person('ines.reader@people.test', 'member', 'daily')
  expect(await tierOf(await open('w1'))).toBe('member')
  await bed.subscribers.erase(addressOf('ines.reader@people.test'))
  expect(await tierOf(await open('w1'))).toBe('public')
})

test('taken back, links of issues so far show what everybody sees, also after a correction; later ones open', async () => {
  bed.clock.time += 1_000
  await bed.deps.readers.revokeViews(publicId)
  expect(await tierOf(await open('w1'))).toBe('public')
  bed.clock.time += 1_000
  const known = await bed.editions.published('w1')
  if (known === null) throw new Error('nothing was published')
  const again = async (tier: 'public' | 'subscriber' | 'member') => {
    const edition = known.editions[tier]
    const page = (await bed.deps.archive.page(edition.hash))?.document
    return { ...edition, hash: edition.hash.replace(/^./, 'x'), ...(page ? { page } : {}) }
  }
  const three = {
    public: await again('public'),
    subscriber: await again('subscriber'),
    member: await again('member'),
  }
  await bed.editions.publish(three)
  expect(await tierOf(await open('w1'))).toBe('public')
  const name = (id: string) => ({ ...three.member, issue: id })
  await bed.editions.publish({
    public: { ...three.public, issue: 'w9', hash: 'p'.repeat(64) },
    subscriber: { ...three.subscriber, issue: 'w9', hash: 's'.repeat(64) },
    member: { ...name('w9'), hash: 'm'.repeat(64) },
  })
  expect(await tierOf(await open('w9'))).toBe('member')
})

test('a link that has ended says so, and how to get in; one that holds, and a page of the site, do not', async () => {
  const ended = 'This link is no longer valid'
  expect(await (await open('w1')).text()).not.toContain(ended)
  expect(await (await bed.site.request('/issues/w1')).text()).not.toContain(ended)
  bed.clock.time += 1_000
  await bed.deps.readers.revokeViews(publicId)
  const html = await (await open('w1')).text()
  const [said = ''] = /<p class="problem ended"[^>]*>.*?<\/p>/s.exec(html) ?? []
  expect(said).toContain(ended)
  expect(said).toContain('href="/log-in"')
  expect(said).toContain('href="/subscribe"')
})

test('forwarded, it shows the issue and nobody: no name, no address, no session, no way to an account', async () => {
  const holder = await enter(bed, 'member')
  for (const headers of [{}, { Cookie: holder.cookie ?? '' }]) {
    const answer = await open('w1', publicId, headers)
    const html = await answer.text()
    const all = JSON.stringify([Object.fromEntries(answer.headers), html])
    for (const trace of [
      'ines',
      'people.test',
      publicId,
      holder.publicId,
      holder.value,
      '/preferences',
      '/u/',
      'csrf',
      '/v/',
    ])
      expect([trace, all.toLowerCase().includes(trace.toLowerCase())]).toEqual([trace, false])
    expect(answer.headers.get('Set-Cookie')).toBeNull()
    // Nor do the pages around it know whoever opens it, and a cookie that is due for a new one stays as it is.
    bed.clock.time += 25 * 3_600_000
    const unknown = await bed.site.request('/v/nonsense', { headers })
    expect([unknown.headers.get('Set-Cookie'), (await unknown.text()).includes('/preferences')]).toEqual([
      null,
      false,
    ])
    // The same page for everybody of the tier, whoever opens it.
    const another = await bed.person('second@people.test', 'member')
    expect(await (await open('w1', another.publicId)).text()).toBe(html)
  }
})

test('it is kept by nobody, found by nobody, and told to nobody', async () => {
  for (const answer of [await open('w1'), await open('w4'), await bed.site.request('/v/nonsense')]) {
    expect(answer.headers.get('Cache-Control')).toBe('no-store')
    // To our own pages alone, so that older browsers name the origin of the sign-up form.
    expect(answer.headers.get('Referrer-Policy')).toBe('same-origin')
    expect(answer.headers.get('X-Robots-Tag')).toBe('noindex')
    expect(answer.headers.get('ETag')).toBeNull()
  }
  const html = await (await open('w1')).text()
  expect(html).toContain('<meta name="robots" content="noindex">')
  expect(html).not.toContain('rel="canonical"')
})

test('it opens nothing else: no other issue, brief, draft or account', async () => {
  const token = viewToken(bed.tokens, 'w1', publicId)
  for (const path of [
    ...[
      '/issues/w1',
      '/issues/w1/harbour',
      '/issues/w1/sources.json',
      '/sources/w1/vault',
      '/search?q=zqmwords',
    ],
    ...['/preferences', '/preferences/data.json'],
  ]) {
    const answer = await bed.site.request(path, {
      headers: { Cookie: `__Host-reader=${token}`, Authorization: `Bearer ${token}`, Referer: `/v/${token}` },
    })
    expect([path, (await answer.text()).replaceAll('zqmwords', '').match(/zq[ms][a-z]*/)]).toEqual([
      path,
      null,
    ])
  }
  for (const path of [`/u/${token}`, `/confirm/${token}`, `/log-in/${token}`, `/change/${token}`]) {
    expect([path, (await bed.site.request(path)).status < 400]).toEqual([path, false])
  }
  expect((await open('w4')).status).toBe(404)
  expect((await open('none')).status).toBe(404)
  // Links on the page to its briefs stay on the page: elsewhere the reader is who they are there.
  expect(await (await open('w1')).text()).not.toMatch(/href="\/issues\/w1\/(?:harbour|inner|reader)/)
})

test('a made-up or changed token opens nothing', async () => {
  const token = viewToken(bed.tokens, 'w1', publicId)
  const [key, body, mac] = token.split('.')
  const payload = (text: string): string => `${key}.${Buffer.from(text).toString('base64url')}.${mac}`
  const others = [
    payload(`${publicId}:w2`),
    payload(`${'a'.repeat(20)}:w1`),
    `${key}.${body}.${'A'.repeat(27)}`,
    `${token}x`,
    `${token}=`,
    token.slice(0, -1),
    token.toUpperCase(),
    `${key}.${body}`,
    bed.tokens.sign('unsubscribe', `${publicId}:w1`),
    bed.tokens.sign('view', `${publicId}:w1:w2`),
    bed.tokens.sign('view', 'w1'),
    viewToken(createTokens('another-secret-key-of-32-characters'), 'w1', publicId),
  ]
  for (const other of others) {
    const answer = await bed.site.request(`/v/${encodeURIComponent(other)}`)
    expect([other, answer.status]).toEqual([other, 404])
    expect(await answer.text()).toContain('This link does not work')
  }
  // Signed, but of nobody we know: what everybody sees.
  expect(await tierOf(await open('w1', 'a'.repeat(20)))).toBe('public')
})

test('an issue that was frozen without a document shows the page of that day, by its own policy', async () => {
  const known = await bed.editions.published('w1')
  if (known === null) throw new Error('nothing was published')
  const old = (tier: 'public' | 'subscriber' | 'member') => ({
    ...known.editions[tier],
    issue: 'w0',
    hash: tier.padEnd(64, '0'),
  })
  await bed.editions.publish({ public: old('public'), subscriber: old('subscriber'), member: old('member') })
  const answer = await open('w0')
  expect(await answer.text()).toBe(known.editions.member.web)
  expect(answer.headers.get('Content-Security-Policy')).toMatch(/style-src 'sha256-/)
  expect(answer.headers.get('Cache-Control')).toBe('no-store')
})

test('the link of a test message is harmless', async () => {
  const answer = await bed.site.request('/v/test')
  expect([answer.status, await answer.text()]).toEqual([
    200,
    expect.stringContaining('This was a test message'),
  ])
})

test('a rehearsal days before does not make an issue older: it opens for who took links back since', async () => {
  const known = await bed.editions.published('w1')
  if (known === null) throw new Error('nothing was published')
  const named = async (tier: 'public' | 'subscriber' | 'member') => {
    const edition = known.editions[tier]
    const page = (await bed.deps.archive.page(edition.hash))?.document
    return { ...edition, issue: 'w9', hash: tier.padEnd(64, '9'), ...(page ? { page } : {}) }
  }
  bed.clock.time += 1_000
  await bed.editions.save(await named('subscriber'))
  await bed.editions.save(await named('member'))
  const deliveries = openDeliveries(bed.database)
  const round = {
    ...{ issue: 'w9', newsletter: 'weekly', number: 1, transport: 'smtp://test', settings: {} },
    editions: { subscriber: (await named('subscriber')).hash, member: (await named('member')).hash },
  }
  await deliveries.openRound({ ...round, kind: 'rehearsal' })
  bed.clock.time += 1_000
  await bed.deps.readers.revokeViews(publicId)
  bed.clock.time += 1_000
  await deliveries.openRound({ ...round, kind: 'real' })
  const sentAt = bed.clock.time
  bed.clock.time += 86_400_000
  const editions = {
    public: await named('public'),
    subscriber: await named('subscriber'),
    member: await named('member'),
  }
  await bed.editions.publish(editions)
  expect(await bed.deps.archive.firstOutAt('w9')).toBe(sentAt)
  expect(await tierOf(await open('w9'))).toBe('member')
  expect(await tierOf(await open('w1'))).toBe('public')
})

test('the link of a welcome to who took links back and came again opens what was out before, until the next time', async () => {
  bed.clock.time += 1_000
  await bed.deps.readers.revokeViews(publicId)
  bed.clock.time += 1_000
  const address = 'https://brief.example.org'
  const due = {
    ...{ id: 1, askedAt: bed.clock.time, address: 'ines.reader@people.test', name: null, publicId },
    kind: 'welcome',
    newsletter: 'weekly',
    tier: 'member',
  } as const
  const { button } = await letterWords(due, { ...bed.deps, baseUrl: address })
  const link = button?.href.slice(address.length) ?? ''
  const welcomed = async () => tierOf(await bed.site.request(link))
  expect(await welcomed()).toBe('member')
  expect(await tierOf(await open('w1'))).toBe('public')
  bed.clock.time += 1_000
  await bed.deps.readers.revokeViews(publicId)
  expect(await welcomed()).toBe('public')
})
