import { crossReferences, deskVoice, supposing } from './words/desk.ts'
import { eventNouns, eventOpenings, tolls } from './words/events.ts'
import {
  definite,
  months,
  numbered,
  quantities,
  rhetorical,
  smallNumbers,
  weekdays,
} from './words/numbers.ts'
import { wholeWords } from './words/pattern.ts'

/**
 * Whether a sentence states a number, a date, a toll or a named event as a fact: not as a question, a
 * supposition, a judgement of the desk's or a pointer to its own text. Stricter than `factsIn`, which asks
 * of a whole paragraph. `words` are the writer's own.
 */
export function statesFact(words: string): boolean {
  if (!isAsserted(words)) return false
  const plain = withoutAddresses(words).replace(NUMBERED, ' ').replace(CODES, ' ')
  if (hasNumber(plain) || TOLL.test(plain)) return true
  return (DATE.test(plain) || EVENT.test(plain)) && tellsOfPast(plain)
}

/** Whether a sentence tells of something that happened, with a number or without. */
export function tellsOfEvent(words: string): boolean {
  return isAsserted(words) && tellsOfPast(words) && !PRESENT.test(VERB.exec(words)?.[0] ?? '')
}

/** Neither asked nor supposed, and not the desk on its own text. */
function isAsserted(words: string): boolean {
  const text = words.trim()
  return !/\?\s*$/u.test(text) && !DESK.test(text) && !CROSS.test(text) && !SUPPOSED.test(text)
}

const DESK = wholeWords(deskVoice, 'u')
const CROSS = wholeWords(crossReferences, 'iu')
const SUPPOSED = new RegExp(
  `^${supposing}(?![\\p{L}])|\\bif\\b[^.]{0,200}\\bwould\\b|\\bwould\\b[^.]{0,200}\\bif\\b`,
  'iu',
)

const NUMBERED = wholeWords(`${numbered} (?:\\p{Nd}|[IVX])[\\p{Nd}.–-]*`)
/** G7, Covid-19, H5N1, F-16: names that hold digits. */
const CODES = wholeWords('\\p{Lu}[\\p{L}]*-?\\p{Nd}[\\p{L}\\p{Nd}-]*', 'gu')

const YEAR = '(?:1[5-9]|20)\\p{Nd}{2}'
const DAY = `(?:\\p{Nd}{1,2}(?:st|nd|rd|th)? (?:of )?${months}|${months} \\p{Nd}{1,2}(?:st|nd|rd|th)?(?!\\p{Nd}))(?:,? ${YEAR})?`
/** A year or a day that only tells one thing from another: “the 2019 precedent”, “the truce of 19 October”. */
const ATTRIBUTIVE = wholeWords(
  `(?:(?:the|that|this|its|their) ${YEAR}(?= (?!to\\b|and\\b|was\\b))|of (?:${DAY}|(?:${months} )?${YEAR}))`,
)
const DATE = new RegExp(
  `(?<![\\p{L}\\p{Nd}])(?:${DAY}|(?:${months} )?${YEAR}s?|(?:in|since|until|by|from|during|of|last|early|late|mid-) ?(?:early |late )?${months}|(?:on|since|until|by|from|between|before|after) ${weekdays})(?![\\p{L}\\p{Nd}])`,
  'u',
)
const EVENT = new RegExp(
  `(?<![\\p{L}])(?:${eventOpenings} \\p{Lu}|\\p{Lu}[\\p{L}’'-]+ ${eventNouns}(?![\\p{L}]))`,
  'u',
)
const TOLL = wholeWords(`(?<!(?:be|being|who|those|the|and|or|nobody) )${tolls}`, 'iu')
const SMALL = wholeWords(
  `${smallNumbers}(?= \\p{L})(?! ${rhetorical}(?![\\p{L}]))(?! [\\p{L}-]+ ${rhetorical}(?![\\p{L}]))`,
)
const BEFORE = new RegExp(`(?:^|[^\\p{L}])(?:${definite}|at)\\s+$`, 'iu')
const QUANTITY = wholeWords(quantities, 'iu')
const FIGURE = /\p{Nd}/u

function hasNumber(text: string): boolean {
  // What is left of the digits once days, months and years are gone.
  const undated = text.replace(ATTRIBUTIVE, ' ').replace(DATES, ' ')
  if (FIGURE.test(undated) || QUANTITY.test(undated)) return true
  return [...undated.matchAll(SMALL)].some(
    ({ index }) => !BEFORE.test(undated.slice(Math.max(0, index - 12), index)),
  )
}

const DATES = new RegExp(DATE.source, 'gu')

/** The first verb that can be told: “was”, “opened”; “is” and “has to” make a statement of no event. */
function tellsOfPast(text: string): boolean {
  const verb = VERB.exec(text)
  return verb !== null && !/^(?:is|are|has to|have to|means)$/iu.test(verb[0])
}

const PRESENT =
  /^(?:ha[sv]e?|opens?|closes?|takes place|begins?|ends?|starts?|votes?|cut|put|hit|set|shut)$/iu

const VERB =
  /(?<![\p{L}])(?:is|are|has to|have to|means|was|were|had|has|have|did|went|came|took|fell|rose|began|broke|left|led|held|met|won|lost|sent|set|struck|shut|sat|stood|saw|built|bought|brought|became|made|gave|got|grew|kept|paid|put|ran|sold|spent|cut|hit|opens?|closes?|takes place|begins?|ends?|starts?|votes?|(?!need|indeed|exceed|proceed|succeed|speed|feed|breed|bleed|hundred|sacred|naked|shed|seed|weed)\p{Ll}{2,}ed)(?![\p{L}])/u

/**
 * The numbers and dates of a text, each as its words in lower case: “19 october”, “46”, “nine months”. What
 * two sentences share when they state one fact.
 */
export function factTokens(words: string): ReadonlySet<string> {
  const found = [...withoutAddresses(words).matchAll(TOKEN)].map(([token]) =>
    token.toLowerCase().replaceAll(/\s+/gu, ' '),
  )
  return new Set(found)
}

const TOKEN = wholeWords(
  `(?:${DAY}|${months} ${YEAR}|\\p{Nd}[\\p{Nd},.]*(?<=\\p{Nd})|${smallNumbers} (?:months?|weeks?|days?|years?|dead|killed|votes?|seats?)|a (?:third|quarter|fifth|tenth))`,
)

/** “daily.example/news/42” counts nothing. */
function withoutAddresses(words: string): string {
  return words.replaceAll(/\S+/gu, (word) => (word.includes('/') && /[.:]/u.test(word) ? ' ' : word))
}
