import type { Text } from '@codemirror/state'
import {
  Decoration,
  ViewPlugin,
  type DecorationSet,
  type EditorView,
  type ViewUpdate,
} from '@codemirror/view'

/** No frontmatter has more lines. */
const MOST_LINES = 400

/** The last line of the frontmatter, its closing `---`; 0 where there is none. */
export function frontmatterEnd(doc: Text): number {
  if (!/^---(?:yaml)?[ \t]*$/.test(doc.line(1).text)) return 0
  const last = Math.min(doc.lines, MOST_LINES)
  for (let line = 2; line <= last; line++) if (/^---[ \t]*$/.test(doc.line(line).text)) return line
  return 0
}

const front = Decoration.line({ class: 'draft-front' })

/** Sets the frontmatter apart from the prose. */
export const frontmatterLines = ViewPlugin.define(
  (view) => ({
    decorations: linesIn(view),
    update(update: ViewUpdate) {
      if (update.docChanged || update.viewportChanged) this.decorations = linesIn(update.view)
    },
  }),
  { decorations: (plugin: { decorations: DecorationSet }) => plugin.decorations },
)

function linesIn({ state, viewport }: EditorView): DecorationSet {
  const { doc } = state
  const end = frontmatterEnd(doc)
  const first = doc.lineAt(viewport.from).number
  const ranges = []
  for (let line = first; line <= end && doc.line(line).from <= viewport.to; line++)
    ranges.push(front.range(doc.line(line).from))
  return Decoration.set(ranges)
}
