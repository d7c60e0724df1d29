import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { publicationSchema } from '../../src/core/publication.ts'
import { openSite } from '../../src/open-site.ts'
import { unsubscribeToken } from '../../src/subscribers/unsubscribe-token.ts'
import { issue, startOperation, until, type Operation } from '../cli/operation.ts'
import { addPeople } from '../delivery/people.ts'
import { openBed, type SiteBed } from './bed.ts'
import { everything } from './visitor.ts'
import { inFile } from '../store/in-file.ts'

const publication = publicationSchema.parse({
  name: 'The <Ledger> Brief',
  url: 'https://brief.example.org',
  from: { name: 'Desk', address: 'desk@brief.example.org' },
  postalAddress: '1 Harbour Street',
  newsletters: { weekly: { name: 'Weekly', consent: 'Yes, weekly.' }, daily: { name: 'Daily' } },
})
const DAY = 86_400_000

let bed: SiteBed
let publicId: string
let path: string
beforeEach(async () => {
  bed = await openBed({ publication, consentNetwork: 'hashed' })
  publicId = (await bed.person('reader@brief.test')).publicId
  await bed.person('reader@brief.test', 'subscriber', 'daily')
  path = `/u/${unsubscribeToken(bed.tokens, { publicId, newsletter: 'weekly' })}`
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

/** As a mail provider sends it (RFC 8058 §3.1): no cookie, no origin. */
const oneClick = (to = path, headers: Record<string, string> = {}): Promise<Response> =>
  Promise.resolve(
    bed.site.request(to, {
      method: 'POST',
      body: 'List-Unsubscribe=One-Click',
      headers: { 'Content-Type': 'application/x-www-form-urlencoded', ...headers },
    }),
  )

describe('one click', () => {
  test('takes off one newsletter at once: 200, no redirect, no cookie, and the same however often', async () => {
    const bodies: string[] = []
    for (let time = 0; time < 3; time++) {
      const answer = await oneClick()
      expect([answer.status, answer.headers.get('Location')]).toEqual([200, null])
      expect(answer.headers.getSetCookie()).toEqual([])
      expect(answer.headers.get('Cache-Control')).toBe('no-store')
      bodies.push(await answer.text())
      expect(await states()).toEqual({ weekly: 'left', daily: 'confirmed' })
    }
    expect(new Set(bodies)).toEqual(new Set(['You have left Weekly.\n']))
    expect(await consents()).toMatchObject([
      { newsletter: 'weekly', kind: 'withdrawn', form: 'one-click', words: 'Leave Weekly' },
    ])
    // CONSENT_NETWORK is hashed here.
    expect((await consents())[0]?.network).toMatch(/^[a-z2-7]{32}$/)
  })

  test('needs no session, and gives or takes none where a browser sends one along', async () => {
    const answer = await oneClick(path, { Cookie: `__Host-reader=${'a'.repeat(52)}` })
    expect([answer.status, answer.headers.getSetCookie()]).toEqual([200, []])
  })

  test('counts for who is erased, too, and never takes off anybody by a token that is not ours', async () => {
    await bed.deps.readers.erasePerson(publicId)
    expect((await oneClick()).status).toBe(200)
    const [, token = ''] = /^\/u\/(.+)$/.exec(path) ?? []
    const before = everything(bed)
    for (const bad of [`${token}a`, token.slice(0, -1), token.toUpperCase(), 'x', `${token}%00`]) {
      const answer = await oneClick(`/u/${bad}`)
      expect([bad, answer.status]).toEqual([bad, 404])
      expect(await answer.text()).toContain('write to desk@brief.example.org and we will take you off')
    }
    expect(everything(bed)).toBe(before)
  })

  test('of no limit: a provider asks for thousands from one address', async () => {
    for (let time = 0; time < 100; time++) expect((await oneClick()).status).toBe(200)
  })
})

describe('the visible link', () => {
  const press = (to: string) => bed.post(to, { from: 'page' })

  test('leaves with one press and undoes it with another, each with its consent', async () => {
    const html = await (await press(path)).text()
    expect(html).toContain('<h1>You have left Weekly</h1>')
    expect(html).toContain(`action="${path}/undo"`)
    expect(await states()).toEqual({ weekly: 'left', daily: 'confirmed' })
    bed.clock.time += DAY - 1
    const undone = await press(`${path}/undo`)
    expect([undone.status, await undone.text()]).toEqual([
      200,
      expect.stringContaining('You get Weekly again'),
    ])
    expect(await states()).toEqual({ weekly: 'confirmed', daily: 'confirmed' })
    expect(await consents()).toMatchObject([
      { kind: 'withdrawn', form: 'leave' },
      { kind: 'undone', form: 'undo', words: 'Yes, weekly.' },
    ])
    // Pressed twice.
    expect((await press(`${path}/undo`)).status).toBe(200)
    expect(await consents()).toHaveLength(2)
  })

  test('opened again after leaving says that it is done and offers to undo it, for a day', async () => {
    const opened = async () => (await bed.site.request(path)).text()
    expect(await opened()).toContain('<h1>Leave Weekly?</h1>')
    await press(path)
    bed.clock.time += DAY - 1
    const again = await opened()
    expect(again).toContain('<h1>You have left Weekly</h1>')
    expect(again).toContain(`action="${path}/undo"`)
    bed.clock.time += 1
    const late = await opened()
    expect(late).toContain('<h1>You have left Weekly</h1>')
    expect(late).not.toContain('/undo"')
    expect(late).toContain('href="/subscribe"')
    expect(await states()).toEqual({ weekly: 'left', daily: 'confirmed' })
  })

  test('gives who was paused their pause back', async () => {
    const until = bed.clock.time + 14 * DAY
    await bed.deps.readers.pause(publicId, until)
    await press(path)
    await press(`${path}/undo`)
    expect(
      (await account()).subscriber.subscriptions.find((each) => each.newsletter === 'weekly'),
    ).toMatchObject({
      state: 'paused',
      pausedUntil: until,
    })
  })

  test('cannot be undone after a day: the answer says how to come back, and the link still leaves', async () => {
    await press(path)
    bed.clock.time += DAY
    const late = await press(`${path}/undo`)
    expect([late.status, await late.text()]).toEqual([410, expect.stringContaining('href="/subscribe"')])
    expect(await states()).toEqual({ weekly: 'left', daily: 'confirmed' })
  })

  test('undoing does not let in who never left by it, nor who may not be written to', async () => {
    await press(path)
    bed.database
      .prepare(
        `insert into suppression (address_hash, reason, created_at) select address_hash, 'complaint', 1 from subscriber`,
      )
      .run()
    expect((await press(`${path}/undo`)).status).toBe(410)
    const foreign = `/u/${unsubscribeToken(bed.tokens, { publicId, newsletter: 'monthly' })}`
    expect((await press(`${foreign}/undo`)).status).toBe(410)
    expect((await press(foreign)).status).toBe(200)
    expect(await states()).toEqual({ weekly: 'left', daily: 'confirmed' })
  })
})

describe('in the middle of a send', () => {
  let operation: Operation
  /** While it is set the server takes a message and does not say so. */
  let gate: Promise<void> | null = null
  let open: () => void = () => undefined
  beforeEach(async () => {
    gate = new Promise((resolve) => (open = resolve))
    operation = await startOperation({
      async onMessage() {
        await gate
        return null
      },
    })
  })
  afterEach(async () => {
    open()
    await operation.close()
  })

  test('nothing begins for whoever has left, from the moment that the answer is there', async () => {
    const { app, sink, start, status } = operation
    await addPeople(app.subscribers, 40)
    const site = await openSite(app, { log: () => undefined, mails: false })
    try {
      const send = start('send', issue, '--yes')
      await until('both connections wait for the server', async () => {
        const round = await app.deliveries.round(issue, 'real')
        return round !== null && (await status()).onWire === 2 && sink.connections() >= 2
      })
      const onWire = inFile(app, (database) =>
        database.prepare(`select address from delivery where state = 'on_wire' order by address`).all(),
      ).map(({ address }) => String(address))
      expect(onWire).toHaveLength(2)
      // All of them leave, those too whose message is made already, or offered to the server.
      for await (const { publicId: who } of app.subscribers.list()) {
        const token = unsubscribeToken(app.tokens, { publicId: who, newsletter: 'weekly' })
        const answer = await site.fetch(
          new Request(`http://127.0.0.1/u/${token}`, {
            method: 'POST',
            body: 'List-Unsubscribe=One-Click',
            headers: { 'Content-Type': 'application/x-www-form-urlencoded', Host: '127.0.0.1' },
          }),
        )
        expect(answer.status).toBe(200)
      }
      open()
      expect(await send.ended).toBe(0)
      expect(sink.recipients.toSorted()).toEqual(onWire)
      expect(await status()).toMatchObject({ state: 'done', accepted: 2, suppressed: 38 })
    } finally {
      await site.close()
    }
  })
})
