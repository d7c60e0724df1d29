import {
  snippet,
  type Completion,
  type CompletionContext,
  type CompletionResult,
} from '@codemirror/autocomplete'
import type { ChangeSpec, EditorState, Transaction } from '@codemirror/state'
import type { EditorView } from '@codemirror/view'
import { lines } from './completion-citations.ts'
import { isProse } from './completion-place.ts'
import { frontmatterEnd } from './editor-front.ts'

interface Template {
  readonly name: string
  readonly about: string
  /** What stands behind the colons and the name, and below; `${…}` are the stops of Tab. */
  readonly head: string
  readonly body: readonly string[]
}

const templates: readonly Template[] = [
  {
    name: 'members',
    about: 'A section for members. Everybody else reads its teaser.',
    head: '{teaser="${What it holds}"}',
    body: ['${Only members read this.}'],
  },
  {
    name: 'scenarios',
    about:
      'Forward scenarios, each with a likelihood: almost no chance, very unlikely, unlikely, roughly even, likely, very likely, almost certain.',
    head: '',
    body: [
      '- **${Name}** (${likely}): ${what happens.}',
      '- **${Other name}** (${unlikely}): ${what happens instead.}',
    ],
  },
  {
    name: 'timeline',
    about: 'Dated events; a range is 2025-10-25/2025-10-30.',
    head: '',
    body: ['- ${2025-10-19}: ${What happened} [@${source}].'],
  },
  { name: 'figures', about: 'Key numbers.', head: '', body: ['- **${346}** ${injured} [@${source}]'] },
  {
    name: 'positions',
    about: 'What each party says, under a heading each.',
    head: '',
    body: [
      '### ${Party}',
      '',
      '${What it says} [@${source}].',
      '',
      '### ${Other party}',
      '',
      '${What it says} [@${other-source}].',
    ],
  },
  {
    name: 'pullquote',
    about: 'A displayed quotation with its citation.',
    head: '',
    body: ['> ${The words.} [@${source}, "${The words.}"]'],
  },
  { name: 'note', about: 'An editor’s note.', head: '', body: ['${The note.}'] },
  {
    name: 'correction',
    about: 'A correction in its place.',
    head: '',
    body: ['${What was wrong, and what is right.}'],
  },
]

const button = '::button[${Read on}]{href="${https://}"}'

/** Directives at the beginning of a line, after two colons or more. */
export function completeDirective(context: CompletionContext): CompletionResult | null {
  const { state, pos } = context
  const line = state.doc.lineAt(pos)
  const typed = /^ {0,3}(:{2,})([a-z]*)$/u.exec(state.sliceDoc(line.from, pos))
  if (typed === null || line.to !== pos || !isProse(state, pos)) return null
  const [, colons = '', word = ''] = typed
  const from = pos - colons.length - word.length
  const fences = openFences(state, line.number)
  // A fence of three or more at the end of what is open is meant to close it.
  if (word === '' && colons.length > 2 && fences.at(-1)?.length === colons.length && !context.explicit)
    return null
  const containers = templates.map((template): Completion => {
    const text = [`:::${template.name}${template.head}`, ...template.body, ':::'].join('\n')
    return {
      label: `:::${template.name}`,
      type: 'directive',
      info: () => about(template.about, text),
      apply: (view, completion, start, end) => applyWithin(view, completion, start, end, text, fences),
    }
  })
  const leaf: Completion = {
    label: '::button',
    type: 'directive',
    info: () => about('A call to action, on a line of its own.', button),
    apply: snippet(button),
  }
  const options = [...containers, leaf].filter(({ label }) => label.replace(/^:+/u, '').startsWith(word))
  return options.length === 0 ? null : { from, options, filter: false }
}

function about(text: string, template: string): Node {
  const shown = template.replace(/\$\{([^}]*)\}/gu, '$1')
  return lines([['', text], ...shown.split('\n').map((line) => ['completion-code', line] as const)])
}

interface Fence {
  /** Where its colons begin. */
  readonly at: number
  readonly length: number
  readonly line: number
}

/** The fences that are open where a line begins, the outermost first. */
function openFences({ doc }: EditorState, before: number): readonly Fence[] {
  const open: Fence[] = []
  let code = ''
  for (let number = frontmatterEnd(doc) + 1; number < before; number++) {
    const { text, from } = doc.line(number)
    const fence = /^ {0,3}(`{3,}|~{3,})/u.exec(text)?.[1]
    if (code !== '') {
      if (fence?.startsWith(code) === true) code = ''
      continue
    }
    if (fence !== undefined) code = fence
    const [, indent = '', colons = '', name = ''] = /^( {0,3})(:{3,})([a-z]?)/u.exec(text) ?? []
    if (colons === '') continue
    if (name !== '') open.push({ at: from + indent.length, length: colons.length, line: number })
    else if (open.at(-1)?.length === colons.length) open.pop()
  }
  return open
}

/** Puts a directive of three colons in, and gives each fence around it one more than what it holds, in one step of undo. */
function applyWithin(
  view: EditorView,
  completion: Completion,
  from: number,
  to: number,
  text: string,
  fences: readonly Fence[],
): void {
  const { state } = view
  const widened: ChangeSpec[] = []
  let inner = 3
  for (const fence of fences.toReversed()) {
    if (fence.length > inner) break
    inner += 1
    const insert = ':'.repeat(inner - fence.length)
    widened.push({ from: fence.at, insert })
    const end = closingOf(state, fence)
    if (end !== null) widened.push({ from: end, insert })
  }
  snippet(text)(
    {
      state,
      dispatch(made: Transaction) {
        if (widened.length === 0) return view.dispatch(made)
        const after = state.changes(widened).map(made.changes)
        view.dispatch(
          {
            changes: made.changes,
            selection: made.newSelection,
            effects: made.effects,
            scrollIntoView: true,
          },
          { changes: after, sequential: true, userEvent: 'input.complete' },
        )
      },
    },
    completion,
    from,
    to,
  )
}

/** Where the line begins that closes a fence, or null. */
function closingOf({ doc }: EditorState, fence: Fence): number | null {
  for (let number = fence.line + 1; number <= doc.lines; number++) {
    const { text, from } = doc.line(number)
    const [, indent = '', colons = ''] = /^( {0,3})(:{3,})[ \t]*$/u.exec(text) ?? []
    if (colons.length === fence.length) return from + indent.length
  }
  return null
}
