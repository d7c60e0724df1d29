import { readdirSync } from 'node:fs'
import { mkdir, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import fc from 'fast-check'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { fileName } from '../../src/outbox/file-name.ts'
import type { Shelf } from '../../src/studio/preview.ts'
import { createStudio, type Studio } from '../../src/studio/studio.ts'
import { brief, testPublication, type TestPublication } from './publication.ts'

let publication: TestPublication
let studio: Studio
let before: string[]
const files = (): string[] => readdirSync(publication.dir, { recursive: true }).map(String).toSorted()
const image = `${'ab'.repeat(16)}.png`
const mail = fileName(1, '<one@brief.example.org>')

beforeAll(async () => {
  publication = await testPublication()
  const { dir } = publication
  await mkdir(join(dir, 'data/outbox'), { recursive: true })
  await mkdir(join(dir, 'data/images'))
  await writeFile(join(dir, 'data/images', image), Buffer.from([1, 2, 3]))
  await writeFile(join(dir, 'data/secret.key'), 'top secret')
  await writeFile(
    join(dir, 'data/outbox', mail),
    'From: Desk <desk@brief.example.org>\r\nTo: a@example.net\r\nSubject: Hello <b>\r\nContent-Type: text/html\r\n\r\n' +
      '<p>Hi</p><script>alert(1)</script><a href="https://x.example/">x</a>',
  )
  await writeFile(
    join(dir, 'data/outbox', fileName(2, '<one@brief.example.org>')),
    'Subject: Hello\r\n\r\nagain',
  )
  before = files()
  studio = await createStudio({
    root: dir,
    baseUrl: 'https://brief.example.org',
    outboxDir: join(dir, 'data/outbox'),
    imagesDir: join(dir, 'data/images'),
  })
})
afterAll(async () => {
  await studio.close()
  await publication.remove()
})

const ask = (path: string, init: RequestInit = {}): Promise<Response> =>
  Promise.resolve(studio.app.request(`http://localhost:4870${path}`, init))
const textOf = async (path: string): Promise<string> => (await ask(path)).text()

test('an issue is shown for each tier and part, with its sizes and findings', async () => {
  const page = await textOf('/issue/harbour')
  expect(page).toContain('The quay stays open')
  expect(page).toMatch(/\d+\.\d KB of 80\.0 KB/)
  expect(page).toContain('/frame/harbour/subscriber/mail?scheme=light')
  for (const tier of ['public', 'subscriber', 'member']) {
    for (const part of ['mail', 'web']) {
      const frame = await ask(`/frame/harbour/${tier}/${part}?scheme=dark`)
      expect(frame.status).toBe(200)
      expect(await frame.text()).toContain('voted on')
      const policy = frame.headers.get('Content-Security-Policy') ?? ''
      expect(policy).toMatch(/^default-src 'none'; style-src 'unsafe-inline'; img-src 'self' data:;.*sandbox/)
      expect(policy).not.toContain('allow-scripts')
    }
  }
  expect(await textOf('/issue/harbour?part=text')).toContain('voted on Monday')
  expect(await textOf('/issue/harbour?part=mjml')).toContain('&lt;mjml')
  expect(await textOf('/issue/harbour?part=headers')).toContain('List-Unsubscribe-Post')
  expect(await textOf('/')).toContain('The quay stays open')
})

test('pages carry a policy without unsafe-inline, and nothing in them needs one', async () => {
  for (const path of ['/', '/issue/harbour', '/outbox', `/outbox/${mail}`, '/nowhere']) {
    const response = await ask(path)
    const policy = response.headers.get('Content-Security-Policy') ?? ''
    expect(policy).toContain("script-src 'self'; style-src 'self'")
    expect(policy).not.toContain('unsafe')
    expect(await response.text()).not.toMatch(/<style|style="|<script>|\son[a-z]+="/)
  }
})

test('only this machine, asked for itself, is answered', async () => {
  const as = async (host: string): Promise<number> => (await ask('/', { headers: { Host: host } })).status
  for (const host of ['localhost', 'localhost:4870', '127.0.0.1:1', '[::1]:80'])
    expect(await as(host)).toBe(200)
  for (const host of [
    'evil.example',
    'localhost.evil.example:4870',
    '127.0.0.1.nip.io',
    '10.0.0.1',
    'x@localhost.y',
    '',
  ])
    expect(await as(host)).toBe(403)
})

test('nothing changes by a request: other origins are refused, and our own is told why', async () => {
  const post = async (headers: Record<string, string>): Promise<number> =>
    (await ask('/issue/harbour', { method: 'POST', headers: { Host: 'localhost:4870', ...headers } })).status
  expect(await post({})).toBe(403)
  expect(await post({ Origin: 'null' })).toBe(403)
  expect(await post({ Origin: 'https://evil.example' })).toBe(403)
  expect(await post({ Origin: 'http://localhost:4870' })).toBe(405)
})

test('no path leads out of the folders, whatever it is made of', async () => {
  const bad = fc.oneof(
    fc.constantFrom(
      '../secret.key',
      '..%2fsecret.key',
      '%2e%2e%2fsecret.key',
      '....//secret.key',
      '/etc/passwd',
    ),
    fc.string({ unit: 'binary', minLength: 1 }),
    fc
      .array(fc.constantFrom('..', '.', '/', '%2f', '\\', 'secret.key', 'data', '\0', image, mail))
      .map((each) => each.join('')),
  )
  const paths = ['/images/', '/outbox/', '/assets/', '/issue/', '/frame/']
  await fc.assert(
    fc.asyncProperty(fc.constantFrom(...paths), bad, fc.boolean(), async (path, name, encoded) => {
      const tail = encoded
        ? encodeURIComponent(name.toWellFormed())
        : encodeURI(name.toWellFormed()).replace(/[?#]/g, '')
      const response = await ask(path + tail)
      expect([200, 400, 404]).toContain(response.status)
      expect(await response.text()).not.toContain('top secret')
    }),
    { numRuns: 400 },
  )
})

test('the outbox shows a second copy, and a message in its frame, text, headers and source', async () => {
  const list = await textOf('/outbox')
  expect(list).toContain('2 messages, 1 message more than once')
  expect(list).toContain('×2')
  expect(list).toContain('Hello &lt;b&gt;')
  expect(await textOf(`/outbox/${mail}`)).toContain(`/outbox/${encodeURIComponent(mail)}/frame`)
  const frame = await ask(`/outbox/${mail}/frame`)
  expect(frame.headers.get('Content-Security-Policy')).toContain("default-src 'none'")
  expect(await frame.text()).toContain('rel="noopener noreferrer" href="https://x.example/"')
  expect(await textOf(`/outbox/${mail}?part=headers`)).toContain('Desk &lt;desk@brief.example.org&gt;')
  expect(await textOf(`/outbox/${mail}?part=source`)).toContain('&lt;script&gt;alert(1)')
})

test('times of the outbox are those of the publication, and name their zone', async () => {
  const [, utc = '', shown = ''] =
    /<time datetime="([^"]+)"[^>]*>([^<]+)</.exec(await textOf('/outbox')) ?? []
  const { hour, minute } = Object.fromEntries(
    new Intl.DateTimeFormat('en-GB', { timeZone: 'Europe/Malta', hour: '2-digit', minute: '2-digit' })
      .formatToParts(new Date(utc))
      .map(({ type, value }) => [type, value]),
  )
  expect(shown).toContain(`${hour}:${minute}:`)
  expect(shown).toMatch(/ (?:CES?T|GMT\+[12])$/)
})

test('a list that is still being built loads itself again without scripts, and no other does', async () => {
  let finish: () => void = () => undefined
  const built = new Promise<void>((resolve) => (finish = resolve))
  const shelf: Shelf = {
    issues: ['slow'],
    findings: [],
    publication: {
      name: 'Slow',
      timeZone: 'UTC',
      tiers: { public: 'Public', subscriber: 'Subscriber', member: 'Member' },
    },
  }
  const slow = await createStudio({
    root: publication.dir,
    baseUrl: 'https://brief.example.org',
    outboxDir: join(publication.dir, 'data/outbox'),
    imagesDir: join(publication.dir, 'data/images'),
    builder: {
      shelf: async () => shelf,
      build: async (id) => {
        await built
        return { id, meta: null, findings: [], editions: null, images: [] }
      },
      close: async () => finish(),
    },
  })
  const list = async (): Promise<string> => (await slow.app.request('http://localhost:4870/')).text()
  const refresh = '<noscript><meta http-equiv="refresh" content="2" /></noscript>'
  expect(await list()).toContain(refresh)
  finish()
  await slow.app.request('http://localhost:4870/issue/slow')
  expect(await list()).not.toContain(refresh)
  await slow.close()
})

test('an image that was frozen is shown', async () => {
  const response = await ask(`/images/${image}`)
  expect([response.status, response.headers.get('Content-Type')]).toEqual([200, 'image/png'])
})

test('a broken edit keeps the last good version, and says at which line what is wrong', async () => {
  const changed = async (text: RegExp): Promise<string> => {
    for (let tries = 0; tries < 200; tries++) {
      const page = await textOf('/issue/harbour?tier=public')
      if (text.test(page)) return page
      await new Promise((resolve) => setTimeout(resolve, 50))
    }
    throw new Error(`the page never showed ${String(text)}`)
  }
  await publication.write(
    'briefs/harbour.md',
    brief('The quay stays open', '::: members\nSecret words.\n:::\n'),
  )
  const stale = await changed(/Stale: the newest version has errors/)
  expect(stale).toMatch(/briefs\/harbour\.md:\d+:\d+/)
  expect(stale).toContain('<mark>')
  expect(await textOf('/frame/harbour/public/mail')).toContain('voted on')
  expect(await textOf('/frame/harbour/public/mail')).not.toContain('Secret words')

  await publication.write('briefs/harbour.md', brief('The quay stays shut', 'The council voted again.'))
  const mended = await changed(/The quay stays shut/)
  expect(mended).not.toContain('Stale')
  expect(await textOf('/frame/harbour/public/mail')).toContain('voted again')

  const settings = await textOf('/')
  expect(settings).not.toContain('onrecord.yaml needs mending')
  await publication.write('onrecord.yaml', 'name: The Ledger Brief\nurl: nonsense\n')
  const wrong = await changed(/onrecord\.yaml needs mending/)
  expect(wrong).toContain('onrecord.yaml:2:6')
  expect(wrong).toContain('The quay stays shut')
})

test('it wrote nothing', () => {
  expect(files()).toEqual(before)
})
