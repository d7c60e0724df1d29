import { finding, type Finding } from '../../core/finding.ts'
import type { IssueContext } from '../context.ts'
import { holds } from '../held.ts'
import { quotedWords } from '../quoted-words.ts'
import { textRule } from '../rule.ts'
import { snapshotText } from '../snapshot-text.ts'

const ledger = `
- id: daily
  title: Gates closed at noon
  publisher: Harbour Daily
  url: https://daily.example.org/gates
  published: 2025-11-08
  accessed: 2025-11-10
`
const snapshots = {
  daily: 'Harbour master Ines Rook said: “We did not close the gates by ourselves.” She left.',
}

export const quoteNotFound = textRule('DC301', {
  why:
    'Words in quotation marks must stand in the source word for word. A dropped “not”, a changed figure or two words ' +
    'swapped make another statement; only quotation marks, dashes, spaces and the like may differ.',
  bad: {
    brief: 'The harbour master denied it [@daily, "We did close the gates by ourselves."].',
    ledger,
    snapshots,
  },
  good: {
    brief: 'The harbour master denied it [@daily, "We did not close the gates by ourselves."].',
    ledger,
    snapshots,
  },
  check(context) {
    return quotedWords(context).flatMap(({ text, place, source, snapshots }): Finding[] => {
      const held = snapshots.map((snapshot) => holds(snapshot, text))
      // “joined” is DC302’s.
      if (held.some(({ kind }) => kind !== 'absent')) return []
      const suggestion = held.flatMap((each) => (each.kind === 'absent' ? (each.suggestion ?? []) : []))[0]
      return [notFound(place, text, source, suggestion)]
    })
  },
  checkIssue: (context) => ledgerQuotes(context),
})

/** The passages that the ledger offers to the briefs. */
function ledgerQuotes({ ledger, snapshots }: IssueContext): Finding[] {
  return [...ledger.values()].flatMap((source) => {
    const state = source.snapshot === null ? undefined : snapshots?.get(source.snapshot)
    if (source.quotes.length === 0 || state?.state !== 'text') return []
    const stored = snapshotText(source.snapshot ?? '', state.text)
    return source.quotes.flatMap((quote) => {
      const match = stored.match(quote)
      return match.found ? [] : [notFound(source.place, quote, source.id, match.suggestion)]
    })
  })
}

function notFound(
  place: Parameters<typeof finding>[1],
  quote: string,
  source: string,
  suggestion: string | undefined,
): Finding {
  const bare = suggestion?.replace(/^[\s“”„«»"']+|[\s“”„«»"',;]+$/gu, '')
  const hint = bare === undefined ? 'copy the words from the page' : `did you mean “${bare}”?`
  return finding(
    'DC301',
    place,
    `The stored copy of “${source}” does not hold the words “${shortened(quote)}”.`,
    {
      hint,
    },
  )
}

function shortened(quote: string): string {
  return quote.length <= 120 ? quote : `${quote.slice(0, 119).trimEnd()}…`
}
