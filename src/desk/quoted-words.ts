import type { CitationItem } from '../brief/tree.ts'
import { placeOf, type Place } from '../core/finding.ts'
import { matchQuotation } from '../sources/quotation.ts'
import type { TextContext } from './context.ts'
import type { Sentence } from './sentences.ts'
import type { SnapshotText } from './snapshot-text.ts'
import { spokenIn } from './speech.ts'

/** Words that a text says a source has, and the stored copies in which they can be looked for. */
export interface QuotedWords {
  readonly text: string
  readonly place: Place
  /** The id of the first source that should have them. */
  readonly source: string
  readonly snapshots: readonly SnapshotText[]
}

/**
 * The quotations of a text that can be checked: those within citations, and those of its sentences where every
 * cited source has a stored copy in the brief’s language (another one’s words are a translation).
 */
export function quotedWords(context: TextContext): QuotedWords[] {
  const { text } = context
  const ofCitations = text.citations.flatMap((citation) =>
    citation.items.flatMap((item) => {
      const snapshots = snapshotsOf(item, context)
      if (item.quote === null || snapshots.length === 0) return []
      const place = placeOf(text.file, citation.position)
      return [{ text: item.quote, place, source: item.id, snapshots }]
    }),
  )
  const ofSentences = text.blocks.flatMap((block) =>
    block.sentences.flatMap((sentence) => ofSentence(sentence, context)),
  )
  return [...ofCitations, ...ofSentences]
}

function ofSentence(sentence: Sentence, context: TextContext): QuotedWords[] {
  const items = sentence.citations.flatMap((citation) => citation.items)
  const first = items[0]
  const spoken = spokenIn(sentence.text)
  if (first === undefined || spoken.length === 0) return []
  const found = items.map((item) => (speaksOurs(item.id, context) ? snapshotsOf(item, context) : []))
  if (found.some((snapshots) => snapshots.length === 0)) return []
  return spoken
    .filter(({ text }) => !items.some(({ quote }) => quote !== null && matchQuotation(quote, text).found))
    .map(({ text, start, end }) => ({
      text,
      place: sentence.placeOf(start, end),
      source: first.id,
      snapshots: found.flat(),
    }))
}

/** Of a source and of the relay through which it was reached. */
function snapshotsOf(item: CitationItem, context: TextContext): SnapshotText[] {
  const ids = item.via === null ? [item.id] : [item.id, item.via]
  return ids.flatMap((id) => context.snapshot(id) ?? [])
}

function speaksOurs(id: string, { sources, lang }: TextContext): boolean {
  const theirs = sources.get(id)?.lang ?? null
  return theirs === null || theirs.split('-')[0]?.toLowerCase() === lang.split('-')[0]?.toLowerCase()
}
