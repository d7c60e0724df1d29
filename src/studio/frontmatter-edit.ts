import { isDeepStrictEqual } from 'node:util'
import { isMap, isScalar, isSeq, type Pair, type YAMLMap } from 'yaml'
import { parseYaml, readYamlDocument } from '../core/yaml.ts'
import type { FormValue } from './contract/frontmatter.ts'
import { editList } from './frontmatter-list.ts'
import { literal, scalarLike } from './frontmatter-value.ts'
import { afterLine, lineStart, rangeOf, splice, type TextEdit } from './text-edit.ts'

/** Where the YAML of a Markdown file stands: after the opening line, before the closing one. */
export interface Region {
  readonly from: number
  readonly to: number
}

/**
 * The frontmatter's place in `text`, whose lines end in line feeds; null without one.
 */
export function frontmatterRegion(text: string): Region | null {
  const opening = /^---(?:yaml)?[ \t]*\n/u.exec(text)
  if (opening === null) return null
  const from = opening[0].length
  const closing = /^---[ \t]*$/mu.exec(text.slice(from))
  return closing === null ? null : { from, to: from + closing.index }
}

/**
 * `text` with one key of its frontmatter set, or taken out (null); no other byte is touched: comments, order,
 * quotation marks, blank lines. A new key stands where `order` has it.
 *
 * @param path `['title']`, or `['image', 'alt']`
 * @returns null where that cannot be done with certainty, as with a value that others refer to: it is then to be
 *   written by hand
 */
export function setInFrontmatter(
  text: string,
  path: readonly string[],
  value: FormValue | null,
  order: readonly string[],
): string | null {
  const region = frontmatterRegion(text)
  if (region === null) return null
  const yaml = text.slice(region.from, region.to)
  const before = readMap(yaml)
  if (before === null) return null
  const wanted = withValue(before, path, value)
  if (isDeepStrictEqual(before, wanted)) return text
  const written = write(yaml, path, value, order)
  if (written === null || /^---/mu.test(written)) return null
  // Whatever is unusual about the text: nothing but this key may differ.
  if (!isDeepStrictEqual(readMap(written), wanted)) return null
  return text.slice(0, region.from) + written + text.slice(region.to)
}

function readMap(yaml: string): Record<string, unknown> | null {
  const { value, findings } = parseYaml(yaml, '')
  if (findings.length > 0) return null
  if (value === null) return {}
  return typeof value === 'object' && !Array.isArray(value) ? { ...value } : null
}

function withValue(
  map: Record<string, unknown>,
  [key = '', ...rest]: readonly string[],
  value: FormValue | null,
): Record<string, unknown> {
  const inner = Reflect.get(map, key)
  const isInner = typeof inner === 'object' && inner !== null && !Array.isArray(inner)
  const next = rest.length === 0 ? value : withValue(isInner ? { ...inner } : {}, rest, value)
  const { [key]: _, ...others } = map
  const isGone = next === null || (rest.length > 0 && Object.keys(Object(next)).length === 0)
  return isGone ? others : { ...others, [key]: next }
}

function write(
  yaml: string,
  path: readonly string[],
  value: FormValue | null,
  order: readonly string[],
): string | null {
  const document = readYamlDocument(yaml)
  if (document === null) return null
  const { contents } = document
  if (contents === null || (isScalar(contents) && contents.value === null)) {
    return value === null ? yaml : yaml + newLines(path, value, '')
  }
  if (!isMap(contents)) return null
  const edits = editMap(yaml, contents, path, value, order)
  return edits === null ? null : splice(yaml, edits)
}

function editMap(
  yaml: string,
  map: YAMLMap,
  [key = '', ...rest]: readonly string[],
  value: FormValue | null,
  order: readonly string[],
): readonly TextEdit[] | null {
  const pair = pairOf(map, key)
  if (pair === undefined) return value === null ? [] : insertPair(yaml, map, [key, ...rest], value, order)
  const inner = pair.value
  if (rest.length > 0) {
    if (isMap(inner)) {
      if (value === null && inner.items.length === 1 && pairOf(inner, rest[0] ?? ''))
        return removePair(yaml, map, pair)
      const prefix = `${key}.`
      const below = order.flatMap((each) => (each.startsWith(prefix) ? [each.slice(prefix.length)] : []))
      return editMap(yaml, inner, rest, value, below)
    }
    if (value === null) return []
    // What is there and no map is not ours to lose.
    if (!isScalar(inner) || inner.value !== null) return null
    return putValue(yaml, pair, `{${rest.join(': {')}: ${literal(value, true)}${'}'.repeat(rest.length)}`)
  }
  if (value === null) return removePair(yaml, map, pair)
  if (typeof value === 'object') {
    const edits = value.length > 0 && isSeq(inner) ? editList(yaml, inner, value) : null
    return edits ?? putValue(yaml, pair, literal(value, true))
  }
  return putValue(yaml, pair, scalarLike(inner, value, map.flow === true))
}

/** Puts `text` in the place of a pair's value, whatever that was; a comment behind the key stays. */
function putValue(yaml: string, pair: Pair, text: string): readonly TextEdit[] | null {
  const [, keyEnd] = rangeOf(pair.key) ?? []
  if (keyEnd === undefined) return null
  const colon = yaml.indexOf(':', keyEnd)
  if (colon === -1) return null
  const range = rangeOf(pair.value)
  if (range === undefined || range[0] === range[1])
    return [{ from: colon + 1, to: colon + 1, insert: ` ${text}` }]
  const [from, to] = range
  const after = /\n*$/u.exec(yaml.slice(from, to))?.[0] ?? ''
  const isBelow = !isScalar(pair.value) && yaml.slice(colon, from).includes('\n')
  if (!isBelow) return [{ from, to, insert: text + after }]
  return [
    { from: colon + 1, to: colon + 1, insert: ` ${text}` },
    { from: lineStart(yaml, from), to, insert: '' },
  ]
}

function removePair(yaml: string, map: YAMLMap, pair: Pair): readonly TextEdit[] | null {
  const key = rangeOf(pair.key)
  if (key === undefined) return null
  if (map.flow !== true) return [{ from: lineStart(yaml, key[0]), to: afterPair(yaml, pair), insert: '' }]
  const at = map.items.indexOf(pair)
  const [next, previous] = [map.items[at + 1], at === 0 ? undefined : map.items[at - 1]]
  const nextKey = next && rangeOf(next.key)
  if (nextKey !== undefined) return [{ from: key[0], to: nextKey[0], insert: '' }]
  return [{ from: previous ? pairEnd(previous) : key[0], to: pairEnd(pair), insert: '' }]
}

function insertPair(
  yaml: string,
  map: YAMLMap,
  path: readonly string[],
  value: FormValue,
  order: readonly string[],
): readonly TextEdit[] | null {
  const last = map.items.at(-1)
  const first = rangeOf(map.items[0]?.key)
  if (map.flow === true) {
    const [open = 0] = rangeOf(map) ?? []
    const inside =
      path.map((key) => `${key}: `).join('{') + literal(value, true) + '}'.repeat(path.length - 1)
    const at = last === undefined ? open + 1 : pairEnd(last)
    return [{ from: at, to: at, insert: last === undefined ? inside : `, ${inside}` }]
  }
  if (first === undefined) return null
  const start = lineStart(yaml, first[0])
  const indent = yaml.slice(start, first[0])
  if (indent.trim() !== '') return null
  const names = order.map((each) => each.split('.')[0] ?? '')
  const own = names.indexOf(path[0] ?? '')
  const previous = names
    .slice(0, own === -1 ? 0 : own)
    .toReversed()
    .map((each) => pairOf(map, each))
    .find((each) => each !== undefined)
  const at = previous === undefined ? start : afterPair(yaml, previous)
  return [{ from: at, to: at, insert: newLines(path, value, indent) }]
}

function newLines([key = '', ...rest]: readonly string[], value: FormValue, indent: string): string {
  if (rest.length > 0) return `${indent}${key}:\n${newLines(rest, value, `${indent}  `)}`
  return `${indent}${key}: ${literal(value, false)}\n`
}

function pairOf(map: YAMLMap, name: string): Pair | undefined {
  return map.items.find(({ key }) => isScalar(key) && key.value === name)
}

function pairEnd(pair: Pair): number {
  return (rangeOf(pair.value) ?? rangeOf(pair.key) ?? [0, 0])[1]
}

/** Where the line after a pair of a block begins. */
function afterPair(yaml: string, pair: Pair): number {
  const [from, to] = rangeOf(pair.value) ?? [0, 0]
  return afterLine(yaml, from === to ? pairEnd(pair) : to)
}
