import { finding, type Finding } from '../../core/finding.ts'
import type { SourceKind } from '../../sources/source.ts'
import type { TextContext } from '../context.ts'
import { isWithin, type DeskBlock } from '../desk-text.ts'
import { countWords } from '../quotations.ts'
import { textRule } from '../rule.ts'
import type { Sentence } from '../sentences.ts'
import { accountsIn, namesTheGap, tollsIn } from '../tolls.ts'

const ledger = `
- id: ministry
  title: Statement on the night of 7 November
  publisher: Ministry of Health
  url: https://ministry.example.org/7
  published: 2025-11-08
  accessed: 2025-11-10
  kind: official
  party: northland
- id: daily
  title: Dozens feared dead
  publisher: Harbour Daily
  url: https://daily.example.org/dead
  published: 2025-11-08
  accessed: 2025-11-10
  kind: newspaper
  origin: ministry
- id: echo
  title: Ministry counts the dead
  publisher: The Echo
  url: https://echo.example.org/dead
  published: 2025-11-08
  accessed: 2025-11-10
  kind: newspaper
- id: mission
  title: First count of the mission
  publisher: UN mission
  url: https://mission.example.org/count
  published: 2025-11-09
  accessed: 2025-11-10
  kind: un
  consulted: true
`

export const casualty = textRule('DC503', {
  why:
    'The dead are counted by those who have an interest in the number. A toll needs a second, independent voice, or its ' +
    'owner’s name beside what the other side says or does not say. A party never corroborates itself: two papers ' +
    'that quote one ministry are one voice.',
  bad: {
    brief:
      'The Ministry of Health said that 14 people were killed [@ministry; via @daily].\n\nIts count was printed by two papers: 14 people were killed, the ministry said [@daily; @echo].',
    ledger: ledger.replace('  origin: ministry\n', ''),
  },
  good: {
    brief:
      'The Ministry of Health said that 14 people were killed; the UN mission counted 11 [@ministry; @mission].\n\nThe ministry counted nine wounded [@echo]. No second count is among the pages that we have seen [@daily].',
    ledger,
  },
  check(context) {
    return context.text.blocks
      .filter(({ kind }) => kind !== 'heading' && kind !== 'scenario')
      .flatMap((block) => block.sentences.flatMap((sentence) => tolls(sentence, block, context)))
  },
})

/** One finding a sentence, at its first toll. */
function tolls(sentence: Sentence, block: DeskBlock, context: TextContext): Finding[] {
  const words = block.kind === 'figure' ? `${block.label} ${sentence.text}` : sentence.text
  const toll = tollsIn(words)[0]
  const items = (sentence.citations.length > 0 ? sentence.citations : block.citations).flatMap(
    (citation) => citation.items,
  )
  // A toll without any citation is DC201’s.
  if (toll === undefined || items.length === 0 || sentence.text.endsWith('?')) return []
  const scope = scopeOf(block, context)
  const narrative = sentence.citations.filter((citation) => citation.narrative)
  const attributed =
    narrative.length > 0 ||
    accountsIn(words).length > 0 ||
    isWithin(block, 'positions') ||
    speakersOf(block, context).length > 0
  const voices = context.voices.independent(items)
  // In the words of one speaker, papers relay; only those who can know for themselves add a voice.
  const counted = attributed
    ? voices.filter((voice) => primary.has(context.sources.get(voice)?.kind ?? 'reference'))
    : voices
  if (counted.length >= 2) return []
  if (attributed && (accountsIn(scope).length >= 2 || namesTheGap(scope) || hasSides(block, context)))
    return []
  const shift = block.kind === 'figure' ? block.label.length + 1 : 0
  const place = sentence.placeOf(Math.max(0, toll.start - shift), Math.max(0, toll.end - shift))
  const party = items.map(({ id }) => context.voices.partyOf(id)).find((each) => each !== null)
  if (!attributed && party !== undefined) {
    const message = `This toll is stated as fact on the word of a party (${party}).`
    return [finding('DC503', place, message, { hint: 'say who counts so, and what others count' })]
  }
  const message =
    items.length > 1
      ? 'The sources of this toll are one voice; they do not corroborate each other.'
      : 'This toll rests on one voice.'
  const hint = attributed
    ? 'add what the other side or an independent body counts, or say that no other count is known'
    : 'add an independent source, or say whose count it is and what others count'
  return [finding('DC503', place, message, { hint })]
}

/** Who may know a number without being told. */
const primary: ReadonlySet<SourceKind> = new Set(['official', 'un', 'dataset', 'paper', 'interview'])

/** The words among which the other side’s count may stand: the block; of figures, positions and a row, all of them. */
function scopeOf(block: DeskBlock, { text }: TextContext): string {
  const group = block.parents.findLast(
    ({ type }) => type === 'figures' || type === 'positions' || type === 'tableRow',
  )
  const blocks = group === undefined ? [block] : text.blocks.filter((each) => each.parents.includes(group))
  return blocks
    .map(
      (each) =>
        `${each.kind === 'figure' ? `${each.label} ` : ''}${each.sentences.map((one) => one.text).join(' ')}`,
    )
    .join('\n')
}

/** Side by side with another party’s words, or in a row of a table that names who said it. */
function hasSides(block: DeskBlock, context: TextContext): boolean {
  if (speakersOf(block, context).length >= 2) return true
  const positions = block.parents.find(({ type }) => type === 'positions')
  return positions !== undefined && 'children' in positions && positions.children.length >= 2
}

/** Whom another cell of a table's row names: “Taliban · Pakistani official · UNAMA”. */
function speakersOf(block: DeskBlock, { text }: TextContext): string[] {
  if (block.kind !== 'cell') return []
  const row = block.parents.at(-1)
  const others = text.blocks.filter((each) => each !== block && each.parents.at(-1) === row)
  return others
    .map((each) => each.sentences.map((sentence) => sentence.text).join(' '))
    .filter((words) => !/\d/u.test(words) && words !== '')
    .flatMap((words) => words.split(/\s*(?:[·;/,]|\band\b)\s*/u))
    .filter((name) => name !== '' && countWords(name) <= 6)
}
