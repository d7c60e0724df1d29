/*
 * Quoted-printable (RFC 2045 §6.7) for splicing. Every piece begins at the start of a line and ends
 * with a line end, soft or hard, so that its encoding does not depend on what stands around it. Three
 * things go beyond the RFC:
 *
 * - A dot that begins a line is `=2E`: no dot-stuffing (RFC 5321 §4.5.2) is ever needed.
 * - `From ` at the start of a line is `=46rom `: no mailbox file turns it into `>From`.
 * - No white space but a single space within a line: the relaxed form of the body (RFC 6376 §3.4.4)
 *   is the body itself, so that DKIM hashes the very bytes that go out.
 */

/** Octets of a line before its soft break: 76 with it. */
const LIMIT = 75

const SOFT = '=\r\n'

/**
 * A piece of text between two slots. LF and CRLF are line ends; a CR alone is data.
 *
 * @param end open: something follows, so that a line which is not ended gets a soft break;
 *   closed: the part ends with it
 */
export function encodeText(text: string, end: 'open' | 'closed'): string {
  const source = text.toWellFormed().replaceAll('\r\n', '\n')
  let out = ''
  let line = ''
  for (let at = 0; at < source.length;) {
    literals.lastIndex = at
    const run = literals.exec(source)?.[0].length ?? 0
    for (const stop = at + run; at < stop;) {
      if (line.length === LIMIT) {
        out += line + SOFT
        line = ''
      }
      if (line === '' && (source[at] === '.' || source.startsWith('From ', at)))
        line = hex(source[at++] ?? '')
      else {
        const taken = source.slice(at, Math.min(stop, at + LIMIT - line.length))
        line += taken
        at += taken.length
      }
    }
    if (at === source.length) break
    const character = String.fromCodePoint(source.codePointAt(at) ?? 0)
    at += character.length
    if (character === '\n') {
      out += `${line}\r\n`
      line = ''
      continue
    }
    const last = at === source.length ? end === 'closed' : source[at] === '\n'
    const piece = character !== ' ' ? hex(character) : last || line.endsWith(' ') ? '=20' : ' '
    if (line.length + piece.length > LIMIT) {
      out += line + SOFT
      line = ''
    }
    line += piece
  }
  return out + line + (line === '' || end === 'closed' ? '' : SOFT)
}

/** A run that is written as it is: printable ASCII but the space and “=”. */
const literals = /[!-<>-~]+/y

/** A person's value: whole lines, each with its soft break; nothing where it is empty. */
export function encodeValue(value: string): string {
  if (value === '') return ''
  return /^[!-<>-~]+$/.test(value) ? cutLiteral(value) : cutEncoded(value)
}

/** The usual case, without a look at each character. */
function cutLiteral(value: string): string {
  let out = ''
  for (let at = 0; at < value.length;) {
    const isDot = value[at] === '.'
    const end = at + (isDot ? LIMIT - 2 : LIMIT)
    out += isDot ? `=2E${value.slice(at + 1, end)}${SOFT}` : value.slice(at, end) + SOFT
    at = end
  }
  return out
}

function cutEncoded(value: string): string {
  let out = ''
  let line = ''
  for (const character of value.toWellFormed()) {
    const piece = character === ' ' ? '=20' : encodeCharacter(character)
    if (line.length + piece.length > LIMIT) {
      out += line + SOFT
      line = ''
    }
    line += line === '' && piece === '.' ? '=2E' : piece
  }
  return out + line + SOFT
}

/** Octets that the encoded form of this many octets takes at most. */
export function encodedRoom(octets: number): number {
  return octets * 3 + (Math.ceil((octets * 3) / (LIMIT - 12)) + 1) * SOFT.length
}

function encodeCharacter(character: string): string {
  return character >= ' ' && character <= '~' && character !== '=' ? character : hex(character)
}

function hex(character: string): string {
  let out = ''
  for (const octet of Buffer.from(character)) out += `=${octet.toString(16).toUpperCase().padStart(2, '0')}`
  return out
}
