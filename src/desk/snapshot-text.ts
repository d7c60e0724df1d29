import { shinglesOf, type Shingles } from '../sources/shingles.ts'
import { quotationMatcher, type QuotationMatch } from '../sources/quotation.ts'

/** The readable text of a stored copy, prepared for the rules as they ask. */
export interface SnapshotText {
  readonly hash: string
  readonly text: string
  /** Whether it holds a quotation, and where (`sources/quotation.ts`). */
  match(quotation: string): QuotationMatch
  /** Its runs of eight words (`sources/shingles.ts`). */
  readonly shingles: Shingles
}

/** A stored copy; what is costly is made on first use and kept with it. */
export function snapshotText(hash: string, text: string): SnapshotText {
  let matcher: ((quotation: string) => QuotationMatch) | null = null
  let shingles: Shingles | null = null
  return {
    hash,
    text,
    match: (quotation) => (matcher ??= quotationMatcher(text))(quotation),
    get shingles() {
      return (shingles ??= shinglesOf(text))
    },
  }
}
