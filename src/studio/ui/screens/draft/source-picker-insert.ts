import { isolateHistory } from '@codemirror/commands'
import { syntaxTree } from '@codemirror/language'
import { EditorView } from '@codemirror/view'
import { isProse } from './completion-place.ts'
import { spaced } from './paste.ts'

/** Whether a citation can stand where the cursor is. */
export function mayCite(view: EditorView): boolean {
  return isProse(view.state, view.state.selection.main.head)
}

/** Puts `[@id …]` where the cursor is, behind what is selected; into the brackets where it stands within some. */
export function insertCitation(view: EditorView, citation: string): void {
  const { state } = view
  const { to } = state.selection.main
  const end = bracketEnd(view, to)
  const at = end ?? to
  const insert = end === null ? spaced(state, to, citation) : `; ${citation.slice(1, -1)}`
  view.dispatch({
    changes: { from: at, insert },
    selection: { anchor: at + insert.length },
    effects: EditorView.announce.of(`Put in: ${citation}`),
    annotations: isolateHistory.of('full'),
    userEvent: 'input.cite',
    scrollIntoView: true,
  })
}

/** Where the bracket of the citation around `at` closes, or null. */
function bracketEnd({ state }: EditorView, at: number): number | null {
  for (let node = syntaxTree(state).resolveInner(at, -1); node.parent !== null; node = node.parent) {
    if (node.name !== 'Citation' || at <= node.from) continue
    const close = node.from + state.sliceDoc(node.from, node.to).lastIndexOf(']')
    return at <= close && close > node.from ? close : null
  }
  return null
}
