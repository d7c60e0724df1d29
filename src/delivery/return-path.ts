import { timingSafeEqual } from 'node:crypto'
import type { Tokens } from '../core/token.ts'

/** Which delivery a bounce is about. */
export interface ReturnedDelivery {
  /** The round's id. */
  readonly round: number
  /** The delivery's id. */
  readonly id: number
}

/** 100 bits: nobody guesses a bounce. */
const MAC_LENGTH = 20

/**
 * The envelope sender of one delivery (VERP): `b+<round>-<delivery>.<mac>@<bounceDomain>`, or `from`
 * where there is no domain for it. In lower case and base 32, for mail systems fold local parts;
 * 46 octets before the @ at most (RFC 5321 §4.5.3.1.1 allows 64). The same on every attempt.
 */
export function returnPath(
  tokens: Tokens,
  delivery: ReturnedDelivery,
  bounceDomain: string | null,
  from: string,
): string {
  if (bounceDomain === null) return from
  const name = `${delivery.round.toString(32)}-${delivery.id.toString(32)}`
  return `b+${name}.${macOf(tokens, name)}@${bounceDomain}`
}

/** The delivery that a return path of ours names, however its case was folded; null for any other address. */
export function openReturnPath(tokens: Tokens, address: string): ReturnedDelivery | null {
  const match = /^b\+([0-9a-v]{1,11})-([0-9a-v]{1,11})\.([a-z2-7]+)@/.exec(address.toLowerCase())
  if (match === null) return null
  const [, round = '', id = '', given = ''] = match
  const expected = Buffer.from(macOf(tokens, `${round}-${id}`))
  const mac = Buffer.from(given)
  if (mac.length !== expected.length || !timingSafeEqual(mac, expected)) return null
  return { round: Number.parseInt(round, 32), id: Number.parseInt(id, 32) }
}

function macOf(tokens: Tokens, name: string): string {
  return tokens.digest('return-path', name, MAC_LENGTH)
}
