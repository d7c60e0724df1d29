import { cutQuotation } from '../sources/cut.ts'
import type { QuotationMatch } from '../sources/quotation.ts'
import type { SnapshotText } from './snapshot-text.ts'

/** What a stored copy says to a quotation. */
export type Held =
  | { readonly kind: 'held'; readonly match: QuotationMatch }
  /** Each of its stretches is there, and not together: an ellipsis joins what stands apart. */
  | { readonly kind: 'joined' }
  | { readonly kind: 'absent'; readonly suggestion: string | null }

/** Whether `snapshot` holds `quotation`, or at least its stretches one by one. */
export function holds(snapshot: SnapshotText, quotation: string): Held {
  const match = snapshot.match(quotation)
  if (match.found) return { kind: 'held', match }
  const { stretches, turnsWord } = cutQuotation(quotation)
  const omits = stretches.some((stretch) => stretch.joint?.kind === 'omission')
  if (omits && !turnsWord && stretches.every((stretch) => snapshot.match(stretch.text).found)) {
    return { kind: 'joined' }
  }
  return { kind: 'absent', suggestion: match.suggestion ?? null }
}
