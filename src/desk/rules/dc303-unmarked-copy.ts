import { finding, type Finding } from '../../core/finding.ts'
import { shinglesOf, shingleWord, type Shingles } from '../../sources/shingles.ts'
import type { TextContext } from '../context.ts'
import { ownWords } from '../quotations.ts'
import { textRule } from '../rule.ts'
import type { Sentence } from '../sentences.ts'
import type { SnapshotText } from '../snapshot-text.ts'

/** So many words in a row are another writer’s. */
const RUN = 8
/** Of these, so many must be plain words: a long name or a title can be said in one way only. */
const PLAIN = 5

const snapshots = {
  daily:
    'The harbour master closed the gates at noon because the river had risen faster than anybody could remember.',
}
const ledger = `
- id: daily
  title: Gates closed at noon
  publisher: Harbour Daily
  url: https://daily.example.org/gates
  published: 2025-11-08
  accessed: 2025-11-10
`

export const unmarkedCopy = textRule('DC303', {
  why:
    'Eight words in a row that stand in the source are the source’s words. They belong in quotation marks, or the ' +
    'sentence in your own words.',
  bad: {
    brief: 'The gates were shut: the river had risen faster than anybody could remember [@daily].',
    ledger,
    snapshots,
  },
  good: {
    brief: 'The gates were shut after a rise of the river that nobody could match from memory [@daily].',
    ledger,
    snapshots,
  },
  check(context) {
    const snapshots = [...context.sources.keys()].flatMap((id) => {
      const snapshot = context.snapshot(id)
      return snapshot === null ? [] : [{ id, snapshot }]
    })
    if (snapshots.length === 0) return []
    const { blocks, standfirst } = context.text
    return [...(standfirst === null ? [] : [standfirst]), ...blocks]
      .flatMap((block) => block.sentences)
      .flatMap((sentence) => copied(sentence, snapshots, context))
  },
})

interface Word {
  readonly text: string
  readonly start: number
  readonly end: number
}

interface Stored {
  readonly id: string
  readonly snapshot: SnapshotText
}

/** At most one finding a sentence: the first run of a stored copy, as far as it goes. */
function copied(sentence: Sentence, stored: readonly Stored[], { sources }: TextContext): Finding[] {
  const words = wordsOf(ownWords(sentence.text))
  for (let from = 0; from + RUN <= words.length; from++) {
    const hash = hashOf(words, from)
    const source = stored.find(({ snapshot }) => holds(snapshot, hash, words.slice(from, from + RUN)))
    if (source === undefined || hash === null) continue
    let to = from + RUN
    for (; to < words.length; to++) {
      const next = hashOf(words, to - RUN + 1)
      if (next === null || !includes(source.snapshot.shingles, next)) break
    }
    const run = words.slice(from, to)
    if (!isProse(run)) continue
    const place = sentence.placeOf(run[0]?.start ?? 0, run.at(-1)?.end ?? 0)
    const publisher = sources.get(source.id)?.publisher ?? source.id
    const message = `These ${run.length} words stand in ${publisher} (“${source.id}”) as they are here.`
    return [
      finding('DC303', place, message, { hint: 'put them in quotation marks, or say it in your own words' }),
    ]
  }
  return []
}

function wordsOf(text: string): Word[] {
  return [...text.matchAll(shingleWord)].map((match) => ({
    text: match[0],
    start: match.index,
    end: match.index + match[0].length,
  }))
}

/** Null where something was blanked out within the run: a quotation parts it. */
function hashOf(words: readonly Word[], from: number): number | null {
  const run = words.slice(from, from + RUN)
  if (run.some((word, index) => index > 0 && word.start - (run[index - 1]?.end ?? 0) > 6)) return null
  return shinglesOf(run.map(({ text }) => text).join(' '))[0] ?? null
}

/** A hash of 32 bits is shared by chance now and then; the words are not. */
function holds(snapshot: SnapshotText, hash: number | null, run: readonly Word[]): boolean {
  if (hash === null || !includes(snapshot.shingles, hash)) return false
  const wanted = run.map(({ text }) => text.normalize('NFKC').toLowerCase()).join(' ')
  const words = snapshot.text.normalize('NFKC').toLowerCase().match(shingleWord) ?? []
  return words.join(' ').includes(wanted)
}

function includes(sorted: Shingles, hash: number): boolean {
  let low = 0
  let high = sorted.length
  while (low < high) {
    const middle = (low + high) >> 1
    if ((sorted[middle] ?? 0) < hash) low = middle + 1
    else high = middle
  }
  return sorted[low] === hash
}

function isProse(run: readonly Word[]): boolean {
  return run.filter(({ text }) => /^\p{Ll}/u.test(text) || /^\p{Lo}/u.test(text)).length >= PLAIN
}
