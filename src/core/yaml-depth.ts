import { Lexer } from 'yaml'

/** No file of ours has lists and maps so far within one another. */
const MOST_DEPTH = 50

/**
 * Where lists and maps in signs, or hyphens in one line, lie deeper within one another than any text of ours needs, as
 * an offset; null: nowhere. The parser's time grows with the cube of the depth, so that it is not asked then.
 */
export function tooDeepAt(text: string): number | null {
  let depth = 0
  let inLine = 0
  let offset = 0
  let isScalar = false
  for (const token of new Lexer().lex(text)) {
    // Control characters tell what follows, and are not in the text.
    if (/^[\u0002\u0018\u001f\ufeff]$/u.test(token)) {
      isScalar = token === '\u001f'
      if (token === '\ufeff') offset++
      continue
    }
    if (!isScalar) {
      if (token === '{' || token === '[') depth++
      else if (token === '}' || token === ']') depth = Math.max(0, depth - 1)
      else if (token === '-' || token === '?') inLine++
      else if (token.endsWith('\n')) inLine = 0
      if (depth + inLine > MOST_DEPTH) return offset
    }
    isScalar = false
    offset += token.length
  }
  return null
}
