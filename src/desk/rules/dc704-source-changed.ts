import { finding } from '../../core/finding.ts'
import { issueRule } from '../rule.ts'

const entry = `
- id: daily
  title: Gates closed at noon
  publisher: Harbour Daily
  url: https://daily.example.org/gates
  published: 2025-11-08
  accessed: 2025-11-10
`
const link = { state: 'ok', reason: null, checkedAt: '2025-11-20T09:00:00Z', failingSince: null } as const

export const sourceChanged = issueRule('DC704', {
  why:
    'A page that no longer says what it is cited for may have been corrected. The brief then rests on something its ' +
    'own author took back.',
  bad: {
    brief: 'The gates closed at noon [@daily].',
    ledger: entry,
    links: { daily: { ...link, gone: ['closed both gates at noon'] } },
  },
  good: {
    brief: 'The gates closed at noon [@daily].',
    ledger: entry,
    links: { daily: { ...link, gone: [] } },
  },
  check({ ledger, links }) {
    return [...ledger.values()].flatMap((source) =>
      (links.get(source.id)?.gone ?? []).map((passage) =>
        finding('DC704', source.place, `The page of “${source.id}” no longer says “${passage}”.`, {
          hint: 'read the page again: was it corrected? The stored copy still has the words',
        }),
      ),
    )
  },
})
