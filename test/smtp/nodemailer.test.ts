import { afterEach, describe, expect, test } from 'vitest'
import { isLoopback } from '../../src/smtp/loopback.ts'
import { openSmtpTransport } from '../../src/smtp/nodemailer.ts'
import type { Outcome, Transport } from '../../src/delivery/transport.ts'
import { composeMessage } from '../../src/email/compose.ts'
import { sampleEdition } from '../email/sample-edition.ts'
import { startMisbehavingServer, type Fault, type Stage } from './misbehaving-server.ts'

const closing: (() => Promise<void>)[] = []
afterEach(async () => {
  for (const close of closing.splice(0).toReversed()) await close()
})

function open(port: number, change: { reply?: number } = {}): Transport {
  const transport = openSmtpTransport({
    kind: 'smtp',
    label: 'test',
    host: '127.0.0.1',
    port,
    secure: false,
    tls: 'auto',
    auth: null,
    connections: 1,
    timeouts: { connect: 500, greeting: 300, reply: change.reply ?? 300 },
  })
  closing.push(() => transport.close())
  return transport
}

async function message(name = 'one') {
  const messageId = `<${name}@brief.test>`
  const recipient = {
    address: `${name}@reader.test`,
    name: null,
    messageId,
    date: 0,
    unsubscribeUrl: 'https://brief.test/u/x',
    subjectPrefix: '',
  }
  const raw = await composeMessage(sampleEdition(), recipient)
  return { from: 'desk@brief.test', to: `${name}@reader.test`, messageId, raw }
}

async function attempt(stage: Stage, fault: Fault): Promise<{ outcome: Outcome; accepted: number }> {
  const server = await startMisbehavingServer(stage, fault)
  closing.push(() => server.close())
  const outcome = await open(server.port).send(await message())
  return { outcome, accepted: server.accepted.length }
}

const down = { state: 'deferred', serverDown: true }
const later = { state: 'deferred', serverDown: false }
const unknown = { state: 'unknown' }
const refused = (kind: string) => ({ state: 'rejected', class: kind })

describe('whatever a server does, the message ends in the right state', () => {
  const table: readonly (readonly [Stage, Fault, object])[] = [
    ['connect', 'drop', down],
    ['connect', 'silence', down],
    ['connect', '421 4.3.2 not now', down],
    ['connect', '450 busy', down],
    ['connect', '554 5.7.1 not you', refused('fatal')],
    ['ehlo', 'drop', down],
    ['ehlo', 'silence', down],
    ['ehlo', '421 closing', down],
    ['ehlo', '550 5.7.1 go away', refused('fatal')],
    ['mail', 'drop', down],
    ['mail', 'silence', down],
    ['mail', '421 closing', down],
    ['mail', '451 4.7.1 slow down', later],
    ['mail', '550 5.7.1 not this sender', refused('fatal')],
    ['rcpt', 'drop', down],
    ['rcpt', 'silence', down],
    ['rcpt', '421 not so many', later],
    ['rcpt', '450 4.7.1 greylisted', later],
    ['rcpt', '550 5.1.1 no such person', refused('address')],
    ['rcpt', '550 5.1.10 null MX', refused('address')],
    ['rcpt', '550 5.2.1 mailbox disabled', refused('address')],
    ['rcpt', '552 5.2.2 mailbox full', refused('other')],
    ['rcpt', '554 5.7.1 policy', refused('policy')],
    ['rcpt', '550 no', refused('other')],
    ['data', 'drop', down],
    ['data', 'silence', down],
    ['data', '451 4.3.0 trouble', later],
    ['data', '554 5.7.1 no', refused('policy')],
    ['body', 'drop', unknown],
    ['body', 'silence', unknown],
    ['dot', 'drop', unknown],
    ['dot', 'silence', unknown],
    ['dot', '421 not so many', later],
    ['dot', '451 4.3.0 try later', later],
    ['dot', '554 5.7.1 spam', refused('policy')],
    ['dot', '550 5.1.1 after all not', refused('address')],
  ]
  test.each(table)('%s: %s', async (stage, fault, expected) => {
    const { outcome, accepted } = await attempt(stage, fault)
    expect(outcome).toMatchObject(expected)
    expect(accepted).toBe(0)
  })
})

test('a server that nobody listens at is down, and nothing is begun', async () => {
  const server = await startMisbehavingServer('dot', 'drop')
  await server.close()
  expect(await open(server.port).send(await message())).toMatchObject(down)
})

test('a name that does not resolve is down', async () => {
  const transport = openSmtpTransport({
    kind: 'smtp',
    label: 'test',
    host: 'mail.invalid',
    port: 25,
    secure: false,
    tls: 'auto',
    auth: null,
    connections: 1,
  })
  closing.push(() => transport.close())
  expect(await transport.send(await message())).toMatchObject(down)
})

test('a connection that fails after a message does not send the next one twice', async () => {
  const server = await startMisbehavingServer('dot', 'drop')
  closing.push(() => server.close())
  const transport = open(server.port)
  const outcomes = []
  for (const name of ['one', 'two', 'three']) outcomes.push(await transport.send(await message(name)))
  expect(outcomes.map(({ state }) => state)).toEqual(['unknown', 'unknown', 'unknown'])
  expect(server.begun()).toBe(3)
})

test('only this machine is loopback', () => {
  expect(['localhost', '127.0.0.1', '127.8.8.8', '::1', '0:0:0:0:0:0:0:1'].map(isLoopback)).not.toContain(
    false,
  )
  expect(
    ['10.0.0.1', 'mail.example.org', '::2', '1.127.0.0', 'localhost.example.org'].map(isLoopback),
  ).not.toContain(true)
})
