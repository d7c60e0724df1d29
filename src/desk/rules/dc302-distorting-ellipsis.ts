import { finding, type Finding } from '../../core/finding.ts'
import { negates } from '../../sources/negation.ts'
import type { QuotationMatch } from '../../sources/quotation.ts'
import { holds } from '../held.ts'
import { quotedWords } from '../quoted-words.ts'
import { textRule } from '../rule.ts'

const ledger = `
- id: daily
  title: Gates closed at noon
  publisher: Harbour Daily
  url: https://daily.example.org/gates
  published: 2025-11-08
  accessed: 2025-11-10
`
const snapshots = {
  daily: `The gates closed at noon, said the harbour master, after a night of rain that nobody had foreseen.

The town council met in the evening. It heard four speakers, and none of them had seen the gates.

A ferry was late. Its captain blamed the weather, and the passengers blamed the captain.

In the end, the blame was put on the weather alone.`,
}

export const distortingEllipsis = textRule('DC302', {
  why:
    'An ellipsis tells the reader that what is left out changes nothing. It may not join two passages that stand far ' +
    'apart, and where it swallows a “not” a second look is due.',
  bad: {
    brief: 'The master spoke [@daily, "The gates closed at noon … the blame was put on the weather alone."].',
    ledger,
    snapshots,
  },
  good: {
    brief: 'The master spoke [@daily, "The gates closed at noon … after a night of rain"].',
    ledger,
    snapshots,
  },
  check(context) {
    return quotedWords(context).flatMap(({ text, place, snapshots }): Finding[] => {
      const held = snapshots.map((snapshot) => ({ snapshot, held: holds(snapshot, text) }))
      const whole = held.flatMap(({ snapshot, held }) =>
        held.kind === 'held' ? [omitted(snapshot.text, held.match)] : [],
      )
      if (whole.length > 0) {
        if (!whole.every((words) => words.some(negates))) return []
        const message = 'The ellipsis in this quotation leaves out a negation.'
        const hint = 'read the passage again, and quote more of it if the sense depends on it'
        return [finding('DC302', place, message, { severity: 'warning', hint })]
      }
      if (!held.some(({ held }) => held.kind === 'joined')) return []
      const message = 'The ellipsis in this quotation joins passages that stand far apart in the source.'
      return [finding('DC302', place, message, { hint: 'make two quotations of it' })]
    })
  },
})

/** What the ellipses of a quotation leave out. */
function omitted(source: string, { segments }: QuotationMatch): string[] {
  return segments
    .slice(1)
    .map((segment, index) => source.slice(segments[index]?.end ?? segment.start, segment.start))
}
