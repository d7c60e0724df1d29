import { createHash } from 'node:crypto'
import { OnrecordError } from '../core/errors.ts'
import { escapeHtml } from '../render/escape.ts'
import { slotNames, type SlotName, type SlotValues } from '../render/slots.ts'
import { compileWire } from './compile-wire.ts'
import type { Edition, Recipient } from './edition.ts'
import { headerValues, HEADER_ROOM, type HeaderValues } from './header-slots.ts'
import { ADDRESS_OCTETS, NAME_OCTETS, URL_OCTETS } from './header-value.ts'
import { slotValues } from './personalise.ts'
import { encodedRoom, encodeValue } from './quoted-printable.ts'
import { relaxedField } from './relaxed.ts'
import type { SignedField, Signer } from './signer.ts'
import type { HeaderSlot, Wire, WireField, WirePiece, WireSlot } from './wire.ts'

/** Makes the messages of one edition: one for each person, by splicing. */
export interface Composer {
  /**
   * One person's message as the wire gets it: headers in order, CRLF line ends, no line that begins
   * with a dot; signed where there is a signer. The same inputs give the same bytes. A promise
   * where it is signed.
   *
   * @param into memory to write it to, of at least `room` octets, which the result is a part of; else
   *   new memory
   * @throws OnrecordError `refused` when an address or a value could break out of its place
   */
  compose(recipient: Recipient, into?: Buffer): Buffer | Promise<Buffer>
  /** Octets that any message of this edition fits in. */
  readonly room: number
}

/**
 * The composer of an edition. One that was frozen before editions were compiled is compiled here.
 * @throws OnrecordError `refused` when a header value could break out of its header
 */
export function openComposer(edition: Edition, signer: Signer | null): Composer {
  const wire = edition.wire ?? compileWire(edition)
  if (wire.version !== 1)
    throw new OnrecordError('refused', `${edition.issue} was frozen by a newer Onrecord.`, {
      hint: 'install the version that froze it, or a later one',
    })
  const both = openWhole(wire)
  const plain = wire.plain === undefined ? both : openWhole(wire.plain)
  // The signature comes last and stands first: room is left for it.
  const start = signer?.maxLength ?? 0
  const room = start + Math.max(both.room, plain.room)

  return {
    room,
    compose(recipient, into = Buffer.allocUnsafe(room)) {
      if (into.length < room) throw new RangeError(`a message of this edition needs ${room} octets`)
      const { heads, body, opening, opened } = recipient.format === 'text' ? plain : both
      const headers = headerValues(recipient)
      const values = encodedValues(slotValues(edition, recipient))
      const head = heads[recipient.unsubscribeUrl === null ? 'test' : 'issue']
      const bodyAt = writeHead(head.pieces, headers, into, start)
      const end = writeBody(body, values, into, bodyAt)
      if (signer === null) return into.subarray(0, end)
      const bodyHash = opened
        .copy()
        .update(into.subarray(bodyAt + opening.length, end))
        .digest()
      const fields = head.fields.map((field) => ('name' in field ? field : relaxed(field, headers)))
      const signed = signer.sign(fields, bodyHash, Math.floor(recipient.date / 1000))
      const prepend = (signature: string): Buffer => {
        if (signature.length > start) throw new RangeError('the signature is longer than it said')
        into.write(signature, start - signature.length, 'latin1')
        return into.subarray(start - signature.length, end)
      }
      return signed.then(prepend)
    },
  }
}

/** One kind of message: both parts, or the text alone. */
function openWhole({ headers, body: pieces }: Pick<Wire, 'headers' | 'body'>) {
  const heads = { issue: openHead(headers.issue), test: openHead(headers.test) }
  const body = openBody(pieces)
  // What all bodies begin with is hashed once. They are in relaxed form: see quoted-printable.ts.
  const opening = body[0] instanceof Buffer ? body[0] : Buffer.alloc(0)
  const opened = createHash('sha256').update(opening)
  return { heads, body, opening, opened, room: Math.max(heads.issue.room, heads.test.room) + bodyRoom(body) }
}

type OpenField = Exclude<WireField, string>

interface Head {
  /** Up to the empty line. */
  readonly pieces: readonly (Buffer | HeaderSlot)[]
  /** What a signature covers: ready, or waiting for a value. */
  readonly fields: readonly (SignedField | OpenField)[]
  readonly room: number
}

function openHead(fields: readonly WireField[]): Head {
  const pieces: (Buffer | HeaderSlot)[] = []
  let text = ''
  for (const field of fields) {
    if (typeof field === 'string') text += field
    else {
      pieces.push(Buffer.from(text + field.before, 'utf8'), field.slot)
      text = field.after
    }
  }
  pieces.push(Buffer.from(`${text}\r\n`, 'utf8'))
  const constant = pieces.reduce((sum, piece) => sum + (typeof piece === 'string' ? 0 : piece.length), 0)
  return {
    pieces,
    fields: fields.map((field) => (typeof field === 'string' ? relaxedField(field) : field)),
    room: constant + HEADER_ROOM,
  }
}

function relaxed({ before, slot, after }: OpenField, headers: HeaderValues): SignedField {
  return relaxedField(before + headers[slot] + after)
}

function writeHead(
  pieces: readonly (Buffer | HeaderSlot)[],
  headers: HeaderValues,
  into: Buffer,
  from: number,
): number {
  let at = from
  for (const piece of pieces) {
    if (typeof piece === 'string') at += into.write(headers[piece], at, 'utf8')
    else {
      into.set(piece, at)
      at += piece.length
    }
  }
  return at
}

type BodyPiece = Buffer | WireSlot | BodyChoice

interface BodyChoice {
  readonly when: SlotName
  readonly present: readonly BodyPiece[]
  readonly absent: readonly BodyPiece[]
}

function openBody(pieces: readonly WirePiece[]): readonly BodyPiece[] {
  return pieces.map((piece) => {
    if (typeof piece === 'string') return Buffer.from(piece, 'latin1')
    if ('slot' in piece) return piece
    return { when: piece.when, present: openBody(piece.present), absent: openBody(piece.absent) }
  })
}

/** A person's values by part, encoded. */
type EncodedValues = Readonly<Record<WireSlot['as'], SlotValues>>

function encodedValues(values: SlotValues): EncodedValues {
  const text = { unsubscribeUrl: '', viewUrl: '', address: '', name: '' }
  const html = { unsubscribeUrl: '', viewUrl: '', address: '', name: '' }
  for (const name of slotNames) {
    const value = values[name]
    text[name] = encodeValue(value)
    html[name] = /[&<>"']/.test(value) ? encodeValue(escapeHtml(value)) : text[name]
  }
  return { text, html }
}

function writeBody(pieces: readonly BodyPiece[], values: EncodedValues, into: Buffer, from: number): number {
  let at = from
  for (const piece of pieces) {
    if ('length' in piece) {
      into.set(piece, at)
      at += piece.length
    } else if ('slot' in piece) at += into.write(values[piece.as][piece.slot], at, 'latin1')
    else at = writeBody(values.text[piece.when] === '' ? piece.absent : piece.present, values, into, at)
  }
  return at
}

const octets: Readonly<Record<SlotName, number>> = {
  unsubscribeUrl: URL_OCTETS,
  viewUrl: URL_OCTETS,
  address: ADDRESS_OCTETS,
  name: NAME_OCTETS,
}

/** The longest escape of HTML writes six octets for one (`&quot;`), all of which stay as they are encoded. */
function bodyRoom(pieces: readonly BodyPiece[]): number {
  return pieces.reduce((sum, piece) => {
    if ('length' in piece) return sum + piece.length
    if ('slot' in piece) return sum + encodedRoom(octets[piece.slot] * (piece.as === 'html' ? 2 : 1))
    return sum + Math.max(bodyRoom(piece.present), bodyRoom(piece.absent))
  }, 0)
}
