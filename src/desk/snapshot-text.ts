import { quotationMatcher, type QuotationMatch } from '../sources/quotation.ts'

/** The readable text of a stored copy, prepared for the rules as they ask. */
export interface SnapshotText {
  readonly hash: string
  readonly text: string
  /** Whether it holds a quotation, and where (`sources/quotation.ts`). */
  match(quotation: string): QuotationMatch
}

/** A stored copy; what is costly is made on first use and kept with it. */
export function snapshotText(hash: string, text: string): SnapshotText {
  let matcher: ((quotation: string) => QuotationMatch) | null = null
  return {
    hash,
    text,
    match: (quotation) => (matcher ??= quotationMatcher(text))(quotation),
  }
}
