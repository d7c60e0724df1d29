import type { Nodes } from 'mdast'
import type { TextContext } from './context.ts'
import { isWithin, type DeskBlock } from './desk-text.ts'
import { ownWords } from './quotations.ts'
import type { Sentence } from './sentences.ts'

/** A sentence with the words that are the writer's own. */
export interface OwnSentence {
  readonly block: DeskBlock
  readonly sentence: Sentence
  /** `sentence.text` with its quotations blanked out, offsets kept. */
  readonly words: string
}

/**
 * The sentences that the rules over wording read: English ones, block quotes left out. `withStandfirst`:
 * the standfirst's come first.
 */
export function ownProse(
  { text, lang }: Pick<TextContext, 'text' | 'lang'>,
  options: { readonly withStandfirst?: boolean; readonly only?: (block: DeskBlock) => boolean } = {},
): OwnSentence[] {
  if (!isEnglish(lang)) return []
  const standfirst = options.withStandfirst === true && text.standfirst !== null ? [text.standfirst] : []
  return [...standfirst, ...text.blocks]
    .filter((block) => !isWithin(block, 'blockquote') && (options.only?.(block) ?? true))
    .flatMap((block) => block.sentences.map((sentence) => ({ block, sentence, words: ownWordsOf(sentence) })))
}

/** The writer's own words of a sentence: found once, for every rule asks. */
export function ownWordsOf(sentence: Sentence): string {
  const known = found.get(sentence)
  if (known !== undefined) return known
  const words = ownWords(sentence.text)
  found.set(sentence, words)
  return words
}

const found = new WeakMap<Sentence, string>()

/** Words are known in English alone. */
export function isEnglish(lang: string): boolean {
  return /^en(?:-|$)/iu.test(lang)
}

/** Where each match of `pattern` (global) stands in `words`. */
export function stretchesOf(words: string, pattern: RegExp): { from: number; to: number; match: string }[] {
  return [...words.matchAll(pattern)].map((found) => ({
    from: found.index,
    to: found.index + found[0].length,
    match: found[0],
  }))
}

/**
 * The blocks of the body that a heading's note declares to be the desk's analysis: from the note to the
 * next heading. “What follows is the desk’s analysis.”
 */
export function analysisBlocks(blocks: readonly DeskBlock[]): ReadonlySet<DeskBlock> {
  const declared = new Set<DeskBlock>()
  let within = false
  for (const block of blocks) {
    if (block.kind === 'heading') within = false
    if (isWithin(block, 'note') && block.sentences.some(({ text }) => DECLARES.test(text))) within = true
    if (within) declared.add(block)
  }
  return declared
}

const DECLARES =
  /\b(?:(?:desk|editor)(?:['’]s|s['’])?|our|we)\b[^.]{0,60}\b(?:analysis|judgements?|judgments?|opinion|reading|view|comment)\b/iu

/** Whether a cell stands in the first row of its table. */
export function isHeaderCell(block: DeskBlock): boolean {
  const [table, row] = block.parents.slice(-2) as [Nodes?, Nodes?]
  return block.kind === 'cell' && table?.type === 'table' && table.children[0] === row
}
