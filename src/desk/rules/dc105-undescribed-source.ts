import { finding } from '../../core/finding.ts'
import { isStandInTitle } from '../../sources/stand-in.ts'
import { citedIds } from '../cited-ids.ts'
import { issueRule } from '../rule.ts'

export const undescribedSource = issueRule('DC105', {
  why:
    'The studio makes an entry of an address, even where its page could not be read. What such an entry says nobody ' +
    'has seen: a reader would be led to a source that the desk knows by its address alone.',
  bad: {
    brief: 'The gates closed at noon [@daily-example].',
    ledger: `
- id: daily-example
  title: "[Page of daily.example.org]"
  publisher: Harbour Daily
  url: https://daily.example.org/gates
  published: unknown
  accessed: 2025-11-10
`,
  },
  good: {
    brief: 'The gates closed at noon [@daily-example].',
    ledger: `
- id: daily-example
  title: "[Notice of the closing of both gates]"
  publisher: Harbour Daily
  url: https://daily.example.org/gates
  published: unknown
  accessed: 2025-11-10
`,
  },
  check({ texts, ledger }) {
    const { all } = citedIds(texts.flatMap((text) => text.citations))
    // What nobody cites goes out nowhere; that it is there is another rule’s (DC102).
    return [...ledger.values()]
      .filter(({ id, title, consulted }) => isStandInTitle(title) && (consulted || all.has(id)))
      .map((source) =>
        finding('DC105', source.place, `Nobody has written yet what the source “${source.id}” is.`, {
          hint:
            'open its page, and write its title (or describe it [in brackets]), its publisher, its dates and the ' +
            'day on which you read it',
        }),
      )
  },
})
