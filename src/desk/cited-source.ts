import type { Source } from '../sources/source.ts'

/** A source as a rule over one text sees it: its lines in the ledger may shift without any change to the text. */
export type CitedSource = Omit<Source, 'place'> & {
  /** The file that lists it. */
  readonly listedIn: string
}
