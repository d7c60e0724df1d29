import { domainToASCII } from 'node:url'
import { OnrecordError } from '../core/errors.ts'

/** Line breaks of every kind, the other control characters, and halves of characters. */
const unsafe = /[\p{Cc}\p{Zl}\p{Zp}\p{Cs}]/u

/** RFC 5321 §4.5.3.1.3: a path of 256 octets less its angle brackets. */
export const ADDRESS_OCTETS = 254

/** What a name may take: 200 characters of any script. */
export const NAME_OCTETS = 1_000

/** So that a header's line stays within 998 octets. */
export const URL_OCTETS = 900

/**
 * `value`, when it may stand in a header.
 * @throws OnrecordError `refused` when it holds a line break or another control character
 */
export function headerValue(what: string, value: string): string {
  if (/^[ -~]*$/.test(value) || !unsafe.test(value)) return value
  throw new OnrecordError('refused', `The ${what} holds a line break or another control character.`, {
    hint: 'mend it where it is written; nothing was sent',
  })
}

/**
 * `address` as it stands in a header, when it is one bare address (RFC 5321 `Mailbox`, without quoted
 * local parts): the local part as it is, in UTF-8 where it is not ASCII (RFC 6532), the domain in ASCII.
 * @throws OnrecordError `refused` otherwise; the message does not repeat the address
 */
export function mailAddress(what: string, address: string): string {
  headerValue(what, address)
  const at = address.indexOf('@')
  const isOne =
    address.length <= ADDRESS_OCTETS &&
    /^[^\s@<>"(),;:\\[\]]+@[^\s@<>"(),;:\\[\]]+$/.test(address) &&
    !/\p{C}/u.test(address)
  if (isOne && /^[!-~]+$/.test(address)) return address
  const domain = isOne ? domainToASCII(address.slice(at + 1)) : ''
  const written = `${address.slice(0, at)}@${domain}`
  if (domain !== '' && Buffer.byteLength(written) <= ADDRESS_OCTETS) return written
  throw new OnrecordError('refused', `The ${what} is not one e-mail address.`, {
    hint: 'mend it where it is written; nothing was sent',
  })
}

/**
 * An address of the web, or an id, that may stand between angle brackets on one line.
 * @throws OnrecordError `refused` otherwise
 */
export function bracketed(what: string, text: string): string {
  headerValue(what, text)
  if (/^[!-;=?-~]+$/.test(text) && text.length <= URL_OCTETS) return `<${text}>`
  throw new OnrecordError('refused', `The ${what} cannot stand in a header.`, {
    hint: 'it must be printable ASCII without spaces or angle brackets, of 900 characters at most',
  })
}
