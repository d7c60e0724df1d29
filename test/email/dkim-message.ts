import { createHash } from 'node:crypto'
import { dkimVerify } from 'mailauth/lib/dkim/verify.js'
import { publicKeyText, type DkimKey } from '../../src/email/dkim-key.ts'
import type { SignedField, Signer } from '../../src/email/signer.ts'

/** A message in its two parts; each field of `head` with its line end. */
export interface Parts {
  readonly head: readonly string[]
  readonly body: string
}

/** @param message octets as latin1 */
export function partsOf(message: string): Parts {
  const end = message.indexOf('\r\n\r\n')
  return {
    head: message.slice(0, end + 2).match(/^[!-9;-~]+:.*\r\n(?:[ \t].*\r\n)*/gm) ?? [],
    body: message.slice(end + 4),
  }
}

export const joined = ({ head, body }: Parts): string => `${head.join('')}\r\n${body}`

/** RFC 6376 §3.4.2 and §3.4.4, by the letter. */
export function relaxed({ head, body }: Parts): {
  readonly fields: readonly SignedField[]
  readonly bodyHash: Buffer
} {
  const fields = head.map((field) => {
    const colon = field.indexOf(':')
    const name = field.slice(0, colon).trim().toLowerCase()
    const value = field
      .slice(colon + 1)
      .replace(/\r\n/g, '')
      .replace(/[ \t]+/g, ' ')
      .trim()
    return { name, relaxed: Buffer.from(`${name}:${value}`, 'latin1').toString('utf8') }
  })
  const lines = body.split('\r\n').map((line) => line.replace(/[ \t]+/g, ' ').replace(/ $/, ''))
  while (lines.at(-1) === '') lines.pop()
  const text = lines.map((line) => `${line}\r\n`).join('')
  return { fields, bodyHash: createHash('sha256').update(text, 'latin1').digest() }
}

export async function signed(signer: Signer, message: Parts, time = 1_762_905_600): Promise<Parts> {
  const { fields, bodyHash } = relaxed(message)
  const header = await signer.sign(fields, bodyHash, time)
  return { head: [...partsOf(`${header}\r\n`).head, ...message.head], body: message.body }
}

/** What npm's mailauth says of each signature, the public halves of `keys` being published. */
export async function verdicts(message: string, keys: readonly DkimKey[]): Promise<readonly string[]> {
  const { results } = await dkimVerify(Buffer.from(message, 'latin1'), {
    resolver: async (name: string) => {
      const key = keys.find(({ selector, domain }) => name === `${selector}._domainkey.${domain}`)
      if (key === undefined) throw Object.assign(new Error('no such name'), { code: 'ENOTFOUND' })
      return [[`v=DKIM1; k=${key.algorithm}; p=${publicKeyText(key)}`]]
    },
  })
  return results.map(({ status }) => status.result)
}
