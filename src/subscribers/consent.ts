/** What is kept of the network address that a consent came from (CONSENT_NETWORK). */
export type ConsentNetwork = 'none' | 'truncated' | 'hashed'

/** Which form was sent; `import`: an operator brought a file; `operator`: entered at the command line. */
export type ConsentForm = 'sign-up' | 'preferences' | 'leave' | 'one-click' | 'undo' | 'import' | 'operator'

/** What proves that a person agreed (GDPR article 7.1): kept with the person, erased with them. Times in milliseconds. */
export interface Consent {
  readonly newsletter: string
  readonly kind: 'given' | 'withdrawn' | 'undone'
  /** When the form was sent. */
  readonly askedAt: number
  /** When it was confirmed; the same where nothing had to be. */
  readonly at: number
  readonly form: ConsentForm
  /** The words agreed to, as they stood there. */
  readonly words: string
  /** By policy: null, a network such as `203.0.113.0/24`, or a keyed digest. */
  readonly network: string | null
}
