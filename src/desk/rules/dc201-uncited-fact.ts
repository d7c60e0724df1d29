import { finding, type Finding } from '../../core/finding.ts'
import { allAdrift } from '../adrift.ts'
import { isWithin, type DeskBlock } from '../desk-text.ts'
import { analysisBlocks, isHeaderCell, ownProse, type OwnSentence } from '../own-prose.ts'
import { textRule } from '../rule.ts'
import { statesFact } from '../stated-facts.ts'

const hint = 'cite its source, or say that it is the desk’s own judgement'

export const uncitedFact = textRule('DC201', {
  why:
    'A number, a date or a toll is what a reader checks first. Without a source it has only the desk’s word. What the ' +
    'desk itself judges, asks or supposes needs none.',
  bad: { brief: 'The gates closed at noon [@daily]. The council cut 40 posts in March.' },
  good: {
    brief:
      'The gates closed at noon [@daily]. The council cut 40 posts in March [@daily]. In our view 40 is too many.',
  },
  check(context) {
    const analysis = analysisBlocks(context.text.blocks)
    const prose = ownProse(context, { only: (block) => isReport(block) && !analysis.has(block) })
    const adrift = allAdrift(context.text.blocks)
    const rows = new Set<unknown>()
    return prose.flatMap((each): Finding[] => {
      if (isCited(each) || adrift.has(each.sentence) || !isFact(each)) return []
      if (each.block.kind === 'cell') {
        // One finding a row: its cells share their citations.
        const row = each.block.parents.at(-1)
        if (rows.has(row)) return []
        rows.add(row)
      }
      return [
        finding('DC201', each.sentence.place, 'This sentence states a fact without a source.', { hint }),
      ]
    })
  },
})

/** Where facts are reported; a heading repeats what its text cites, and a scenario has not happened. */
function isReport(block: DeskBlock): boolean {
  if (block.kind === 'heading' || block.kind === 'scenario' || isHeaderCell(block)) return false
  return !isWithin(block, 'note', 'correction')
}

function isCited({ block, sentence }: OwnSentence): boolean {
  if (sentence.citations.length > 0) return true
  return block.kind !== 'paragraph' && block.citations.length > 0
}

function isFact({ block, words }: OwnSentence): boolean {
  return block.kind === 'figure' || block.kind === 'event' || statesFact(words)
}
