import { figuresIn } from '../../desk/figures.ts'
import { sameFigure } from '../../desk/same-figure.ts'
import type { SnapshotText } from '../../desk/snapshot-text.ts'
import { spokenIn } from '../../desk/speech.ts'
import type { Source } from '../../sources/source.ts'
import type { FixWorld } from './fix.ts'

/** A source whose stored copy has what a sentence says. */
export interface LikelySource {
  readonly source: Source
  readonly snapshot: SnapshotText
  /** The first figure of the copy that stands in the sentence too, or null. */
  readonly at: number | null
}

/** More than these nobody compares. */
const MOST = 2
/** Of the longer words of a sentence without figures or quotations, so many must stand in the copy. */
const SHARED = 0.6

/**
 * The sources of the ledger whose stored copies have every quotation, number and date of a sentence, and most
 * of its longer words where it has none of them: the likeliest first.
 */
export function likelySources(sentence: string, world: FixWorld): readonly LikelySource[] {
  const { issue } = world.checked
  if (issue === null) return []
  const { numbers, days } = figuresIn(sentence, issue.lang)
  const quotes = spokenIn(sentence)
  const words = longWords(sentence)
  const found = [...issue.ledger.values()].flatMap((source) => {
    const snapshot = world.snapshot(source)
    if (snapshot === null) return []
    const theirs = snapshot.figures(source.lang ?? 'en')
    const shared = words.filter((word) => snapshot.words.includes(word)).length / Math.max(1, words.length)
    if (!quotes.every(({ text }) => snapshot.match(text).found)) return []
    const told = numbers.filter(({ spelled }) => !spelled)
    const same = told.map((ours) => theirs.numbers.find((other) => sameFigure(ours, other)))
    const dates = days.map((ours) => theirs.days.find((other) => isSameDay(ours, other)))
    if ([...same, ...dates].includes(undefined)) return []
    const isSure = quotes.length + told.length + days.length > 0
    if (shared < (isSure ? SHARED / 3 : SHARED)) return []
    return [{ source, snapshot, at: (same[0] ?? dates[0])?.start ?? null, shared }]
  })
  return found
    .toSorted((a, b) => b.shared - a.shared)
    .slice(0, MOST)
    .map(({ source, snapshot, at }) => ({ source, snapshot, at }))
}

interface Day {
  readonly month: number
  readonly day: number
}

function isSameDay(ours: Day, theirs: Day): boolean {
  return ours.month === theirs.month && ours.day === theirs.day
}

function longWords(text: string): readonly string[] {
  return [
    ...new Set(
      text
        .normalize('NFKC')
        .toLowerCase()
        .match(/\p{L}{5,}/gu) ?? [],
    ),
  ]
}
