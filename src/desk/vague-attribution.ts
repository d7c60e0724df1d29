import { opine, someone, suggest, vagueGroups, vagueReports } from './words/people.ts'
import { oneOf, wholeWords } from './words/pattern.ts'

/** A stretch of words that hands an opinion to nobody in particular. */
interface Vague {
  readonly from: number
  readonly to: number
  readonly match: string
}

/** Up to so many words between a group and its verb: “critics of the plan for the harbour say”. */
const GAP = '(?:,? [^\\s.;:!?,]+){0,6}?,?'
const ADVERB = '(?: (?:also|even|still|now|often|have|had|already|therefore|long|would))?'

const GROUP = wholeWords(`${vagueGroups}${GAP}${ADVERB} ${opine}`)
const REPORTS = wholeWords(`${vagueReports}${GAP} ${suggest}`)
const SOME = wholeWords(`${someone}(?: people)?${ADVERB} ${opine}(?! in(?![\\p{L}]))`)
const THOSE = wholeWords('there are (?:those|some|many|people) who')
const ACCORDING = wholeWords(
  `according to (?:some|many|most|several|unnamed|various)?(?: ?${vagueGroups}| ?${vagueReports}| others)`,
)
const SEEN = wholeWords(
  `(?:seen|viewed|regarded|considered|described|hailed|criticised|criticized|called|praised|dismissed) (?:by|among) (?:some|many|most|others|${vagueGroups})`,
)
const ACCOUNTS = wholeWords('by (?:some|many|most|all|several) accounts')
const WHAT = wholeWords(
  'what (?:some|many|others|critics|observers|experts|analysts) (?:call|see|describe|regard)',
)
const EYES = wholeWords(`in the (?:eyes|view|opinion) of (?:some|many|most|others|${vagueGroups})`)
const TO = wholeWords(`(?:to|for) (?:some|many|most|others|a few)(?: ${vagueGroups})?(?=,)`)
const TO_GROUP = wholeWords(`to (?:some|many|most|several) ${vagueGroups}`)
const TO_OPENING = new RegExp(
  `(?<=^|[;:—–] ?|, (?:and |but |yet )?)to (?:some|many|most|others)(?= ${oneOf('the, this, that, it, a, an, these, he, she, they, his, her, its')} )`,
  'giu',
)

/** Every vague attribution of a sentence, none within another; one that names somebody is none. */
export function vagueAttributions(words: string): Vague[] {
  const found = [
    ...matches(words, GROUP).filter((each) => isVagueGroup(words, each)),
    ...matches(words, REPORTS).filter((each) => isVagueReport(words, each)),
    ...matches(words, ACCORDING).filter((each) => !namesAfter(words, each.to)),
    ...[SOME, THOSE, SEEN, ACCOUNTS, WHAT, EYES, TO, TO_GROUP, TO_OPENING].flatMap((each) =>
      matches(words, each),
    ),
  ].toSorted((a, b) => a.from - b.from || b.to - a.to)
  let reached = 0
  return found.filter(({ from, to }) => {
    if (from < reached) return false
    reached = to
    return true
  })
}

function matches(words: string, pattern: RegExp): Vague[] {
  return [...words.matchAll(pattern)].map((found) => ({
    from: found.index,
    to: found.index + found[0].length,
    match: found[0].replaceAll(/\s+/gu, ' '),
  }))
}

/** “The scientists” are known already; “UN observers”, “analysts at the Velden Institute” can be found. */
function isVagueGroup(words: string, { from, match }: Vague): boolean {
  const before = words.slice(Math.max(0, from - 40), from)
  if (
    /(?:^|[^\p{L}])(?:[Tt]he|[Tt]hese|[Tt]hose|[Hh]is|[Hh]er|[Ii]ts|[Tt]heir|[Oo]ur|\p{Lu}{2,}|\p{Nd}+)\s+$/u.test(
      before,
    )
  ) {
    return /(?:^|[^\p{L}])the\s+$/iu.test(before) && /^critics/iu.test(match)
  }
  return !hasName(match) && !/\b(?:who|and|or|were|was|are|is) /iu.test(match.replace(/^\S+/u, ''))
}

function isVagueReport(words: string, { from, match }: Vague): boolean {
  const before = words.slice(Math.max(0, from - 40), from)
  if (
    /(?:^|[^\p{L}])(?:[Tt]he|[Tt]hese|[Tt]hose|[Hh]is|[Hh]er|[Ii]ts|[Tt]heir|[Oo]ur|\p{Lu}{2,}|\p{Lu}[\p{L}]+['’]s?)\s+$/u.test(
      before,
    )
  )
    return false
  return !hasName(match)
}

/** A capital after the first word: a person, a body, a place. */
function hasName(match: string): boolean {
  return /\s\p{Lu}/u.test(match)
}

function namesAfter(words: string, at: number): boolean {
  return /^(?: (?:at|of|from|in|by|for|with)(?: the)?| such as|,? among them(?: the)?)(?: \p{Ll}+){0,2} \p{Lu}/u.test(
    words.slice(at, at + 80),
  )
}
