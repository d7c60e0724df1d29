/** What the doctor says of one thing. */
export interface Diagnosis {
  readonly section: 'settings' | 'store' | 'sending' | 'keys' | 'dns' | 'clock'
  readonly name: string
  /**
   * ok; todo: something is to be done; missing, differs: of a record in the DNS; unchecked: it could
   * not be found out; skipped: it was not asked for.
   */
  readonly state: 'ok' | 'todo' | 'missing' | 'differs' | 'unchecked' | 'skipped'
  /** What was found, in words. */
  readonly text: string
  /** What is published in the DNS, as it is. */
  readonly found: readonly string[]
  /** A line of a zone file that should be published. */
  readonly publish: string | null
}

/** Most have nothing to do with the DNS. */
export function diagnosis(
  section: Diagnosis['section'],
  name: string,
  state: Diagnosis['state'],
  text: string,
): Diagnosis {
  return { section, name, state, text, found: [], publish: null }
}

/** Whether it is as it should be, or was not asked for. */
export function isFine({ state }: Diagnosis): boolean {
  return state === 'ok' || state === 'skipped'
}
