import { isolateHistory } from '@codemirror/commands'
import { EditorSelection, type EditorState, type TransactionSpec } from '@codemirror/state'
import type { Command } from '@codemirror/view'

/** One asterisk emphasises, two are strong; three are both. */
type Asterisks = 1 | 2

/** Ctrl+B and Ctrl+I: the selected words are strong or emphasised, or not any more. */
export function emphasise(marks: Asterisks): Command {
  return (view) => {
    view.dispatch(emphasis(view.state, marks))
    return true
  }
}

/** Puts the marks around what is selected, or takes them away, and leaves those of the other kind. */
export function emphasis(state: EditorState, marks: Asterisks): TransactionSpec {
  const mark = '*'.repeat(marks)
  const change = state.changeByRange((range) => {
    // Whoever has selected the marks as well means what is between them.
    const selected = state.sliceDoc(range.from, range.to)
    const inner = selected.replace(/^\*+|\*+$/gu, '')
    // Marks within would be of other words: those at the two ends are no pair.
    const own = inner === '' || inner.includes('*') ? 0 : Math.min(leading(selected), trailing(selected))
    const [from, to] = [range.from + own, range.to - own]
    const around = Math.min(
      trailing(state.sliceDoc(Math.max(0, from - 3), from)),
      leading(state.sliceDoc(to, to + 3)),
    )
    const isOn = marks === 1 ? around % 2 === 1 : around >= 2
    if (!isOn) {
      return {
        changes: [
          { from, insert: mark },
          { from: to, insert: mark },
        ],
        range: EditorSelection.range(from + marks, to + marks),
      }
    }
    return {
      changes: [
        { from: from - marks, to: from },
        { from: to, to: to + marks },
      ],
      range: EditorSelection.range(from - marks, to - marks),
    }
  })
  return {
    ...change,
    userEvent: 'input.format',
    scrollIntoView: true,
    annotations: isolateHistory.of('full'),
  }
}

const leading = (text: string): number => /^\**/u.exec(text)?.[0].length ?? 0
const trailing = (text: string): number => /\**$/u.exec(text)?.[0].length ?? 0
