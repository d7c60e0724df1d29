import fc from 'fast-check'

/*
 * Plain, whole-text forms of what the composer does in pieces, written from the standards alone, to hold
 * it against.
 */

/** RFC 6376 §3.4.4, over a whole body with CRLF line ends. */
export function relaxedBody(body: string): string {
  const lines = body.split('\r\n').map((line) => line.replace(/[ \t]+/g, ' ').replace(/ $/, ''))
  while (lines.at(-1) === '') lines.pop()
  return lines.length === 0 ? '' : `${lines.join('\r\n')}\r\n`
}

/** RFC 6376 §3.4.2, over a whole header block without its empty line: one canonical field a line. */
export function relaxedHeaders(head: string): string[] {
  return head
    .replace(/\r\n(?=[ \t])/g, '')
    .split('\r\n')
    .filter((line) => line !== '')
    .map((line) => {
      const colon = line.indexOf(':')
      const value = line.slice(colon + 1).replace(/[ \t]+/g, ' ')
      return `${line.slice(0, colon).toLowerCase().trimEnd()}:${value.replace(/^ /, '').replace(/ $/, '')}`
    })
}

/** RFC 2045 §6.7. */
export function decodeQuotedPrintable(encoded: string): string {
  const octets: number[] = []
  const text = encoded.replace(/=\r\n/g, '')
  for (let at = 0; at < text.length; at += 1) {
    if (text[at] === '=') {
      octets.push(Number.parseInt(text.slice(at + 1, at + 3), 16))
      at += 2
    } else octets.push(text.charCodeAt(at))
  }
  return Buffer.from(octets).toString('utf8')
}

/** Words of every kind of trouble: dots and `From ` at line starts, white space, controls, marks, long runs. */
export const hostileText = fc
  .array(
    fc.oneof(
      fc.constantFrom(
        '.',
        '..',
        '\n',
        '\r\n',
        '\n.\n',
        '\n\n',
        ' ',
        '  ',
        '\t',
        ' \n',
        'From ',
        '=',
        '=\n',
        '=2E',
        '--=_onrecord',
        'é',
        '💌',
        '\ud800',
        '\0',
        '\r',
        'x'.repeat(74),
        'x'.repeat(75),
        'x'.repeat(76),
        ' y'.repeat(60),
        '{{slot "address"}}',
        'ONRECORDxSLOTxaddressxEND',
        '${x}',
        '$&',
      ),
      fc.string({ unit: 'binary', maxLength: 12 }),
      fc.string({ maxLength: 90 }),
    ),
    { maxLength: 12 },
  )
  .map((parts) => parts.join(''))
