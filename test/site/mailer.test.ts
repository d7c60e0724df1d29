import { spawn, type ChildProcess } from 'node:child_process'
import { generateKeyPairSync } from 'node:crypto'
import { cpSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { createServer, type AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import PostalMime from 'postal-mime'
import { expect, onTestFinished, test } from 'vitest'
import { createTokens } from '../../src/core/token.ts'
import type { DkimKey } from '../../src/email/dkim-key.ts'
import { createSigner } from '../../src/email/dkim.ts'
import { loadTemplate } from '../../src/render/template.ts'
import { openSmtpClient } from '../../src/smtp/client.ts'
import { openReaders } from '../../src/store/readers.ts'
import { openDatabase } from '../../src/store/sqlite.ts'
import { parseAddress } from '../../src/subscribers/address.ts'
import { startSink, type Answer } from '../delivery/sink.ts'
import { verdicts } from '../email/dkim-message.ts'
import { linkIn, openMailBed, transportTo, type MailBed } from './mail-bed.ts'

const root = join(import.meta.dirname, '..', '..')

async function open(options?: Parameters<typeof openMailBed>[0]): Promise<MailBed> {
  const bed = await openMailBed(options)
  onTestFinished(() => bed.close())
  return bed
}
const ask = (bed: MailBed, email = 'ada@reader.test'): Promise<Response> => bed.post('/subscribe', { email })
const waiting = (bed: MailBed): number =>
  Number(bed.database.prepare('select count(*) as count from letter').get()?.['count'])
const messageIds = (bed: MailBed): string[] => [...bed.sink.copies.keys()]

async function until(what: () => boolean): Promise<void> {
  for (let waited = 0; !what(); waited += 10) {
    if (waited > 15_000) throw new Error(`waited too long for ${what.toString()}`)
    await new Promise((resolve) => setTimeout(resolve, 10))
  }
}

test('who wants text gets letters as text alone; nobody else does', async () => {
  const bed = await open()
  const { publicId } = await bed.person('ada@reader.test')
  await bed.person('ben@reader.test')
  await bed.deps.readers.setFormat(publicId, 'text')
  for (const email of ['Ada@reader.test', 'ben@reader.test']) await bed.post('/log-in', { email })
  const text = await bed.mail('ada@reader.test')
  expect(text).toContain('Content-Type: text/plain')
  expect(text).not.toContain('text/html')
  expect(linkIn(text, 'log-in')).toMatch(/^\/log-in\//)
  expect(await bed.mail('ben@reader.test')).toContain('text/html')
})

test('a letter that the server puts off is sent later, under the same Message-ID', async () => {
  let put = true
  const seen: string[] = []
  const bed = await open({
    sink: {
      onMessage(_, raw): Answer {
        seen.push(/^Message-ID: (.*)$/im.exec(raw)?.[1] ?? '')
        return put ? { code: 451, text: '4.7.1 greylisted, ada@reader.test' } : null
      },
    },
  })
  await ask(bed)
  await until(() => seen.length === 1)
  await bed.quiet()
  expect(seen).toHaveLength(1)
  put = false
  bed.clock.time += 61_000
  await bed.mail('ada@reader.test')
  await bed.quiet()
  expect(new Set(seen).size).toBe(1)
  expect([seen.length, waiting(bed)]).toEqual([2, 0])
  // The server's words, in which it repeats addresses, are in no log.
  expect(JSON.stringify(bed.logged)).not.toContain('reader.test')
})

test('two letters have two Message-IDs, though the number of a row comes again', async () => {
  const bed = await open()
  await ask(bed, 'ada@reader.test')
  await bed.mail('ada@reader.test')
  await until(() => waiting(bed) === 0)
  await ask(bed, 'bob@reader.test')
  await bed.mail('bob@reader.test')
  bed.clock.time += 25 * 3_600_000
  await ask(bed, 'ada@reader.test')
  await bed.mail('ada@reader.test', 2)
  expect(messageIds(bed)).toHaveLength(3)
})

test('a letter that is put off for a day is given up, and its row is gone', async () => {
  let attempts = 0
  const bed = await open({ sink: { onMessage: () => (attempts++, { code: 451, text: '4.7.1 no' }) } })
  await ask(bed)
  for (let hour = 0; hour < 30; hour++) {
    await new Promise((resolve) => setTimeout(resolve, 80))
    bed.clock.time += 3_600_000
  }
  await until(() => waiting(bed) === 0)
  expect(attempts).toBeGreaterThan(5)
  expect(attempts).toBeLessThan(40)
})

test('a letter that the server refuses is dropped, and the next one is sent', async () => {
  const bed = await open({
    sink: {
      onRecipient: (address) =>
        address.startsWith('gone') ? { code: 550, text: '5.1.1 no such user' } : null,
    },
  })
  await ask(bed, 'gone@reader.test')
  await ask(bed, 'ada@reader.test')
  await bed.mail('ada@reader.test')
  await until(() => waiting(bed) === 0)
  expect(bed.logged.map(({ fields }) => fields['outcome']).filter((each) => each === 'never')).toHaveLength(1)
})

test('while the server is down, letters wait and it is not asked without end; once it is back, all are sent', async () => {
  let port = 1
  const bed = await open({ mailer: { openTransport: async () => transportTo(port) } })
  const taken = createServer().listen(0, '127.0.0.1')
  await until(() => taken.listening)
  port = (taken.address() as AddressInfo).port
  await new Promise((resolve) => taken.close(resolve))
  for (const name of ['ada', 'bob', 'eve']) await ask(bed, `${name}@reader.test`)
  await until(() => bed.logged.filter(({ event }) => event === 'letter').length === 3)
  await bed.quiet()
  // Each was tried once: it is its own time that it waits for.
  expect(bed.logged.filter(({ event }) => event === 'letter')).toHaveLength(3)
  expect(waiting(bed)).toBe(3)
  const back = await startSink({}, port)
  onTestFinished(() => back.close())
  bed.clock.time += 61_000
  await until(() => back.recipients.length === 3)
})

test('a server that takes a letter and never says so gets it once more, and not again', async () => {
  let bodies = 0
  const silent = createServer((socket) => {
    socket.on('error', () => undefined)
    socket.write('220 silent\r\n')
    let inBody = false
    socket.on('data', (chunk) => {
      for (const line of chunk.toString('latin1').split('\r\n')) {
        if (inBody && line === '.') {
          bodies++
          socket.destroy()
        } else if (inBody) continue
        else if (line.startsWith('EHLO')) socket.write('250 silent\r\n')
        else if (line.startsWith('DATA')) {
          inBody = true
          socket.write('354 go\r\n')
        } else if (line !== '') socket.write('250 ok\r\n')
      }
    })
  }).listen(0, '127.0.0.1')
  onTestFinished(() => new Promise((resolve) => silent.close(() => resolve())))
  await until(() => silent.listening)
  const { port } = silent.address() as AddressInfo
  const bed = await open({ mailer: { openTransport: async () => transportTo(port) } })
  await ask(bed)
  for (let minute = 0; minute < 8; minute++) {
    await new Promise((resolve) => setTimeout(resolve, 100))
    bed.clock.time += 3_000_000
  }
  await until(() => waiting(bed) === 0)
  expect(bodies).toBe(2)
})

test('closing waits for the letter on the wire, which is sent once, and begins no other', async () => {
  let release: (answer: Answer) => void = () => undefined
  let begun = false
  const bed = await openMailBed({
    sink: {
      onMessage() {
        begun = true
        return new Promise((resolve) => {
          release = resolve
        })
      },
    },
  })
  await ask(bed, 'ada@reader.test')
  await ask(bed, 'bob@reader.test')
  await until(() => begun)
  const closed = bed.mailer.close()
  await bed.quiet()
  expect(waiting(bed)).toBe(2)
  release(null)
  await closed
  expect(bed.sink.recipients).toEqual(['ada@reader.test'])
  expect(waiting(bed)).toBe(1)
  await bed.sink.close()
})

test('a server that does not answer holds up no end: it is hung up on, and the letter waits', async () => {
  let begun = false
  const silent = await startSink({
    onMessage() {
      begun = true
      return new Promise(() => undefined)
    },
  })
  const bed = await openMailBed({
    mailer: {
      grace: 100,
      openTransport: async () =>
        openSmtpClient({
          ...{ kind: 'smtp', label: 'silent', host: '127.0.0.1', port: silent.port, secure: false },
          ...{ tls: 'off', auth: null, connections: 1 },
        }),
    },
  })
  await ask(bed)
  await until(() => begun)
  const started = performance.now()
  await bed.close()
  expect(performance.now() - started).toBeLessThan(5_000)
  expect(waiting(bed)).toBe(1)
  await silent.close()
})

test('letters are signed where there are keys, and tell machines that a machine wrote them', async () => {
  const keys: DkimKey[] = [
    {
      algorithm: 'ed25519',
      domain: 'brief.example.org',
      selector: 'e',
      privateKey: generateKeyPairSync('ed25519').privateKey,
    },
  ]
  const bed = await open({ mailer: { signer: createSigner(keys) } })
  await bed.person('known@reader.test')
  await ask(bed, 'ada@reader.test')
  await ask(bed, 'known@reader.test')
  await bed.post('/log-in', { email: 'known@reader.test' })
  await bed.mail('known@reader.test', 2)
  await bed.post(linkIn(await bed.mail('ada@reader.test'), 'confirm'))
  await bed.mail('ada@reader.test', 2)
  for (const raw of bed.sink.messages.values()) {
    expect(await verdicts(raw, keys)).toEqual(['pass'])
    expect(raw).toMatch(/^Auto-Submitted: auto-generated\r$/m)
    expect(raw).not.toMatch(/^List-/m)
  }
})

test('the text of a letter says all that its HTML says, with the same link', async () => {
  const bed = await open()
  await bed.publish('2025-w46')
  await ask(bed)
  const confirm = linkIn(await bed.mail('ada@reader.test'), 'confirm')
  await bed.post(confirm)
  await bed.mail('ada@reader.test', 2)
  const { text = '', html = '' } = await PostalMime.parse(bed.sink.messages.get('ada@reader.test') ?? '')
  const words = html
    .replace(/^[\s\S]*?<h1/, '<h1')
    .replace(/<p[^>]*>If the button does not work[\s\S]*?<\/p>/, '')
    .replace(/<[^>]*>/g, ' ')
    .replace(/&nbsp;|·/g, ' ')
    .match(/[\p{L}\p{N}]{2,}/gu)
  for (const word of words ?? []) expect(text).toContain(word)
  const links = [...html.matchAll(/href="([^"]+)"/g)].map(([, href]) => href ?? '')
  for (const link of links) expect(text).toContain(link)
  expect(links.length).toBeGreaterThan(2)
})

test('a look of one’s own writes a letter of its kind, and one that fails gives way to ours', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'onrecord-look-'))
  onTestFinished(() => rmSync(folder, { recursive: true }))
  cpSync(join(root, 'templates', 'weekly'), join(folder, 'own'), { recursive: true })
  writeFileSync(join(folder, 'own', 'letters', 'confirm.txt.hbs'), 'Mine: {{button.href}}\n')
  writeFileSync(join(folder, 'own', 'letters', 'log-in.txt.hbs'), '{{no.such.value}}\n')
  const own = await loadTemplate(join(folder, 'own'))
  const bed = await open({ mailer: { looks: new Map([['weekly', own]]) } })
  await bed.person('known@reader.test')
  await ask(bed)
  expect(await bed.mail('ada@reader.test')).toMatch(/Mine: https:\/\/brief\.example\.org\/confirm\/\w{52}/)
  await bed.post('/log-in', { email: 'known@reader.test' })
  expect(await bed.mail('known@reader.test')).toContain('Your link to log in')
  expect(bed.logged.find(({ event }) => event === 'look')?.fields).toMatchObject({
    file: 'templates/own/letters/log-in.txt.hbs',
    line: 1,
  })
})

test('an address that nobody can have is not handed to a server of the world', async () => {
  const bed = await open()
  await bed.mailer.close()
  const worldly = await open({
    mailer: { openTransport: async () => ({ ...transportTo(bed.sink.port), local: false }) },
  })
  await ask(worldly, 'ada@reader.test')
  await until(() => worldly.logged.some(({ fields }) => fields['outcome'] === 'never'))
  expect(waiting(worldly)).toBe(0)
  expect(bed.sink.connections()).toBe(0)
})

type Letters = Awaited<ReturnType<typeof openMailBed>>['deps']['readers']

/** A mailer whose store of letters does some things otherwise. */
async function openTroubled(trouble: (readers: Letters) => Partial<Letters>) {
  const bed = await openMailBed()
  await bed.mailer.close()
  const { readers } = bed.deps
  const again = await open({ site: { readers }, mailer: { letters: { ...readers, ...trouble(readers) } } })
  return { bed, again }
}

test('a store that fails for a moment stops no mailer', async () => {
  let failures = 2
  const { bed, again } = await openTroubled((readers) => ({
    nextLetter: () => (failures-- > 0 ? Promise.reject(new Error('locked')) : readers.nextLetter()),
  }))
  await ask(again)
  await again.mail('ada@reader.test')
  await bed.sink.close()
})

test('a letter that the server took while the store was away is not sent again', async () => {
  let failures = 3
  const { bed, again } = await openTroubled((readers) => ({
    settleLetter: (id, outcome) =>
      failures-- > 0 ? Promise.reject(new Error('away')) : readers.settleLetter(id, outcome),
  }))
  await ask(again)
  await until(() => failures < 0)
  bed.clock.time += 180_000
  await again.quiet()
  expect([messageIds(again).length, waiting(bed)]).toEqual([1, 0])
  await bed.sink.close()
})

test('killed again and again, a mailer loses no letter, and repeats the one on the wire at most', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'onrecord-mailer-'))
  onTestFinished(() => rmSync(folder, { recursive: true }))
  const file = join(folder, 'store.db')
  const tokens = createTokens('0123456789abcdef0123456789abcdef')
  const database = openDatabase(file)
  const readers = openReaders(database, { tokens, sessionDays: 90 })
  const addresses = Array.from({ length: 10 }, (_, index) => `reader${index}@reader.test`)
  for (const email of addresses) {
    const address = parseAddress(email)
    if (!address.ok) throw new Error(address.reason)
    const proof = { askedAt: Date.now(), form: 'sign-up', words: 'I want it', network: null } as const
    await readers.ask({ kind: 'sign-up', address: address.value, newsletter: 'weekly', proof })
  }

  let mailer: ChildProcess | null = null
  let bodies = 0
  const kill = async (): Promise<void> => {
    const dying = mailer
    mailer = null
    if (dying === null) return
    if (dying.exitCode !== null) throw new Error('the mailer ended by itself')
    const gone = new Promise((resolve) => dying.once('exit', resolve))
    dying.kill('SIGKILL')
    await gone
  }
  onTestFinished(kill)
  let recipients = 0
  const sink = await startSink({
    // Of every sixth nothing has been said but to whom it goes.
    onRecipient() {
      if (++recipients % 6 === 0) void kill()
      return null
    },
    // The server has all of some: before its 250, or a moment after it.
    async onMessage() {
      bodies++
      if (bodies % 10 === 3) await kill()
      else if (bodies % 10 === 7) setTimeout(() => void kill(), 1)
      return null
    },
  })
  onTestFinished(() => sink.close())
  let starts = 0
  const started = Date.now()
  while (new Set(sink.recipients).size < addresses.length || mailer !== null) {
    if (Date.now() - started > 90_000) throw new Error(`only ${sink.recipients.length} letters came`)
    if (mailer === null) {
      // The one that was on the wire is another mailer's until its two minutes are over.
      const offset = starts++ * 3 * 60_000
      mailer = spawn(
        process.execPath,
        [join(root, 'test', 'faults', 'mailer-process.ts'), file, String(sink.port), String(offset)],
        { stdio: 'inherit' },
      )
    }
    await new Promise((resolve) => setTimeout(resolve, 20))
    if (new Set(sink.recipients).size === addresses.length) {
      await new Promise((resolve) => setTimeout(resolve, 1_500))
      await kill()
    }
  }
  const times = addresses.map((address) => sink.recipients.filter((each) => each === address).length)
  expect(Math.min(...times)).toBe(1)
  expect(starts).toBeGreaterThan(3)
  // One repeated for each time it was killed, at most.
  expect(sink.recipients.length - addresses.length).toBeLessThan(starts)
  expect(sink.copies.size).toBe(addresses.length)
  database.close()
}, 120_000)
