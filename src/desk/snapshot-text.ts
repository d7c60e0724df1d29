import { figuresIn } from './figures.ts'
import { shinglesOf, shingleWord, type Shingles } from '../sources/shingles.ts'
import { quotationMatcher, type QuotationMatch } from '../sources/quotation.ts'

/** The readable text of a stored copy, prepared for the rules as they ask. */
export interface SnapshotText {
  readonly hash: string
  readonly text: string
  /** Whether it holds a quotation, and where (`sources/quotation.ts`). */
  match(quotation: string): QuotationMatch
  /** Its runs of eight words (`sources/shingles.ts`). */
  readonly shingles: Shingles
  /** Its words in lower case, a space between two. */
  readonly words: string
  /** Its numbers and dates; `lang` is the language of the names of months. */
  figures(lang: string): ReturnType<typeof figuresIn>
}

/** A stored copy; what is costly is made on first use and kept with it. */
export function snapshotText(hash: string, text: string): SnapshotText {
  let matcher: ((quotation: string) => QuotationMatch) | null = null
  let figures: ReturnType<typeof figuresIn> | null = null
  let words: string | null = null
  let shingles: Shingles | null = null
  return {
    hash,
    text,
    match: (quotation) => (matcher ??= quotationMatcher(text))(quotation),
    figures: (lang) => (figures ??= figuresIn(text, lang)),
    get words() {
      return (words ??= (text.normalize('NFKC').toLowerCase().match(shingleWord) ?? []).join(' '))
    },
    get shingles() {
      return (shingles ??= shinglesOf(text))
    },
  }
}
