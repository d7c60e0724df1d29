import { parseEdtf } from '../../brief/edtf.ts'
import { finding, type Finding } from '../../core/finding.ts'
import type { CitedSource } from '../cited-source.ts'
import type { TextContext } from '../context.ts'
import type { DeskBlock } from '../desk-text.ts'
import type { DayOfMonth, Figure } from '../figures.ts'
import { figuresIn } from '../figures.ts'
import { textRule } from '../rule.ts'
import { sameFigure } from '../same-figure.ts'
import type { Sentence } from '../sentences.ts'
import type { SnapshotText } from '../snapshot-text.ts'
import { tollsIn } from '../tolls.ts'

const ledger = `
- id: daily
  title: Gates closed at noon
  publisher: Harbour Daily
  url: https://daily.example.org/gates
  published: 2025-11-08
  accessed: 2025-11-10
`
const snapshots = {
  daily:
    'The gates, 12 miles apart, were closed on 6 November. Repairs will cost £1,187,432, the board was told.',
}

export const figureMismatch = textRule('DC205', {
  why:
    'A figure changes on its way from the page to the brief more often than a word does. Each number and each date must ' +
    'stand in a source that the sentence cites; rounding, units and digits of another script are allowed for.',
  bad: { brief: 'Repairs will cost £1,178,432 [@daily].', ledger, snapshots },
  good: {
    brief: 'The gates, 19 km from each other, are shut since 6 November; repairs cost £1.2 million [@daily].',
    ledger,
    snapshots,
  },
  check(context) {
    return context.text.blocks
      .filter(({ kind }) => kind !== 'heading' && kind !== 'scenario')
      .flatMap((block) => block.sentences.flatMap((sentence) => mismatches(sentence, block, context)))
  },
})

interface Stored {
  readonly source: CitedSource
  readonly snapshot: SnapshotText
}

/** Nothing where a cited source has no stored copy: it may well have the figure. */
function mismatches(sentence: Sentence, block: DeskBlock, context: TextContext): Finding[] {
  const citations = block.kind === 'cell' ? block.citations : sentence.citations
  const items = citations.flatMap((citation) => citation.items)
  const ids = new Set(items.flatMap(({ id, via }) => (via === null ? [id] : [id, via])))
  const stored = [...ids].flatMap((id): Stored[] => {
    const source = context.sources.get(id)
    const snapshot = context.snapshot(id)
    return source === undefined || snapshot === null ? [] : [{ source, snapshot }]
  })
  if (items.length === 0) return []
  if (!items.every(({ id, via }) => stored.some(({ source }) => source.id === id || source.id === via)))
    return []

  const words = block.kind === 'figure' ? `${block.label} ${sentence.text}` : sentence.text
  const ours = figuresIn(words, context.lang)
  const shift = block.kind === 'figure' ? block.label.length + 1 : 0
  const at = (stretch: Figure | DayOfMonth): Finding => {
    const written = words.slice(stretch.start, stretch.end)
    const place = sentence.placeOf(Math.max(0, stretch.start - shift), Math.max(1, stretch.end - shift))
    const named = [...ids].map((id) => `“${id}”`).join(', ')
    const message = `No stored copy of what is cited here (${named}) has “${written.trim()}”.`
    return finding('DC205', place, message, { hint: 'look the figure up, or cite the page that has it' })
  }
  const isToll = tollsIn(sentence.text).length > 0
  return [
    ...ours.numbers
      .filter(
        (number) => isChecked(number, isToll) && !stored.some((each) => hasNumber(each, number, isToll)),
      )
      .map(at),
    ...ours.days.filter((day) => !stored.some((each) => hasDay(each, day))).map(at),
  ]
}

/** “Two sides”, “one of them”: a small number in words is a way of speaking, but for the dead and hurt. */
function isChecked({ spelled, values }: Figure, isToll: boolean): boolean {
  const value = values[0] ?? 0
  return !spelled || value > 12 || (isToll && value > 1)
}

function hasNumber({ source, snapshot }: Stored, number: Figure, isToll: boolean): boolean {
  const year = number.values[0] ?? 0
  if (isYear(number) && source.published.startsWith(String(year))) return true
  // Numbers in words are read in English alone.
  if (isToll && year <= 12 && (source.lang ?? 'en').split('-')[0] !== 'en') return true
  return snapshot.figures(source.lang ?? 'en').numbers.some((theirs) => sameFigure(number, theirs))
}

function isYear({ values, spelled }: Figure): boolean {
  const value = values[0] ?? 0
  return !spelled && Number.isInteger(value) && value >= 1900 && value <= 2100
}

/** News says “on Friday”: a day of the week before its date is in every report. */
function hasDay({ source, snapshot }: Stored, { month, day }: DayOfMonth): boolean {
  const published = parseEdtf(source.published)
  if (published !== null && published.month !== null && published.day !== null) {
    const after =
      Date.UTC(published.year, published.month - 1, published.day) - Date.UTC(published.year, month - 1, day)
    const days = after / 86_400_000
    if (days >= 0 && days <= 7) return true
  }
  return snapshot
    .figures(source.lang ?? 'en')
    .days.some((theirs) => theirs.month === month && theirs.day === day)
}
