import { spawnSync } from 'node:child_process'
import { generateKeyPairSync } from 'node:crypto'
import { mkdirSync, mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { publicationText } from '../src/cli/scaffold/publication.ts'
import { loadConfig, type Config } from '../src/config.ts'
import { OnrecordError } from '../src/core/errors.ts'

let root = ''
beforeEach(() => {
  root = mkdtempSync(join(tmpdir(), 'onrecord-config-'))
  writeFileSync(join(root, 'onrecord.yaml'), publicationText('UTC'))
})
afterEach(() => rmSync(root, { recursive: true, force: true }))

function load(environment: Record<string, string> = {}): Config {
  return loadConfig({ cwd: root, environment })
}

function refusal(load: () => unknown): { message: string; hint: string | null } {
  try {
    load()
  } catch (error) {
    if (error instanceof OnrecordError && error.code === 'config')
      return { message: error.message.replaceAll(root, ''), hint: error.hint?.replaceAll(root, '') ?? null }
    throw error
  }
  throw new Error('nothing was refused')
}

test('no setting is needed to start', () => {
  const config = load()
  expect(config.smtp).toBeNull()
  expect(config.database).toEqual({ kind: 'sqlite', file: join(root, 'data/onrecord.db') })
  expect(config.secretKey).toHaveLength(52)
  expect(load().secretKey).toBe(config.secretKey)
  expect(statSync(join(root, 'data/secret.key')).mode & 0o777).toBe(0o600)
})

test('a misspelt setting and a line that is none are refused at their line, and nothing passes for the outbox', () => {
  writeFileSync(
    join(root, '.env'),
    '\uFEFF# ours\nSMTPURL=smtp://mail.test:25\n\nSMTP_URL smtp://mail.test\nexport PORT=99999\n',
  )
  expect(refusal(load).message.split('\n')).toEqual([
    '/.env:2:1  There is no setting SMTPURL; did you mean “SMTP_URL”?',
    '/.env:4:1  This line is not KEY=value.',
    '/.env:5:1  PORT must be a port from 0 to 65535',
  ])
})

test('“export”, quotes, comments and a byte order mark are read as a shell reads them', () => {
  writeFileSync(join(root, '.env'), '\uFEFFexport PORT=4999 # a comment\nBASE_URL="https://brief.test/"\r\n')
  expect(load()).toMatchObject({ port: 4999, baseUrl: 'https://brief.test' })
  expect(load({ PORT: '5000' }).port).toBe(5000)
})

test('a password that is no percent-encoding is a setting to mend, not a fault', () => {
  expect(refusal(() => load({ SMTP_URL: 'smtp://u:100%@127.0.0.1:25' })).message).toContain(
    '% is written %25',
  )
  expect(load({ SMTP_URL: 'smtp://u:100%25@127.0.0.1:25' }).smtp?.auth).toEqual({ user: 'u', pass: '100%' })
})

test('a key file without a key signs nothing', () => {
  mkdirSync(join(root, 'data'))
  writeFileSync(join(root, 'data/secret.key'), '')
  expect(refusal(load).message).toContain('secret.key is damaged')
  expect(readFileSync(join(root, 'data/secret.key'), 'utf8')).toBe('')
})

test('a folder within a publication is led to it', () => {
  mkdirSync(join(root, 'briefs'))
  const { hint } = refusal(() => loadConfig({ cwd: root, dir: 'briefs', environment: {} }))
  expect(hint).toBe('the publication is ')
  expect(loadConfig({ cwd: join(root, 'briefs'), environment: {} }).root).toBe(root)
})

test('every mistake of onrecord.yaml is named with its line and the nearest key', () => {
  writeFileSync(
    join(root, 'onrecord.yaml'),
    'name: A\nurl: nowhere\nnewsleters: {}\npostalAddress: x\nfrom: {name: A, address: no}\n',
  )
  expect(refusal(load).message.split('\n')).toEqual([
    'onrecord.yaml:2:6  “url” must be a web address such as https://brief.example.org.  (DC801)',
    'onrecord.yaml:5:26  “address” must be an e-mail address.  (DC801)',
    'onrecord.yaml:1:1  The key “newsletters” is required.  (DC801)',
    'onrecord.yaml:3:1  There is no key “newsleters” here.  (DC802); did you mean “newsletters”?',
  ])
})

test('a reply address that not every server may carry is refused; its domain may have any letters', () => {
  const replyTo = (address: string): void =>
    writeFileSync(
      join(root, 'onrecord.yaml'),
      `name: A\nurl: https://a.example\nreplyTo: ${address}\npostalAddress: x\nnewsletters: {weekly: {name: W}}\nfrom: {name: A, address: a@a.example}\n`,
    )
  replyTo('rédaction@a.example')
  expect(refusal(load).message).toBe(
    'onrecord.yaml:3:10  “replyTo” must have only ASCII before its @: not every server carries a message that names another.  (DC801)',
  )
  replyTo('desk@bücher.example')
  expect(load().publication.replyTo).toBe('desk@bücher.example')
})

describe('the keys that mail is signed with', () => {
  const pem = (algorithm: 'rsa' | 'ed25519'): string =>
    (algorithm === 'rsa'
      ? generateKeyPairSync('rsa', { modulusLength: 2048 })
      : generateKeyPairSync('ed25519')
    ).privateKey
      .export({ type: 'pkcs8', format: 'pem' })
      .toString()
  const domain = 'example.org'
  const write = (name: string, text: string): string => {
    writeFileSync(join(root, name), text)
    return name
  }

  test('are loaded once, RSA first, and their domain may be above that of “from”', () => {
    const file = write('dkim.pem', pem('rsa'))
    const second = write('ed.pem', pem('ed25519'))
    const one = { DKIM_DOMAIN: domain, DKIM_SELECTOR: 'n1', DKIM_KEY_FILE: file }
    const two = { DKIM_ED25519_SELECTOR: 'e1', DKIM_ED25519_KEY_FILE: second }
    expect(load().dkim).toEqual([])
    expect(load(one).dkim).toMatchObject([{ algorithm: 'rsa', domain, selector: 'n1' }])
    expect(load({ ...one, ...two }).dkim.map(({ selector }) => selector)).toEqual(['n1', 'e1'])
    expect(load({ DKIM_DOMAIN: 'Brief.Example.ORG', ...two }).dkim).toMatchObject([
      { algorithm: 'ed25519', domain: 'brief.example.org' },
    ])
  })

  test('are refused at the start, each with what is wrong, and never left out', () => {
    const file = write('dkim.pem', pem('rsa'))
    const ed = write('ed.pem', pem('ed25519'))
    mkdirSync(join(root, 'folder'))
    const whole = { DKIM_DOMAIN: domain, DKIM_SELECTOR: 'n1', DKIM_KEY_FILE: file }
    const messages = (
      [
        { DKIM_DOMAIN: domain },
        { DKIM_SELECTOR: 'n1', DKIM_KEY_FILE: file },
        { DKIM_DOMAIN: domain, DKIM_SELECTOR: 'n1' },
        { DKIM_DOMAIN: domain, DKIM_ED25519_KEY_FILE: ed },
        { ...whole, DKIM_DOMAIN: 'other.org' },
        { ...whole, DKIM_DOMAIN: 'sub.brief.example.org' },
        { ...whole, DKIM_DOMAIN: 'a domain' },
        { ...whole, DKIM_SELECTOR: 'n1; l=0' },
        { ...whole, DKIM_KEY_FILE: 'none.pem' },
        { ...whole, DKIM_KEY_FILE: 'folder' },
        { ...whole, DKIM_KEY_FILE: ed },
        { ...whole, DKIM_ED25519_SELECTOR: 'e1', DKIM_ED25519_KEY_FILE: file },
        { ...whole, DKIM_ED25519_SELECTOR: 'n1', DKIM_ED25519_KEY_FILE: ed },
        { BOUNCE_DOMAIN: 'not a domain' },
      ] satisfies Record<string, string>[]
    ).map((environment) => refusal(() => load(environment)).message)
    expect(messages).toMatchInlineSnapshot(`
      [
        "DKIM_DOMAIN needs DKIM_SELECTOR and DKIM_KEY_FILE",
        "DKIM_SELECTOR needs DKIM_DOMAIN as well",
        "DKIM_SELECTOR needs DKIM_KEY_FILE as well",
        "DKIM_ED25519_KEY_FILE needs DKIM_ED25519_SELECTOR as well",
        "DKIM_DOMAIN must be brief.example.org, the domain of “from” in onrecord.yaml, or one above it: no other signature counts for DMARC",
        "DKIM_DOMAIN must be brief.example.org, the domain of “from” in onrecord.yaml, or one above it: no other signature counts for DMARC",
        "DKIM_DOMAIN must be a domain such as example.org",
        "DKIM_SELECTOR must be letters, digits, hyphens and dots, such as mail2026",
        "DKIM_KEY_FILE names no file: there is no /none.pem; “openssl genrsa -out dkim.pem 2048” makes one",
        "DKIM_KEY_FILE cannot be read: EISDIR: illegal operation on a directory, read",
        "DKIM_KEY_FILE (/ed.pem) holds a key of type Ed25519, where RSA is asked for; “openssl genrsa -out dkim.pem 2048” makes a right one",
        "DKIM_ED25519_KEY_FILE (/dkim.pem) holds a key of type RSA, where Ed25519 is asked for; “openssl genpkey -algorithm ed25519 -out dkim-ed25519.pem” makes a right one",
        "DKIM_ED25519_SELECTOR must be another than DKIM_SELECTOR: a selector names one key",
        "BOUNCE_DOMAIN must be a domain such as bounces.example.org",
      ]
    `)
  })
})

describe('DATABASE_URL', () => {
  const of = (url: string) => load({ DATABASE_URL: url }).database

  test('names a file, or a database of PostgreSQL whose label has neither user nor password', () => {
    expect(of('sqlite:elsewhere/brief.db')).toEqual({
      kind: 'sqlite',
      file: join(root, 'elsewhere/brief.db'),
    })
    for (const scheme of ['postgres', 'postgresql'])
      expect(of(`${scheme}://ada:hunter%402@db.example.org:5433/brief`)).toEqual({
        kind: 'postgres',
        url: `${scheme}://ada:hunter%402@db.example.org:5433/brief`,
        label: 'postgres://db.example.org:5433/brief',
      })
    expect(of('postgres:///brief?host=/run/postgresql')).toMatchObject({ label: 'postgres:///brief' })
    expect(of('postgres://[::1]/brief')).toMatchObject({ label: 'postgres://[::1]/brief' })
  })

  test('takes sslmode for what libpq means by it', () => {
    const { url } = { url: '', ...of('postgres://db.example.org/brief?sslmode=require') }
    expect(new URL(url).searchParams.get('uselibpqcompat')).toBe('true')
  })

  test('refuses what is none, without showing it', () => {
    for (const url of [
      'mysql://ada:hunter2@db/brief',
      'postgres://ada:hunter2@db',
      'postgres://ada:hunter2@db/',
      'postgres://ada:hunter2@db/one/two',
      'postgres://ada:hunter2@/brief',
      'postgres://ada:hunter2%@db/brief',
      'postgres://ada:hunter2@db/brief?sslmode=prefer',
      'sqlite:',
    ]) {
      const { message } = refusal(() => load({ DATABASE_URL: url }))
      expect(message).toMatch(/^DATABASE_URL must be sqlite:<file> or postgres:/)
      expect(message).not.toContain('hunter2')
    }
  })
})

test('the client of PostgreSQL is loaded where a publication stands there alone', () => {
  const program = `
    const { openApp } = await import('./src/app.ts')
    const { loadConfig } = await import('./src/config.ts')
    await (await openApp(loadConfig({ dir: process.argv[1], environment: {} }))).close()
    console.log(Object.keys(process.getBuiltinModule('module')._cache).some((file) => /node_modules.pg.lib/.test(file)))`
  const { stdout, stderr } = spawnSync(process.execPath, ['--input-type=module', '-e', program, root], {
    cwd: join(import.meta.dirname, '..'),
    encoding: 'utf8',
  })
  expect(stdout, stderr).toBe('false\n')
})
