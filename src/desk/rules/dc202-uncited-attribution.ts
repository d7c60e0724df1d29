import { finding, type Finding } from '../../core/finding.ts'
import { allAdrift } from '../adrift.ts'
import { reportedSpeech } from '../attribution.ts'
import { isWithin } from '../desk-text.ts'
import { analysisBlocks, ownProse } from '../own-prose.ts'
import { textRule } from '../rule.ts'
import { spokenIn } from '../speech.ts'

export const uncitedAttribution = textRule('DC202', {
  why:
    'To write that somebody said something is to have heard or read it somewhere. The reader should be able to look ' +
    'there, too.',
  bad: { brief: 'The gates closed at noon [@daily]. The harbour master announced a freeze on hiring.' },
  good: {
    brief: 'The gates closed at noon [@daily]. The harbour master announced a freeze on hiring [@daily].',
  },
  check(context) {
    const adrift = allAdrift(context.text.blocks)
    const analysis = analysisBlocks(context.text.blocks)
    return ownProse(context, {
      only: (block) =>
        !analysis.has(block) &&
        block.kind !== 'heading' &&
        block.kind !== 'scenario' &&
        !isWithin(block, 'note', 'correction'),
    }).flatMap(({ block, sentence, words }): Finding[] => {
      const cited =
        sentence.citations.length > 0 || (block.kind !== 'paragraph' && block.citations.length > 0)
      if (cited || adrift.has(sentence)) return []
      const speech = reportedSpeech(words)
      // A quotation without a source is DC203’s.
      if (speech === null || spokenIn(sentence.text).length > 0) return []
      const message = 'This says what somebody said, and not where.'
      const hint = 'cite the page that has it'
      return [finding('DC202', sentence.placeOf(speech.from, speech.to), message, { hint })]
    })
  },
})
