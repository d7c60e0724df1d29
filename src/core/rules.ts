export type Severity = 'error' | 'warning' | 'info'

interface Rule {
  readonly name: string
  readonly severity: Severity
  /** What it finds, in a few words, Markdown. */
  readonly catches: string
}

/**
 * The catalogue of the rules. DC1xx are about the ledger, DC2xx about citations, DC3xx about quotations,
 * DC4xx about attribution, DC5xx about independence, DC6xx about wording, DC7xx about links, copies and
 * waivers, DC8xx about form. `docs/desk/` has a page for each.
 */
export const rules = {
  DC101: { name: 'unknown-key', severity: 'error', catches: 'a citation whose id is not in the ledger' },
  DC102: {
    name: 'unused-source',
    severity: 'warning',
    catches: 'a source that nothing cites and that is not `consulted`',
  },
  DC103: {
    name: 'thin-source',
    severity: 'error',
    catches:
      'a source without title, publisher, url or dates, or listed twice; `accessed: unknown` is a warning',
  },
  DC104: {
    name: 'unsourced',
    severity: 'error',
    catches: 'a brief with no citation, or fewer than half of its factual paragraphs cited',
  },
  DC105: {
    name: 'undescribed-source',
    severity: 'error',
    catches: 'a source of a pasted address whose title nobody has written yet',
  },
  DC201: {
    name: 'uncited-fact',
    severity: 'warning',
    catches: 'a sentence with a number, date, toll or named event and no citation in scope',
  },
  DC202: {
    name: 'uncited-attribution',
    severity: 'warning',
    catches: '“said”, “according to”, “announced” … without a citation',
  },
  DC203: {
    name: 'uncited-quote',
    severity: 'error',
    catches: 'a quotation of five words or more, or with a verb of saying, without a citation',
  },
  DC204: {
    name: 'citation-adrift',
    severity: 'warning',
    catches: 'one citation at the end of a paragraph of facts, without `{scope=para}`',
  },
  DC205: {
    name: 'figure-mismatch',
    severity: 'warning',
    catches: 'a number or date that none of the cited stored copies has',
  },
  DC301: {
    name: 'quote-not-found',
    severity: 'error',
    catches: 'quoted words that the cited stored copy does not hold',
  },
  DC302: {
    name: 'distorting-ellipsis',
    severity: 'error',
    catches: 'an ellipsis that joins distant passages; one that leaves out a negation is a warning',
  },
  DC303: {
    name: 'unmarked-copy',
    severity: 'warning',
    catches: 'eight or more words copied from a stored copy without quotation marks',
  },
  DC401: {
    name: 'vague-attribution',
    severity: 'warning',
    catches: '“experts say”, “reports suggest”, “to some”',
  },
  DC402: {
    name: 'unexplained-anonymity',
    severity: 'warning',
    catches: 'an unnamed source without access or reason',
  },
  DC403: {
    name: 'agentless-report',
    severity: 'warning',
    catches: '“reportedly”, “it is believed”',
  },
  DC404: {
    name: 'second-hand',
    severity: 'warning',
    catches: 'a relay cited where the ledger lists its origin',
  },
  DC501: {
    name: 'single-source',
    severity: 'warning',
    catches: 'a key claim, or a number of the standfirst, on one independent voice',
  },
  DC502: {
    name: 'false-corroboration',
    severity: 'warning',
    catches: 'two citations that are one voice: one origin, or nearly the same text',
  },
  DC503: {
    name: 'casualty',
    severity: 'warning',
    catches: 'a toll without independent corroboration, or stated as fact on a party’s word',
  },
  DC504: {
    name: 'interested-party',
    severity: 'warning',
    catches: 'a party’s claim that the sentence does not attribute',
  },
  DC601: {
    name: 'bare-hedge',
    severity: 'warning',
    catches: '“may”, “could” as a forecast in a scenario',
  },
  DC602: {
    name: 'mixed-confidence',
    severity: 'warning',
    catches: 'likelihood and confidence in one sentence',
  },
  DC603: {
    name: 'off-scale-term',
    severity: 'warning',
    catches: 'odds in a scenario outside the seven terms',
  },
  DC606: {
    name: 'relative-time',
    severity: 'warning',
    catches: '“yesterday”, “last week” in what becomes an archive',
  },
  DC701: {
    name: 'dead-link',
    severity: 'error',
    catches: 'a link that failed three times over six days or more; with an archived copy it is a warning',
  },
  DC703: {
    name: 'no-snapshot',
    severity: 'warning',
    catches: 'a source without a stored copy; a damaged copy is an error',
  },
  DC704: {
    name: 'source-changed',
    severity: 'warning',
    catches: 'a cited passage that is gone from its page',
  },
  DC705: {
    name: 'bare-waiver',
    severity: 'error',
    catches: 'a waiver without a reason, or that covers nothing',
  },
  DC801: {
    name: 'frontmatter',
    severity: 'error',
    catches: 'frontmatter or YAML that cannot be read, a required key that is missing, a wrong value',
  },
  DC802: { name: 'unknown-field', severity: 'error', catches: 'a key that does not exist' },
  DC803: {
    name: 'unknown-directive',
    severity: 'error',
    catches: 'a directive or attribute that does not exist',
  },
  DC804: {
    name: 'malformed-fence',
    severity: 'error',
    catches: 'a malformed fence, which could turn members’ words public',
  },
  DC805: { name: 'raw-html', severity: 'error', catches: 'raw HTML' },
  DC806: {
    name: 'heading-order',
    severity: 'warning',
    catches: 'headings that skip a level, or one of the first level',
  },
  DC807: { name: 'alt-text', severity: 'error', catches: 'an image without a description' },
  DC808: {
    name: 'length',
    severity: 'warning',
    catches: 'a subject, preheader, title or standfirst too long or too short',
  },
  DC809: {
    name: 'image',
    severity: 'error',
    catches: 'an image that is missing, unreadable, too heavy or outside the publication',
  },
  DC810: { name: 'citation-syntax', severity: 'error', catches: 'what begins like a citation and is none' },
  DC811: {
    name: 'link',
    severity: 'error',
    catches: 'a link that is not http, https or mailto, or is malformed',
  },
  DC812: {
    name: 'directive-content',
    severity: 'error',
    catches: 'a directive whose content is not what it needs',
  },
  DC813: {
    name: 'edition-size',
    severity: 'warning',
    catches: 'an edition above 80 KB; above 100 KB it is an error',
  },
  DC814: {
    name: 'words-lost',
    severity: 'error',
    catches: 'words of a brief that did not reach the edition',
  },
  DC815: {
    name: 'unreadable-file',
    severity: 'error',
    catches: 'a file that is not UTF-8, too large, or missing',
  },
  DC816: {
    name: 'template',
    severity: 'error',
    catches: 'a template that does not compile, or whose MJML is not valid',
  },
  DC817: {
    name: 'placeholder',
    severity: 'error',
    catches: 'a line that `onrecord new` wrote for the editor to write over; in a draft it is a warning',
  },
} as const satisfies Record<string, Rule>

export type RuleId = keyof typeof rules
