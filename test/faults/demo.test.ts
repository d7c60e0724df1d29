import { spawn, type ChildProcess } from 'node:child_process'
import { once } from 'node:events'
import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { createPublicKey } from 'node:crypto'
import { dkimVerify } from 'mailauth/lib/dkim/verify.js'
import PostalMime from 'postal-mime'
import { afterAll, expect, test } from 'vitest'

const root = join(import.meta.dirname, '../..')
const data = mkdtempSync(join(tmpdir(), 'onrecord-demo-'))
const outbox = join(data, 'outbox')
const PEOPLE = 1_000
const KILLS = 5

let running: ChildProcess | null = null
afterAll(() => {
  running?.kill('SIGKILL')
  rmSync(data, { recursive: true, force: true })
})

function startDemo(): ChildProcess {
  const child = spawn(process.execPath, ['scripts/demo.ts', '--no-serve', '--data', data], {
    cwd: root,
    stdio: ['ignore', 'pipe', 'pipe'],
  })
  running = child
  return child
}

async function finishDemo(): Promise<{ code: number | null; out: string }> {
  const child = startDemo()
  let out = ''
  child.stdout?.on('data', (chunk: Buffer) => (out += chunk.toString()))
  child.stderr?.resume()
  const [code] = (await once(child, 'close')) as [number | null]
  return { code, out }
}

function files(): string[] {
  try {
    return readdirSync(outbox).filter((name) => name.endsWith('.eml'))
  } catch {
    return []
  }
}

test('the demo, killed five times in mid-send and run again, mails nobody twice and loses nobody', async () => {
  for (let kill = 0; kill < KILLS; kill++) {
    const child = startDemo()
    child.stderr?.resume()
    child.stdout?.resume()
    const before = files().length
    const enough = before + 40 + Math.floor(Math.random() * 120)
    while (child.exitCode === null && files().length < enough) await sleep(5)
    expect(child.exitCode, 'it was still sending').toBeNull()
    child.kill('SIGKILL')
    await once(child, 'close')
  }
  expect(files().length).toBeLessThan(PEOPLE)

  const last = await finishDemo()
  expect(last.code).toBe(0)
  const listed = [...last.out.matchAll(/^\s+\S+@\S+\s+(<[^>]+>)$/gm)].map(([, id = '']) => id)
  const copies = Map.groupBy(files(), (name) => `<${name.slice(name.indexOf('-') + 1, -'.eml'.length)}>`)
  expect([...copies.values()].filter((names) => names.length > 1)).toEqual([])
  // Each person has one copy, or is listed; who is listed may have one.
  const reached = new Set([...copies.keys(), ...listed])
  expect(reached.size).toBe(PEOPLE)
  expect(last.out).toContain(`${listed.length} unknown, of 1,000`)
  // At most one an open connection and a kill.
  expect(listed.length).toBeLessThanOrEqual(5 * KILLS)

  const again = await finishDemo()
  expect(again.code).toBe(0)
  expect(again.out).toContain('nobody gets a second copy')
  expect(files().length).toBe([...copies.keys()].length)
}, 240_000)

test('every message of the demo is read back: headers, both parts, one-click under a valid signature', async () => {
  const key = createPublicKey(readFileSync(join(data, 'dkim.pub.pem')))
  const record = `v=DKIM1; k=rsa; p=${key.export({ type: 'spki', format: 'der' }).toString('base64')}`
  const names = files()
  expect(names.length).toBeGreaterThan(PEOPLE - 5 * KILLS)
  const seen = new Set<string>()
  for (const name of names) {
    const raw = readFileSync(join(outbox, name))
    const mail = await PostalMime.parse(raw)
    const header = (key: string): string => mail.headers.find((each) => each.key === key)?.value ?? ''
    expect(mail.subject).toBe('Talks end in Istanbul without a text')
    expect(mail.from?.address).toBe('desk@brief.example.org')
    expect(header('list-unsubscribe')).toMatch(/^<http:\/\/127\.0\.0\.1:\d+\/u\/[\w.-]+>$/)
    expect(header('list-unsubscribe-post')).toBe('List-Unsubscribe=One-Click')
    expect(header('list-id')).toContain('weekly.brief.example.org')
    expect(header('bcc')).toBe('')
    expect(mail.text).toContain('There is a complete deadlock.')
    expect(mail.html).toContain('There is a complete deadlock.')
    expect(mail.text).toContain('Türkiye')
    expect(mail.html).toMatch(/T(ü|&uuml;|&#xFC;|&#252;)rkiye/i)
    const source = raw.toString('latin1')
    expect(source).not.toMatch(/[^\r]\n|\r[^\n]/)
    expect(Math.max(...source.split('\r\n').map((line) => line.length))).toBeLessThanOrEqual(998)
    expect(source.match(/charset=utf-8/gi)).toHaveLength(2)
    const { results } = await dkimVerify(raw, { resolver: async () => [[record]] })
    expect(results[0]?.status.result).toBe('pass')
    const signed = /\bh=([^;]+);/.exec(header('dkim-signature').replace(/\s+/g, ''))?.[1] ?? ''
    expect(signed.toLowerCase().split(':')).toEqual(
      expect.arrayContaining([
        'from',
        'to',
        'subject',
        'date',
        'message-id',
        'list-unsubscribe',
        'list-unsubscribe-post',
      ]),
    )
    seen.add(mail.to?.[0]?.address ?? '')
  }
  expect(seen.size).toBe(names.length)
}, 240_000)
