import { defaultKeymap, history, historyKeymap } from '@codemirror/commands'
import { goToNextChunk, goToPreviousChunk, MergeView } from '@codemirror/merge'
import { EditorState } from '@codemirror/state'
import { EditorView, keymap } from '@codemirror/view'
import { cspNonce } from '../../shell/api.ts'
import { direction } from './editor-direction.ts'

/** Two texts side by side: theirs, to be read, and what is saved in the end, to be written in. */
export interface Merge {
  text(): string
  next(): void
  previous(): void
  close(): void
}

/** Shows `theirs` and `mine` in `parent`; buttons between them put theirs in the place of mine, or after it. */
export function openMerge(
  parent: HTMLElement,
  texts: { readonly mine: string; readonly theirs: string },
): Merge {
  const common = [
    EditorView.cspNonce.of(cspNonce),
    EditorView.lineWrapping,
    direction,
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
    renderRevertControl: () => ways((control, keeps) => take(view, Number(control.dataset['chunk']), keeps)),
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

/** The buttons of one difference. */
function ways(choose: (control: HTMLElement, keepsMine: boolean) => void): HTMLElement {
  const control = document.createElement('div')
  const button = (sign: string, words: string, keepsMine: boolean): HTMLElement => {
    const made = document.createElement('button')
    made.type = 'button'
    made.title = words
    made.setAttribute('aria-label', words)
    made.textContent = sign
    // CodeMirror's own deed is at the press of a mouse alone; this one is a keyboard's too.
    made.addEventListener('mousedown', (event) => event.stopPropagation())
    made.addEventListener('click', () => choose(control, keepsMine))
    return made
  }
  control.append(
    button('→', 'Put theirs here instead of mine', false),
    button('+', 'Take both: theirs after mine', true),
  )
  return control
}

/** Puts what they have at a difference into my text. */
function take({ a, b, chunks }: MergeView, index: number, keepsMine: boolean): void {
  const chunk = chunks[index]
  if (chunk === undefined) return
  const theirs = chunk.fromA < chunk.toA ? [a.state.sliceDoc(chunk.fromA, chunk.endA)] : []
  const mine = keepsMine && chunk.fromB < chunk.toB ? [b.state.sliceDoc(chunk.fromB, chunk.endB)] : []
  const lines = [...mine, ...theirs]
  const { length } = b.state.doc
  // The last line ends with no line break: the one before it comes and goes with it.
  const isLast = chunk.toB > length
  const before = isLast && chunk.fromB > 0
  const words = lines.join('\n')
  const insert = lines.length === 0 ? '' : before ? `\n${words}` : isLast ? words : `${words}\n`
  b.dispatch({
    changes: {
      from: before ? Math.min(chunk.fromB, length + 1) - 1 : chunk.fromB,
      to: Math.min(chunk.toB, length),
      insert,
    },
    userEvent: 'revert',
  })
  b.focus()
}
