import { isScalar, type YAMLSeq } from 'yaml'
import { scalarLike } from './frontmatter-value.ts'
import { afterLine, lineStart, rangeOf, type TextEdit } from './text-edit.ts'

interface Item {
  readonly node: unknown
  readonly from: number
  readonly to: number
}

/**
 * What makes a list of words another one: items at both ends that stay are not touched, nor are comments beside
 * them. Null where an item is no word, or nothing would be left.
 */
export function editList(yaml: string, list: YAMLSeq, values: readonly string[]): readonly TextEdit[] | null {
  const items: Item[] = []
  for (const node of list.items) {
    const range = rangeOf(node)
    if (!isScalar(node) || range === undefined || range[0] === range[1]) return null
    items.push({ node, from: range[0], to: range[1] })
  }
  const before = items.map(({ node }) => (isScalar(node) ? node.value : null))
  if (items.length === 0 || values.length === 0) return null
  const most = Math.min(before.length, values.length)
  let head = 0
  while (head < most && before[head] === values[head]) head++
  let tail = 0
  while (tail < most - head && before.at(-1 - tail) === values.at(-1 - tail)) tail++
  const old = items.slice(head, items.length - tail)
  const fresh = values.slice(head, values.length - tail)
  const inFlow = list.flow === true
  const both = Math.min(old.length, fresh.length)
  const edits: TextEdit[] = old.slice(0, both).flatMap(({ node, from, to }, index) => {
    const insert = scalarLike(node, fresh[index] ?? '', inFlow)
    const end = /\n*$/u.exec(yaml.slice(from, to))?.[0] ?? ''
    return { from, to, insert: insert + end }
  })
  const [gone, added] = [old.slice(both), fresh.slice(both)]
  const previous = items[head + both - 1]
  const next = items[head + both + gone.length]
  const edit = inFlow
    ? flowEdit(gone, added, previous, next)
    : blockEdit(yaml, indentOf(yaml, list), gone, added, previous, next)
  return edit === null ? edits : [...edits, edit]
}

function flowEdit(
  gone: readonly Item[],
  added: readonly string[],
  previous: Item | undefined,
  next: Item | undefined,
): TextEdit | null {
  const [first, last] = [gone[0], gone.at(-1)]
  if (first !== undefined && last !== undefined) {
    if (previous !== undefined) return { from: previous.to, to: last.to, insert: '' }
    return { from: first.from, to: next?.from ?? last.to, insert: '' }
  }
  if (added.length === 0) return null
  const words = added.map((each) => scalarLike(null, each, true)).join(', ')
  if (previous !== undefined) return { from: previous.to, to: previous.to, insert: `, ${words}` }
  const at = next?.from ?? 0
  return { from: at, to: at, insert: `${words}, ` }
}

function blockEdit(
  yaml: string,
  indent: string,
  gone: readonly Item[],
  added: readonly string[],
  previous: Item | undefined,
  next: Item | undefined,
): TextEdit | null {
  const [first, last] = [gone[0], gone.at(-1)]
  if (first !== undefined && last !== undefined)
    return { from: lineStart(yaml, first.from), to: afterLine(yaml, last.to), insert: '' }
  if (added.length === 0) return null
  const lines = added.map((each) => `${indent}- ${scalarLike(null, each, false)}\n`).join('')
  const at = previous === undefined ? lineStart(yaml, next?.from ?? 0) : afterLine(yaml, previous.to)
  return { from: at, to: at, insert: lines }
}

function indentOf(yaml: string, list: YAMLSeq): string {
  const [dash = 0] = rangeOf(list) ?? []
  return ' '.repeat(dash - lineStart(yaml, dash))
}
