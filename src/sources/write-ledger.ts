import { isDeepStrictEqual } from 'node:util'
import { isMap, isScalar, isSeq, type Node, type Pair, type YAMLMap, type YAMLSeq } from 'yaml'
import { OnrecordError } from '../core/errors.ts'
import { parseYaml, readYamlDocument } from '../core/yaml.ts'
import type { DraftEntry } from './draft.ts'
import { entryFields, entryFlow, entryLines, quoted, yamlText } from './entry-yaml.ts'

/** The fields that a command may write into an entry that exists. */
export type WrittenField = 'snapshot' | 'accessed' | 'archive' | 'modified'

/**
 * The text of a ledger (`sources.yaml`, or a brief's file with `sources:` in its frontmatter) with
 * `entries` after its last one. Every other byte stays: comments, order, quotation marks, blank lines.
 *
 * @param file for messages; a name in `.md` has frontmatter
 * @throws OnrecordError `refused` where the file is no ledger or cannot be added to safely
 */
export function appendEntries(file: string, text: string, entries: readonly DraftEntry[]): string {
  if (entries.length === 0) return text
  const region = regionOf(file, text)
  const yaml = text.slice(region.from, region.to)
  const written = append(yaml, region.under, entries, text.includes('\r\n') ? '\r\n' : '\n')
  const changed = written === null ? null : text.slice(0, region.from) + written + text.slice(region.to)
  const before = listIn(file, text)
  if (changed === null || before === null) throw refusal(file)
  const expected = [...before, ...entries.map(plainEntry)]
  if (!isDeepStrictEqual(trimmed(listIn(file, changed)), trimmed(expected))) throw refusal(file)
  return changed
}

/**
 * The text of a ledger with one field of the entry `id` set; every other byte stays.
 *
 * @throws OnrecordError `not-found` without such an entry; `refused` as above
 */
export function setField(file: string, text: string, id: string, field: WrittenField, value: string): string {
  const region = regionOf(file, text)
  const yaml = text.slice(region.from, region.to)
  const before = listIn(file, text)
  if (before === null) throw refusal(file)
  const index = before.findIndex((entry) => Reflect.get(Object(entry), 'id') === id)
  if (index === -1) throw new OnrecordError('not-found', `${file} has no entry “${id}”.`)
  const written = set(yaml, region.under, index, field, value)
  if (written === null) throw refusal(file)
  const changed = text.slice(0, region.from) + written + text.slice(region.to)
  const expected = before.map((entry, at) => (at === index ? { ...Object(entry), [field]: value } : entry))
  if (!isDeepStrictEqual(trimmed(listIn(file, changed)), trimmed(expected))) throw refusal(file)
  return changed
}

/** Where the YAML stands in its file, and the key under which the list is. */
interface Region {
  readonly from: number
  readonly to: number
  readonly under: 'sources' | null
}

function regionOf(file: string, text: string): Region {
  const start = text.startsWith('\ufeff') ? 1 : 0
  if (!file.endsWith('.md')) return { from: start, to: text.length, under: null }
  const open = /^---(?:yaml)?[ \t]*\r?\n/u.exec(text.slice(start))
  const from = start + (open?.[0].length ?? 0)
  const close = /^---[ \t]*$/mu.exec(text.slice(from).replaceAll('\r', ' '))
  if (open === null || close === null) throw refusal(file)
  return { from, to: from + close.index, under: 'sources' }
}

function nodeOf(
  yaml: string,
  under: Region['under'],
): { readonly root: unknown; readonly list: unknown } | null {
  const document = readYamlDocument(yaml)
  if (document === null) return null
  const root = document.contents
  if (under === null) return { root, list: root }
  if (!isMap(root)) return null
  return { root, list: pairOf(root, under)?.value ?? null }
}

function append(
  yaml: string,
  under: Region['under'],
  entries: readonly DraftEntry[],
  end: string,
): string | null {
  const nodes = nodeOf(yaml, under)
  if (nodes === null) return null
  const { root, list } = nodes
  const block = (indent: number, blank: boolean): string =>
    entries.map((entry) => entryLines(entry, indent).join(end) + end).join(blank ? end : '')
  if (isSeq(list) && list.items.length > 0) {
    if (list.flow === true) return appendFlow(yaml, list, entries)
    return appendBlock(yaml, list, end, block)
  }
  if (isSeq(list) && list.range) {
    // An empty `[]` becomes a list of lines.
    const lead = under === null ? '' : end
    const rest = yaml.slice(list.range[1])
    const written = block(under === null ? 0 : 2, true)
    return (
      yaml.slice(0, list.range[0]) +
      lead +
      written.slice(0, /^[ \t]*\r?\n/u.test(rest) ? -end.length : undefined) +
      rest
    )
  }
  if (list !== null && !(isScalar(list) && list.value === null)) return null
  const whole = withEnd(yaml, end)
  if (under === null)
    return whole + (whole.trim() === '' || /\n\r?\n$/u.test(whole) ? '' : end) + block(0, true)
  const pair = isMap(root) ? pairOf(root, under) : undefined
  if (pair === undefined) return `${whole}sources:${end}${block(2, true)}`
  const key = pair.key
  const keyEnd = isScalar(key) && key.range ? lineEnd(yaml, key.range[1]) : null
  if (keyEnd === null) return null
  return `${withEnd(yaml.slice(0, keyEnd), end)}${block(2, true)}${yaml.slice(Math.min(yaml.length, keyEnd + endLength(yaml, keyEnd)))}`
}

function appendFlow(yaml: string, list: YAMLSeq, entries: readonly DraftEntry[]): string | null {
  const at = rangeOf(list.items.at(-1))?.[1]
  if (at === undefined) return null
  return `${yaml.slice(0, at)}${entries.map((entry) => `, ${entryFlow(entry)}`).join('')}${yaml.slice(at)}`
}

function appendBlock(
  yaml: string,
  list: YAMLSeq,
  end: string,
  block: (indent: number, blank: boolean) => string,
): string | null {
  const first = list.range?.[0]
  const last = rangeOf(list.items.at(-1))
  const before = rangeOf(list.items.at(-2))
  if (first === undefined || last === undefined) return null
  const indent = first - (yaml.lastIndexOf('\n', first - 1) + 1)
  const blank = before === undefined || /\n[ \t]*\r?\n/u.test(yaml.slice(before[1] - 1, last[0]))
  let at = last[1] > 0 && yaml.charAt(last[1] - 1) === '\n' ? last[1] : afterLine(yaml, last[1])
  // A comment set in as far as the entry's own lines belongs to it.
  for (;;) {
    const comment = /^[ \t]+#[^\n]*(?:\n|$)/u.exec(yaml.slice(at))
    if (comment === null || /^[ \t]*/u.exec(comment[0])?.[0].length === indent) break
    at += comment[0].length
  }
  const head = withEnd(yaml.slice(0, at), end)
  return `${head}${blank ? end : ''}${block(indent, blank)}${yaml.slice(at)}`
}

function set(
  yaml: string,
  under: Region['under'],
  index: number,
  field: string,
  value: string,
): string | null {
  const list = nodeOf(yaml, under)?.list
  const entry = isSeq(list) ? list.items[index] : undefined
  if (!isMap(entry)) return null
  const existing = pairOf(entry, field)
  const inFlow = entry.flow === true || (isSeq(list) && list.flow === true)
  const scalar = inFlow ? quoted(value) : yamlText(value)
  if (existing !== undefined) {
    const range = rangeOf(existing.value)
    if (range === undefined) return null
    const space = range[0] === range[1] && yaml.charAt(range[0] - 1) === ':' ? ' ' : ''
    return yaml.slice(0, range[0]) + space + scalar + yaml.slice(range[1])
  }
  if (inFlow) {
    const last = rangeOf(entry.items.at(-1)?.value)
    return last === undefined ? null : `${yaml.slice(0, last[1])}, ${field}: ${scalar}${yaml.slice(last[1])}`
  }
  for (const neighbour of [
    'archive',
    'accessed',
    'modified',
    'published',
    'url',
    'publisher',
    'title',
    'id',
  ]) {
    const pair = pairOf(entry, neighbour)
    const key = rangeOf(pair?.key)
    const range = rangeOf(pair?.value)
    if (key === undefined || range === undefined || yaml.slice(key[0], range[1]).includes('\n')) continue
    const indent = key[0] - (yaml.lastIndexOf('\n', key[0] - 1) + 1)
    const at = lineEnd(yaml, range[1])
    const end = yaml.includes('\r\n') ? '\r\n' : '\n'
    return `${yaml.slice(0, at)}${end}${' '.repeat(indent)}${field}: ${scalar}${yaml.slice(at)}`
  }
  return null
}

/** The list of entries as plain values, or null where there is none and none could be put. */
function listIn(file: string, text: string): unknown[] | null {
  const { from, to, under } = regionOf(file, text)
  const { value, findings } = parseYaml(text.slice(from, to), file)
  if (findings.length > 0) return null
  const list: unknown = under === null ? value : Reflect.get(Object(value), under)
  if (list === null || list === undefined) return []
  return Array.isArray(list) ? list : null
}

function plainEntry(entry: DraftEntry): unknown {
  return Object.fromEntries(
    entryFields(entry).map(([key, value]) => [key, key === 'consulted' ? value === 'true' : value]),
  )
}

/** Line ends at the end of a text may be added with the line that follows; no field means them. */
function trimmed(value: unknown): unknown {
  if (typeof value === 'string') return value.trimEnd()
  if (Array.isArray(value)) return value.map(trimmed)
  if (typeof value !== 'object' || value === null) return value
  return Object.fromEntries(Object.entries(value).map(([key, each]) => [key, trimmed(each)]))
}

function pairOf(map: YAMLMap, key: string): Pair | undefined {
  return map.items.find((item) => isScalar(item.key) && item.key.value === key)
}

function rangeOf(node: unknown): NonNullable<Node['range']> | undefined {
  return (node as Node | null | undefined)?.range ?? undefined
}

function withEnd(text: string, end: string): string {
  return text === '' || text.endsWith('\n') ? text : text + end
}

/** Where the line of `at` ends, before its line end. */
function lineEnd(text: string, at: number): number {
  const found = text.indexOf('\n', at)
  if (found === -1) return text.length
  return text.charAt(found - 1) === '\r' && found > at ? found - 1 : found
}

function afterLine(text: string, at: number): number {
  const end = lineEnd(text, at)
  return end + endLength(text, end)
}

function endLength(text: string, at: number): number {
  return text.startsWith('\r\n', at) ? 2 : text.startsWith('\n', at) ? 1 : 0
}

function refusal(file: string): OnrecordError {
  return new OnrecordError(
    'refused',
    `${file} cannot be changed without disturbing what is in it; it was left as it is.`,
    {
      hint: 'check that it is a list of entries, each beginning with “- id:”, or add the entry by hand',
    },
  )
}
