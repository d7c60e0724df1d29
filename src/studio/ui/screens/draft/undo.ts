import { historyField } from '@codemirror/commands'
import { EditorState, type Extension, type StateField } from '@codemirror/state'
import { ownWords } from './editor-own.ts'

/** Steps of undo, the cursor, and what was written here: plain data, without the text itself. */
type Frozen = Readonly<Record<string, unknown>>

/** What a browser remembers of a text as it was last on the disk, by its own doing or with its knowledge. */
export interface Memory {
  readonly text: string
  readonly hash: string
  readonly frozen: Frozen
  /** Milliseconds since 1970. */
  readonly at: number
}

/** A text as it was read. */
interface Loaded {
  readonly text: string
  readonly hash: string
}

/** What a browser keeps of one file's steps at most, in characters; the oldest go first. */
const MOST = 500_000

/** For how long after a save it is asked about if another program has taken away what was written. */
const RECENT_MS = 60 * 60_000

/** What there is to remember of a text that is on the disk as this version. */
export function remember(state: EditorState, hash: string, at: number): Memory {
  const { doc, ...frozen } = state.toJSON({ history: historyField, own: ownWords }) as Record<string, unknown>
  return { text: String(doc), hash, frozen: bounded(frozen), at }
}

/**
 * The state to go on with, and the version that it is of. Steps of undo come back only over the very text that they
 * belong to. Where the disk has another one by now, and it has not been long, what is remembered is opened, so that
 * what another program wrote meanwhile is taken in as if the page had been open: and asked about where it is without
 * what was written here.
 */
export function resume(
  loaded: Loaded,
  memory: Memory | null,
  options: { readonly extensions: Extension; readonly now: number },
): { readonly state: EditorState; readonly base: Loaded } {
  const { extensions, now } = options
  const fresh = { state: EditorState.create({ doc: loaded.text, extensions }), base: loaded }
  if (memory === null) return fresh
  const isSame = memory.hash === loaded.hash
  if (!isSame && now - memory.at > RECENT_MS) return fresh
  const { history, own, selection } = memory.frozen
  const json = { doc: memory.text, selection, own, ...(isSame ? { history } : {}) }
  const fields = { own: ownWords, ...(isSame ? { history: historyField } : {}) } as Record<
    string,
    StateField<unknown>
  >
  try {
    return { state: EditorState.fromJSON(json, { extensions }, fields), base: isSame ? loaded : memory }
  } catch {
    return fresh
  }
}

/** With only as many steps as may be kept. */
function bounded(frozen: Frozen): Frozen {
  const history = frozen['history'] as { readonly done?: readonly unknown[] } | null
  const done = history?.done ?? []
  let from = 0
  for (let size = 0, at = done.length - 1; at >= 0; at--) {
    size += JSON.stringify(done[at]).length
    if (size <= MOST) continue
    from = at + 1
    break
  }
  return from === 0 ? frozen : { ...frozen, history: { done: done.slice(from), undone: [] } }
}
