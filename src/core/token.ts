import { createHash, randomBytes, timingSafeEqual } from 'node:crypto'
import { createMac } from './hmac.ts'

/**
 * Tokens that are signed instead of stored: `<key id>.<payload>.<mac>`, an HMAC-SHA-256 bound to
 * a purpose. They hold no secret and never expire by themselves.
 */
export interface Tokens {
  /** A token that says `payload` (any text) for `purpose`. */
  sign(purpose: string, payload: string): string
  /** The payload of a token of ours for `purpose`, or null. Compares in constant time. */
  open(purpose: string, token: string): string | null
  /** A stable name for `text` that tells nothing about it: `length` characters of lower-case base32. */
  digest(purpose: string, text: string, length?: number): string
}

/** @param secret the publication's SECRET_KEY, of at least 32 characters */
export function createTokens(secret: string): Tokens {
  const keyId = createHash('sha256').update(`key-id:${secret}`).digest('hex').slice(0, 4)
  const macOf = createMac(secret)
  const mac = (purpose: string, text: string, octets: number): Buffer =>
    Buffer.from(macOf(`${purpose}\0${text}`).slice(0, octets), 'latin1')
  return {
    sign(purpose, payload) {
      const body = Buffer.from(payload, 'utf8').toString('base64url')
      return `${keyId}.${body}.${mac(purpose, body, 20).toString('base64url')}`
    },
    open(purpose, token) {
      const [id, body, given, ...rest] = token.split('.')
      if (id === undefined || body === undefined || given === undefined || rest.length > 0) return null
      const expected = mac(purpose, body, 20)
      const bytes = Buffer.from(given, 'base64url')
      if (bytes.length !== expected.length || !timingSafeEqual(bytes, expected) || id !== keyId) return null
      return Buffer.from(body, 'base64url').toString('utf8')
    },
    digest: (purpose, text, length = 32) =>
      base32(mac(purpose, text, Math.ceil((length * 5) / 8))).slice(0, length),
  }
}

/** 256 random bits, for keys and one-time tokens, in lower-case base32. */
export function randomToken(): string {
  return base32(randomBytes(32))
}

const alphabet = Buffer.from('abcdefghijklmnopqrstuvwxyz234567')

/** Of the longest text that is made often. */
const scratch = Buffer.alloc(64)

/** RFC 4648 base32 in lower case, unpadded: survives mail systems that fold the case of local parts. */
export function base32(bytes: Uint8Array): string {
  const length = Math.ceil((bytes.length * 8) / 5)
  // Written octet by octet and made a string once: adding to a string makes a new one each time.
  const text = length <= scratch.length ? scratch : Buffer.alloc(length)
  let at = 0
  let bits = 0
  let held = 0
  for (const byte of bytes) {
    held = (held << 8) | byte
    bits += 8
    while (bits >= 5) {
      bits -= 5
      text[at++] = alphabet[(held >> bits) & 31] ?? 0
    }
    held &= (1 << bits) - 1
  }
  if (bits > 0) text[at++] = alphabet[(held << (5 - bits)) & 31] ?? 0
  return text.toString('latin1', 0, at)
}
