import { generateKeyPairSync } from 'node:crypto'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { createTokens } from '../../src/core/token.ts'
import { recreateMessage, type Making, type Recreated } from '../../src/delivery/provenance.ts'
import type { DeliveryRecord } from '../../src/delivery/report.ts'
import { sendIssue } from '../../src/delivery/send-issue.ts'
import { createSigner } from '../../src/email/dkim.ts'
import type { Signer } from '../../src/email/signer.ts'
import { openDeliveryReports } from '../../src/store/delivery-report.ts'
import { openDatabase, type Database } from '../../src/store/sqlite.ts'
import { openDesk, readyIssue, transportTo, type TestDesk } from './desk.ts'
import { address } from './people.ts'
import { startSink, type Sink } from './sink.ts'

let desk: TestDesk
let database: Database
let sink: Sink
let greylist: Set<string> | null
beforeEach(async () => {
  desk = openDesk()
  database = openDatabase(join(desk.folder, 'onrecord.db'))
  greylist = null
  sink = await startSink({
    onRecipient(to) {
      if (greylist === null || greylist.has(to)) return null
      greylist.add(to)
      return { code: 451, text: `4.7.1 <${to}> greylisted` }
    },
  })
})
afterEach(async () => {
  await sink.close()
  database.close()
  desk.close()
})

/** A signer with new keys, as `DKIM_…` would set them. */
function newSigner(...algorithms: readonly ('rsa' | 'ed25519')[]): Signer {
  return createSigner(
    algorithms.map((algorithm) => ({
      algorithm,
      domain: 'brief.example.org',
      selector: `${algorithm}1`,
      privateKey:
        algorithm === 'rsa'
          ? generateKeyPairSync('rsa', { modulusLength: 2048 }).privateKey
          : generateKeyPairSync('ed25519').privateKey,
    })),
  )
}

async function add(text: string, name: string | null): Promise<void> {
  const person = { address: address(text), name, tier: 'member' as const, newsletter: 'weekly' }
  await desk.subscribers.add({ ...person, source: 'test', again: false })
}

async function send(signer: Signer | null): Promise<void> {
  const transport = transportTo(sink.port)
  await sendIssue({ ...desk, signer }, '2025-w46', { transport, ready: async () => readyIssue() })
  await transport.close()
}

async function recordOf(text: string): Promise<DeliveryRecord> {
  const [record] = await openDeliveryReports(database).deliveriesTo(address(text))
  if (record === undefined) throw new Error(`nothing was meant for ${text}`)
  return record
}

async function made(record: DeliveryRecord, change: Partial<Making>): Promise<Recreated> {
  const again = await recreateMessage({ ...desk, ...change }, record)
  if ('reason' in again) throw new Error(again.reason)
  return again
}

function received(text: string): string {
  return sink.messages.get(text) ?? 'nothing'
}

test.each([
  ['no key', []],
  ['RSA and Ed25519', ['rsa', 'ed25519']],
  ['Ed25519 alone', ['ed25519']],
] as const)('with %s, every message is made again as the server got it', async (_, algorithms) => {
  const signer = algorithms.length === 0 ? null : newSigner(...algorithms)
  await add('plain@reader.test', null)
  await add('named@reader.test', 'Zoë “Zo” O’Neill')
  await add('ünïcode@reader.test', '张三')
  await add('text@reader.test', 'Tom')
  const wish = database.prepare('update subscriber set format = ? where address = ?')
  wish.run('text', 'text@reader.test')
  await send(signer)
  // What somebody wants since says nothing of what they got.
  wish.run('html', 'text@reader.test')
  expect(received('text@reader.test')).toMatch(/^Content-Type: text\/plain; charset=utf-8\r$/m)
  expect(received('plain@reader.test')).toMatch(/^Content-Type: multipart\/alternative;/m)
  let compared = 0
  for (const to of sink.messages.keys()) {
    const record = await recordOf(to)
    expect(record).toMatchObject({ state: 'accepted', keyId: signer?.keyId ?? null, attempts: 1 })
    const { raw, differs } = await made(record, { signer })
    expect(differs).toEqual([])
    expect(raw.toString('latin1')).toBe(received(to))
    expect((received(to).match(/^DKIM-Signature:/gm) ?? []).length).toBe(algorithms.length)
    compared += 1
  }
  expect(compared).toBeGreaterThanOrEqual(2)
})

test('a message that was put off keeps its bytes, also when the person is called and written otherwise since', async () => {
  const signer = newSigner('rsa')
  await add('before@reader.test', 'Before')
  greylist = new Set()
  await send(signer)
  expect(await recordOf('before@reader.test')).toMatchObject({ state: 'deferred', acceptedAt: null })
  await desk.subscribers.set(address('before@reader.test'), { name: 'After', tier: 'subscriber' })
  database.prepare("update delivery set next_at = 1 where state = 'deferred'").run()
  await send(signer)
  const record = await recordOf('before@reader.test')
  expect(record).toMatchObject({ state: 'accepted', attempts: 2, name: 'Before', tier: 'member' })
  database.prepare("update subscriber set address = 'new@reader.test', address_key = 'new@reader.test'").run()
  const [found] = await openDeliveryReports(database).deliveriesAt('2025-w46', address('before@reader.test'))
  if (found === undefined) throw new Error('the former address finds nothing')
  expect((await made(found, { signer })).raw.toString('latin1')).toBe(received('before@reader.test'))
  expect(await recordOf('new@reader.test')).toEqual(found)
})

test('with another DKIM key the copy is unsigned, and with another SECRET_KEY the link is named as another', async () => {
  const signer = newSigner('ed25519')
  await add('reader@reader.test', null)
  await send(signer)
  const record = await recordOf('reader@reader.test')
  const sent = received('reader@reader.test')
  const unsigned = await made(record, { signer: newSigner('ed25519') })
  expect(unsigned.differs).toEqual([
    expect.stringMatching(/^it was signed with ed255191:\S+, which is not the key/),
  ])
  expect(sent.endsWith(unsigned.raw.toString('latin1'))).toBe(true)

  const tokens = createTokens('another secret of more than thirty-two characters')
  const { raw, differs } = await made(record, { signer, tokens })
  expect(differs).toEqual([expect.stringMatching(/^SECRET_KEY is another than then: the unsubscribe link/)])
  expect(raw.toString('latin1')).not.toMatch(/^DKIM-Signature/m)
  expect(raw.toString('latin1')).toContain(record.messageId)
})

test('of an erased person the state is kept and nothing that names them', async () => {
  await add('gone@reader.test', 'Gone')
  await send(null)
  const { publicId } = await recordOf('gone@reader.test')
  await desk.subscribers.erase(address('gone@reader.test'))
  const [record] = await openDeliveryReports(database).deliveriesTo({ publicId })
  if (record === undefined) throw new Error('the row is gone')
  expect(record).toMatchObject({ state: 'accepted', address: null, name: null, reply: null })
  expect(JSON.stringify(record)).not.toMatch(/gone/i)
  expect(await recreateMessage(desk, record)).toEqual({
    reason: 'the person was erased, and what made the message with them',
  })
})
