import type { ListedSource } from '../../issue/sources-document.ts'
import { wordsOf } from './seen.ts'
import type { Segment } from './segments.ts'

/** A citation whose number stayed, and which stands for another source. */
export interface CitationChange {
  /** `[3]`. */
  readonly mark: string
  /** Null: the list had none of that number. */
  readonly from: NamedSource | null
  readonly to: NamedSource | null
}

export interface NamedSource {
  readonly id: string
  readonly number: number | null
  readonly publisher: string
  readonly title: string
  readonly url: string | null
}

type Sources = readonly ListedSource[]

/** In words that stayed: every citation that stands for another source than it did. */
export function citationChanges(
  segments: readonly Segment[],
  before: Sources,
  after: Sources,
): CitationChange[] {
  const found = new Map<string, CitationChange>()
  for (const { kind, text } of segments) {
    if (kind !== 'same' && kind !== 'link') continue
    for (const { text: mark } of wordsOf(text)) {
      const number = numberOf(mark)
      if (number === null) continue
      const [from, to] = [named(before, number), named(after, number)]
      if (from?.id !== to?.id) found.set(mark, { mark, from, to })
    }
  }
  return [...found.values()]
}

/** Whether nothing changed but numbers: each citation stands for the source that it stood for. */
export function isRenumbered(segments: readonly Segment[], before: Sources, after: Sources): boolean {
  const cited = (kind: 'added' | 'removed', sources: Sources): readonly string[] | null => {
    const marks = segments.filter((segment) => segment.kind === kind).flatMap(({ text }) => wordsOf(text))
    const ids = marks.map(({ text }) => {
      const number = numberOf(text)
      const source = number === null ? undefined : sources.find((each) => each.number === number)
      return source === undefined ? null : `${source.id} ${text.replace(/\d+/u, '')}`
    })
    return ids.every((id) => id !== null) ? ids : null
  }
  const [was, is] = [cited('removed', before), cited('added', after)]
  if (was === null || is === null || was.length === 0 || was.length !== is.length) return false
  return was.every((id, index) => id === is[index]) && segments.every(({ kind }) => kind !== 'link')
}

function named(sources: Sources, number: number): NamedSource | null {
  const source = sources.find((each) => each.number === number)
  return source === undefined ? null : nameOf(source)
}

/** What a source is called. */
export function nameOf({ id, number, publisher, title, url }: ListedSource): NamedSource {
  return { id, number, publisher, title, url }
}

/** `[3]` or `[3, p. 18]`; null: no citation. */
function numberOf(word: string): number | null {
  const digits = /^\[(\d{1,4})(?:, [^\][]+)?\]$/u.exec(word)?.[1]
  return digits === undefined ? null : Number(digits)
}
