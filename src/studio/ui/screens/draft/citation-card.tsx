import { syntaxTree } from '@codemirror/language'
import type { EditorState } from '@codemirror/state'
import { EditorView, hoverTooltip, keymap, type TooltipView } from '@codemirror/view'
import { render } from 'preact'
import type { ShownSource } from '../../../contract/sources.ts'
import { Button } from '../../parts/button.tsx'
import { OutsideLink } from '../../parts/outside-link.tsx'
import { dayInWords } from '../../shell/day.ts'
import { reveal } from '../../shell/workspace.ts'
import { known } from './completion-known.ts'
import type { EditorExtension } from './editor-part.ts'

const isMac = /Mac/u.test(navigator.platform)

/** The source of a citation: pointed at, it is shown; Ctrl+click or Alt+Enter leads to its entry. */
export const citationCards: EditorExtension = ({ file }) => {
  if (file.kind === 'ledger') return []
  const openAt = (state: EditorState, at: number): boolean => {
    const cited = citedAt(state, at)
    if (cited !== null) openEntry(cited.source)
    return cited !== null
  }
  return [
    hoverTooltip(({ state }, at) => {
      const cited = citedAt(state, at)
      return cited && { pos: cited.from, end: cited.to, create: () => card(cited.source) }
    }),
    keymap.of([{ key: 'Alt-Enter', run: ({ state }) => openAt(state, state.selection.main.head) }]),
    EditorView.domEventHandlers({
      mousedown(event, view) {
        if (event.button !== 0 || !(isMac ? event.metaKey : event.ctrlKey)) return false
        const at = view.posAtCoords({ x: event.clientX, y: event.clientY })
        return at !== null && openAt(view.state, at)
      },
    }),
  ]
}

/** The source that is cited at `at`, and where its id stands; of a citation of one source, anywhere within. */
export function citedAt(
  state: EditorState,
  at: number,
): { readonly source: ShownSource; readonly from: number; readonly to: number } | null {
  let node = syntaxTree(state).resolveInner(at, 1)
  if (!node.name.startsWith('Citation')) node = syntaxTree(state).resolveInner(at, -1)
  const whole = node.name === 'CitationWords' ? (node.parent ?? node) : node
  const ids = whole.name === 'Citation' ? whole.getChildren('CitationId') : [whole]
  // The one that `at` is behind: `[@one, p. 3; @two]`.
  const id = whole.name === 'Citation' ? (ids.findLast(({ from }) => from <= at) ?? ids[0]) : whole
  if (id?.name !== 'CitationId') return null
  const name = state.sliceDoc(id.from + 1, id.to)
  const source = state.field(known).sources.find((each) => each.id === name)
  return source === undefined ? null : { source, from: id.from, to: id.to }
}

function openEntry({ place }: ShownSource): void {
  reveal({ ...place, in: 'draft', focus: true })
}

function card(source: ShownSource): TooltipView {
  const dom = document.createElement('div')
  dom.className = 'citation-card'
  render(<Card source={source} />, dom)
  return { dom, destroy: () => render(null, dom) }
}

function Card({ source }: { readonly source: ShownSource }) {
  const { title, publisher, author, published, number, url, quotes } = source
  const day = published === 'unknown' ? 'no known day' : dayInWords(published)
  return (
    <>
      <p class="completion-title" dir="auto">
        {number !== null && `[${number}] `}
        {title}
      </p>
      <p>
        {[publisher, ...author].join(', ')} · {day}
      </p>
      {url !== null && (
        <p class="citation-url">
          <OutsideLink to={url} />
        </p>
      )}
      {quotes.slice(0, 2).map((quote) => (
        <p key={quote} class="completion-soft" dir="auto">
          “{quote}”
        </p>
      ))}
      <p>
        <Button kind="quiet" onClick={() => openEntry(source)}>
          Open the entry <kbd>{isMac ? '⌘ click' : 'Ctrl click'}</kbd>
        </Button>
      </p>
    </>
  )
}
