import { syntaxTree } from '@codemirror/language'
import type { EditorState } from '@codemirror/state'
import { frontmatterEnd } from './editor-front.ts'

const notProse: ReadonlySet<string> = new Set([
  ...['FencedCode', 'CodeBlock', 'InlineCode', 'CodeText', 'HTMLBlock', 'HTMLTag', 'Comment', 'CommentBlock'],
  ...['URL', 'Autolink', 'LinkReference'],
])

/** Behind the last letter of one of these it is prose again. */
const inLine: ReadonlySet<string> = new Set(['InlineCode', 'HTMLTag', 'Comment', 'URL', 'Autolink'])

/** Whether `at` is in the frontmatter, its lines of hyphens included. */
export function isFront(state: EditorState, at: number): boolean {
  const end = frontmatterEnd(state.doc)
  return end > 0 && state.doc.lineAt(at).number <= end
}

/** Whether words at `at` are prose, where a citation may stand: neither frontmatter nor code nor an address. */
export function isProse(state: EditorState, at: number): boolean {
  if (isFront(state, at)) return false
  for (let node = syntaxTree(state).resolveInner(at, -1); ;) {
    const { parent, name, to } = node
    // The address of a link goes on to the bracket that closes the link.
    const isBehind = at === to && inLine.has(name) && parent?.name !== 'Link' && parent?.name !== 'Image'
    if (notProse.has(name) && !isBehind) return false
    if (parent === null) return true
    node = parent
  }
}

/** No citation is longer. */
const LONGEST = 2_000

/** The text of the paragraph before `at`. */
export function paragraphBefore(state: EditorState, at: number): string {
  const text = state.sliceDoc(Math.max(0, at - LONGEST), at)
  return text.split(/\n[ \t]*\n/u).at(-1) ?? ''
}

/** The rest of the line after `at`. */
export function lineAfter(state: EditorState, at: number): string {
  return state.sliceDoc(at, state.doc.lineAt(at).to)
}
