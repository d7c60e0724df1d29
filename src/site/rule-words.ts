import type { rules } from '../core/rules.ts'

/** The rules about sources; those about the form of a file (DC8xx) say nothing to a reader. */
export type SourcingRule = Exclude<keyof typeof rules, `DC8${string}`>

/** What each rule asks, for readers: `core/rules.ts` says to editors what it finds. */
export const ruleWords: Readonly<Record<SourcingRule, string>> = {
  DC101: 'Each number in brackets leads to a source in the list.',
  DC102: 'Each source in the list is cited, or is said to have been read only.',
  DC103: 'Each source has a publisher, a title, its date and the day on which we read it.',
  DC104: 'No brief goes out without sources; at least half of its factual paragraphs cite one.',
  DC105: 'Each source was opened and described by a person.',
  DC201: 'A sentence with a number, a date or a named event has its source.',
  DC202: 'Where somebody “said” or “announced” something, you can see where.',
  DC203: 'Each quotation has its source.',
  DC204: 'A source stands at the sentence that rests on it, not somewhere below.',
  DC205: 'Numbers and dates are those of the sources that are cited for them.',
  DC301: 'Quoted words stand in the source, word for word.',
  DC302: 'What is left out of a quotation does not change what it says.',
  DC303: 'Words taken from a source stand in quotation marks.',
  DC401: 'No “experts say” and no “reports suggest”: whoever said it is named.',
  DC402: 'Where a source is not named, you are told why, and how it could know.',
  DC403: 'No “reportedly” and no “it is believed” without somebody who reports or believes it.',
  DC404: 'What can be cited from where it was first said is not cited from somebody who passed it on.',
  DC501: 'A claim that a brief stands on has two sources that do not depend on each other.',
  DC502: 'Two sources that repeat one another count as one.',
  DC503: 'A count of the dead is confirmed by somebody independent, or told as the claim of who gave it.',
  DC504: 'What a party to a conflict says is told as that party’s word.',
  DC601: 'A forecast says how likely it is; “may” and “could” do not.',
  DC602: 'How likely something is, and how sure we are of it, are said apart.',
  DC603: 'Likelihoods come in seven fixed terms, each with its range in per cent.',
  DC606: 'Days have dates: “yesterday” means nothing in an archive.',
  DC701: 'Links to sources work. Where a page is gone, there is an archived copy.',
  DC703: 'We keep a copy of each source as it was when we cited it.',
  DC704: 'What is cited still stands on its page.',
  DC705: 'Each exception to these checks has a reason, which you can read.',
}
