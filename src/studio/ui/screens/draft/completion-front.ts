import type { Completion, CompletionContext, CompletionResult } from '@codemirror/autocomplete'
import type { FormField } from '../../../contract/frontmatter.ts'
import { lines } from './completion-citations.ts'
import { known } from './completion-known.ts'
import { isFront, lineAfter } from './completion-place.ts'

/** Keys, and what may stand behind them: newsletters, looks, states, tags, authors, briefs. */
export function completeFront(context: CompletionContext): CompletionResult | null {
  const { state, pos } = context
  const line = state.doc.lineAt(pos)
  if (!isFront(state, pos) || line.number === 1 || line.text.startsWith('---')) return null
  const before = state.sliceDoc(line.from, pos)
  const { fields } = state.field(known)
  const key = /^[a-z]*$/u.exec(before)?.[0]
  if (key !== undefined) {
    if (lineAfter(state, pos).trim() !== '' || (key === '' && !context.explicit)) return null
    return keysFor(pos - key.length, key, fields, state.doc.toString())
  }
  const [, name = '', value = ''] = /^([a-z]+):[ \t]*(.*)$/u.exec(before) ?? []
  const field = fields.find((each) => each.key === name)
  if (field?.kind === 'choice') {
    const options = field.choices.filter((each) => each.value !== '')
    const typed = value.replace(/^["']/u, '')
    return result(
      pos - typed.length,
      typed,
      options.map(({ value: label, label: detail }) => ({ label, detail })),
    )
  }
  if (field?.kind === 'words' && value.startsWith('[')) {
    const typed = /[^,[\]]*$/u.exec(value)?.[0].trimStart() ?? ''
    const others = line.text.split(/[[\],:]/u).map((each) => each.trim())
    return result(pos - typed.length, typed, wordsOf(field, others))
  }
  const item = /^[ \t]*-[ \t]+(.*)$/u.exec(before)?.[1]
  if (item === undefined) return null
  const list = fields.find((each) => each.kind === 'words' && each.key === keyAbove(context, line.number))
  return list === undefined ? null : result(pos - item.length, item, wordsOf(list, []))
}

/** Keys of one line only: a picture’s are written by its form. */
function keysFor(
  from: number,
  typed: string,
  fields: readonly FormField[],
  text: string,
): CompletionResult | null {
  const free = fields.filter(
    ({ key, kind }) => kind !== 'yaml' && !key.includes('.') && !new RegExp(`^${key}:`, 'mu').test(text),
  )
  return result(
    from,
    typed,
    free.map(({ key, label, help, kind, required }) => ({
      label: key,
      detail: required ? 'required' : '',
      info: () =>
        lines([
          ['completion-title', label],
          ['', help],
        ]),
      apply: kind === 'words' ? `${key}: []` : `${key}: `,
    })),
  )
}

function wordsOf(field: FormField, others: readonly string[]): readonly Completion[] {
  return field.suggestions.filter((each) => !others.includes(each)).map((label) => ({ label }))
}

function result(from: number, typed: string, options: readonly Completion[]): CompletionResult | null {
  const start = typed.toLowerCase()
  const fitting = options.filter(({ label }) => label.toLowerCase().startsWith(start))
  // What is written out needs no list.
  if (fitting.length === 0 || (fitting.length === 1 && fitting[0]?.label === typed)) return null
  return { from, options: fitting.map((each) => ({ ...each, type: 'word' })), filter: false }
}

function keyAbove({ state }: CompletionContext, number: number): string | null {
  for (let above = number - 1; above > 1; above--) {
    const { text } = state.doc.line(above)
    const key = /^([a-z]+):[ \t]*(?:#.*)?$/u.exec(text)?.[1]
    if (key !== undefined) return key
    if (!/^[ \t]*(?:-|#|$)/u.test(text)) return null
  }
  return null
}
