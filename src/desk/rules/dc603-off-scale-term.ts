import { likelihoods } from '../../brief/likelihood.ts'
import { finding } from '../../core/finding.ts'
import { ownProse, stretchesOf } from '../own-prose.ts'
import { textRule } from '../rule.ts'
import { offScale } from '../words/odds.ts'
import { wholeWords } from '../words/pattern.ts'

const OFF_SCALE = wholeWords(offScale)
const hint = `use one of: ${Object.keys(likelihoods).join(', ')}`

export const offScaleTerm = textRule('DC603', {
  why:
    'Readers put “probably” anywhere between a half and nine tenths. The seven terms have bands that are printed beside ' +
    'them.',
  bad: {
    brief:
      'The gates closed at noon [@daily].\n\n:::scenarios\n- **Drift** (likely): the gates will probably stay shut.\n:::',
  },
  good: {
    brief:
      'The gates closed at noon [@daily].\n\n:::scenarios\n- **Drift** (likely): the gates stay shut.\n:::',
  },
  check(context) {
    return ownProse(context, { only: (block) => block.kind === 'scenario' }).flatMap(({ sentence, words }) =>
      stretchesOf(words, OFF_SCALE).map(({ from, to, match }) =>
        finding('DC603', sentence.placeOf(from, to), `“${match}” is not on the scale of likelihoods.`, {
          hint,
        }),
      ),
    )
  },
})
