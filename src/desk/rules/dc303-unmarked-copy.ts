import { finding, type Finding } from '../../core/finding.ts'
import { runHashes, shingleWord, type Shingles } from '../../sources/shingles.ts'
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
  const own = ownWords(sentence.text)
  const hashes = runHashes(own)
  if (!stored.some(({ snapshot }) => hashes.some((hash) => includes(snapshot.shingles, hash)))) return []
  const words = wordsOf(own)
  // A sign that NFKC takes apart would shift the words against their hashes.
  if (words.length !== hashes.length + RUN - 1) return []
  for (const from of hashes.keys()) {
    const isCopy = ({ snapshot }: Stored, at: number): boolean =>
      isUnbroken(words, at) && includes(snapshot.shingles, hashes[at] ?? 0)
    const source = stored.find(
      (each) => isCopy(each, from) && holds(each.snapshot, words.slice(from, from + RUN)),
    )
    if (source === undefined) continue
    let last = from
    while (last + 1 < hashes.length && isCopy(source, last + 1)) last++
    const run = words.slice(from, last + RUN)
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

/** Whether no quotation parts the eight words from `at`; its own words were blanked out. */
function isUnbroken(words: readonly Word[], at: number): boolean {
  const run = words.slice(at, at + RUN)
  return run.every((word, index) => index === 0 || word.start - (run[index - 1]?.end ?? 0) <= 6)
}

/** A hash of 32 bits is shared by chance now and then; the words are not. */
function holds(snapshot: SnapshotText, run: readonly Word[]): boolean {
  return snapshot.words.includes(run.map(({ text }) => text.normalize('NFKC').toLowerCase()).join(' '))
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
