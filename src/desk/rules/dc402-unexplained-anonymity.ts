import { finding, type Finding } from '../../core/finding.ts'
import type { TextContext } from '../context.ts'
import { ownProse, stretchesOf } from '../own-prose.ts'
import { textRule } from '../rule.ts'
import type { Sentence } from '../sentences.ts'
import { access, asUnnamed, reason, somebody, somebodySays } from '../words/anonymity.ts'
import { wholeWords } from '../words/pattern.ts'

const UNNAMED = wholeWords(asUnnamed)
const SOMEBODY = wholeWords(somebody)
const SOMEBODY_SAYS = wholeWords(somebodySays)
const EXPLAINED = wholeWords(`(?:${access}|${reason})`, 'iu')

export const unexplainedAnonymity = textRule('DC402', {
  why:
    'A reader cannot weigh somebody without a name. How they know, or why they may not be named, is what is left to ' +
    'judge them by.',
  bad: { brief: 'A person familiar with the order said that the gates were to stay shut [@daily].' },
  good: {
    brief:
      'A person who saw the order, and who asked not to be named for fear of dismissal, said that the gates were to ' +
      'stay shut [@daily].',
  },
  check(context) {
    return ownProse(context, { only: (block) => block.kind !== 'heading' }).flatMap(
      ({ sentence, words }): Finding[] => {
        if (EXPLAINED.test(words) || /\?\s*$/u.test(words)) return []
        const cited = sentence.citations.flatMap(({ items }) =>
          items.map(({ id }) => context.sources.get(id)),
        )
        if (cited.some((source) => (source?.anonymity ?? null) !== null)) return []
        const found = [...stretchesOf(words, UNNAMED), ...heardByDesk(sentence, words, context)].toSorted(
          (a, b) => a.from - b.from,
        )[0]
        if (found === undefined) return []
        const message = 'This source has no name, and neither how they know nor why they are unnamed is told.'
        const hint = 'say one of them in the sentence, or write “anonymity:” into the ledger entry'
        return [finding('DC402', sentence.placeOf(found.from, found.to), message, { hint })]
      },
    )
  },
})

/** Whom the desk itself heard: nothing is cited, or only conversations with nobody named. */
function heardByDesk(
  sentence: Sentence,
  words: string,
  { sources }: TextContext,
): ReturnType<typeof stretchesOf> {
  const items = sentence.citations.flatMap((citation) => citation.items)
  if (items.length === 0) return stretchesOf(words, SOMEBODY_SAYS)
  const nameless = items.every(({ id }) => {
    const source = sources.get(id)
    return source?.kind === 'interview' && source.author.length === 0
  })
  return nameless ? stretchesOf(words, SOMEBODY) : []
}
