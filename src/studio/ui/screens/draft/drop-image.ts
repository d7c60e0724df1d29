import { EditorView } from '@codemirror/view'
import type { BarAction, EditorExtension } from './editor-part.ts'
import { wish } from './source-picker-wish.ts'

/** Pictures that are dropped onto the text, or pasted into it, are asked about in a dialog. */
export const dropImage: EditorExtension = ({ file }) =>
  file.kind === 'ledger'
    ? []
    : EditorView.domEventHandlers({
        dragover(event) {
          if (event.dataTransfer?.types.includes('Files') !== true) return false
          event.preventDefault()
          event.dataTransfer.dropEffect = 'copy'
          return false
        },
        drop(event, view) {
          const files = [...(event.dataTransfer?.files ?? [])]
          if (files.length === 0) return false
          event.preventDefault()
          const at = view.posAtCoords({ x: event.clientX, y: event.clientY }, false)
          wish(view, { what: 'add-image', files, at })
          return true
        },
        paste(event, view) {
          const { clipboardData } = event
          const files = [...(clipboardData?.files ?? [])].filter(({ type }) => type.startsWith('image/'))
          // Text that has a picture of itself beside it is pasted as text.
          if (files.length === 0 || clipboardData?.getData('text/plain') !== '') return false
          event.preventDefault()
          wish(view, { what: 'add-image', files, at: view.state.selection.main.head })
          return true
        },
      })

export const imageAction: BarAction = {
  id: 'image',
  label: 'Add a picture',
  shows: ({ kind }) => kind !== 'ledger',
  run: ({ view }) => wish(view, { what: 'add-image', files: [], at: view.state.selection.main.head }),
}
