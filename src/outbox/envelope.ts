import { addressParser, decodeWords, type Address } from 'postal-mime'
import { headerLines } from './headers.ts'

/** What a list of mail shows of a message, decoded (RFC 2047); empty where it is not there. */
export interface Envelope {
  readonly from: string
  readonly to: string
  readonly subject: string
}

/** Longer fields are cut: no list shows them. */
const LONGEST = 2_000

/** Read from a message's head alone, which is much less work than to parse the message. */
export function envelopeOf(head: string): Envelope {
  const fields = headerLines(head)
  const value = (name: string): string =>
    (fields.find((field) => field.name.toLowerCase() === name)?.value ?? '').slice(0, LONGEST)
  return { from: shown(value('from')), to: shown(value('to')), subject: decoded(value('subject')) }
}

function shown(field: string): string {
  if (field === '') return ''
  try {
    return addressParser(field)
      .flatMap((each: Address) => each.group ?? [each])
      .map(({ name, address }) => {
        const plain = decoded(name)
        return plain === '' ? address : `${plain} <${address}>`
      })
      .join(', ')
  } catch {
    // What cannot be read as addresses is shown as it stands.
    return decoded(field)
  }
}

/** A field’s value with its encoded words as the letters that they stand for (RFC 2047). */
export function decoded(text: string): string {
  try {
    return decodeWords(text)
  } catch {
    return text
  }
}
