/** What every refused request under `/api/` is answered with: sentences for a person, never a stack. */
export interface Failure {
  readonly error: {
    /** `stale-page`: the token is of a server that has ended; load the page again. */
    readonly code: 'refused' | 'not-found' | 'invalid' | 'conflict' | 'stale-page' | 'fault'
    readonly message: string
    /** The next step, or null where the message says it. */
    readonly hint: string | null
  }
}
