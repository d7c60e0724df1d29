import type { Citation } from '../brief/tree.ts'

/** The ids that citations name, relays included; `direct`: those that a reader is led to. */
export function citedIds(citations: readonly Citation[]): {
  readonly all: ReadonlySet<string>
  readonly direct: ReadonlySet<string>
} {
  const all = new Set<string>()
  const direct = new Set<string>()
  for (const { id, via } of citations.flatMap((citation) => citation.items)) {
    all.add(id)
    if (via !== null) all.add(via)
    direct.add(via ?? id)
  }
  return { all, direct }
}
