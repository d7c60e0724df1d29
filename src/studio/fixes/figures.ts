import type { Finding } from '../../core/finding.ts'
import { figuresIn, type DayOfMonth, type Figure } from '../../desk/figures.ts'
import { sameFigure } from '../../desk/same-figure.ts'
import type { Sentence } from '../../desk/sentences.ts'
import type { Source } from '../../sources/source.ts'
import { citationPlace } from './cite.ts'
import { replacing, type FixWorld, type Proposal } from './fix.ts'
import { likelySources } from './likely-sources.ts'
import { sentenceAt, stretchAt, stretchOf } from './places.ts'

/** Characters around a figure that say what it counts; those nearer count twice. */
const AROUND = 70
const NEAR = 25
/** A figure is offered where it shares so many longer words with ours around it. */
const SHARED_WORDS = 2

/** Writes the figure that a cited copy has in the same words, or cites a source besides that has ours (DC205). */
export function figureFixes(finding: Finding, world: FixWorld): readonly Proposal[] {
  const { file } = finding
  const [text, desk] = [world.text(file), world.desk(file)]
  const found = desk === null ? null : sentenceAt(desk, finding)
  const around = text === null ? null : stretchAt(text, finding)
  if (text === null || desk === null || found === null || around === null) return []
  const { sentence, block } = found
  // A date takes the full stop behind it along, and with it the citation before that.
  const written = text.slice(around.from, around.to).replace(/\s*(?:\[[^]*)?$/u, '')
  const stretch = { from: around.from, to: around.from + written.length }
  const citations = block.kind === 'cell' ? block.citations : sentence.citations
  const ids = new Set(
    citations.flatMap(({ items }) => items.flatMap(({ id, via }) => (via === null ? [id] : [id, via]))),
  )
  const ledger = world.checked.issue?.ledger
  const proposals: Proposal[] = []
  const lang = world.checked.issue?.lang ?? 'en'
  for (const id of ids) {
    const source = ledger?.get(id)
    const theirs = source === undefined ? null : figureOf(source, written, sentence, world, lang)
    if (source === undefined || theirs === null || theirs === written) continue
    const label = `Write “${theirs}”, as ${source.publisher} has it`
    proposals.push(replacing(file, label, text, [{ ...stretch, insert: theirs }], `figure:${id}`))
  }
  const other = likelySources(sentence.text, world).filter(({ source }) => !ids.has(source.id))
  const last = sentence.own.findLast(({ narrative }) => !narrative)
  const bracket = last === undefined ? null : stretchOf(last)
  for (const { source } of other) {
    const close = bracket === null ? -1 : text.lastIndexOf(']', bracket.to - 1)
    const at = bracket !== null && close > bracket.from ? close : citationPlace(text, desk, sentence)
    if (at === null) continue
    const insert = at === close ? `; @${source.id}` : ` [@${source.id}]`
    const label = `Cite ${source.publisher} as well: its copy has it`
    proposals.push(replacing(file, label, text, [{ from: at, to: at, insert }], `cite:${source.id}`))
  }
  return proposals
}

/** The figure that a stored copy has where we have `written`, by the words around both; null: none is certain. */
function figureOf(
  source: Source,
  written: string,
  sentence: Sentence,
  world: FixWorld,
  lang: string,
): string | null {
  const snapshot = world.snapshot(source)
  const at = sentence.text.indexOf(written)
  if (snapshot === null || at === -1) return null
  const ours = figuresIn(written, lang)
  const isDay = ours.days.length > 0
  const theirs = snapshot.figures(source.lang ?? 'en')
  const around = (text: string, from: number, to: number) =>
    [AROUND, NEAR].map((reach) => wordsAround(text, from, to, reach))
  const wanted = around(sentence.text, at, at + written.length)
  const unit = figuresIn(sentence.text, lang).numbers.find(({ start }) => start === at)?.unit ?? null
  const rated = (isDay ? theirs.days : theirs.numbers.filter((each) => isLike(each, unit))).map((each) => {
    const words = around(snapshot.text, each.start, each.end)
    const shared = wanted.map((ours, index) => [...ours].filter((word) => words[index]?.has(word)).length)
    return { each, shared: shared.reduce((sum, count) => sum + count, 0) }
  })
  const [best, second] = rated.toSorted((a, b) => b.shared - a.shared)
  if (best === undefined || best.shared < SHARED_WORDS) return null
  // Two that stand in like words are no answer, unless they say the same.
  if (second?.shared === best.shared && !isSame(best.each, second.each)) return null
  return snapshot.text.slice(best.each.start, best.each.end).replace(/\s+/gu, ' ').trim()
}

function isLike(figure: Figure, unit: string | null): boolean {
  return !figure.spelled && (unit === null || figure.unit === null || figure.unit === unit)
}

function isSame(one: Figure | DayOfMonth, other: Figure | DayOfMonth): boolean {
  if ('values' in one) return 'values' in other && sameFigure(one, other)
  return !('values' in other) && one.month === other.month && one.day === other.day
}

function wordsAround(text: string, from: number, to: number, reach: number): ReadonlySet<string> {
  const words = `${text.slice(Math.max(0, from - reach), from)} ${text.slice(to, to + reach)}`
  return new Set(
    words
      .normalize('NFKC')
      .toLowerCase()
      .match(/\p{L}{4,}/gu) ?? [],
  )
}
