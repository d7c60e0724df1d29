import { finding } from '../../core/finding.ts'
import { ownProse } from '../own-prose.ts'
import { textRule } from '../rule.ts'
import { vagueAttributions } from '../vague-attribution.ts'

export const vagueAttribution = textRule('DC401', {
  why:
    '“Experts say” and “to some” lend an opinion the weight of a crowd that nobody can ask. It may be one colleague, or ' +
    'the writer.',
  bad: {
    brief: 'Experts say that the gates are too old [@daily]. To some, closing them was overdue [@daily].',
  },
  good: { brief: 'Ines Maro, who built them, says that the gates are too old [@daily].' },
  check(context) {
    return ownProse(context, { withStandfirst: true }).flatMap(({ sentence, words }) =>
      vagueAttributions(words).map(({ from, to, match }) =>
        finding('DC401', sentence.placeOf(from, to), `“${match}” does not say who.`, {
          hint: 'name at least one of them, or say it in the desk’s own voice',
        }),
      ),
    )
  },
})
