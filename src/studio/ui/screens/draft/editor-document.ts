import { Transaction, type EditorState, type TransactionSpec } from '@codemirror/state'
import type { Draft } from './autosave-parties.ts'
import { smallestChange } from './editor-change.ts'
import { othersWords, ownWords, takesAway } from './editor-own.ts'

/** Whoever holds an editor's state: a view, or nobody's yet. It has the field `ownWords`. */
export interface Holder {
  readonly state: EditorState
  dispatch(spec: TransactionSpec): void
}

/** An editor's text as autosave sees it. */
export function draftOf(holder: Holder): Draft {
  return {
    text: () => holder.state.doc.toString(),
    take(text) {
      const changes = smallestChange(holder.state.doc.toString(), text)
      if (changes.length === 0) return
      holder.dispatch({
        changes,
        annotations: [Transaction.remote.of(true), Transaction.addToHistory.of(false)],
      })
    },
    put(text, whose) {
      const changes = smallestChange(holder.state.doc.toString(), text)
      const annotations = whose === 'theirs' ? [othersWords.of(true)] : []
      if (changes.length > 0) holder.dispatch({ changes, annotations, userEvent: 'input.replace' })
    },
    losesOwn: (text) =>
      takesAway(holder.state.field(ownWords), smallestChange(holder.state.doc.toString(), text)),
  }
}
