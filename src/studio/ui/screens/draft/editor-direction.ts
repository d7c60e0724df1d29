import { syntaxTree } from '@codemirror/language'
import type { EditorState, Extension, Range } from '@codemirror/state'
import { Decoration, Direction, EditorView, ViewPlugin, type ViewUpdate } from '@codemirror/view'
import { frontmatterEnd } from './editor-front.ts'

const rightToLeft = Decoration.line({ attributes: { dir: 'rtl' } })
const apart = Decoration.mark({
  class: 'cm-iso',
  attributes: { dir: 'ltr' },
  inclusive: true,
  bidiIsolate: Direction.LTR,
})

/** What reads from left to right whatever stands around it. */
const latin: ReadonlySet<string> = new Set(['Citation', 'CitationId', 'URL', 'Directive'])

const RIGHT_TO_LEFT =
  /\p{Script=Arabic}|\p{Script=Hebrew}|\p{Script=Syriac}|\p{Script=Thaana}|\p{Script=Nko}|\p{Script=Adlam}/u
/** A citation and an address do not say in which language a paragraph is. */
const NO_WORDS = /\[\s*@[^\]]*\](?:\{[^}]*\})?|@[A-Za-z0-9][\w-]*|https?:\/\/\S+/gu
/** A heading, an item of a list and a row of a table are no part of the paragraph before them. */
const BEGINS = /^\s*(?:[-*+>#|:]|\d+[.)]\s)/u
const HEADING = /^\s*#/u
/** No paragraph has more lines. */
const MOST_LINES = 200

/** Each paragraph runs as its first letter does: Arabic and Hebrew from right to left, citations within it not. */
export const direction: Extension = [
  EditorView.perLineTextDirection.of(true),
  ViewPlugin.define(
    (view) => ({
      ...decorationsOf(view),
      update({ docChanged, viewportChanged, startState, state, view: now }: ViewUpdate) {
        if (docChanged || viewportChanged || syntaxTree(startState) !== syntaxTree(state))
          Object.assign(this, decorationsOf(now))
      },
    }),
    {
      decorations: ({ lines }) => lines,
      provide: (plugin) => {
        const marks = (view: EditorView) => view.plugin(plugin)?.marks ?? Decoration.none
        return [EditorView.outerDecorations.of(marks), EditorView.bidiIsolatedRanges.of(marks)]
      },
    },
  ),
]

function decorationsOf({ state, viewport }: EditorView) {
  const lines: Range<Decoration>[] = []
  const marks: Range<Decoration>[] = []
  for (const number of linesFromRight(state, viewport)) {
    const { from, to } = state.doc.line(number)
    lines.push(rightToLeft.range(from))
    syntaxTree(state).iterate({
      from,
      to,
      enter(node) {
        if (!latin.has(node.name)) return true
        const [start, end] = [Math.max(from, node.from), Math.min(to, node.to)]
        if (start < end) marks.push(apart.range(start, end))
        return false
      },
    })
  }
  return { lines: Decoration.set(lines), marks: Decoration.set(marks) }
}

/**
 * The numbers of the lines between two places that run from right to left. In frontmatter each line stands alone;
 * a line without letters runs as the one before it.
 */
export function linesFromRight(
  state: EditorState,
  { from, to }: { readonly from: number; readonly to: number },
): readonly number[] {
  const { doc } = state
  const front = frontmatterEnd(doc)
  const first = doc.lineAt(from).number
  let number = first
  while (number > 1 && number > first - MOST_LINES && doc.line(number - 1).text.trim() !== '') number--
  const found: number[] = []
  let isOpen = true
  let isRight = false
  for (; number <= doc.lines && doc.line(number).from <= to; number++) {
    const { text } = doc.line(number)
    if (number <= front + 1 || text.trim() === '' || BEGINS.test(text)) isOpen = true
    const letter = isOpen ? /\p{L}/u.exec(text.replace(NO_WORDS, ''))?.[0] : undefined
    if (letter !== undefined) {
      isOpen = false
      isRight = RIGHT_TO_LEFT.test(letter)
    }
    if (number <= front && letter === undefined) isRight = false
    if (isRight && number >= first) found.push(number)
    if (HEADING.test(text)) isOpen = true
  }
  return found
}
