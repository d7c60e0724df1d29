import { getSearchQuery, search, searchPanelOpen, type SearchQuery } from '@codemirror/search'
import { EditorState, type Extension } from '@codemirror/state'
import { ViewPlugin, type EditorView } from '@codemirror/view'

/** More matches than these are “many”. */
const MOST = 999

/** Search and replace, above the text, in words of an editor; it says which match of how many is selected. */
export const searchInText: Extension = [
  search({ top: true, literal: true }),
  EditorState.phrases.of({
    next: 'Next',
    previous: 'Previous',
    replace: 'Replace',
    'replace all': 'Replace all',
    'match case': 'Match case',
    regexp: 'Pattern',
    'by word': 'Whole words',
    Replace: 'Replace with',
  }),
  ViewPlugin.define((view) => {
    const place = document.createElement('span')
    place.className = 'draft-found'
    place.setAttribute('role', 'status')
    const show = (): void => {
      if (!searchPanelOpen(view.state)) return
      const field = view.dom.querySelector('.cm-search [name=search]')
      if (field !== null && place.previousSibling !== field) field.after(place)
      place.textContent = countInWords(view.state, getSearchQuery(view.state))
    }
    return {
      update({ docChanged, selectionSet, startState, state }) {
        const isOther = getSearchQuery(startState) !== getSearchQuery(state)
        const isOpened = searchPanelOpen(state) && !searchPanelOpen(startState)
        // The panel is drawn after its plugins are told of it.
        if (docChanged || selectionSet || isOther || isOpened) queueMicrotask(show)
      },
    }
  }),
]

/** “3 of 12”, as far as they are counted. */
export function countInWords(state: EditorView['state'], query: SearchQuery): string {
  if (query.search === '') return ''
  if (!query.valid) return 'No pattern'
  const { from, to } = state.selection.main
  let [count, at] = [0, 0]
  const cursor = query.getCursor(state)
  for (let next = cursor.next(); next.done !== true && count <= MOST; next = cursor.next()) {
    count += 1
    if (next.value.from === from && next.value.to === to) at = count
  }
  if (count === 0) return 'None'
  const all = count > MOST ? `more than ${MOST}` : String(count)
  return at === 0 ? all : `${at} of ${all}`
}
