import { finding } from '../../core/finding.ts'
import { citedIds } from '../cited-ids.ts'
import { issueRule } from '../rule.ts'

export const thinSource = issueRule('DC103', {
  why:
    'Title, publisher, address and dates are what a reader needs to find the page again, when the address no longer ' +
    'answers above all. “unknown” is an honest value and shows; a gap is not.',
  bad: {
    brief: 'The gates closed at noon [@daily].',
    ledger: `
- id: daily
  title: Gates closed at noon
  publisher: Harbour Daily
  published: last Saturday
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
`,
  },
  // What an entry’s own fields say is found as it is read (sources/ledger.ts); this needs the citations.
  check({ texts, ledger }) {
    const { all, direct } = citedIds(texts.flatMap((text) => text.citations))
    return [...ledger.values()]
      .filter(
        ({ id, url, access }) => url === null && access === 'online' && (direct.has(id) || !all.has(id)),
      )
      .map((source) =>
        finding('DC103', source.place, `The source “${source.id}” has no url.`, {
          hint: 'add its address, or “access: offline” for a document without one',
        }),
      )
  },
})
