export type Severity = 'error' | 'warning' | 'info'

interface Rule {
  readonly name: string
  readonly severity: Severity
}

/**
 * The catalogue of the rules. DC1xx are about the ledger, DC2xx about citations, DC3xx about quotations,
 * DC4xx about attribution, DC5xx about independence, DC6xx about wording, DC7xx about links, copies and
 * waivers, DC8xx about form. `docs/desk/` has a page for each.
 */
export const rules = {
  DC101: { name: 'unknown-key', severity: 'error' },
  DC102: { name: 'unused-source', severity: 'warning' },
  DC103: { name: 'thin-source', severity: 'error' },
  DC104: { name: 'unsourced', severity: 'error' },
  DC203: { name: 'uncited-quote', severity: 'error' },
  DC205: { name: 'figure-mismatch', severity: 'warning' },
  DC301: { name: 'quote-not-found', severity: 'error' },
  DC302: { name: 'distorting-ellipsis', severity: 'error' },
  DC303: { name: 'unmarked-copy', severity: 'warning' },
  DC502: { name: 'false-corroboration', severity: 'warning' },
  DC503: { name: 'casualty', severity: 'warning' },
  DC701: { name: 'dead-link', severity: 'error' },
  DC703: { name: 'no-snapshot', severity: 'warning' },
  DC704: { name: 'source-changed', severity: 'warning' },
  DC705: { name: 'bare-waiver', severity: 'error' },
  /** YAML that cannot be read, a fence never closed, a required key missing, a wrong value. */
  DC801: { name: 'frontmatter', severity: 'error' },
  /** A key that no schema knows. */
  DC802: { name: 'unknown-field', severity: 'error' },
  /** A directive's name or attribute that does not exist. */
  DC803: { name: 'unknown-directive', severity: 'error' },
  /** A fence that could turn members' words public. */
  DC804: { name: 'malformed-fence', severity: 'error' },
  DC805: { name: 'raw-html', severity: 'error' },
  DC806: { name: 'heading-order', severity: 'warning' },
  DC807: { name: 'alt-text', severity: 'error' },
  /** Subject, preheader, title or standfirst longer or shorter than reads well. */
  DC808: { name: 'length', severity: 'warning' },
  /** An image that is missing, unreadable, outside the issue or too heavy. */
  DC809: { name: 'image', severity: 'error' },
  /** A bracket that begins like a citation and is none. */
  DC810: { name: 'citation-syntax', severity: 'error' },
  /** A link that is not http, https or mailto, or is malformed. */
  DC811: { name: 'link', severity: 'error' },
  /** A directive whose content is not what it needs. */
  DC812: { name: 'directive-content', severity: 'error' },
  /** An edition above the budget (80 KB a warning, 100 KB an error). */
  DC813: { name: 'edition-size', severity: 'warning' },
  /** Words of a brief that did not reach the rendered edition. */
  DC814: { name: 'words-lost', severity: 'error' },
  /** A file that is not UTF-8 text, too large, or missing. */
  DC815: { name: 'unreadable-file', severity: 'error' },
  /** A template that does not compile, or whose MJML is not valid. */
  DC816: { name: 'template', severity: 'error' },
} as const satisfies Record<string, Rule>

export type RuleId = keyof typeof rules
