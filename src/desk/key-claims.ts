import type { Citation, CitationItem } from '../brief/tree.ts'
import type { CheckedIssue } from './checked-issue.ts'
import { readBrief, readNote } from './desk-text.ts'

/** A claim that an editor marked `{key}`, and what its whole sentence cites. */
export interface KeyClaim {
  readonly citation: Citation
  readonly items: readonly CitationItem[]
}

/** The key claims of an issue in the order of the text, for its sourcing statement. */
export function keyClaims(issue: CheckedIssue['issue']): KeyClaim[] {
  if (issue === null) return []
  const nameOf = (id: string): string => issue.ledger.get(id)?.publisher ?? id
  const texts = [
    readNote(issue.file, issue.note, nameOf),
    ...issue.briefs.map((brief) => readBrief(brief, nameOf)),
  ]
  return texts.flatMap(({ blocks }) =>
    blocks.flatMap(({ sentences }) =>
      sentences.flatMap(({ own, citations }) =>
        own
          .filter(({ key }) => key)
          .map((citation) => ({ citation, items: citations.flatMap(({ items }) => items) })),
      ),
    ),
  )
}
