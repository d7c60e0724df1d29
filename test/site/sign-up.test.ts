import { afterEach, beforeEach, expect, test } from 'vitest'
import { consentWords, publicationSchema } from '../../src/core/publication.ts'
import { networkOf, networkToKeep } from '../../src/site/network.ts'
import { parseAddress } from '../../src/subscribers/address.ts'
import { samplePublication } from './bed.ts'
import { linkIn, openMailBed, type MailBed } from './mail-bed.ts'

let bed: MailBed
beforeEach(async () => {
  bed = await openMailBed({ site: { limits: { sessionDays: 90, signUpsPerHour: 5_000 } } })
})
afterEach(() => bed.close())

const signUp = (email: string, more: Record<string, string> = {}): Promise<Response> =>
  bed.post('/subscribe', { email, newsletter: 'weekly', ...more })

const parsed = (text: string) => {
  const address = parseAddress(text)
  if (!address.ok) throw new Error(address.reason)
  return address.value
}

/** Everything that an answer says, but for when. */
async function said(response: Response): Promise<unknown> {
  return [response.status, [...response.headers], await response.text()]
}

test('a thousand sign-ups of one address are one mail', async () => {
  for (let sent = 0; sent < 1_000; sent++) {
    const spelling = sent % 3 === 0 ? 'Ada@Reader.test' : 'ada@reader.test'
    expect((await signUp(spelling)).status).toBe(200)
    // Some before the first letter is on its way, most after it was taken.
    if (sent % 100 === 0) await new Promise((resolve) => setTimeout(resolve, 20))
  }
  await bed.quiet()
  expect(bed.sink.recipients.map((address) => address.toLowerCase())).toEqual(['ada@reader.test'])
})

test('the next day one more is sent, and not before', async () => {
  await signUp('ada@reader.test')
  await bed.mail('ada@reader.test')
  bed.clock.time += 23 * 3_600_000
  await signUp('ada@reader.test')
  await bed.quiet()
  expect(bed.sink.recipients).toHaveLength(1)
  bed.clock.time += 2 * 3_600_000
  await signUp('ada@reader.test')
  await bed.mail('ada@reader.test', 2)
})

test('the answer is the same for an address that is known, left, unknown, suppressed, erased or cannot be reached', async () => {
  await bed.person('known@reader.test')
  const { publicId } = await bed.person('left@reader.test')
  await bed.subscribers.unsubscribe({ publicId }, 'weekly')
  await bed.person('erased@reader.test')
  await bed.subscribers.erase(parsed('erased@reader.test'))
  await bed.subscribers.suppress(parsed('suppressed@reader.test'), 'complaint', null)
  const names = ['unknown', 'known', 'left', 'erased', 'suppressed'].map((name) => `${name}@reader.test`)
  const unreachable = ['no-one@nowhere.invalid', `${'x'.repeat(64)}@reader.test`, 'jörg@bücher.test']
  const [first, ...others] = await Promise.all(
    [...names, ...unreachable].map(async (email) => said(await signUp(email))),
  )
  for (const other of others) expect(other).toEqual(first)
  expect(JSON.stringify(first)).not.toContain('reader.test')
})

test('what comes by mail tells the person alone: a confirmation, a log-in link, or nothing', async () => {
  await bed.person('known@reader.test')
  await bed.subscribers.suppress(parsed('suppressed@reader.test'), 'complaint', null)
  await bed.person('erased@reader.test')
  await bed.subscribers.erase(parsed('erased@reader.test'))
  for (const name of ['suppressed', 'known', 'new', 'erased']) await signUp(`${name}@reader.test`)
  expect(linkIn(await bed.mail('new@reader.test'), 'confirm')).toMatch(/^\/confirm\/[a-z2-7]{52}$/)
  expect(linkIn(await bed.mail('erased@reader.test'), 'confirm')).toMatch(/^\/confirm\//)
  const already = await bed.mail('known@reader.test')
  expect(linkIn(already, 'log-in')).toMatch(/^\/log-in\/[a-z2-7]{52}$/)
  expect(already).not.toContain('/confirm/')
  await bed.quiet()
  expect(bed.sink.recipients).not.toContain('suppressed@reader.test')
})

test.each([
  ['has two dots in a row', 'ada..b@reader.test'],
  ['has no @', 'ada'],
  ['is empty', ''],
  ['holds a line break', 'ada@reader.test\r\nBcc: eve@reader.test'],
  ['holds angle brackets', '"><script>@reader.test'],
])('what is no address is said to be none, whoever is subscribed: it %s', async (reason, email) => {
  const response = await signUp(email)
  const html = await response.text()
  expect(response.status).toBe(422)
  expect(html).toContain(reason)
  expect(html).not.toContain('<script>@')
  expect(html).toContain('name="email"')
  await bed.quiet()
  expect(bed.sink.recipients).toEqual([])
})

test('a newsletter that there is not is asked for again, and a form without one is for the first', async () => {
  expect((await signUp('ada@reader.test', { newsletter: 'constructor' })).status).toBe(422)
  expect((await bed.post('/subscribe', { email: 'ada@reader.test' })).status).toBe(200)
  await bed.mail('ada@reader.test')
})

test('who fills in the field that nobody sees gets the same answer, and no mail', async () => {
  const honest = await said(await signUp('ada@reader.test'))
  expect(await said(await signUp('bot@reader.test', { website: 'https://spam.test' }))).toEqual(honest)
  await bed.mail('ada@reader.test')
  await bed.quiet()
  expect(bed.sink.recipients).toEqual(['ada@reader.test'])
})

test('the form of every public page has that field out of the way, and works without a script', async () => {
  for (const path of ['/', '/subscribe', '/corrections', '/search']) {
    const html = await (await bed.site.request(path)).text()
    const form = /<form class="sign-up"[\s\S]*?<\/form>/.exec(html)?.[0] ?? ''
    expect(form, path).toContain('action="/subscribe"')
    expect(form, path).toContain('method="post"')
    expect(form, path).toMatch(/aria-hidden="true">[\s\S]*name="website" tabindex="-1" autocomplete="off"/)
    expect(form, path).toContain('I can leave at any time')
  }
})

test('a network may send so many forms in an hour, whatever they ask for; then it is told when to come back', async () => {
  await bed.close()
  const proxied = { site: { limits: { sessionDays: 90, signUpsPerHour: 3 }, trustProxy: 1 } }
  bed = await openMailBed(proxied)
  const from = (address: string, email: string): Promise<Response> =>
    bed.post('/subscribe', { email }, { 'X-Forwarded-For': address })
  for (const last of [1, 77, 255])
    expect((await from(`203.0.113.${last}`, `a${last}@reader.test`)).status).toBe(200)
  const refused = await from('203.0.113.9', 'b@reader.test')
  expect([refused.status, refused.headers.get('Retry-After')]).toEqual([429, '3600'])
  expect((await from('203.0.114.9', 'b@reader.test')).status).toBe(200)
  for (const last of ['1::1', '2::1', 'ffff::1'])
    expect((await from(`2001:db8:1:${last}`, 'c@reader.test')).status).toBe(200)
  expect((await from('2001:db8:1:9::1', 'c@reader.test')).status).toBe(429)
  expect((await from('2001:db8:2:9::1', 'c@reader.test')).status).toBe(200)
  bed.clock.time += 3_600_001
  expect((await from('203.0.113.9', 'b@reader.test')).status).toBe(200)
})

test('a form from another site is refused before anything is counted or written', async () => {
  const response = await bed.post(
    '/subscribe',
    { email: 'ada@reader.test' },
    { 'Sec-Fetch-Site': 'cross-site', Origin: 'https://evil.test' },
  )
  expect(response.status).toBe(403)
  await bed.quiet()
  expect(bed.sink.recipients).toEqual([])
})

test('the proof keeps the form, the words as they stood there, the time, and of the network what the policy lets', async () => {
  await bed.close()
  const publication = publicationSchema.parse({
    ...samplePublication,
    desk: undefined,
    newsletters: { weekly: { name: 'Weekly', consent: 'Send me Weekly. I am over 16.' } },
  })
  for (const [consentNetwork, kept] of [
    ['none', /^null$/],
    ['truncated', /^203\.0\.113\.0\/24$/],
    ['hashed', /^[a-z2-7]{32}$/],
  ] as const) {
    bed = await openMailBed({ site: { publication, consentNetwork, trustProxy: 1 } })
    const askedAt = bed.clock.time
    await bed.post('/subscribe', { email: 'ada@reader.test' }, { 'X-Forwarded-For': '203.0.113.77' })
    const link = linkIn(await bed.mail('ada@reader.test'), 'confirm')
    bed.clock.time += 60_000
    await bed.post(link)
    const person = await bed.subscribers.find(parsed('ada@reader.test'))
    const account = await bed.deps.readers.account(person?.publicId ?? '')
    expect(account?.consents).toHaveLength(1)
    const [consent] = account?.consents ?? []
    expect(consent).toMatchObject({ newsletter: 'weekly', kind: 'given', form: 'sign-up', askedAt })
    expect(consent?.at).toBe(askedAt + 60_000)
    expect(consent?.words).toBe(consentWords(publication, 'weekly'))
    expect(String(consent?.network)).toMatch(kept)
    expect(JSON.stringify(account)).not.toContain('203.0.113.77')
    if (consentNetwork !== 'hashed') await bed.close()
  }
})

test.each([
  ['203.0.113.77', '203.0.113.0/24'],
  ['::ffff:203.0.113.77', '203.0.113.0/24'],
  ['2001:db8:1:2:3::4', '2001:db8:1::/48'],
  ['2001:DB8:1:FFFF::', '2001:db8:1::/48'],
  ['fe80::1%eth0', 'fe80::/48'],
  ['::1', '::/48'],
  ['no address', 'unknown'],
  ['127.1', 'unknown'],
])('the network of %s is %s', (address, network) => {
  expect(networkOf(address)).toBe(network)
})

test('a network that is hashed is another text under another key', () => {
  const policy = { consentNetwork: 'hashed', tokens: bed.tokens } as const
  const kept = networkToKeep('203.0.113.77', policy)
  expect(kept).not.toContain('203')
  expect(networkToKeep('203.0.113.77', policy)).toBe(kept)
  expect(networkToKeep('203.0.113.78', policy)).not.toBe(kept)
})

test('nothing that is logged on the way holds an address, a token or the network', async () => {
  await bed.post('/subscribe', { email: 'ada@reader.test' })
  const link = linkIn(await bed.mail('ada@reader.test'), 'confirm')
  await bed.site.request(link)
  await bed.post(link)
  await bed.mail('ada@reader.test', 2)
  const log = JSON.stringify(bed.logged)
  expect(bed.logged.map(({ event }) => event)).toContain('letter')
  expect(log).not.toMatch(/ada|reader\.test|127\.0\.0/)
  expect(log).not.toContain(link.split('/')[2])
})
