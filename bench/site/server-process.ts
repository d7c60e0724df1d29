// A server of its own, as `onrecord serve` makes it or hono's hello world, that says what it has used:
//   server-process.ts hello | site <folder of a publication>
import { Hono } from 'hono'
import { openApp } from '../../src/app.ts'
import { startServer, publicLimits, type StartedServer } from '../../src/cli/start-server.ts'
import { loadConfig } from '../../src/config.ts'
import { openSite } from '../../src/open-site.ts'
import { parseAddress } from '../../src/subscribers/address.ts'

const [kind, folder = ''] = process.argv.slice(2)

process.on('message', () => {
  globalThis.gc?.()
  const { user, system } = process.cpuUsage()
  process.send?.({
    cpuSeconds: (user + system) / 1e6,
    heap: process.memoryUsage().heapUsed,
    rss: process.memoryUsage.rss(),
  })
})

if (kind === 'hello') {
  const app = new Hono()
  app.get('/', (c) => c.text('Hello World'))
  await ready(await startServer(app.fetch, { port: 0 }))
} else {
  const config = loadConfig({
    dir: folder,
    environment: { BASE_URL: 'http://localhost:4870', LOG_LEVEL: 'info', TRUST_PROXY: '1' },
  })
  const app = await openApp(config)
  const site = await openSite(app, { log: () => undefined, mails: false })
  await ready(await startServer(site.fetch, { port: 0, limits: publicLimits }), await session())

  /** The cookie of somebody who has just confirmed. */
  async function session(): Promise<string> {
    const readers = app.readers({ sessionDays: 90 })
    const address = parseAddress(`reader${Date.now()}@brief.test`)
    if (!address.ok) throw new Error(address.reason)
    const proof = { askedAt: Date.now(), form: 'sign-up', words: 'Yes', network: null } as const
    await readers.ask({ kind: 'sign-up', address: address.value, newsletter: 'weekly', proof })
    const letter = await readers.nextLetter()
    if (letter?.kind !== 'confirm') throw new Error('there is no letter')
    const entered = await readers.confirm(letter.token)
    if (entered.state !== 'entered') throw new Error('nobody was confirmed')
    return entered.session
  }
}

async function ready(server: StartedServer, session = ''): Promise<void> {
  process.send?.({ port: server.port, session })
  await new Promise((resolve) => process.once('disconnect', resolve))
  process.exit(0)
}
