import type { DraftConflict, DraftText, SaveRequest, Saved } from '../../../contract/draft.ts'

/** The text that is saved. */
export interface Draft {
  text(): string
  /** Puts in what was written elsewhere; it is no step of undo, and the cursor stays. */
  take(text: string): void
  /** Puts in what a person chose: a step of undo. Of `theirs` nothing is written here, that another could take away. */
  put(text: string, whose: 'mine' | 'theirs'): void
  /** Whether `text` is without something that was written here. */
  losesOwn(text: string): boolean
}

/** What became of a request: the server's words, or that it was not reached. */
export type Answer<Value> =
  | { readonly ok: true; readonly value: Value }
  | { readonly ok: false; readonly why: 'conflict'; readonly conflict: DraftConflict }
  | { readonly ok: false; readonly why: 'offline' | 'gone' }
  | { readonly ok: false; readonly why: 'refused'; readonly sentence: string }

export interface DraftServer {
  read(path: string): Promise<Answer<DraftText>>
  save(request: SaveRequest): Promise<Answer<Saved>>
}

/** What this browser keeps of a text that is not on the disk yet. */
export interface KeptDraft {
  readonly text: string
  /** The version it was made from. */
  readonly base: string | null
}

export interface Keep {
  /** Whether there was room for it. */
  put(draft: KeptDraft): boolean
  clear(): void
}
