import type { Rule } from '../rule.ts'
import { unknownKey } from './dc101-unknown-key.ts'
import { unusedSource } from './dc102-unused-source.ts'
import { thinSource } from './dc103-thin-source.ts'
import { unsourced } from './dc104-unsourced.ts'
import { undescribedSource } from './dc105-undescribed-source.ts'
import { uncitedFact } from './dc201-uncited-fact.ts'
import { uncitedAttribution } from './dc202-uncited-attribution.ts'
import { uncitedQuote } from './dc203-uncited-quote.ts'
import { citationAdrift } from './dc204-citation-adrift.ts'
import { figureMismatch } from './dc205-figure-mismatch.ts'
import { quoteNotFound } from './dc301-quote-not-found.ts'
import { distortingEllipsis } from './dc302-distorting-ellipsis.ts'
import { unmarkedCopy } from './dc303-unmarked-copy.ts'
import { vagueAttribution } from './dc401-vague-attribution.ts'
import { unexplainedAnonymity } from './dc402-unexplained-anonymity.ts'
import { agentlessReport } from './dc403-agentless-report.ts'
import { secondHand } from './dc404-second-hand.ts'
import { singleSource } from './dc501-single-source.ts'
import { falseCorroboration } from './dc502-false-corroboration.ts'
import { casualty } from './dc503-casualty.ts'
import { interestedParty } from './dc504-interested-party.ts'
import { bareHedge } from './dc601-bare-hedge.ts'
import { mixedConfidence } from './dc602-mixed-confidence.ts'
import { offScaleTerm } from './dc603-off-scale-term.ts'
import { relativeTime } from './dc606-relative-time.ts'
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
  undescribedSource,
  uncitedFact,
  uncitedAttribution,
  uncitedQuote,
  citationAdrift,
  figureMismatch,
  quoteNotFound,
  distortingEllipsis,
  unmarkedCopy,
  vagueAttribution,
  unexplainedAnonymity,
  agentlessReport,
  secondHand,
  singleSource,
  falseCorroboration,
  casualty,
  interestedParty,
  bareHedge,
  mixedConfidence,
  offScaleTerm,
  relativeTime,
  deadLink,
  noSnapshot,
  sourceChanged,
  ...readingRules,
].toSorted((a, b) => (a.id < b.id ? -1 : 1))
