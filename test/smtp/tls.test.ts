import { execFile } from 'node:child_process'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { TLSSocket, type TLSSocketOptions } from 'node:tls'
import { promisify } from 'node:util'
import { afterEach, describe, expect, test } from 'vitest'
import type { Outcome } from '../../src/delivery/transport.ts'
import { openSmtpClient } from '../../src/smtp/client.ts'
import type { SmtpOptions } from '../../src/smtp/options.ts'
import { makeCertificate, type Certificate } from './certificate.ts'
import { startScriptedServer, takeEnvelope, talkOver, welcome, type Talk } from './scripted-server.ts'
import { optionsFor, wireMessage } from './wire.ts'

const closing: (() => Promise<void>)[] = []
afterEach(async () => {
  for (const close of closing.splice(0).toReversed()) await close()
})

const authority = makeCertificate({ name: 'Test authority' })
const issuer = { name: 'Test authority', key: authority.key }
const good = makeCertificate({ name: 'here', hosts: ['127.0.0.1', 'localhost'], issuer })

async function serve(script: (talk: Talk) => Promise<void>, change: Partial<SmtpOptions> = {}) {
  const server = await startScriptedServer(script)
  closing.push(() => server.close())
  const transport = openSmtpClient(
    optionsFor(server.port, {
      tls: 'required',
      ca: authority.cert,
      timeouts: { connect: 500, reply: 2_000, quit: 50 },
      ...change,
    }),
  )
  closing.push(() => transport.close())
  return { server, transport }
}

function secured(talk: Talk, certificate: Certificate, options: TLSSocketOptions = {}): Talk {
  const socket = new TLSSocket(talk.socket, { isServer: true, ...certificate, ...options })
  socket.on('error', () => undefined)
  return talkOver(socket, talk.session)
}

/** The rest of a session, in the clear or not: what a server does that has nothing against us. */
async function take(talk: Talk): Promise<void> {
  await takeEnvelope(talk)
  await talk.content()
  talk.say('250 2.0.0 kept')
}

/** STARTTLS, and everything after it under this certificate. */
function startTls(certificate: Certificate, options: TLSSocketOptions = {}) {
  return async (talk: Talk): Promise<void> => {
    await welcome(talk, ['STARTTLS'])
    await talk.line()
    talk.say('220 go on')
    const inside = secured(talk, certificate, options)
    await inside.line()
    inside.say('250-here', '250 PIPELINING')
    await take(inside)
  }
}

function implicit(certificate: Certificate) {
  return async (talk: Talk): Promise<void> => {
    const inside = secured(talk, certificate)
    await welcome(inside)
    await take(inside)
  }
}

const accepted = { state: 'accepted', reply: '250 2.0.0 kept' }
const fatal = (reply: RegExp) => ({
  state: 'rejected',
  class: 'fatal',
  reply: expect.stringMatching(reply) as unknown,
})

describe.each([
  ['STARTTLS', startTls, {}],
  ['implicit TLS', implicit, { secure: true }],
] as const)('%s', (_, script, change) => {
  const send = async (certificate: Certificate, more: Partial<SmtpOptions> = {}): Promise<Outcome> => {
    const { transport } = await serve(script(certificate), { ...change, ...more })
    return transport.send(wireMessage())
  }

  test('a valid certificate of this host is trusted', async () => {
    expect(await send(good)).toEqual(accepted)
    expect(await send(good, { host: 'localhost' })).toEqual(accepted)
  })

  test('a certificate of another name is refused, and the names are said', async () => {
    const other = makeCertificate({ name: 'other', hosts: ['mail.other.test'], issuer })
    expect(await send(other, { host: 'localhost' })).toEqual(
      fatal(/certificate of localhost is for another name: set that name in SMTP_URL .*mail\.other\.test/),
    )
    expect(await send(other)).toEqual(fatal(/for another name/))
  })

  test('a certificate that has expired is refused', async () => {
    const old = makeCertificate({ name: 'here', hosts: ['127.0.0.1'], until: -1, issuer })
    expect(await send(old)).toEqual(fatal(/is not valid today \(certificate has expired\)/))
  })

  test('a certificate that nobody vouches for is refused', async () => {
    const own = makeCertificate({ name: 'here', hosts: ['127.0.0.1'] })
    expect(await send(own)).toEqual(fatal(/is not trusted .*NODE_EXTRA_CA_CERTS/))
  })
})

test('a name is told to the server, an address is not (SNI)', async () => {
  const names: unknown[] = []
  const script = startTls(good, {
    SNICallback: (name, done) => {
      names.push(name)
      done(null)
    },
  })
  await (await serve(script, { host: 'localhost' })).transport.send(wireMessage())
  await (await serve(script)).transport.send(wireMessage())
  expect(names).toEqual(['localhost'])
})

test('NODE_EXTRA_CA_CERTS adds an authority', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'onrecord-ca-'))
  closing.push(async () => rmSync(folder, { recursive: true }))
  const file = join(folder, 'ca.pem')
  writeFileSync(file, authority.cert)
  const { server } = await serve(implicit(good))
  // A process of its own: the file is read when Node starts.
  const script = `
    import { openSmtpClient } from ${JSON.stringify(new URL('../../src/smtp/client.ts', import.meta.url).href)}
    import { optionsFor, wireMessage } from ${JSON.stringify(new URL('wire.ts', import.meta.url).href)}
    const timeouts = { reply: 5_000, quit: 50 }
    const transport = openSmtpClient(optionsFor(${server.port}, { secure: true, timeouts }))
    process.stdout.write(JSON.stringify(await transport.send(wireMessage())))
    await transport.close()`
  const send = async (environment: Record<string, string>): Promise<unknown> => {
    const args = ['--no-warnings', '--input-type=module', '--eval', script]
    const { stdout } = await promisify(execFile)(process.execPath, args, {
      env: { ...process.env, ...environment },
    })
    return JSON.parse(stdout)
  }
  expect(await send({})).toMatchObject({ state: 'rejected', class: 'fatal' })
  expect(await send({ NODE_EXTRA_CA_CERTS: file })).toEqual(accepted)
})

test('what stood in the clear after the reply to STARTTLS is never taken for a reply', async () => {
  for (const injected of ['250 injected\r\n', '250 inj']) {
    const { transport, server } = await serve(async (talk) => {
      await welcome(talk, ['STARTTLS'])
      await talk.line()
      talk.socket.write(`220 go on\r\n${injected}`)
    })
    expect(await transport.send(wireMessage())).toMatchObject({ state: 'deferred', serverDown: true })
    expect(server.talks[0]?.received()).toMatch(/STARTTLS\r\n$/)
  }
})

test('capabilities that were named in the clear do not count', async () => {
  const { transport, server } = await serve(
    async (talk) => {
      await welcome(talk, ['STARTTLS', 'AUTH PLAIN', 'PIPELINING'])
      await talk.line()
      talk.say('220 go on')
      const inside = secured(talk, good)
      await inside.line()
      inside.say('250-here', '250 AUTH LOGIN')
      expect(await inside.line()).toBe('AUTH LOGIN')
      inside.say('334 VXNlcm5hbWU6')
      expect(await inside.line()).toBe(Buffer.from('ada').toString('base64'))
      inside.say('334 UGFzc3dvcmQ6')
      expect(await inside.line()).toBe(Buffer.from('geheim').toString('base64'))
      inside.say('235 2.7.0 welcome')
      await take(inside)
    },
    { tls: 'auto', auth: { user: 'ada', pass: 'geheim' } },
  )
  expect(await transport.send(wireMessage())).toEqual(accepted)
  expect(server.talks[0]?.received()).not.toContain('AUTH')
})

test('a server that offers STARTTLS and then speaks in the clear gets no message', async () => {
  const { transport } = await serve(async (talk) => {
    await welcome(talk, ['STARTTLS'])
    await talk.line()
    talk.say('220 go on')
    await new Promise((resolve) => talk.socket.once('data', resolve))
    talk.say('250 here, in the clear')
  })
  expect(await transport.send(wireMessage())).toEqual(fatal(/did not answer in TLS/))
})

test('smtps:// to a port that begins in the clear says what to set', async () => {
  const { transport } = await serve(async (talk) => talk.say('220 here'), { secure: true })
  expect(await transport.send(wireMessage())).toEqual(fatal(/smtps:\/\/ is for a port that begins with TLS/))
})

test('a TLS handshake that hangs, or is cut, is waited for no longer than its time', async () => {
  const timeouts = { connect: 500, reply: 2_000, tls: 100, quit: 50 }
  const hanging = await serve(async () => undefined, { secure: true, timeouts })
  expect(await hanging.transport.send(wireMessage())).toMatchObject({ state: 'deferred', serverDown: true })
  const cut = await serve(async (talk) => void talk.socket.destroy(), { secure: true })
  expect(await cut.transport.send(wireMessage())).toMatchObject({ state: 'deferred', serverDown: true })
})

test('TLS before 1.2 is refused', async () => {
  const old = { minVersion: 'TLSv1', maxVersion: 'TLSv1.1', ciphers: 'DEFAULT@SECLEVEL=0' } as const
  const { transport } = await serve(startTls(good, old))
  expect(await transport.send(wireMessage())).toEqual(fatal(/speaks no TLS that is safe/))
})

test('SMTP_TLS=required sends nothing to a server without STARTTLS', async () => {
  const { transport, server } = await serve((talk) => welcome(talk))
  expect(await transport.send(wireMessage())).toEqual(fatal(/the server offers no STARTTLS/))
  expect(server.talks[0]?.received()).toBe('EHLO sender.test\r\n')
})

test('on this machine and without a password, STARTTLS is left alone', async () => {
  const { transport, server } = await serve(
    async (talk) => {
      await welcome(talk, ['STARTTLS'])
      await take(talk)
    },
    { tls: 'auto' },
  )
  expect(await transport.send(wireMessage())).toEqual(accepted)
  expect(server.talks[0]?.received()).not.toContain('STARTTLS')
})
