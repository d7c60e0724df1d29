import { createSocket } from 'node:dgram'
import { generateKeyPairSync } from 'node:crypto'
import { Resolver } from 'node:dns/promises'
import { once } from 'node:events'
import { expect, test } from 'vitest'
import { checkRecord } from '../../src/email/dns-check.ts'
import { dnsRecords, zoneLine, type MailDomains, type RecordCheck } from '../../src/email/dns-records.ts'
import type { DkimKey } from '../../src/email/dkim-key.ts'
import { publish, serveZone, txt, type Zone } from './dns-server.ts'

const key = (algorithm: 'rsa' | 'ed25519', selector: string): DkimKey => ({
  algorithm,
  selector,
  domain: 'paper.test',
  privateKey: (algorithm === 'rsa'
    ? generateKeyPairSync('rsa', { modulusLength: 2048 })
    : generateKeyPairSync('ed25519')
  ).privateKey,
})

const domains: MailDomains = {
  from: 'brief.paper.test',
  bounce: 'bounces.paper.test',
  keys: [key('rsa', 'n1'), key('ed25519', 'e1')],
  server: 'mail.paper.test',
}

async function checks(zone: Zone, of: MailDomains = domains): Promise<readonly RecordCheck[]> {
  const resolver = await serveZone(zone)
  return Promise.all(dnsRecords(of).map((record) => checkRecord(resolver, record, of)))
}

/** The zone as it should be, but for what `change` does to it. */
async function changed(
  name: string,
  records: Parameters<Zone['set']>[1],
  of = domains,
): Promise<RecordCheck> {
  const zone: Zone = new Map()
  publish(zone, dnsRecords(of).map(zoneLine))
  zone.set(name, records)
  const found = (await checks(zone, of)).filter(({ state, note }) => state !== 'ok' || note !== null)
  expect(found.length).toBeLessThanOrEqual(1)
  return found[0] ?? expect.fail('all is well')
}

test('nothing is published: every record is missing, and what is proposed makes all of them right', async () => {
  const before = await checks(new Map())
  expect(before.map(({ state }) => state)).toEqual(Array(before.length).fill('missing'))
  const zone: Zone = new Map()
  publish(
    zone,
    before.map(({ wanted }) => zoneLine(wanted)),
  )
  const after = await checks(zone)
  expect(after.filter(({ state, note }) => state !== 'ok' || note !== null)).toEqual([])
})

test('records are proposed for every domain once, keys in strings of 255 octets', () => {
  const lines = dnsRecords(domains).map((record) => zoneLine(record).replace(/p=[^"]+" "[^"]+/, 'p=…" "…'))
  lines.push(...dnsRecords({ from: 'a.test', bounce: 'a.test', keys: [], server: null }).map(zoneLine))
  const strings = lines.flatMap((line) => [...line.matchAll(/"([^"]*)"/g)].map(([, text = '']) => text))
  expect(Math.max(...strings.map((text) => text.length))).toBeLessThanOrEqual(255)
  expect(lines.map((line) => line.replace(/(ed25519; p=)[^"]+/, '$1…'))).toMatchInlineSnapshot(`
    [
      "brief.paper.test. 3600 IN TXT "v=spf1 a:mail.paper.test ~all"",
      "bounces.paper.test. 3600 IN TXT "v=spf1 a:mail.paper.test ~all"",
      "n1._domainkey.paper.test. 3600 IN TXT ( "v=DKIM1; k=rsa; p=…" "…" )",
      "e1._domainkey.paper.test. 3600 IN TXT "v=DKIM1; k=ed25519; p=…"",
      "_dmarc.brief.paper.test. 3600 IN TXT "v=DMARC1; p=none; rua=mailto:postmaster@brief.paper.test"",
      "brief.paper.test. 3600 IN MX 10 mail.paper.test.",
      "bounces.paper.test. 3600 IN MX 10 mail.paper.test.",
      "a.test. 3600 IN TXT "v=spf1 a mx ~all"",
      "_dmarc.a.test. 3600 IN TXT "v=DMARC1; p=none; rua=mailto:postmaster@a.test"",
      "a.test. 3600 IN MX 10 mail.a.test.",
    ]
  `)
})

test.each([
  ['email-smtp.eu-west-1.amazonaws.com', 'v=spf1 include:amazonses.com ~all'],
  ['smtp.relay.test', 'v=spf1 a:smtp.relay.test ~all'],
  ['192.0.2.7', 'v=spf1 ip4:192.0.2.7 ~all'],
  ['2001:db8::7', 'v=spf1 ip6:2001:db8::7 ~all'],
  ['127.0.0.1', 'v=spf1 a mx ~all'],
])('SPF for %s', (server, value) => {
  expect(dnsRecords({ ...domains, server })[0]?.value).toBe(value)
})

test.each([
  ['another key', 'v=DKIM1; k=rsa; p=AAAA', 'p= is another key than the one that signs'],
  ['a withdrawn key', 'v=DKIM1; k=rsa; p=', 'p= is empty: the key is withdrawn'],
  ['the wrong algorithm', 'v=DKIM1; k=ed25519; p=AAAA', 'k= must be rsa'],
  ['no DKIM at all', 'v=spf1 -all', 'v= must be DKIM1'],
])('a DKIM record with %s', async (_, text, note) => {
  expect(await changed('n1._domainkey.paper.test', [txt(text)])).toMatchObject({
    state: 'differs',
    found: [text],
    note,
  })
})

test('a DKIM record is compared by its tags: space, order and strings may be others, t=y and two records not', async () => {
  const right = dnsRecords(domains).find(({ name }) => name.startsWith('n1.'))?.value ?? ''
  const p = /p=(.*)/.exec(right)?.[1] ?? ''
  const other = [`p=${p.slice(0, 90)}`, ` ${p.slice(90, 200)}`, `${p.slice(200)} ;k = rsa; t=s`]
  const zone: Zone = new Map([['n1._domainkey.paper.test', [txt(...other)]]])
  const states = (await checks(zone)).map(({ state, wanted }) => [wanted.name, state])
  expect(states).toContainEqual(['n1._domainkey.paper.test', 'ok'])
  expect(
    await changed('n1._domainkey.paper.test', [txt(`${right.slice(0, 200)}`, `${right.slice(200)}; t=y`)]),
  ).toMatchObject({ state: 'differs', note: expect.stringContaining('t=y') })
  const two = [txt(right.slice(0, 250), right.slice(250)), txt('v=DKIM1; p=AAAA')]
  expect(await changed('n1._domainkey.paper.test', two)).toMatchObject({
    state: 'differs',
    note: expect.stringContaining('several'),
  })
})

test.each([
  ['v=spf1 +all', 'anybody', 'v=spf1 ~all'],
  ['v=spf1 -all', 'nobody', 'v=spf1 a:mail.paper.test -all'],
  ['v=spf1 redirect=other.test', 'nobody', 'v=spf1 a:mail.paper.test redirect=other.test'],
])('an SPF record that says “%s”', async (text, note, value) => {
  const check = await changed('brief.paper.test', [
    txt(text),
    txt('some other text'),
    { type: 'MX', priority: 1, host: 'mail.paper.test' },
  ])
  expect(check).toMatchObject({
    state: 'differs',
    found: [text],
    note: expect.stringContaining(note),
    wanted: { value },
  })
})

test('a relay that we know is looked for in all that SPF includes, and added where it is not', async () => {
  const of = { ...domains, bounce: null, server: 'email-smtp.eu-west-1.amazonaws.com' }
  const zone = (first: string): Zone => {
    const zone: Zone = new Map()
    publish(zone, dnsRecords(of).map(zoneLine))
    zone.set(of.from, [txt(first), { type: 'MX', priority: 1, host: 'mail.brief.paper.test' }])
    zone.set('ours.test', [txt('v=spf1 include:amazonses.com ip4:192.0.2.1 -all')])
    zone.set('open.test', [txt('v=spf1 +all')])
    zone.set('amazonses.com', [txt('v=spf1 ip4:198.51.100.0/24 -all')])
    zone.set('loop.test', [txt('v=spf1 include:loop.test -all')])
    zone.set('slow.test', 'fail')
    return zone
  }
  const spf = async (first: string): Promise<RecordCheck | undefined> => (await checks(zone(first), of))[0]
  expect(await spf('v=spf1 include:ours.test ~all')).toMatchObject({ state: 'ok', note: null })
  expect(await spf('v=spf1 include:amazonses.com ~all')).toMatchObject({ state: 'ok', note: null })
  expect(await spf('v=spf1 a -all')).toMatchObject({
    state: 'differs',
    wanted: { value: 'v=spf1 a include:amazonses.com -all' },
  })
  expect(await spf('v=spf1 include:open.test -all')).toMatchObject({
    state: 'differs',
    note: expect.stringContaining('anybody'),
  })
  expect(await spf('v=spf1 include:loop.test -all')).toMatchObject({
    state: 'differs',
    note: expect.stringContaining('give up'),
  })
  expect(await spf('v=spf1 include:slow.test -all')).toMatchObject({
    state: 'unchecked',
    note: expect.stringContaining('slow.test'),
  })
})

test('two SPF records are put together', async () => {
  const check = await changed('bounces.paper.test', [
    txt('v=spf1 a -all'),
    txt('v=spf1 include:x.test ~all'),
    { type: 'MX', priority: 1, host: 'mail.paper.test' },
  ])
  expect(check).toMatchObject({ state: 'differs', wanted: { value: 'v=spf1 a include:x.test ~all' } })
})

test('from which addresses another server sends is not guessed', async () => {
  const records = [
    txt('v=spf1 ip4:192.0.2.9 -all'),
    { type: 'MX', priority: 1, host: 'mail.paper.test' } as const,
  ]
  expect(await changed('brief.paper.test', records)).toMatchObject({
    state: 'ok',
    note: 'look that it names the addresses that mail.paper.test sends from',
  })
})

test('DMARC of a domain above holds; without a policy, or with strict alignment to another, it does not', async () => {
  const zone: Zone = new Map([['_dmarc.paper.test', [txt('v=DMARC1; p=reject')]]])
  const dmarc = (await checks(zone)).find(({ wanted }) => wanted.purpose === 'DMARC')
  expect(dmarc).toMatchObject({ state: 'ok', note: 'the record of paper.test holds' })
  for (const [text, note] of [
    ['v=DMARC1; rua=mailto:a@b.test', 'p='],
    ['v=DMARC1; p=none; adkim=s', 'adkim=s'],
  ] as const)
    expect(await changed('_dmarc.brief.paper.test', [txt(text)])).toMatchObject({
      state: 'differs',
      note: expect.stringContaining(note),
    })
})

test('a domain that takes no mail, or whose mail host has no address', async () => {
  const mx = (host: string): Parameters<Zone['set']>[1] => [
    txt('v=spf1 a:mail.paper.test ~all'),
    { type: 'MX', priority: 0, host },
  ]
  expect(await changed('bounces.paper.test', mx(''))).toMatchObject({
    state: 'differs',
    note: expect.stringContaining('7505'),
  })
  expect(await changed('bounces.paper.test', mx('nowhere.test'))).toMatchObject({
    state: 'differs',
    note: 'nowhere.test has no address',
  })
})

test.each(['fail', 'silent'] as const)(
  'a DNS that answers with %s is no proof that anything is missing',
  async (how) => {
    const names = dnsRecords(domains).map(({ name }) => name)
    const found = await checks(new Map(names.map((name) => [name, how])))
    expect(found.map(({ state }) => state)).toEqual(Array(found.length).fill('unchecked'))
  },
)

test('nor is a network without any DNS', async () => {
  const socket = createSocket('udp4').bind(0, '127.0.0.1')
  await once(socket, 'listening')
  const { port } = socket.address()
  await new Promise<void>((done) => void socket.close(done))
  const resolver = new Resolver({ timeout: 300, tries: 1 })
  resolver.setServers([`127.0.0.1:${port}`])
  const found = await Promise.all(dnsRecords(domains).map((record) => checkRecord(resolver, record, domains)))
  expect(found.map(({ state }) => state)).toEqual(Array(found.length).fill('unchecked'))
})
