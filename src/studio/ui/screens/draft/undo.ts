import { historyField } from '@codemirror/commands'
import { EditorState, type Extension } from '@codemirror/state'
import { ownWords } from './editor-own.ts'

const fields = { history: historyField, own: ownWords }

/** Steps of undo, the cursor, and what was written here: plain data, without the text itself. */
export type Frozen = Readonly<Record<string, unknown>>

/** What a browser keeps of one file at most, in characters; the oldest steps go first. */
const MOST = 500_000

/** What there is to remember of a text. */
export function freeze(state: EditorState): Frozen {
  const { doc: _, ...rest } = state.toJSON(fields) as Record<string, unknown>
  return rest
}

/** The same, with only as many steps as may be kept. */
export function bounded(frozen: Frozen): Frozen {
  const history = frozen['history'] as {
    readonly done?: readonly unknown[]
    readonly undone?: unknown
  } | null
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

/** The state that was frozen, over the very text that it belongs to; null where it is none. */
export function revive(frozen: Frozen, text: string, extensions: Extension): EditorState | null {
  try {
    return EditorState.fromJSON({ ...frozen, doc: text }, { extensions }, fields)
  } catch {
    return null
  }
}
