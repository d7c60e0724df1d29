import { finding, placeOf, type Finding } from '../../core/finding.ts'
import { textRule } from '../rule.ts'

const entry = (id: string, publisher: string, more = ''): string => `
- id: ${id}
  title: Gates closed at noon
  publisher: ${publisher}
  url: https://${id}.example.org/gates
  published: 2025-11-08
  accessed: 2025-11-10${more}
`
const ledger = entry('minutes', 'Harbour Board') + entry('daily', 'Harbour Daily', '\n  origin: minutes')

export const secondHand = textRule('DC404', {
  why:
    'Where the ledger knows from whom a paper has a thing, the reader should hear it from there, and be told of the ' +
    'paper as the way to it.',
  bad: { brief: 'The gates closed at noon [@daily]. The minutes were kept [@minutes].', ledger },
  good: { brief: 'The gates closed at noon [@minutes; via @daily].', ledger },
  check({ text, sources }) {
    return text.blocks.flatMap(({ sentences }) =>
      sentences.flatMap((sentence) => {
        const direct = new Set(sentence.citations.flatMap(({ items }) => items.map(({ id }) => id)))
        return sentence.own.flatMap((citation) =>
          citation.items.flatMap(({ id, via }): Finding[] => {
            const origin = sources.get(id)?.origin ?? null
            if (via !== null || origin === null || !sources.has(origin) || direct.has(origin)) return []
            const message = `“${id}” relays “${origin}”, which the ledger lists.`
            const hint = `cite the origin through it: [@${origin}; via @${id}]`
            return [finding('DC404', placeOf(text.file, citation.position), message, { hint })]
          }),
        )
      }),
    )
  },
})
