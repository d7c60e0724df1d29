import { finding } from '../../core/finding.ts'
import { ownProse, stretchesOf, type OwnSentence } from '../own-prose.ts'
import { textRule } from '../rule.ts'
import { wholeWords } from '../words/pattern.ts'
import { movingDays, nearTimes, spans } from '../words/time.ts'

const number = '(?:few |several |couple of |two |three |four |five |six |ten |twelve |\\p{Nd}+ )?'
/** “The last week of the war” and “the next day” hang on another date. */
const RELATIVE = wholeWords(
  `(?:${movingDays}|(?<!(?:the|that|very|his|her|its|their|a) )(?:last|this|next) ${nearTimes}(?! of(?! this))|${spans} ago|(?:in|over|within|for|during|of|throughout) (?:the |these )?(?:past|coming|recent|last|next) ${number}${spans}(?! of(?![\\p{L}]))|this past ${nearTimes})`,
)

export const relativeTime = textRule('DC606', {
  why: 'A brief is read for years. “Yesterday” moves with its reader; a date stays.',
  bad: { brief: 'The gates closed yesterday [@daily].' },
  good: { brief: 'The gates closed on 8 November, a day after the storm [@daily].' },
  check(context) {
    return ownProse(context, { withStandfirst: true }).flatMap((own) =>
      stretchesOf(own.words, RELATIVE)
        .filter(({ from }) => !isName(own, from))
        .map(({ from, to, match }) =>
          finding(
            'DC606',
            own.sentence.placeOf(from, to),
            `“${match}” will mean another day to a later reader.`,
            {
              hint: 'write the date',
            },
          ),
        ),
    )
  },
})

/** “USA Today”, “Yesterday & Sons”: a capital within the sentence. */
function isName({ words }: OwnSentence, from: number): boolean {
  return /\p{Lu}/u.test(words.charAt(from)) && /[\p{L}\p{N}]/u.test(words.slice(0, from))
}
