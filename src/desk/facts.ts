/** What makes a sentence one that a reader could ask a source for. */
export type FactKind = 'name' | 'body' | 'number' | 'date' | 'attribution' | 'event'

/**
 * The kinds of fact that a text states. Deterministic and generous: it decides whether a paragraph
 * needs a source at all, never whether a single sentence is wrong. Words are English; numbers, names
 * and dates are found in any language that has them.
 */
export function factsIn(text: string): ReadonlySet<FactKind> {
  const kinds = new Set<FactKind>()
  if (NUMBER.test(text) || NUMBER_WORD.test(text)) kinds.add('number')
  if (DATE.test(text)) kinds.add('date')
  if (BODY.test(text)) kinds.add('body')
  if (attributes(text)) kinds.add('attribution')
  if (EVENT.test(text)) kinds.add('event')
  if (hasName(text)) kinds.add('name')
  return kinds
}

/** Whether a text says that somebody said, thinks or reports something, named or not. */
export function attributes(text: string): boolean {
  return ATTRIBUTION.test(text)
}

const NUMBER = /\p{Nd}/u

const NUMBER_WORD =
  /\b(?:two|three|four|five|six|seven|eight|nine|ten|eleven|twelve|(?:thir|four|fif|six|seven|eigh|nine)teen|twenty|thirty|forty|fifty|sixty|seventy|eighty|ninety|hundreds?|thousands?|millions?|billions?|dozens?|half|a third|a quarter|two-thirds|per cent|percent)\b/iu

const DATE =
  /\b(?:January|February|March|April|June|July|August|September|October|November|December|Monday|Tuesday|Wednesday|Thursday|Friday|Saturday|Sunday)\b|\b(?:yesterday|today|tomorrow|tonight|overnight|(?:last|this|next|earlier this|late last) (?:week|month|year|night|spring|summer|autumn|fall|winter|weekend))\b/u

const BODY =
  /\b(?:ministry|ministries|government|cabinet|parliament|congress|senate|council|commission|committee|court|tribunal|army|navy|air force|military|police|troops|soldiers|militia|militants|rebels|president|prime minister|minister|governor|mayor|ambassador|envoy|spokes(?:man|woman|person)|officials?|authorities|diplomats|delegation|embassy|union|party|parties|opposition|company|companies|bank|agency|agencies|regulator|university|hospital|mission|border|capital|province|district|city|village)\b/iu

const ATTRIBUTION =
  /\b(?:said|says|say|told|tells|asked|answered|replied|added|announced?s?|claim(?:s|ed)?|alleg(?:e|es|ed)|insist(?:s|ed)?|argue[sd]?|admit(?:s|ted)?|den(?:y|ies|ied)|report(?:s|ed|edly)?|suggest(?:s|ed)?|believe[sd]?|thinks?|thought|warn(?:s|ed)?|confirm(?:s|ed)?|declare[sd]?|accuse[sd]?|blame[sd]?|describe[sd]?|according to|in the view of|in the words of|is understood to|are understood to|critics|experts|analysts|observers|insiders|sources (?:say|said|close|familiar|told|in|at|within)|to (?:some|many|others|most)|(?:some|many|others|few) (?:see|hold|say|fear|hope|feel|expect))\b/iu

const EVENT =
  /\b(?:killed|wounded|injured|died|dead|attack(?:s|ed)?|struck|strikes?|bombed|bombing|shelled|fired|raid(?:s|ed)?|fighting|clash(?:es|ed)?|explo(?:ded|sions?)|invaded|seized|captured|arrested|detained|jailed|sentenced|convicted|acquitted|resigned|appointed|elected|election|voted|signed|ratified|agreed|agreement|ceasefire|truce|talks|summit|met|visited|arrived|withdrew|collapsed|broke (?:down|off)|opened|closed|shut|launched|began|ended|suspended|cancelled|sank|crashed|flooded|earthquake|protest(?:s|ed)?|strike)\b/iu

/** Words that a capital does not make a name: “I”, and titles of the calendar, which are dates. */
const NO_NAME = /^(?:I|I['’](?:m|ve|d|ll)|OK|[A-Z])$/u

/**
 * A capital within a sentence, two in a row at its start, or an abbreviation in capitals. A single
 * capitalised word at the start of a sentence may be any word.
 */
function hasName(text: string): boolean {
  const words = text.match(/[\p{L}][\p{L}\p{M}’'-]*|[.!?…:;]+["”’)]*(?=\s|$)|["“‘(]/gu) ?? []
  let atStart = true
  let capitalBefore = false
  for (const word of words) {
    if (/^[.!?…:;]/u.test(word)) {
      atStart = true
      capitalBefore = false
      continue
    }
    if (/^["“‘(]/u.test(word)) {
      atStart = true
      continue
    }
    const capital = /^\p{Lu}/u.test(word) && !NO_NAME.test(word)
    if (capital && /^\p{Lu}{2,}/u.test(word) && word.length <= 8 && !/^[IVX]+$/u.test(word)) return true
    if (capital && !atStart) return true
    if (capital && capitalBefore) return true
    capitalBefore = capital
    atStart = false
  }
  return false
}
