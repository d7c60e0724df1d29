import { defaultKeymap, history, historyKeymap, indentLess, indentMore } from '@codemirror/commands'
import { forceParsing, indentUnit, syntaxTree } from '@codemirror/language'
import { searchKeymap } from '@codemirror/search'
import { EditorState, Prec, type Extension } from '@codemirror/state'
import {
  drawSelection,
  dropCursor,
  EditorView,
  highlightSpecialChars,
  keymap,
  type Command,
} from '@codemirror/view'
import type { DraftFile } from '../../../contract/draft.ts'
import { cspNonce } from '../../shell/api.ts'
import { direction } from './editor-direction.ts'
import { emphasise } from './editor-emphasis.ts'
import { frontmatterLines } from './editor-front.ts'
import { languageOf } from './editor-language.ts'
import { links } from './editor-link.ts'
import { ownWords } from './editor-own.ts'
import { searchInText } from './editor-search.ts'

/** What every text is written with; `describedBy` is the id of the line that says how to leave the editor. */
export function setup(
  file: DraftFile,
  options: { readonly describedBy: string; readonly save: () => void },
): Extension {
  return [
    EditorView.cspNonce.of(cspNonce),
    history({ minDepth: 500, newGroupDelay: 600 }),
    ownWords,
    languageOf(file),
    file.kind === 'ledger' ? [] : [frontmatterLines, links],
    indentUnit.of('  '),
    EditorState.tabSize.of(2),
    EditorView.lineWrapping,
    direction,
    highlightSpecialChars(),
    drawSelection(),
    dropCursor(),
    searchInText,
    EditorView.contentAttributes.of({
      'aria-label': `Text of ${file.title}`,
      'aria-describedby': options.describedBy,
      tabindex: '0',
      spellcheck: file.kind === 'ledger' ? 'false' : 'true',
      autocorrect: 'on',
      autocapitalize: file.kind === 'ledger' ? 'off' : 'sentences',
      translate: 'no',
    }),
    tabKey(),
    Prec.highest(keymap.of([{ key: 'Enter', run: readToCursor }])),
    keymap.of([
      {
        key: 'Mod-s',
        preventDefault: true,
        run: () => {
          options.save()
          return true
        },
      },
      { key: 'Mod-b', run: emphasise(2) },
      { key: 'Mod-i', run: emphasise(1) },
      ...searchKeymap,
      ...historyKeymap,
      ...defaultKeymap,
    ]),
  ]
}

/**
 * Tab stays in the text until Escape was pressed just before, however long ago: then it leads on, as elsewhere
 * (WCAG 2.1.2).
 */
function tabKey(): Extension {
  let leaves = false
  const unlessLeaving =
    (command: Command): Command =>
    (view) =>
      !leaves && command(view)
  return [
    Prec.highest(
      EditorView.domEventHandlers({
        keydown({ key }) {
          if (key === 'Escape') leaves = true
          else if (!['Tab', 'Shift', 'Control', 'Alt', 'Meta'].includes(key)) leaves = false
        },
        focus() {
          leaves = false
        },
      }),
    ),
    keymap.of([{ key: 'Tab', run: unlessLeaving(indentIfList), shift: unlessLeaving(indentLess) }]),
  ]
}

/** Tab sets in a line of a list or of YAML, and several lines; in prose it does nothing rather than make it code. */
const indentIfList: Command = (view) => {
  const { from, to } = view.state.selection.main
  const within = view.state.doc.lineAt(from)
  const isList = /^\s*(?:[-*+]|\d+[.)])\s/.test(within.text)
  const isMany = view.state.doc.lineAt(to).number !== within.number
  let node = syntaxTree(view.state).resolveInner(from, -1)
  let isYaml = false
  for (; node.parent !== null; node = node.parent)
    isYaml ||= node.name === 'Frontmatter' || node.name === 'Stream'
  if (isList || isMany || isYaml || node.name === 'Stream') return indentMore(view)
  return true
}

/** Whether a line goes on with a list is known when the text is read as far as that; the Enter itself is another's. */
const readToCursor: Command = (view) => {
  forceParsing(view, view.state.selection.main.head, READ_MS)
  return false
}

/** The most that reading may take at one key. */
const READ_MS = 30
