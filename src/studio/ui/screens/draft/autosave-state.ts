/** Two texts of one file, of which a person has to choose. */
export interface Conflict {
  readonly mine: string
  /** Null: the file is not there any more. */
  readonly theirs: { readonly text: string; readonly hash: string } | null
  /** Whether what is here was on the disk before, and theirs is without it. */
  readonly overwritten: boolean
}

/** How a text stands to the disk. */
export type SaveState =
  | { readonly at: 'saved' }
  | { readonly at: 'unsaved' }
  | { readonly at: 'saving' }
  /** The studio does not answer; `kept`: the browser has the text. */
  | { readonly at: 'offline'; readonly kept: boolean }
  | { readonly at: 'refused'; readonly sentence: string; readonly kept: boolean }
  | { readonly at: 'conflict'; readonly conflict: Conflict; readonly kept: boolean }
