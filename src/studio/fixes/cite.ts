import { visit } from 'unist-util-visit'
import type { Finding } from '../../core/finding.ts'
import type { DeskBlock, DeskText } from '../../desk/desk-text.ts'
import type { Sentence } from '../../desk/sentences.ts'
import { sentenceStretches } from '../../desk/sentence-ends.ts'
import { quoteCitation } from '../stored-copy.ts'
import { splice } from '../text-edit.ts'
import type { FixWorld, Proposal } from './fix.ts'
import { likelySources, type LikelySource } from './likely-sources.ts'
import { endOfWords, sentenceAt, stretchOf } from './places.ts'

/** A passage longer than this is no quotation of a fact. */
const LONGEST_PASSAGE = 240

/** Gives a sentence a citation: of a source whose copy has what it says, with its words, or of one that a person chooses. */
export function citeFixes(finding: Finding, world: FixWorld): readonly Proposal[] {
  const { file } = finding
  const [text, desk] = [world.text(file), world.desk(file)]
  if (text === null || desk === null) return []
  const whole = desk.blocks.find((block) => isWhole(finding, block))
  const sentence = whole?.sentences.at(-1) ?? sentenceAt(desk, finding)?.sentence
  const at = sentence === undefined ? null : citationPlace(text, desk, sentence)
  if (sentence === undefined || at === null) return []
  const insert = (citation: string): string => splice(text, [{ from: at, to: at, insert: ` ${citation}` }])
  const words = whole === undefined ? sentence.text : wordsOf(whole)
  const likely = likelySources(words, world)
  return [
    ...likely.map(({ source }): Proposal => ({
      ...{ id: `cite:${source.id}`, label: `Cite ${source.publisher}`, asks: null, file },
      write: () => insert(`[@${source.id}]`),
    })),
    ...likely.flatMap((each): Proposal[] => {
      const citation = withWords(each)
      if (citation === null) return []
      const label = `Cite ${each.source.publisher} with its words`
      return [{ id: `quote:${each.source.id}`, label, asks: null, file, write: () => insert(citation) }]
    }),
    {
      ...{ id: 'cite', label: 'Cite a source', asks: 'source', file, at },
      write: (id) => (world.checked.issue?.ledger.has(id) === true ? insert(`[@${id}]`) : null),
    },
  ]
}

/** A finding about a whole block is mended at its end. */
function isWhole(finding: Finding, { place }: DeskBlock): boolean {
  return (
    finding.line === place.line &&
    finding.column === place.column &&
    finding.endLine === place.endLine &&
    finding.endColumn === place.endColumn
  )
}

function wordsOf({ sentences }: DeskBlock): string {
  return sentences.map(({ text }) => text).join(' ')
}

/** Where a citation of a sentence stands: before its full stop, or behind the mark that closes its quotation. */
export function citationPlace(text: string, { root }: DeskText, sentence: Sentence): number | null {
  const end = endOfWords(text, sentence)
  if (end === null) return null
  const stop = /[^\s.!?…”"’»)]([.!?…]+)$/u.exec(sentence.text)?.[1] ?? ''
  let at = end - stop.length
  // Not within a link, nor within code: behind it.
  visit(root, (node) => {
    if (node.type !== 'link' && node.type !== 'inlineCode') return
    const stretch = stretchOf(node)
    if (stretch !== null && stretch.from < at && at <= stretch.to) at = stretch.to
  })
  return at
}

/** The sentence of the copy that has the figure, as a citation; null where it cannot stand in one. */
function withWords({ source, snapshot, at }: LikelySource): string | null {
  if (at === null) return null
  const from = Math.max(0, snapshot.text.lastIndexOf('\n', at) + 1)
  const next = snapshot.text.indexOf('\n', at)
  const paragraph = snapshot.text.slice(from, next === -1 ? undefined : next)
  const passage = sentenceStretches(paragraph, new Set()).find(
    ({ start, end }) => start <= at - from && at - from < end,
  )
  if (passage === undefined || passage.end - passage.start > LONGEST_PASSAGE) return null
  return quoteCitation(source.id, paragraph.slice(passage.start, passage.end), snapshot.text).citation
}
