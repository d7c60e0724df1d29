/*
 * Words are found as SQLite's `unicode61 remove_diacritics 2` finds them, whatever looks for them.
 */

/** Characters of a word that are told apart: a lexeme of PostgreSQL has at most 2,046 octets. */
const LONGEST = 64

/** Without case and without the marks on Latin letters. */
export function fold(word: string): string {
  if (/^[a-z0-9]{1,64}$/.test(word)) return word
  const lower = word.normalize('NFD').toLowerCase().replaceAll('ς', 'σ')
  return [...lower.replace(/([a-z])\p{M}+/gu, '$1').normalize('NFC')].slice(0, LONGEST).join('')
}

/** The words of a text, read no further than they are asked for. */
export interface Words {
  /** The word at `index`, folded, or '' where it is none that is looked for; null: the text has no more. */
  at(index: number): string | null
  /** Where a word begins and ends in the text, once it was asked for; else the text's end. */
  begin(index: number): number
  end(index: number): number
}

/** @param wanted folded: a word of the text that begins as none of them is not looked at further */
export function openWords(text: string, wanted: readonly string[]): Words {
  const firsts = new Set(wanted.map((word) => word.charCodeAt(0)))
  const begins: number[] = []
  const ends: number[] = []
  const folded: string[] = []
  let at = 0
  const isThereMore = (): boolean => {
    const begin = nextOf(text, at, true)
    at = nextOf(text, begin, false)
    if (begin === at) return false
    const code = text.charCodeAt(begin)
    // ASCII stays ASCII, where a capital is its letter but for this bit; what else there is may fold to any.
    const mayBe = code > 127 || firsts.has(code | 32)
    begins.push(begin)
    ends.push(at)
    folded.push(mayBe ? fold(text.slice(begin, at)) : '')
    return true
  }
  return {
    at(index) {
      while (index >= folded.length) if (!isThereMore()) return null
      return folded[index] ?? null
    },
    begin: (index) => begins[index] ?? text.length,
    end: (index) => ends[index] ?? text.length,
  }
}

const part = /[\p{L}\p{N}\p{M}\p{Co}]/u

/** By UTF-16 code unit, as they are met: asking the expression for each would take ten times as long. */
const kinds = new Uint8Array(0x1_00_00)
const [PART, OTHER] = [1, 2]

/** Where the next character of a word is, or the next that is none, from `at` on; else the text's end. */
function nextOf(text: string, at: number, isPart: boolean): number {
  const wanted = isPart ? PART : OTHER
  for (let next = at; next < text.length; next++) {
    const kind = kinds[text.charCodeAt(next)]
    if (kind === wanted || (kind === 0 && look(text, next) === isPart)) return next
  }
  return text.length
}

function look(text: string, at: number): boolean {
  const code = text.charCodeAt(at)
  if (code >= 0xd8_00 && code < 0xe0_00) {
    // Half of a character: the other half stands before or after it.
    const whole = text.codePointAt(code < 0xdc_00 ? at : at - 1) ?? code
    return part.test(String.fromCodePoint(whole))
  }
  const is = part.test(text.charAt(at))
  kinds[code] = is ? PART : OTHER
  return is
}
