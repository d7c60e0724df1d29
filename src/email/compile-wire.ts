import { createHash } from 'node:crypto'
import MimeNode from 'nodemailer/lib/mime-node'
import { cutAtMarks, type Piece } from '../render/slots.ts'
import { messageHeaders, type Compilable, type Header } from './headers.ts'
import { encodeText } from './quoted-printable.ts'
import type { MessageKind, Wire, WireField, WirePiece, WireSlot } from './wire.ts'

/** Nothing in a message is read from a file or an address. */
const closed = { disableFileAccess: true, disableUrlAccess: true } as const

/**
 * Composes an edition's MIME once, with nodemailer's own composer, and compiles it: multipart/alternative
 * with the text first, UTF-8 in quoted-printable of at most 76 octets a line, CRLF line ends.
 * @throws OnrecordError `refused` when a header value or an address holds a control character
 */
export function compileWire(edition: Compilable): Wire {
  const { html, text } = edition
  const unique = createHash('sha256')
    .update(JSON.stringify([edition.subject, text, html]))
    .digest('hex')
  const compose = (kind: MessageKind) => {
    const root = new MimeNode('multipart/alternative', {
      ...closed,
      // Quoted-printable has no “=_”: no line of a part can be taken for the boundary.
      boundaryPrefix: '=_onrecord',
      baseBoundary: unique.slice(0, 24),
    })
    const headers = messageHeaders(edition, kind)
    for (const header of headers) root.addHeader(header.key, valueOf(header))
    const parts = (['text/plain', 'text/html'] as const).map((type) =>
      root
        .createChild(`${type}; charset=utf-8`, closed)
        .setHeader('Content-Transfer-Encoding', 'quoted-printable'),
    )
    return { fields: fieldsOf(root.buildHeaders(), headers), boundary: String(root.boundary), parts }
  }
  const { fields, boundary, parts } = compose('issue')
  const composePlain = (kind: MessageKind): WireField[] => {
    const root = new MimeNode('text/plain; charset=utf-8', closed)
    const headers = messageHeaders(edition, kind)
    for (const header of headers) root.addHeader(header.key, valueOf(header))
    root.setHeader('Content-Transfer-Encoding', 'quoted-printable')
    return fieldsOf(root.buildHeaders(), headers)
  }
  const head = (index: number): string => `--${boundary}\r\n${parts[index]?.buildHeaders() ?? ''}\r\n\r\n`
  return {
    version: 1,
    headers: { issue: fields, test: compose('test').fields },
    body: joined([
      head(0),
      ...compilePart(cutAtMarks(text), 'text'),
      `\r\n${head(1)}`,
      ...compilePart(cutAtMarks(html), 'html'),
      `\r\n--${boundary}--\r\n`,
    ]),
    plain: {
      headers: { issue: composePlain('issue'), test: composePlain('test') },
      body: joined(compilePart(ended(cutAtMarks(text)), 'text')),
    },
  }
}

function valueOf(header: Header) {
  if ('mailbox' in header) return { name: header.mailbox.name, address: header.mailbox.address }
  if ('text' in header) return header.text
  // What stands in for a person is taken out again: see `fieldsOf`.
  if ('slot' in header) return 'somebody@slot.invalid'
  return { prepared: true, value: header.ready }
}

/** The header block cut into fields, those that the person fills in opened. */
function fieldsOf(block: string, headers: readonly Header[]): WireField[] {
  const lines = block.split(/\r\n(?![ \t])/)
  // With those that MIME adds.
  if (lines.filter((line) => !/^(?:MIME-Version|Content-[\w-]+):/i.test(line)).length !== headers.length)
    throw new Error('the composer left a header out')
  return lines.map((line): WireField => {
    const colon = line.indexOf(':')
    const header = headers.find(({ key }) => key.toLowerCase() === line.slice(0, colon).toLowerCase())
    if (header === undefined || !('slot' in header) || header.slot === undefined) return `${line}\r\n`
    const after = header.slot === 'subject' ? line.slice(colon + 2) : ''
    return { before: `${line.slice(0, colon)}: `, slot: header.slot, after: `${after}\r\n` }
  })
}

function compilePart(pieces: readonly Piece[], as: WireSlot['as']): WirePiece[] {
  const compile = (each: readonly Piece[], isLast: (index: number) => boolean): WirePiece[] =>
    each.map((piece, index) => {
      if (typeof piece === 'string') return encodeText(piece, isLast(index) ? 'closed' : 'open')
      if ('slot' in piece) return { slot: piece.slot, as }
      const inner = (alternative: readonly Piece[]) => joined(compile(alternative, () => false))
      return { when: piece.when, present: inner(piece.present), absent: inner(piece.absent) }
    })
  return compile(pieces, (index) => index === pieces.length - 1)
}

/**
 * Without the empty lines at its end, which the relaxed form has not (RFC 6376 §3.4.4). What a person may fill
 * with nothing does not come last: a space does.
 */
function ended(pieces: readonly Piece[]): readonly Piece[] {
  const last = pieces.at(-1)
  const trimmed = typeof last === 'string' ? last.trimEnd() : ''
  return trimmed === ''
    ? [...(typeof last === 'string' ? pieces.slice(0, -1) : pieces), ' \n']
    : [...pieces.slice(0, -1), `${trimmed}\n`]
}

/** Neighbouring texts as one. */
function joined(pieces: readonly WirePiece[]): WirePiece[] {
  const out: WirePiece[] = []
  for (const piece of pieces) {
    const last = out.at(-1)
    if (typeof piece === 'string' && typeof last === 'string') out[out.length - 1] = last + piece
    else if (piece !== '') out.push(piece)
  }
  return out
}
