import { finding, placeOf, type Finding } from '../../core/finding.ts'
import type { TextContext } from '../context.ts'
import { textRule } from '../rule.ts'
import type { Sentence } from '../sentences.ts'

const entry = (id: string, publisher: string, more = ''): string => `
- id: ${id}
  title: Gates closed at noon
  publisher: ${publisher}
  url: https://${id}.example.org/gates
  published: 2025-11-08
  accessed: 2025-11-10
  kind: newspaper${more}
`

export const falseCorroboration = textRule('DC502', {
  why:
    'Two papers that print one agency’s report are one voice. Side by side they look like two witnesses, which is ' +
    'how a mistake comes to be believed.',
  bad: {
    brief: 'The gates closed at noon [@daily; @echo].',
    ledger:
      entry('daily', 'Harbour Daily', '\n  origin: AP') +
      entry('echo', 'The Echo', '\n  origin: Associated Press'),
  },
  good: {
    brief: 'The gates closed at noon [@daily; @echo].',
    ledger: entry('daily', 'Harbour Daily', '\n  origin: AP') + entry('echo', 'The Echo'),
  },
  check(context) {
    return context.text.blocks.flatMap((block) =>
      block.sentences.flatMap((sentence) => oneVoice(sentence, context)),
    )
  },
})

/** For each source of a sentence that adds no voice to those before it. */
function oneVoice(sentence: Sentence, { text, voices, sources }: TextContext): Finding[] {
  const before: string[] = []
  return sentence.own.flatMap((citation) =>
    citation.items.flatMap(({ id }): Finding[] => {
      if (!sources.has(id)) return []
      const shared = before.map((other) => ({ other, why: voices.shared(other, id) }))
      before.push(id)
      if (shared.some(({ why }) => why === 'same')) return []
      const twin = shared.find(({ why }) => why !== null)
      if (twin === undefined) return []
      const why = twin.why === 'origin' ? 'both relay one origin' : 'their texts are nearly the same'
      const message = `“${twin.other}” and “${id}” are one voice: ${why}.`
      const hint = 'cite the origin, or one of them, or a source that knows it otherwise'
      return [finding('DC502', placeOf(text.file, citation.position), message, { hint })]
    }),
  )
}
