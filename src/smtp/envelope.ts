import { domainToASCII } from 'node:url'
import type { Envelope } from '../delivery/transport.ts'
import type { Capabilities } from './capabilities.ts'
import type { Failure } from './outcome.ts'

/** The commands that offer one message, without line ends. */
export interface EnvelopeCommands {
  readonly mail: string
  readonly rcpt: string
}

/** RFC 5321 §4.5.3.1.3: 256 with its angle brackets. */
const LONGEST_PATH = 254

/**
 * MAIL and RCPT of one message for this server, with what it understands of SIZE (RFC 1870),
 * 8BITMIME (RFC 6152), SMTPUTF8 (RFC 6531) and DSN (RFC 3461).
 * @returns a failure for what the server has said it cannot take, and for what is no address
 */
export function envelopeCommands(envelope: Envelope, server: Capabilities): EnvelopeCommands | Failure {
  const from = asciiDomain(envelope.from)
  const to = asciiDomain(envelope.to)
  // What is wrong with the return address is wrong with every message.
  if (!isPath(from, true)) return refused('mail', 'the return address cannot be written in SMTP', 'fatal')
  if (!isPath(to, false)) return refused('rcpt', 'the address cannot be written in SMTP')
  let mail = `MAIL FROM:<${from}>`
  let rcpt = `RCPT TO:<${to}>`
  const { size } = envelope
  // Of an edition, all are about as long.
  if (server.largest !== null && size > server.largest)
    return refused(
      'mail',
      `the message has ${size} octets and the server takes ${server.largest}: make the issue shorter`,
      'fatal',
    )
  if (server.size) mail += ` SIZE=${size}`
  const utf8 = !isAscii(from) || !isAscii(to)
  if (utf8) {
    if (!server.smtpUtf8 && !isAscii(from))
      return refused(
        'mail',
        'the return address needs SMTPUTF8 and the server does not offer it (RFC 6531)',
        'fatal',
      )
    if (!server.smtpUtf8)
      return refused('rcpt', 'the address needs SMTPUTF8 and the server does not offer it (RFC 6531)')
    mail += ' SMTPUTF8'
  }
  // Not of a message that has none: a relay without 8BITMIME would re-code it, and break its signature.
  if (utf8 || envelope.eightBit === true) {
    if (!utf8 && !server.eightBitMime)
      return refused('mail', 'the message has 8-bit text and the server does not offer 8BITMIME')
    mail += ' BODY=8BITMIME'
  }
  if (server.dsn) {
    const id = isAscii(envelope.messageId) ? xtext(envelope.messageId) : ''
    mail += id !== '' && id.length <= 100 ? ` RET=HDRS ENVID=${id}` : ' RET=HDRS'
    rcpt += ' NOTIFY=FAILURE,DELAY'
    if (!utf8) rcpt += ` ORCPT=rfc822;${xtext(to)}`
  }
  return { mail, rcpt }
}

function refused(stage: 'mail' | 'rcpt', message: string, refusal: 'fatal' | 'other' = 'other'): Failure {
  return { stage, reply: null, message: `not sent: ${message}`, refusal }
}

function isAscii(text: string): boolean {
  for (let index = 0; index < text.length; index += 1) if (text.charCodeAt(index) > 126) return false
  return true
}

/** A domain of its own in ASCII: with that, a server without SMTPUTF8 can be used. */
function asciiDomain(address: string): string {
  if (isAscii(address)) return address
  const at = address.lastIndexOf('@')
  const domain = domainToASCII(address.slice(at + 1))
  return domain === '' ? address : `${address.slice(0, at)}@${domain}`
}

/** What nearly all addresses are: seen at a glance. */
const plainAddress = /^[\w.!#$%&'*+/=?^`{|}~-]{1,64}@[\w.-]{1,180}$/

/** Nothing that could end the path, or the command: RFC 5321 §4.1.2, roughly; the server knows the rest. */
function isPath(address: string, mayBeEmpty: boolean): boolean {
  if (plainAddress.test(address)) return true
  if (address === '') return mayBeEmpty
  if (Buffer.byteLength(address) > LONGEST_PATH) return false
  if (/[\p{Cc}\p{Zl}\p{Zp}]/u.test(address)) return false
  const local = address.slice(0, address.lastIndexOf('@'))
  if (local === '' || /[\s<>]/.test(address.slice(local.length))) return false
  return /^"(?:[^"\\]|\\.)*"$/.test(local) || !/[\s<>"]/.test(local)
}

/** RFC 3461 §4, of ASCII; angle brackets are written out as well, for those who read carelessly. */
function xtext(text: string): string {
  return text.replace(/[^!-*,-;?-~]/g, hexCharacter)
}

function hexCharacter(character: string): string {
  return `+${character.charCodeAt(0).toString(16).toUpperCase().padStart(2, '0')}`
}
