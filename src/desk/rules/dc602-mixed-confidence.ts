import { finding, type Finding } from '../../core/finding.ts'
import { ownProse } from '../own-prose.ts'
import { textRule } from '../rule.ts'
import { confidence, likelihoods } from '../words/odds.ts'
import { wholeWords } from '../words/pattern.ts'

const LIKELIHOOD = wholeWords(likelihoods, 'iu')
const CONFIDENCE = wholeWords(confidence, 'iu')

export const mixedConfidence = textRule('DC602', {
  why:
    'How likely a thing is and how sure the desk is of its judgement are two measures (ICD 203). In one sentence a ' +
    'reader takes one for the other.',
  bad: {
    brief: 'The gates closed at noon [@daily]. We judge with high confidence that they are unlikely to open.',
  },
  good: {
    brief: 'The gates closed at noon [@daily]. They are unlikely to open. Our confidence in this is high.',
  },
  check(context) {
    return ownProse(context, { withStandfirst: true }).flatMap(({ sentence, words }): Finding[] => {
      if (!LIKELIHOOD.test(words)) return []
      const found = CONFIDENCE.exec(words)
      if (found === null) return []
      const place = sentence.placeOf(found.index, found.index + found[0].length)
      const message = 'This sentence gives a likelihood and a confidence at once.'
      return [finding('DC602', place, message, { hint: 'say how sure the desk is in a sentence of its own' })]
    })
  },
})
