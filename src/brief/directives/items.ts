import type { List, ListItem, Paragraph, PhrasingContent, RootContent } from 'mdast'
import type { ContainerDirective } from 'mdast-util-directive'
import { plainText } from '../plain-text.ts'
import type { Reading } from '../reading.ts'

/** One item of a directive's list: its place and the words of its only paragraph. */
export interface Item {
  readonly node: ListItem
  readonly words: PhrasingContent[]
}

/**
 * The items of a directive whose content is exactly one list of one paragraph each; reports (DC812) what is
 * not, and leaves those items out. Null: there is no such list.
 */
export function itemsOf(node: ContainerDirective, example: string, at: Reading): readonly Item[] | null {
  const list = node.children.find((child): child is List => child.type === 'list')
  if (list === undefined) {
    at.report('DC812', node, `“${node.name}” needs a list.`, `write “${example}”`)
    return null
  }
  for (const other of node.children) {
    if (other === list) continue
    at.report('DC812', other, `“${node.name}” holds one list and nothing else.`, 'move this out of it')
  }
  return list.children.flatMap((item) => {
    const [first, ...rest] = item.children
    if (first?.type !== 'paragraph' || rest.length > 0 || (item.checked ?? null) !== null) {
      at.report('DC812', item, `Each item of “${node.name}” is one paragraph.`, `write “${example}”`)
      return []
    }
    return [{ node: item, words: first.children }]
  })
}

/** The words of `**…**` that begin an item and what follows, or null where it begins otherwise. */
export function strongHead(
  words: readonly PhrasingContent[],
): { head: string; rest: PhrasingContent[] } | null {
  const [first, ...rest] = words
  if (first?.type !== 'strong') return null
  const head = plainText(first).replace(/\s+/g, ' ')
  return head === '' ? null : { head, rest }
}

/** `words` without the first `length` characters of its first text, whose position moves along. */
export function cut(words: readonly PhrasingContent[], length: number): PhrasingContent[] {
  const [first, ...rest] = words
  if (first?.type !== 'text') return [...words]
  if (first.value.length <= length) return rest
  const gone = first.value.slice(0, length)
  const text: PhrasingContent = { type: 'text', value: first.value.slice(length) }
  if (first.position !== undefined) {
    const { start, end } = first.position
    // Exact where the words cut off hold no line break, escape or entity: they are a date or a term.
    const moved = gone.includes('\n')
      ? start
      : { line: start.line, column: start.column + length, offset: (start.offset ?? 0) + length }
    text.position = { start: moved, end }
  }
  return [text, ...rest]
}

/** Leaves out white space at the beginning of a run of words. */
export function trimStart(words: readonly PhrasingContent[]): PhrasingContent[] {
  const [first] = words
  if (first?.type !== 'text') return [...words]
  return cut(words, first.value.length - first.value.trimStart().length)
}

export function isEmpty(words: readonly PhrasingContent[]): boolean {
  const paragraph: Paragraph = { type: 'paragraph', children: [...words] }
  return plainText(paragraph) === ''
}

/** The position of `node`, to be spread into the node that replaces it. */
export function placeOfNode(node: Pick<RootContent, 'position'>): Pick<RootContent, 'position'> {
  return node.position === undefined ? {} : { position: node.position }
}
