import type { CitationItem } from '../brief/tree.ts'
import type { CitedSource } from './cited-source.ts'
import type { SnapshotText } from './snapshot-text.ts'

/** Who is heard through which source. */
export interface Voices {
  /** The voice behind a source: equal for sources that relay one origin or carry one text. */
  of(id: string): string
  /** The voice of a citation's item: its origin's, also where it was reached via a relay. */
  ofItem(item: CitationItem): string
}

export function findVoices(
  sources: ReadonlyMap<string, CitedSource>,
  _snapshot: (id: string) => SnapshotText | null,
): Voices {
  const of = (id: string): string => sources.get(id)?.origin ?? id
  return { of, ofItem: (item) => of(item.id) }
}
