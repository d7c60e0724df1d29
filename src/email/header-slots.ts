import { OnrecordError } from '../core/errors.ts'
import type { Recipient } from './edition.ts'
import {
  ADDRESS_OCTETS,
  bracketed,
  headerValue,
  mailAddress,
  NAME_OCTETS,
  URL_OCTETS,
} from './header-value.ts'
import type { HeaderSlot } from './wire.ts'
import { phrase } from './phrase.ts'

/** What a person fills in between a header's name and its line end: encoded, folded where it is long. */
export type HeaderValues = Readonly<Record<HeaderSlot, string>>

/** Octets that all of them take at most. */
export const HEADER_ROOM = ADDRESS_OCTETS + NAME_OCTETS * 5 + 3 * URL_OCTETS

/** The last second of the year 9999, in milliseconds since the epoch. */
const LATEST = 253_402_300_799_000

/** Before a subject: short, printable and with one space after it. */
const PREFIX_LENGTH = 60

/**
 * @throws OnrecordError `refused` when one of them could break out of its header
 */
export function headerValues(recipient: Recipient): HeaderValues {
  const { messageId, unsubscribeUrl } = recipient
  return {
    to: mailbox(recipient),
    subject: prefix(recipient.subjectPrefix),
    date: headerDate(recipient.date),
    messageId: bracketed('message id', messageId.replace(/^<(.*)>$/, '$1')),
    unsubscribe: unsubscribeUrl === null ? '' : bracketed('unsubscribe link', unsubscribeUrl),
  }
}

function mailbox({ address, name }: Recipient): string {
  const written = mailAddress('recipient’s address', address)
  if (name === null || name === '') return written
  headerValue('recipient’s name', name)
  if (Buffer.byteLength(name) > NAME_OCTETS)
    throw new OnrecordError('refused', `The recipient’s name is longer than ${NAME_OCTETS} octets.`, {
      hint: 'shorten it with “onrecord subscribers set”; nothing was sent',
    })
  const words = phrase(name)
  // An address behind encoded words has a line of its own (RFC 2047 §2: 76 octets).
  return `${words}${words.startsWith('=?') ? '\r\n' : ''} <${written}>`
}

/** Messages that are made in one second have one date. */
let written = { second: Number.NaN, text: '' }

/**
 * RFC 5322 §3.3, in UTC.
 * @throws OnrecordError `refused` for a time that no header can hold
 */
export function headerDate(time: number): string {
  const second = Math.floor(time / 1_000)
  if (second === written.second) return written.text
  if (time >= 0 && time <= LATEST) {
    written = { second, text: new Date(time).toUTCString().replace('GMT', '+0000') }
    return written.text
  }
  throw new OnrecordError('refused', 'The message’s date is not a time that a header can hold.', {
    hint: 'look at this machine’s clock; nothing was sent',
  })
}

/** On a line of its own, so that the subject's folding stays as it is. */
function prefix(text: string): string {
  if (text === '') return ''
  if (text.length <= PREFIX_LENGTH && /^[!-~]+(?: [!-~]+)* $/.test(text) && !text.includes('=?'))
    return `${text.trimEnd()}\r\n `
  throw new OnrecordError('refused', 'What stands before the subject must be ASCII with a space after it.')
}
