import { isolateHistory } from '@codemirror/commands'
import { EditorView } from '@codemirror/view'
import { isProse } from './completion-place.ts'
import type { EditorExtension } from './editor-part.ts'
import { BARE_URL } from './editor-link.ts'
import { fitted, isRich } from './paste-rich-place.ts'
import { begin, end, nextPending, pendingOf } from './paste-pending.ts'

/** What is copied from a program for writing, or from a page, is put in as Markdown; Ctrl+Shift+V pastes its words alone. */
export const pasteRich: EditorExtension = ({ file }) =>
  file.kind === 'ledger'
    ? []
    : EditorView.domEventHandlers({
        paste({ clipboardData: data }, view) {
          const { ranges, main } = view.state.selection
          const html = data?.getData('text/html') ?? ''
          const plain = data?.getData('text/plain') ?? ''
          const isCode = data?.types.includes('vscode-editor-data') === true
          if (isCode || ranges.length > 1 || !isRich(html) || BARE_URL.test(plain.trim())) return false
          if (!isProse(view.state, main.from) || !isProse(view.state, main.to)) return false
          void putIn(view, html, plain)
          return true
        },
      })

/** What makes Markdown of it is loaded at the first such paste; its place follows what is typed meanwhile. */
async function putIn(view: EditorView, html: string, plain: string): Promise<void> {
  const id = nextPending()
  const { from, to } = view.state.selection.main
  const cancel = (): void => undefined
  view.dispatch({ effects: begin.of({ id, from, to, label: 'Being pasted …', cancel }) })
  const text = await import('./rich-text.ts').then(
    ({ markdownOf }) => markdownOf(html),
    // Not loaded, without a studio to load it from: the words are worth more than their looks.
    () => plain,
  )
  const now = pendingOf(view.state, id)
  if (now === null) return
  const insert = fitted(view.state, now.from, now.to, text.replaceAll('\r\n', '\n'))
  const { head } = view.state.selection.main
  const isHere = head >= now.from && head <= now.to
  view.dispatch({
    changes: { from: now.from, to: now.to, insert },
    ...(isHere ? { selection: { anchor: now.from + insert.length }, scrollIntoView: true } : {}),
    effects: end.of(id),
    annotations: isolateHistory.of('full'),
    userEvent: 'input.paste',
  })
}
