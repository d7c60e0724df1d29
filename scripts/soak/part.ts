/** What every part of the soak is given. */
export interface Part {
  /** Of its own data. */
  readonly folder: string
  readonly kills: number
  readonly seed: number
  /** How far it is. */
  readonly say: (text: string) => void
}

/** One line of the table. */
export interface Row {
  readonly what: string
  readonly bar: string
  readonly found: string
  readonly held: boolean
}
