import { SMTPServer, type SMTPServerOptions } from 'smtp-server'
import { afterEach, expect, test } from 'vitest'
import type { Outcome } from '../../src/delivery/transport.ts'
import { openSmtpClient } from '../../src/smtp/client.ts'
import { openSmtpTransport } from '../../src/smtp/nodemailer.ts'
import type { SmtpOptions } from '../../src/smtp/options.ts'
import { makeCertificate } from './certificate.ts'
import { startScriptedServer, welcome } from './scripted-server.ts'
import { envelopeOf, optionsFor, wireMessage } from './wire.ts'

const closing: (() => Promise<void>)[] = []
afterEach(async () => {
  for (const close of closing.splice(0).toReversed()) await close()
})

const own = makeCertificate({ name: 'Test authority' })
const issuer = { name: 'Test authority', key: own.key }
const certificate = makeCertificate({ name: 'here', hosts: ['127.0.0.1'], issuer })

/** An honest server that asks for ada's password, and keeps what it takes. */
async function serve(options: SMTPServerOptions = {}) {
  const kept: { readonly user: unknown; readonly secure: boolean; readonly content: string }[] = []
  const server = new SMTPServer({
    ...certificate,
    disableReverseLookup: true,
    onAuth({ username, password }, _session, done) {
      if (username === 'ada' && password === 'ge heim é') return done(null, { user: username })
      done(new Error('Invalid username or password'))
    },
    onData(stream, session, done) {
      const parts: Buffer[] = []
      stream.on('data', (part: Buffer) => parts.push(part))
      stream.on('end', () => {
        kept.push({ user: session.user, secure: session.secure, content: Buffer.concat(parts).toString() })
        done(null, 'kept')
      })
    },
    ...options,
  })
  server.on('error', () => undefined)
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  closing.push(() => new Promise((resolve) => server.close(() => resolve())))
  const address = server.server.address()
  return { kept, port: typeof address === 'object' && address !== null ? address.port : 0 }
}

async function send(
  port: number,
  change: Partial<SmtpOptions>,
  open = openSmtpClient,
): Promise<readonly Outcome[]> {
  const transport = open(
    optionsFor(port, {
      ca: own.cert,
      auth: { user: 'ada', pass: 'ge heim é' },
      timeouts: { connect: 500, reply: 3_000, quit: 50 },
      ...change,
    }),
  )
  closing.push(() => transport.close())
  const connection = transport.connect()
  const messages = ['one', 'two', 'three'].map((name) => wireMessage(name))
  const outcomes = []
  for (const [index, message] of messages.entries()) {
    const next = messages[index + 1]
    const answer = await connection.offer(envelopeOf(message))
    outcomes.push(
      answer.state === 'ready'
        ? await connection.deliver(message, next === undefined ? null : envelopeOf(next))
        : answer,
    )
  }
  await connection.close()
  return outcomes
}

const fatal = (reply: RegExp) => ({
  state: 'rejected',
  class: 'fatal',
  reply: expect.stringMatching(reply) as unknown,
})

test.each([
  ['ours', openSmtpClient],
  ['nodemailer', openSmtpTransport],
] as const)(
  '%s: AUTH PLAIN and LOGIN, after STARTTLS and in TLS; what arrives is what was sent',
  async (_, open) => {
    for (const authMethods of [['PLAIN'], ['LOGIN']]) {
      for (const secure of [false, true]) {
        const { port, kept } = await serve({ authMethods, secure })
        const outcomes = await send(port, { secure, tls: 'required' }, open)
        expect(outcomes.map(({ state }) => state)).toEqual(['accepted', 'accepted', 'accepted'])
        expect(kept).toEqual(
          ['one', 'two', 'three'].map((name) => ({
            user: 'ada',
            secure: true,
            content: wireMessage(name).raw.toString(),
          })),
        )
      }
    }
  },
)

test('a password that is refused stops the send, and says what to check', async () => {
  const { port, kept } = await serve()
  const [outcome] = await send(port, { auth: { user: 'ada', pass: 'wrong' } })
  expect(outcome).toEqual(fatal(/^535 .* \(check the user and the password in SMTP_URL\)$/))
  expect(kept).toEqual([])
})

test('a server that asks for no password is told none, and says what to set', async () => {
  const { port } = await serve({ disabledCommands: ['AUTH'] })
  expect((await send(port, {}))[0]).toEqual(fatal(/take user and password out of SMTP_URL/))
})

test('a server whose AUTH is none of ours says what to set', async () => {
  const { port } = await serve({ authMethods: ['XOAUTH2'] })
  expect((await send(port, {}))[0]).toEqual(fatal(/AUTH XOAUTH2.*SMTP_CLIENT=nodemailer/))
})

test('a password that a server repeats is not kept', async () => {
  const server = await startScriptedServer(async (talk) => {
    await welcome(talk, ['AUTH PLAIN'])
    talk.say(`535 5.7.8 ${(await talk.line()).replace('AUTH PLAIN ', '')} is “ge heim é”?`)
  })
  closing.push(() => server.close())
  const [outcome] = await send(server.port, {})
  expect(outcome).toEqual(fatal(/^535 5\.7\.8 … is “…”\? \(check/))
})
