import { finding } from '../../core/finding.ts'
import { ownProse, stretchesOf } from '../own-prose.ts'
import { textRule } from '../rule.ts'

/** Not the month, not strength, not what was never in somebody’s power: “could not”, “could have”. */
const HEDGE =
  /(?<![\p{L}])(?:may|(?<!(?:military|own|full|the|its|their|all|with) )might(?! (?:is|was|makes|keeps)\b)|could(?! (?:not|never|hardly|have)\b))(?![\p{L}])/gu
/** Before the word: a rule or an inability, which forecast nothing. */
const RULED = /(?<![\p{L}])(?:only|no|neither|nobody|none|nor)(?![\p{L}])[^.;:]{0,40}$/iu

export const bareHedge = textRule('DC601', {
  why:
    '“May” and “could” are true of almost everything. A forecast says how likely a thing is, in one of the seven terms ' +
    'that a reader can hold it to.',
  bad: {
    brief:
      'The gates closed at noon [@daily].\n\n:::scenarios\n- **Drift** (likely): the gates may stay shut.\n:::',
  },
  good: {
    brief:
      'The gates closed at noon [@daily].\n\n:::scenarios\n- **Drift** (likely): the gates stay shut.\n:::',
  },
  check(context) {
    return ownProse(context, { only: (block) => block.kind === 'scenario' }).flatMap(({ sentence, words }) =>
      stretchesOf(words, HEDGE)
        .filter(({ from }) => !RULED.test(words.slice(Math.max(0, from - 60), from)))
        .map(({ from, to, match }) =>
          finding('DC601', sentence.placeOf(from, to), `“${match}” forecasts nothing.`, {
            hint: 'say what happens in this scenario; its likelihood stands in the brackets',
          }),
        ),
    )
  },
})
