import { createServer, type AddressInfo } from 'node:net'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, onTestFinished, test } from 'vitest'
import { openApp, type App } from '../../src/app.ts'
import { loadConfig } from '../../src/config.ts'
import { openSite } from '../../src/open-site.ts'
import { timeoutsOf, type SmtpOptions } from '../../src/smtp/options.ts'
import { until } from '../cli/operation.ts'

/** An app whose SMTP server takes connections and says nothing. */
async function besideSilence(smtpClient: string): Promise<App> {
  const server = createServer((socket) => socket.on('error', () => undefined)).listen(0, '127.0.0.1')
  await until('the server listens', () => server.listening)
  const dir = mkdtempSync(join(tmpdir(), 'onrecord-waits-'))
  const environment = {
    SMTP_URL: `smtp://127.0.0.1:${(server.address() as AddressInfo).port}`,
    SMTP_CLIENT: smtpClient,
    SECRET_KEY: 'k'.repeat(32),
  }
  const app = await openApp(
    loadConfig({ dir: join(import.meta.dirname, '..', '..'), dataDir: dir, environment }),
  )
  onTestFinished(async () => {
    await app.close()
    server.close()
    rmSync(dir, { recursive: true, force: true })
  })
  return app
}

test('a letter waits for a slow server less long than it takes to call the mailer stuck', async () => {
  const app = await besideSilence('onrecord')
  let waits: SmtpOptions['timeouts'] | null = null
  const site = await openSite(
    {
      ...app,
      openTransport(timeouts) {
        waits = timeouts ?? {}
        throw new Error('there is no server')
      },
    },
    { log: () => undefined },
  )
  const { baseUrl } = app.config
  await site.fetch(
    new Request(`${baseUrl}/subscribe`, {
      method: 'POST',
      headers: { Origin: new URL(baseUrl).origin, 'Content-Type': 'application/x-www-form-urlencoded' },
      body: 'email=ada@reader.test',
    }),
  )
  await until('a letter is due', () => waits !== null)
  await site.close()
  const limits = timeoutsOf({ timeouts: waits ?? {} })
  const sum = (...names: (keyof typeof limits)[]): number =>
    names.reduce((total, name) => total + limits[name], 0)
  expect(sum('mail', 'rcpt', 'data', 'block', 'dot')).toBeLessThanOrEqual(70_000)
  // EHLO comes again after TLS, and a password takes three replies. The mailer rests for five minutes at the most.
  const all = sum(...(Object.keys(limits) as (keyof typeof limits)[]), 'ehlo', 'auth', 'auth')
  expect(all + 5 * 60_000).toBeLessThan(10 * 60_000)
})

test.each(['onrecord', 'nodemailer'])(
  'the waits that a transport is opened with hold: %s',
  async (smtpClient) => {
    const app = await besideSilence(smtpClient)
    const transport = await app.openTransport({ connect: 300, greeting: 300, reply: 300 })
    const begun = performance.now()
    const message = {
      from: 'desk@x.example',
      to: 'ada@x.example',
      messageId: '<1@x.example>',
      raw: Buffer.from('\r\n'),
    }
    expect(await transport.send(message)).toMatchObject({ state: 'deferred' })
    expect(performance.now() - begun).toBeLessThan(10_000)
    await transport.close()
  },
)
