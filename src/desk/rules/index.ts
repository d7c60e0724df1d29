import type { Rule } from '../rule.ts'
import { unknownKey } from './dc101-unknown-key.ts'
import { unusedSource } from './dc102-unused-source.ts'
import { thinSource } from './dc103-thin-source.ts'
import { unsourced } from './dc104-unsourced.ts'
import { uncitedQuote } from './dc203-uncited-quote.ts'
import { figureMismatch } from './dc205-figure-mismatch.ts'
import { quoteNotFound } from './dc301-quote-not-found.ts'
import { distortingEllipsis } from './dc302-distorting-ellipsis.ts'
import { unmarkedCopy } from './dc303-unmarked-copy.ts'
import { falseCorroboration } from './dc502-false-corroboration.ts'
import { casualty } from './dc503-casualty.ts'
import { deadLink } from './dc701-dead-link.ts'
import { noSnapshot } from './dc703-no-snapshot.ts'
import { sourceChanged } from './dc704-source-changed.ts'
import { readingRules } from './reading.ts'

/** Every rule of the desk check, in the order of their ids. */
export const deskRules: readonly Rule[] = [
  unknownKey,
  unusedSource,
  thinSource,
  unsourced,
  uncitedQuote,
  figureMismatch,
  quoteNotFound,
  distortingEllipsis,
  unmarkedCopy,
  falseCorroboration,
  casualty,
  deadLink,
  noSnapshot,
  sourceChanged,
  ...readingRules,
].toSorted((a, b) => (a.id < b.id ? -1 : 1))
