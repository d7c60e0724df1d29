import { reportedSpeech } from './attribution.ts'
import type { DeskBlock } from './desk-text.ts'
import { analysisBlocks, ownWordsOf } from './own-prose.ts'
import type { Sentence } from './sentences.ts'
import { statesFact, tellsOfEvent } from './stated-facts.ts'

/** A paragraph with fewer facts before its citation is no pile: the sentence without one is named instead. */
const MANY = 2

/** The sentences of a text that `sentencesAdrift` finds, the desk's declared analysis left out. */
export function allAdrift(blocks: readonly DeskBlock[]): ReadonlySet<Sentence> {
  const analysis = analysisBlocks(blocks)
  return new Set(blocks.filter((block) => !analysis.has(block)).flatMap(sentencesAdrift))
}

/**
 * The sentences of a paragraph that state facts before its one citation, which stands at the end and does
 * not say `{scope=para}`; empty where the paragraph is not such a one. It is one fault with one remedy, so
 * that the rules over single sentences leave them alone.
 */
export function sentencesAdrift(block: DeskBlock): readonly Sentence[] {
  if (block.kind !== 'paragraph' || block.sentences.length <= MANY) return []
  if (block.citations.some((citation) => citation.scope === 'para')) return []
  const last = block.sentences.at(-1)
  const before = block.sentences.slice(0, -1)
  if (last === undefined || last.own.length === 0 || last.own.some((citation) => citation.narrative))
    return []
  if (before.some((sentence) => sentence.own.length > 0)) return []
  const told = before.map((sentence) => ({ sentence, words: ownWordsOf(sentence) }))
  if (!told.some(({ words }) => isFact(words))) return []
  const facts = told.filter(({ words }) => isFact(words) || tellsOfEvent(words))
  return facts.length >= MANY ? facts.map(({ sentence }) => sentence) : []
}

function isFact(words: string): boolean {
  return statesFact(words) || reportedSpeech(words) !== null
}
