import { generateKeyPairSync } from 'node:crypto'
import { once } from 'node:events'
import { chmodSync, mkdirSync, utimesSync, writeFileSync } from 'node:fs'
import type { AddressInfo } from 'node:net'
import { DatabaseSync } from 'node:sqlite'
import { dirname, join } from 'node:path'
import { SMTPServer } from 'smtp-server'
import { describe, expect, onTestFinished, test } from 'vitest'
import type { Context } from '../../src/cli/context.ts'
import { run } from '../../src/cli/doctor.ts'
import type { Diagnosis } from '../../src/cli/doctor/finding.ts'
import { stateOf } from '../../src/cli/doctor/postgres.ts'
import { loadConfig } from '../../src/config.ts'
import type { PostgresState } from '../../src/store/postgres/look.ts'
import { openDatabase } from '../../src/store/sqlite.ts'
import { markMoved } from '../../src/store/moved.ts'
import { markRestored } from '../../src/store/restored.ts'
import { publish, serveZone, type Zone } from '../email/dns-server.ts'
import { publicationWith } from './publication.ts'

/** A publication that could send: a domain of its own, two keys, a bounce domain. */
function newsroom(change: Record<string, string> = {}): {
  readonly root: string
  readonly env: Record<string, string>
} {
  const { root } = publicationWith({
    'onrecord.yaml': `name: The Harbour Brief
url: https://brief.harbour.news
from: {name: The Harbour Brief, address: desk@brief.harbour.news}
postalAddress: 1 Harbour Street
newsletters:
  weekly: {name: Weekly}
`,
  })
  const key = (name: string, { privateKey }: ReturnType<typeof generateKeyPairSync>): string => {
    writeFileSync(join(root, name), privateKey.export({ type: 'pkcs8', format: 'pem' }))
    return name
  }
  const env = {
    DKIM_DOMAIN: 'harbour.news',
    DKIM_SELECTOR: 'n1',
    DKIM_KEY_FILE: key('dkim.pem', generateKeyPairSync('rsa', { modulusLength: 2048 })),
    DKIM_ED25519_SELECTOR: 'e1',
    DKIM_ED25519_KEY_FILE: key('ed.pem', generateKeyPairSync('ed25519')),
    BOUNCE_DOMAIN: 'bounces.harbour.news',
    ...change,
  }
  return { root, env }
}

type World = Context & { readonly printed: string[] }

function world({ root, env }: ReturnType<typeof newsroom>, json = false): World {
  const printed: string[] = []
  return {
    printed,
    options: { json, quiet: false, verbose: false, color: false },
    cwd: root,
    terminal: false,
    interrupted: new AbortController().signal,
    print: (text) => void printed.push(text),
    note: () => undefined,
    drawProgress: () => undefined,
    confirm: () => Promise.resolve(false),
    config: () => loadConfig({ dir: root, environment: env }),
    app: () => Promise.reject(new Error('the doctor opens nothing that it could change')),
  }
}

/** What it says, as JSON. */
async function diagnose(
  room: ReturnType<typeof newsroom>,
  lookup?: Parameters<typeof run>[2],
): Promise<readonly Diagnosis[]> {
  const context = world(room, true)
  await run(context, { offline: lookup === undefined }, lookup)
  return JSON.parse(context.printed.join('\n'))
}

test('without a server, it says that the site’s letters reach nobody either, and what to set', async () => {
  const all = await diagnose(newsroom())
  const text = all.find(({ name }) => name === 'SMTP_URL')?.text
  expect(text).toContain('the site’s confirmations and log-in links')
  expect(text).toContain('set SMTP_URL=smtps://')
})

/** An SMTP server on loopback that asks for a password, and what it was told. */
async function smtpServer(): Promise<{ readonly url: (pass: string) => string; readonly mail: string[] }> {
  const mail: string[] = []
  const server = new SMTPServer({
    disabledCommands: ['STARTTLS'],
    allowInsecureAuth: true,
    disableReverseLookup: true,
    logger: false,
    closeTimeout: 200,
    onAuth: ({ username, password }, _, done) =>
      password === 'right' ? done(null, { user: username }) : done(new Error('no such password')),
    onMailFrom({ address }, _, done) {
      mail.push(address)
      done()
    },
  })
  server.on('error', () => undefined)
  const listening = server.listen(0, '127.0.0.1')
  await once(listening, 'listening')
  onTestFinished(() => new Promise<void>((done) => void server.close(() => done())))
  const { port } = server.server.address() as AddressInfo
  return { url: (pass) => `smtp://desk:${pass}@127.0.0.1:${port}`, mail }
}

const about = (all: readonly Diagnosis[], name: string): Diagnosis =>
  all.find((each) => each.name === name) ?? expect.fail(`nothing is said of ${name}`)

test('it prints every record to publish; once they are pasted into a zone, all is well', async () => {
  const { url, mail } = await smtpServer()
  const room = newsroom({ SMTP_URL: url('right') })
  const zone: Zone = new Map()
  const resolver = await serveZone(zone)
  const before = world(room)
  expect(await run(before, { offline: false }, resolver)).toBe(1)
  expect(before.printed.at(-1)).toBe('7 to look at.')
  publish(
    zone,
    before.printed.flatMap((line) => /^ +publish +(.*)$/.exec(line)?.[1] ?? []),
  )
  const after = world(room)
  expect(await run(after, { offline: false }, resolver)).toBe(0)
  const text = after.printed
    .join('\n')
    .replaceAll(room.root, '')
    .replaceAll(/127\.0\.0\.1:\d+/g, '127.0.0.1:25')
    .replaceAll(/; p=[A-Za-z0-9+/=]{20,}/g, '; p=…')
    .replaceAll(/key [0-9a-f]{12}/g, 'key …')
  expect(text).toMatchInlineSnapshot(`
    "Settings
      ok        .env: none: the environment and the defaults hold
      ok        SECRET_KEY: made, in /data/secret.key: “onrecord backup” keeps it
      ok        BASE_URL: https://brief.harbour.news
      ok        from: desk@brief.harbour.news

    Store
      ok        file: none yet: /data/onrecord.db is made when it is needed

    Sending
      ok        smtp://127.0.0.1:25: answers; in the clear; the password is taken
      ok        offers: PIPELINING, 8BITMIME, SMTPUTF8, AUTH LOGIN PLAIN

    DKIM keys
      ok        n1: RSA, 2048 bits, for harbour.news, key …
      ok        e1: Ed25519, for harbour.news, key …

    DNS records to publish
      ok        SPF brief.harbour.news: published
                found    v=spf1 a mx ~all
      ok        SPF bounces.harbour.news: published
                found    v=spf1 a mx ~all
      ok        DKIM n1._domainkey.harbour.news: published
                found    v=DKIM1; k=rsa; p=…
      ok        DKIM e1._domainkey.harbour.news: published
                found    v=DKIM1; k=ed25519; p=…
      ok        DMARC _dmarc.brief.harbour.news: published
                found    v=DMARC1; p=none; rua=mailto:postmaster@brief.harbour.news
      ok        MX brief.harbour.news: published
                found    mail.brief.harbour.news
      ok        MX bounces.harbour.news: published
                found    mail.brief.harbour.news

    All is well."
  `)
  expect(mail).toEqual([])
})

test('a password that is refused, and a server that does not listen, are told in words', async () => {
  const { url } = await smtpServer()
  const refused = (await diagnose(newsroom({ SMTP_URL: url('wrong') }))).filter(
    ({ section }) => section === 'sending',
  )
  expect(refused).toMatchObject([{ state: 'todo', text: expect.stringContaining('535') }])
  const nobody = await diagnose(newsroom({ SMTP_URL: 'smtp://127.0.0.1:1' }))
  expect(nobody.filter(({ section }) => section === 'sending')).toMatchObject([
    { state: 'todo', text: 'no server listens at 127.0.0.1:1: check SMTP_URL' },
  ])
  for (const pass of ['right', 'wrong']) {
    const room = newsroom({ SMTP_URL: url(pass), SMTP_CLIENT: 'nodemailer' })
    const [said] = (await diagnose(room)).filter(({ section }) => section === 'sending')
    expect(said?.state).toBe(pass === 'right' ? 'ok' : 'todo')
  }
})

test('offline nothing is asked and nothing of it is to be done', async () => {
  const all = await diagnose(newsroom({ SMTP_URL: 'smtp://mail.harbour.news' }))
  expect(all.filter(({ section }) => section === 'dns').every(({ state }) => state === 'skipped')).toBe(true)
  expect(about(all, 'smtp://mail.harbour.news:587').state).toBe('skipped')
  const context = world(newsroom({ SMTP_URL: 'smtp://mail.harbour.news' }))
  expect(await run(context, { offline: true })).toBe(0)
})

test('a DNS that fails is told apart from records that are missing', async () => {
  const zone: Zone = new Map([['n1._domainkey.harbour.news', 'fail']])
  const all = await diagnose(newsroom(), await serveZone(zone))
  expect(about(all, 'DKIM n1._domainkey.harbour.news')).toMatchObject({
    state: 'unchecked',
    text: 'could not be checked: the domain’s DNS servers fail (SERVFAIL)',
  })
  expect(about(all, 'DKIM e1._domainkey.harbour.news').state).toBe('missing')
})

test('mail that is not signed, or only with Ed25519, is something to do', async () => {
  const none = newsroom({
    DKIM_DOMAIN: '',
    DKIM_SELECTOR: '',
    DKIM_KEY_FILE: '',
    DKIM_ED25519_SELECTOR: '',
    DKIM_ED25519_KEY_FILE: '',
  })
  expect(about(await diagnose(none), 'DKIM')).toMatchObject({
    state: 'todo',
    text: expect.stringContaining('openssl genrsa'),
  })
  const one = newsroom({ DKIM_SELECTOR: '', DKIM_KEY_FILE: '' })
  expect(about(await diagnose(one), 'RSA')).toMatchObject({ state: 'todo' })
})

describe('the store', () => {
  /** A newsroom with a store of its own, which `change` is done to. */
  function withStore(change: (file: string) => void): ReturnType<typeof newsroom> {
    const room = newsroom()
    const file = join(room.root, 'data/onrecord.db')
    mkdirSync(dirname(file), { recursive: true })
    openDatabase(file).close()
    change(file)
    return room
  }
  const edit = (file: string, sql: string): void => {
    const connection = new DatabaseSync(file)
    connection.exec(sql)
    connection.close()
  }

  test('is whole, and is left as it is', async () => {
    const all = (await diagnose(withStore(() => undefined))).filter(
      ({ section }) => section === 'store' || section === 'clock',
    )
    expect(all.map(({ name, state }) => [name, state])).toEqual([
      ['file', 'ok'],
      ['schema', 'ok'],
      ['integrity', 'ok'],
      ['disk', 'ok'],
      ['restored', 'ok'],
      ['time', 'ok'],
    ])
  })

  test('of a newer version, of an older one, one that was put back, and one that a move left', async () => {
    const newer = withStore((file) => edit(file, "insert into migration values (999, 'later', 0, null)"))
    expect(about(await diagnose(newer), 'schema')).toMatchObject({
      state: 'todo',
      text: expect.stringContaining('newer Onrecord'),
    })
    const edited = withStore((file) => edit(file, "update migration set hash = 'x' where number = 3"))
    expect(about(await diagnose(edited), 'schema')).toMatchObject({
      state: 'todo',
      text: expect.stringMatching(/^step 3 \(sending\) was another text .*: send nothing; install/),
    })
    // Made before there were hashes.
    const unknown = withStore((file) => edit(file, 'alter table migration drop column hash'))
    expect(about(await diagnose(unknown), 'schema').state).toBe('ok')
    const older = withStore((file) => edit(file, 'drop table mark; delete from migration where number > 2'))
    expect(about(await diagnose(older), 'schema')).toMatchObject({
      state: 'ok',
      text: expect.stringContaining('step 2 of'),
    })
    const back = withStore((file) => {
      const database = openDatabase(file)
      const at = Date.UTC(2026, 0, 31)
      markRestored(database, { backupAt: at, restoredAt: at, confirmed: [] })
      database.close()
    })
    expect(about(await diagnose(back), 'restored')).toMatchObject({
      state: 'todo',
      text: expect.stringContaining('restore --confirm'),
    })
    const left = withStore((file) => {
      const database = openDatabase(file)
      markMoved(database, { to: 'postgres://db.test:5432/brief', at: Date.UTC(2026, 0, 31) })
      database.close()
    })
    expect(about(await diagnose(left), 'moved')).toMatchObject({
      state: 'todo',
      text: expect.stringContaining('to postgres://db.test:5432/brief, 2026-01-31'),
    })
  })

  test('that is damaged, is no database, or was written in the future', async () => {
    const none = withStore((file) => writeFileSync(file, 'not a database '.repeat(500)))
    expect(about(await diagnose(none), 'file').state).toBe('todo')
    const ahead = withStore((file) => utimesSync(file, new Date(), new Date(Date.now() + 3_600_000)))
    expect(about(await diagnose(ahead), 'time')).toMatchObject({
      state: 'todo',
      text: expect.stringContaining('set back'),
    })
  })
})

test('a PostgreSQL that is too old, or that a crash would cost commits, is something to do', () => {
  const fine: PostgresState = {
    ...{ version: 180_000, step: 7, newest: 7, others: [], unsafe: [], clockAhead: 0, bytes: 1 },
    ...{ connections: { most: 97, taken: 1, each: 10 }, isShared: false, restored: null, isElsewhere: false },
  }
  const todo = (change: Partial<PostgresState>): readonly string[] =>
    stateOf('postgres://db.test/brief', { ...fine, ...change }, 0)
      .filter(({ state }) => state !== 'ok')
      .map(({ name, text }) => `${name}: ${text}`)
  expect(todo({})).toEqual([])
  expect(todo({ version: 120_017 })).toEqual(['version: PostgreSQL 12.17: 13 or newer is needed'])
  expect(todo({ unsafe: ['fsync', 'full_page_writes'] })).toEqual([
    expect.stringMatching(/^durability: fsync and full_page_writes off: .* set fsync = on and full_page/),
  ])
})

test('settings that are valid and no good: plain http, a reserved domain, a .env that others can read', async () => {
  const room = newsroom({ BASE_URL: 'http://brief.harbour.news' })
  writeFileSync(join(room.root, '.env'), `SECRET_KEY=${'s'.repeat(32)}\n`)
  chmodSync(join(room.root, '.env'), 0o644)
  const all = await diagnose(room)
  expect(about(all, 'BASE_URL').state).toBe('todo')
  expect(about(all, '.env')).toMatchObject({ state: 'todo', text: expect.stringContaining('chmod 600') })
  expect(about(all, 'SECRET_KEY').text).toBe('set; keep a copy of it')
  chmodSync(join(room.root, '.env'), 0o600)
  expect(about(await diagnose(room), '.env').state).toBe('ok')
  const reserved = await diagnose(newsroom({ BASE_URL: 'https://brief.example.org' }))
  expect(about(reserved, 'BASE_URL')).toMatchObject({
    state: 'todo',
    text: expect.stringContaining('reserved'),
  })
})
