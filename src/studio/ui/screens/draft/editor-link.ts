import { isolateHistory } from '@codemirror/commands'
import { syntaxTree } from '@codemirror/language'
import type { Extension, EditorState, TransactionSpec } from '@codemirror/state'
import { EditorView, keymap } from '@codemirror/view'
import { isProse } from './completion-place.ts'

/** An address alone, as it is copied from a browser. */
export const BARE_URL = /^https?:\/\/[^\s<>"'`]+$/iu

/** Ctrl+K makes a link of the selected words, and so does an address that is pasted over them. */
export const links: Extension = [
  keymap.of([
    {
      key: 'Mod-k',
      preventDefault: true,
      run(view) {
        const spec = linkChange(view.state)
        if (spec !== null) view.dispatch(spec)
        return true
      },
    },
  ]),
  EditorView.domEventHandlers({
    paste(event, view) {
      const spec = pastedLink(view.state, event.clipboardData?.getData('text/plain').trim() ?? '')
      if (spec === null) return false
      event.preventDefault()
      view.dispatch(spec)
      return true
    },
  }),
]

/** The address `url` as the link of the words that are selected; null where there are none, or no link can be. */
export function pastedLink(state: EditorState, url: string): TransactionSpec | null {
  const { from, to } = state.selection.main
  const words = state.sliceDoc(from, to)
  if (!BARE_URL.test(url) || !mayLink(state) || words.trim() === '' || BARE_URL.test(words.trim()))
    return null
  // Of a word that a double click took with the space behind it, the space stays outside.
  const [start, end] = [from + leading(words), to - (words.length - words.trimEnd().length)]
  const target = /[()\\]/u.test(url) ? `<${url}>` : url
  return {
    changes: [
      { from: start, insert: '[' },
      { from: end, insert: `](${target})` },
    ],
    selection: { anchor: end + target.length + 4 },
    annotations: isolateHistory.of('full'),
    effects: EditorView.announce.of('The words are a link now.'),
    userEvent: 'input.link',
    scrollIntoView: true,
  }
}

/**
 * What Ctrl+K does: the words, or the word at the cursor, become a link whose address is written next; of an address,
 * the words are. Within a link its address is selected.
 */
export function linkChange(state: EditorState): TransactionSpec | null {
  const { main } = state.selection
  const address = addressOf(state, main.head)
  if (address !== null) return { selection: { anchor: address.from, head: address.to }, scrollIntoView: true }
  const { from, to } = main.empty ? (state.wordAt(main.head) ?? main) : main
  if (!mayLink(state)) return null
  const words = state.sliceDoc(from, to)
  const isUrl = BARE_URL.test(words)
  const insert = isUrl ? `[](${words})` : `[${words}]()`
  return {
    changes: { from, to, insert },
    selection: { anchor: isUrl || words === '' ? from + 1 : from + insert.length - 1 },
    annotations: isolateHistory.of('full'),
    userEvent: 'input.format',
    scrollIntoView: true,
  }
}

/** Whether the selection is words of one paragraph, or an address, where a link may stand. */
function mayLink(state: EditorState): boolean {
  const { from, to } = state.selection.main
  const words = state.sliceDoc(from, to)
  const isSound = BARE_URL.test(words) || isProse(state, to)
  return isSound && !isWithinLink(state, from) && isProse(state, from) && !/[[\]]|\n[ \t]*\n/u.test(words)
}

function isWithinLink(state: EditorState, at: number): boolean {
  for (let node = syntaxTree(state).resolveInner(at, 1); ;) {
    if (node.name === 'Link' || node.name === 'Image') return true
    if (node.parent === null) return false
    node = node.parent
  }
}

function leading(words: string): number {
  return words.length - words.trimStart().length
}

/** Where the address of the link around `at` stands. */
function addressOf(state: EditorState, at: number): { readonly from: number; readonly to: number } | null {
  for (let node = syntaxTree(state).resolveInner(at, -1); ;) {
    if (node.name === 'Link') return node.getChild('URL')
    if (node.parent === null) return null
    node = node.parent
  }
}
