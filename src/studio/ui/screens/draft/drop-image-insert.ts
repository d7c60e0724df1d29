import { isolateHistory } from '@codemirror/commands'
import type { EditorState } from '@codemirror/state'
import { EditorView } from '@codemirror/view'
import { frontmatterEnd } from './editor-front.ts'
import { end, pendingOf } from './paste-pending.ts'

/** Puts `![alt](path)` on lines of its own where the pending picture is by now: one step of undo. */
export function insertImage(view: EditorView, id: number, path: string, alt: string): void {
  const { state } = view
  const at = placeFor(state, pendingOf(state, id)?.to ?? state.selection.main.head)
  const mark = `![${alt
    .replace(/\s+/gu, ' ')
    .trim()
    .replace(/[\\`*_[\]<>&@]/gu, '\\$&')}](${path})`
  const before = state.sliceDoc(0, at)
  const after = state.sliceDoc(at)
  const lead = before === '' || /\n[ \t]*\n$/u.test(before) ? '' : before.endsWith('\n') ? '\n' : '\n\n'
  const tail = /^(?:\n[ \t]*\n|\n?$)/u.test(after) ? '' : after.startsWith('\n') ? '\n' : '\n\n'
  const insert = lead + mark + tail
  view.dispatch({
    changes: { from: at, insert },
    selection: { anchor: at + lead.length + mark.length },
    effects: [end.of(id), EditorView.announce.of('The picture is in the text.')],
    annotations: isolateHistory.of('full'),
    userEvent: 'input.image',
    scrollIntoView: true,
  })
}

/** Between two paragraphs: before the one whose beginning it is, else behind the one that it is in. */
function placeFor({ doc }: EditorState, at: number): number {
  const first = frontmatterEnd(doc)
  let line = doc.lineAt(at)
  if (line.number <= first) return first === doc.lines ? doc.length : doc.line(first + 1).from
  if (line.text.trim() === '') return line.from
  const isStart = at === line.from && (line.number === 1 || doc.line(line.number - 1).text.trim() === '')
  if (isStart) return at
  while (line.number < doc.lines && doc.line(line.number + 1).text.trim() !== '')
    line = doc.line(line.number + 1)
  return line.to
}
