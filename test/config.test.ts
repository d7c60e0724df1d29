import { mkdirSync, mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, test } from 'vitest'
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
  expect(config.database.file).toBe(join(root, 'data/onrecord.db'))
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
