import { finding } from '../../core/finding.ts'
import { ownProse, stretchesOf } from '../own-prose.ts'
import { textRule } from '../rule.ts'
import { hearsay } from '../words/hearsay.ts'
import { wholeWords } from '../words/pattern.ts'

const HEARSAY = wholeWords(hearsay)
/** Somebody is named as the one who says so. */
const AGENT = /(?<![\p{L}])according to (?!some|many|most|reports|sources|experts)/iu

export const agentlessReport = textRule('DC403', {
  why:
    '“Reportedly” and “it is believed” take the reporter and the believer out of the sentence, and with them what a ' +
    'reader could ask.',
  bad: { brief: 'The gates were reportedly shut on purpose [@daily].' },
  good: { brief: 'The gates were shut on purpose, the harbour master believes [@daily].' },
  check(context) {
    return ownProse(context, { withStandfirst: true }).flatMap(({ sentence, words }) =>
      AGENT.test(words)
        ? []
        : stretchesOf(words, HEARSAY).map(({ from, to, match }) =>
            finding('DC403', sentence.placeOf(from, to), `“${match}” does not say by whom.`, {
              hint: 'say who reports or believes it',
            }),
          ),
    )
  },
})
