import { spawn } from 'node:child_process'
import type { KeyObject } from 'node:crypto'
import { cpus } from 'node:os'
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { printedBy } from '../../bench/send/children.ts'

/** What a verifier says of the files of a folder. */
export interface Verified {
  /** Every signature holds. */
  readonly passed: number
  /** Of the other files: what it says of each signature. */
  readonly others: Readonly<Record<string, readonly string[]>>
  readonly messageIds?: readonly string[]
}

/** Two programs that share no code with each other, nor with us. */
export const verifiers = ['mailauth', 'python3-dkim'] as const
export type Verifier = (typeof verifiers)[number]

/** Verifies all files of a folder, on every processor. */
export async function verify(verifier: Verifier, folder: string, records: string): Promise<Verified> {
  const [program, script] =
    verifier === 'mailauth' ? [process.execPath, 'verify-process.ts'] : ['/usr/bin/python3', 'verify_dkim.py']
  const of = cpus().length
  const parts = await Promise.all(
    Array.from({ length: of }, async (_, at) => {
      const args = [join(import.meta.dirname, script), folder, String(of), String(at), records]
      const child = spawn(program, args, { stdio: ['ignore', 'pipe', 'inherit'] })
      return JSON.parse(await printedBy(child)) as Verified
    }),
  )
  return {
    passed: parts.reduce((sum, part) => sum + part.passed, 0),
    others: Object.assign({}, ...parts.map((part) => part.others)) as Verified['others'],
    messageIds: parts.flatMap((part) => part.messageIds ?? []),
  }
}

/** The DNS of the keys, in a file (RFC 6376 §3.6.1, RFC 8463 §4.2). */
export function writeRecords(file: string, keys: Readonly<Record<string, KeyObject>>): void {
  const records = Object.entries(keys).map(([name, key]) => {
    const isRsa = key.asymmetricKeyType === 'rsa'
    const info = key.export({ type: 'spki', format: 'der' })
    const p = (isRsa ? info : info.subarray(-32)).toString('base64')
    return [name, `v=DKIM1; k=${isRsa ? 'rsa' : 'ed25519'}; p=${p}`]
  })
  writeFileSync(file, JSON.stringify(Object.fromEntries(records)))
}

/**
 * Writes copies of a message to `folder`, each with one thing touched that the signatures cover: every
 * field they name, one more field of each name that they name once more than it is there, and the body.
 */
export function touchEach(message: string, folder: string): void {
  mkdirSync(folder, { recursive: true })
  const raw = readFileSync(message, 'latin1').replace(/\r?\n/g, '\r\n')
  const end = raw.indexOf('\r\n\r\n') + 2
  const [head, body] = [raw.slice(0, end), raw.slice(end)]
  const signature = /^DKIM-Signature:.*\r\n(?:[ \t].*\r\n)*/im.exec(head)?.[0] ?? ''
  const named = /\bh=([^;]+)/.exec(signature.replace(/\s+/g, ''))?.[1]?.toLowerCase().split(':') ?? []
  for (const name of new Set(named)) {
    const fields = [...head.matchAll(new RegExp(`^${name}:[^\\r]*`, 'gim'))]
    const [first] = fields
    const write = (how: string, touched: string): void =>
      writeFileSync(join(folder, `${how}-${name}`), touched, 'latin1')
    if (first !== undefined) {
      const until = first.index + first[0].length
      write('changed', `${head.slice(0, until)}x${head.slice(until)}${body}`)
    }
    if (named.filter((each) => each === name).length > fields.length)
      write('added', `${name}: something else\r\n${raw}`)
  }
  writeFileSync(join(folder, 'changed-body'), `${head}${body.replace(/[a-z]{3}/, 'xyz')}`, 'latin1')
}
