import { finding, type Finding } from '../../core/finding.ts'
import { isWithin, type DeskBlock, type DeskText } from '../desk-text.ts'
import { factsIn } from '../facts.ts'
import { countWords } from '../quotations.ts'
import { textRule } from '../rule.ts'

/** Prose of this many words states something, whatever our words for facts make of it. */
const PROSE = 60

export const unsourced = textRule('DC104', {
  why:
    'A brief that cites nothing asks to be believed. At least half of the paragraphs that state something a reader ' +
    'could check (a name, a number, a date, who said what, what happened) must say where it comes from.',
  bad: {
    brief: `
The council has kept the gates closed, and the harbour master has left the town.

No ship has put in since. The ministry is silent.`,
    ledger: '',
  },
  good: {
    brief: `
The council closed the gates at noon [@daily]. It had been warned, the paper reports, a week earlier [@daily].

We think that the warning deserved an answer.`,
  },
  check({ text }) {
    if (text.brief === null) return []
    const paragraphs = text.blocks.filter(isProse)
    const factual = paragraphs.filter(
      (block) => block.citations.length > 0 || factsIn(wordsOf(block)).size > 0,
    )
    if (text.citations.length === 0) return withoutCitation(text, paragraphs, factual)
    const bare = factual.filter((block) => block.citations.length === 0)
    const first = bare[0]
    if (first === undefined || bare.length * 2 <= factual.length) return []
    const message = `${bare.length} of ${factual.length} paragraphs that state facts have no source; the first is here.`
    return [finding('DC104', first.place, message, { hint: 'cite a source in at least half of them' })]
  },
})

function withoutCitation(
  text: DeskText,
  paragraphs: readonly DeskBlock[],
  factual: readonly DeskBlock[],
): Finding[] {
  const first = factual[0] ?? paragraphs[0]
  if (first === undefined) return []
  const length = paragraphs.reduce((sum, block) => sum + countWords(wordsOf(block)), 0)
  if (factual.length === 0 && length < PROSE) return []
  const title = text.brief?.meta.title ?? ''
  return [
    finding('DC104', first.place, `“${title}” cites no source.`, {
      hint: 'list what it rests on in sources.yaml and cite it: [@id]',
    }),
  ]
}

/** A paragraph that could state facts: not a heading, a forecast, or the desk’s own note. */
function isProse(block: DeskBlock): boolean {
  if (block.kind === 'heading' || block.kind === 'scenario' || block.kind === 'cell') return false
  return !isWithin(block, 'note', 'correction')
}

function wordsOf(block: DeskBlock): string {
  return [block.label, ...block.sentences.map((sentence) => sentence.text)].join(' ').trim()
}
