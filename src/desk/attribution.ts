import { handsOver, noAuthority, noSpeaker, said, say, says } from './words/saying.ts'
import { wholeWords } from './words/pattern.ts'

/**
 * Where a sentence reports what somebody said or wrote: the verb, or “according to”. Adjectives (“the stated
 * aim”), passives, idioms (“that said”) and what the desk says itself are none. `words` are the writer's own.
 */
export function reportedSpeech(words: string): { readonly from: number; readonly to: number } | null {
  if (
    /\?\s*$/u.test(words) ||
    /^\s*(?:how|what|who|whether|why|none|no|nobody|neither)(?![\p{L}])/iu.test(words)
  )
    return null
  for (const match of words.matchAll(SPEECH)) {
    if (isSpeech(words, match.index, match[0]))
      return { from: match.index, to: match.index + match[0].length }
  }
  return null
}

/** Whether a sentence hands what it states to somebody, in any of many ways. Generous: it only excuses. */
export function isHandedOver(words: string): boolean {
  return HANDED.test(words) || reportedSpeech(words) !== null
}

const SPEECH = wholeWords(
  `(?:${said}|${says}|according to|in the words of|(?:[\\p{L}-]+s|people|police|some|many|they|others|who|media) ${say})`,
)
const HANDED = wholeWords(handsOver, 'iu')
const NO_SPEAKER = new RegExp(`(?:^|[^\\p{L}])${noSpeaker}\\s+$`, 'iu')
const NO_AUTHORITY = new RegExp(`^\\s+(?:${noAuthority})(?![\\p{L}])`, 'iu')
const PLURAL = wholeWords(`(?:[\\p{L}-]+s|people|police|some|many|they|others|who|media) ${say}`, 'iu')
const IDIOM = /^\s+(?:nobody|no one|apart|(?:the )?(?:truth|tale|time|difference)|and done)/iu

function isSpeech(words: string, at: number, match: string): boolean {
  const rest = words.slice(at + match.length, at + match.length + 30)
  if (/^according/iu.test(match)) return !NO_AUTHORITY.test(rest)
  if (/^in the/iu.test(match)) return true
  if (IDIOM.test(rest)) return false
  const before = words.slice(Math.max(0, at - 16), at)
  if (PLURAL.test(match)) return !/(?:^|[^\p{L}])(?:such|of|as|to)\s+$/iu.test(before)
  return !NO_SPEAKER.test(before) && before.trim() !== ''
}
