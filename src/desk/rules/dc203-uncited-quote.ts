import { finding, type Finding } from '../../core/finding.ts'
import { isWithin, type DeskBlock } from '../desk-text.ts'
import { countWords } from '../quotations.ts'
import { textRule } from '../rule.ts'
import { spokenIn } from '../speech.ts'

const hint = 'cite the page that has these words, or put them in your own'

export const uncitedQuote = textRule('DC203', {
  why:
    'Quotation marks promise that somebody said exactly this. The reader must be able to look where. One or two words ' +
    'held at a distance by their marks promise nothing of the kind.',
  bad: {
    brief: `
The gates closed at noon [@daily]. “We had no choice but to close them,” the harbour master said.

It rained.`,
  },
  good: {
    brief: `
The gates closed at noon [@daily]. “We had no choice but to close them,” the harbour master said [@daily].

The “temporary” measure has lasted a year, the paper writes [@daily].`,
  },
  check({ text }) {
    return text.blocks
      .filter(isQuotable)
      .flatMap((block) => [...inSentences(block), ...(isWithin(block, 'blockquote') ? displayed(block) : [])])
  },
})

function inSentences(block: DeskBlock): Finding[] {
  const covered = block.kind === 'cell' || isWithin(block, 'blockquote') ? block.citations.length > 0 : false
  if (covered) return []
  return block.sentences
    .filter((sentence) => sentence.citations.length === 0)
    .flatMap((sentence) =>
      spokenIn(sentence.text).map((quoted) =>
        finding('DC203', sentence.placeOf(quoted.start, quoted.end), 'This quotation has no source.', {
          hint,
        }),
      ),
    )
}

/** A block quote shows words as quoted, with marks or without. */
function displayed(block: DeskBlock): Finding[] {
  const words = block.sentences.map((sentence) => sentence.text).join(' ')
  if (block.citations.length > 0 || countWords(words) < 5) return []
  if (block.sentences.some((sentence) => spokenIn(sentence.text).length > 0)) return []
  return [finding('DC203', block.place, 'This block quote has no source.', { hint })]
}

/** A heading repeats what the text below it cites; a correction may quote what we wrote ourselves. */
function isQuotable(block: DeskBlock): boolean {
  return block.kind !== 'heading' && !isWithin(block, 'correction')
}
