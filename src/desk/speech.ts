import { countWords, quotationsIn, type Quoted } from './quotations.ts'

/** A quotation of this many words is one, whatever stands around it. */
const LONG = 5
/** Characters from a quotation within which its verb stands. */
const NEAR = 160

const SAYING =
  'said|says|say|saying|told|tells|asked|asks|answered|answers|replied|replies|added|adds|announced|announces|wrote|writes|warned|warns|declared|declares|insisted|insists|stated|states|argued|argues|shouted|recalled|recalls|concluded|tweeted|posted'

const BEFORE = new RegExp(
  `\\b(?:${SAYING})(?:\\s+(?:that|to\\s+\\S+|\\S+\\s+that))?\\s*([,:]?)\\s*["“„«‘]?$`,
  'iu',
)
const AFTER = new RegExp(`^["”’»“]?\\s*,?\\s*(?:\\S+\\s+){0,4}?(?:${SAYING})\\b`, 'iu')

/**
 * The quotations of a sentence that are somebody’s words: five words or more, or tied to a verb of
 * saying. Scare quotes and the titles of works are none.
 */
export function spokenIn(sentence: string): Quoted[] {
  return quotationsIn(sentence).filter((quoted) => {
    if (isTitle(quoted.text)) return false
    const words = countWords(quoted.text)
    if (words >= LONG) return true
    if (words === 0) return false
    const before = BEFORE.exec(sentence.slice(Math.max(0, quoted.start - NEAR), quoted.start))
    if (before !== null) return words >= 2 || before[1] !== ''
    const closed =
      /[,.!?…]$/u.test(quoted.text) || /^["”’»“],/u.test(sentence.slice(quoted.end, quoted.end + 2))
    return closed && AFTER.test(sentence.slice(quoted.end, quoted.end + NEAR))
  })
}

/** “The Long Way Home to the Harbour”: its longer words have capitals. */
function isTitle(text: string): boolean {
  if (/[.!?]$/u.test(text.trim())) return false
  const words = (text.match(/\p{L}[\p{L}\p{M}’'-]*/gu) ?? []).filter((word) => word.length > 3)
  const capitals = words.filter((word) => /^\p{Lu}/u.test(word))
  return words.length >= 2 && capitals.length === words.length
}
