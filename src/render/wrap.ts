/**
 * `text` in lines of at most `width` columns, broken at spaces and between wide characters (CJK),
 * never inside an address or a word. A line break in `text` stays.
 *
 * @param first put before the first line
 * @param rest put before every other line
 */
export function wrap(text: string, width = 72, first = '', rest = first): string {
  const lines: string[] = []
  let indent = first
  for (const paragraph of text.split('\n')) {
    let line = ''
    let used = columns(indent)
    for (const { space, text: piece } of pieces(paragraph)) {
      const taken = columns(piece)
      if (line !== '' && used + space.length + taken > width) {
        lines.push(indent + line)
        indent = rest
        line = piece
        used = columns(indent) + taken
      } else {
        used += taken + (line === '' ? 0 : space.length)
        line = line === '' ? piece : line + space + piece
      }
    }
    lines.push((indent + line).trimEnd())
    indent = rest
  }
  return lines.join('\n')
}

/** Stretches that may not be broken, each with the space that goes before it on the same line. */
function pieces(text: string): { space: string; text: string }[] {
  return text
    .split(/[ \t]+/)
    .filter((word) => word !== '')
    .flatMap((word) => {
      if (!wide.test(word) || /:\/\//.test(word)) return [{ space: ' ', text: word }]
      return unbroken(word).map((piece, index) => ({ space: index === 0 ? ' ' : '', text: piece }))
    })
}

/** Between wide characters a line may end; never before closing punctuation. */
function unbroken(word: string): string[] {
  const out: string[] = []
  for (const character of word) {
    const last = out.at(-1)
    const breaks = last !== undefined && wide.test(character) && !closing.test(character) && wide.test(last)
    if (last === undefined || breaks) out.push(character)
    else out[out.length - 1] = last + character
  }
  return out
}

/** Characters that a terminal gives two columns, and between which a line may end. */
export const wide =
  /[\u1100-\u115f\u2e80-\u303e\u3041-\u33ff\u3400-\u4dbf\u4e00-\u9fff\ua000-\ua4cf\uac00-\ud7a3\uf900-\ufaff\ufe30-\ufe4f\uff00-\uff60\uffe0-\uffe6\u{1f300}-\u{1f64f}\u{1f900}-\u{1f9ff}\u{20000}-\u{3fffd}]/u
const closing = /[\u3001\u3002\u300d\u300f\u3011\uff01\uff09\uff0c\uff1a\uff1b\uff1f]/
/** All of these have one column: nothing wide, combining or invisible among them. */
const plain = /^[\0-\u00ac\u00ae-\u02ff\u2010-\u2027]*$/
const zeroWidth = /[\p{Mn}\p{Me}\p{Cf}]/u

/** How many columns a terminal gives `text`: two for a wide character, none for a combining one (UAX 11). */
export function columns(text: string): number {
  if (plain.test(text)) return text.length
  let total = 0
  for (const character of text) total += zeroWidth.test(character) ? 0 : wide.test(character) ? 2 : 1
  return total
}
