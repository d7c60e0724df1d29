/** Characters of an encoded word's content, so that a line stays within 76 behind a header's name. */
const CONTENT = 48

/**
 * A name as it may stand before `<address>`: words, a quoted string (RFC 5322 §3.2.4), or encoded words
 * in UTF-8 (RFC 2047), folded. Holds no control character when `name` holds none.
 */
export function phrase(name: string): string {
  if (name.length <= CONTENT && /^[A-Za-z0-9]+(?: [A-Za-z0-9]+)*$/.test(name)) return name
  // Some readers decode encoded words even between quotation marks, so that a name cannot hold one there.
  if (name.length <= CONTENT && /^[\u0020-\u007e]*$/.test(name) && !name.includes('=?'))
    return `"${name.replace(/(["\\])/g, '\\$1')}"`
  return encodedWords(name)
}

/** RFC 2047 §4.2, “Q”; no character is cut in two. */
function encodedWords(text: string): string {
  const words: string[] = []
  let word = ''
  for (const character of text.toWellFormed()) {
    const piece = /^[A-Za-z0-9]$/.test(character) ? character : character === ' ' ? '_' : octets(character)
    if (word.length + piece.length > CONTENT) {
      words.push(word)
      word = ''
    }
    word += piece
  }
  return [...words, word].map((each) => `=?UTF-8?Q?${each}?=`).join('\r\n ')
}

function octets(character: string): string {
  return [...Buffer.from(character)]
    .map((octet) => `=${octet.toString(16).toUpperCase().padStart(2, '0')}`)
    .join('')
}
