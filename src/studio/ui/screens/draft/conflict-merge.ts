import { defaultKeymap, history, historyKeymap } from '@codemirror/commands'
import { goToNextChunk, goToPreviousChunk, MergeView } from '@codemirror/merge'
import { EditorState } from '@codemirror/state'
import { EditorView, keymap } from '@codemirror/view'
import { cspNonce } from '../../shell/api.ts'

/** Two texts side by side: theirs, to be read, and what is saved in the end, to be written in. */
export interface Merge {
  text(): string
  next(): void
  previous(): void
  close(): void
}

/** Shows `theirs` and `mine` in `parent`; arrows between them put a change of theirs into the text at the right. */
export function openMerge(
  parent: HTMLElement,
  texts: { readonly mine: string; readonly theirs: string },
): Merge {
  const common = [
    EditorView.cspNonce.of(cspNonce),
    EditorView.lineWrapping,
    keymap.of([
      { key: 'Alt-ArrowDown', run: goToNextChunk },
      { key: 'Alt-ArrowUp', run: goToPreviousChunk },
    ]),
  ]
  const view = new MergeView({
    parent,
    a: {
      doc: texts.theirs,
      extensions: [
        common,
        EditorState.readOnly.of(true),
        EditorView.contentAttributes.of({ 'aria-label': 'The text on the disk', translate: 'no' }),
      ],
    },
    b: {
      doc: texts.mine,
      extensions: [
        common,
        history(),
        keymap.of([...historyKeymap, ...defaultKeymap]),
        EditorView.contentAttributes.of({
          'aria-label': 'Your text; what stands here is saved',
          spellcheck: 'true',
          translate: 'no',
        }),
      ],
    },
    revertControls: 'a-to-b',
    renderRevertControl() {
      const button = document.createElement('button')
      button.type = 'button'
      button.title = 'Put this into your text'
      button.setAttribute('aria-label', button.title)
      button.textContent = '→'
      return button
    },
    collapseUnchanged: { margin: 2, minSize: 6 },
    gutter: true,
  })
  return {
    text: () => view.b.state.doc.toString(),
    next: () => void goToNextChunk(view.b),
    previous: () => void goToPreviousChunk(view.b),
    close: () => view.destroy(),
  }
}
