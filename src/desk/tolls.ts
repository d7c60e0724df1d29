/** A number of dead or hurt; offsets into the sentence. */
export interface Toll {
  readonly start: number
  readonly end: number
}

const NUMBER = String.raw`(?:\p{Nd}[\p{Nd},.]*|one|two|three|four|five|six|seven|eight|nine|ten|eleven|twelve|(?:thir|four|fif|six|seven|eigh|nine)teen|(?:twenty|thirty|forty|fifty|sixty|seventy|eighty|ninety)(?:-\p{L}+)?|(?:a |one |two |three |several )?hundreds?|(?:a |several )?thousands?|(?:a |several )?dozens?|scores|several)`
const HARM =
  'killed|dead|died|deaths?|wounded|injured|hurt|casualties|fatalities|drowned|martyred|executed|massacred|slain|maimed'
/** Words between the two that are neither a stop nor another number. */
const BETWEEN = String.raw`(?:\s+(?!${NUMBER}\b)[\p{L}’'-]+){0,5}?\s+`

const TOLL = [
  new RegExp(String.raw`(?<![\p{L}\p{N}-])${NUMBER}(?:${BETWEEN}|\s+)(?:${HARM})(?!\p{L})`, 'giu'),
  new RegExp(
    String.raw`(?<!\p{L})(?:killed|killing|kills|kill|wounded|wounding|injured|injuring|lost|losing|dead at|death toll|toll|lives of)(?:\s+(?:of|to|at|from|is|was|rose|reached|stands|stood|by|about|some|nearly|around|almost|more than|at least|over|up|as many as|least|more|than|many|as))*\s+${NUMBER}(?![\p{L}\p{N}-])`,
    'giu',
  ),
]

const DATES =
  /\b\d{1,2}(?:st|nd|rd|th)?(?:\s+of)?\s+(?:January|February|March|April|May|June|July|August|September|October|November|December)\b(?:\s+\d{4})?|\b(?:January|February|March|April|May|June|July|August|September|October|November|December)\s+\d{1,2}(?:st|nd|rd|th)?\b(?:,?\s+\d{4})?|\b(?:in|since|of|by)\s+(?:19|20)\d{2}\b|\baged?\s+\d+|\b\d+[- ](?:year|day|week|month|hour|minute)s?[- ]?(?:old)?\b/giu

/** The tolls that a sentence gives. “No casualties” is none. */
export function tollsIn(sentence: string): Toll[] {
  const plain = sentence.replaceAll(DATES, (date) => ' '.repeat(date.length))
  const found = TOLL.flatMap((pattern) =>
    [...plain.matchAll(pattern)].map((match) => ({ start: match.index, end: match.index + match[0].length })),
  ).sort((a, b) => a.start - b.start)
  return found.filter((toll, index) => index === 0 || toll.start >= (found[index - 1]?.end ?? 0))
}

const SAID =
  'said|says|told|announced|announces|claim|claims|claimed|counts|counted|put|puts|gave|gives|spoke|speaks|reported|reports|recorded|estimates|estimated|acknowledged|admitted|admits|confirmed|confirms|stated|insisted|insists|denied|denies'
const SPEAKER_BEFORE = new RegExp(String.raw`((?:[\p{L}\p{M}’'-]+(?:,\s)?\s+){1,6}?)(?:${SAID})\b`, 'giu')
const SPEAKER_AFTER = /\b(?:according to|in the words of|by the count of)\s+((?:[\p{L}\p{M}’'-]+\s*){1,5})/giu
const SPEAKER_OF =
  /\bby\s+((?:[\p{L}\p{M}’'-]+\s+){0,4}?[\p{L}\p{M}’'-]+)[’'](?:s)?\s+(?:\p{L}+\s+)?(?:count|account|figures?|tally|toll|estimate)\b/giu
const IT =
  /^(?:he|she|it|they|who|which|and|also|has|have|had|was|were|that|this|the|a|an|later|earlier|first|by|of|in|on|for|its|their|his|her)$/iu

/** Whose words a text gives: for each, the words that name them; “he said” names nobody new. */
export function accountsIn(text: string): readonly ReadonlySet<string>[] {
  const accounts: Set<string>[] = []
  for (const pattern of [SPEAKER_BEFORE, SPEAKER_AFTER, SPEAKER_OF]) {
    for (const match of text.matchAll(pattern)) {
      const names = (match[1] ?? '')
        .toLowerCase()
        .split(/[\s,]+/u)
        .map((word) => word.replace(/[’']s?$/u, ''))
        .filter((word) => word.length > 1 && !IT.test(word))
      if (names.length === 0) continue
      const known = accounts.find((account) => names.some((name) => name.length > 3 && account.has(name)))
      if (known === undefined) accounts.push(new Set(names))
      else for (const name of names) known.add(name)
    }
  }
  return accounts
}

/** Whether a text says that there is no other count, or that it is contested. */
export function namesTheGap(text: string): boolean {
  return GAP.test(text)
}

const GAP =
  /\bno (?:\p{L}+ ){0,2}(?:count|counts|figures?|toll|account|numbers?|confirmation|casualties)\b|\breleased no\b|\bnot (?:be |been )?(?:independently )?(?:verified|confirmed)\b|\bunverified\b|\bindependently\b|\bdisput|\bdenie[sd]\b|\banother (?:count|account|figure)\b|\bdid not (?:say|give|comment|confirm)\b|\b(?:has|have|had) not (?:commented|confirmed|released|given)\b|\badmits? no\b|\bgave no\b/iu
