import { finding } from '../../core/finding.ts'
import { issueRule } from '../rule.ts'
import { citedIds } from '../cited-ids.ts'

export const unusedSource = issueRule('DC102', {
  why: 'A list that names what no sentence rests on makes a brief look better read than it is.',
  bad: {
    brief: 'The gates closed at noon [@daily].',
    ledger: `
- id: daily
  title: Gates closed at noon
  publisher: Harbour Daily
  url: https://daily.example.org/gates
  published: 2025-11-08
  accessed: 2025-11-10
- id: echo
  title: Harbour in brief
  publisher: The Echo
  url: https://echo.example.org/brief
  published: 2025-11-08
  accessed: 2025-11-10
`,
  },
  good: {
    brief: 'The gates closed at noon [@daily].',
    ledger: `
- id: daily
  title: Gates closed at noon
  publisher: Harbour Daily
  url: https://daily.example.org/gates
  published: 2025-11-08
  accessed: 2025-11-10
- id: echo
  title: Harbour in brief
  publisher: The Echo
  url: https://echo.example.org/brief
  published: 2025-11-08
  accessed: 2025-11-10
  consulted: true
`,
  },
  check({ texts, ledger }) {
    const { all } = citedIds(texts.flatMap((text) => text.citations))
    return [...ledger.values()]
      .filter((source) => !all.has(source.id) && !source.consulted)
      .map((source) =>
        finding('DC102', source.place, `The source “${source.id}” is never cited.`, {
          hint: 'cite it, remove it, or write “consulted: true” if it was read',
        }),
      )
  },
})
