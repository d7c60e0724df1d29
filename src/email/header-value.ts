import { OnrecordError } from '../core/errors.ts'

/** Line breaks of every kind, and the other control characters: none may stand in a header. */
const unsafe = /[\u0000-\u001f\u007f\u0085\u2028\u2029]/

/**
 * `value`, when it may stand in a header.
 * @throws OnrecordError `refused` when it holds a line break or another control character
 */
export function headerValue(what: string, value: string): string {
  if (!unsafe.test(value)) return value
  throw new OnrecordError('refused', `The ${what} holds a line break or another control character.`, {
    hint: 'mend it where it is written; nothing was sent',
  })
}

/**
 * `address`, when it is one bare address (RFC 5321 `Mailbox`, without quoted local parts).
 * @throws OnrecordError `refused` otherwise; the message does not repeat the address
 */
export function mailAddress(what: string, address: string): string {
  headerValue(what, address)
  if (/^[^\s@<>"(),;:\\[\]]+@[^\s@<>"(),;:\\[\]]+$/.test(address) && address.length <= 254) return address
  throw new OnrecordError('refused', `The ${what} is not one e-mail address.`)
}
