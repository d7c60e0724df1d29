import { isMap, isScalar, isSeq, type Pair, type YAMLMap } from 'yaml'
import { readYamlDocument } from '../../core/yaml.ts'
import { quoted, yamlText } from '../../sources/entry-yaml.ts'
import { frontmatterRegion } from '../frontmatter-edit.ts'
import { afterLine, lineStart, rangeOf, type TextEdit } from '../text-edit.ts'

type Path = readonly (string | number)[]

interface Read {
  readonly contents: unknown
  /** Where the YAML begins. */
  readonly shift: number
}

/** What was read last: the findings of a ledger come one after the other. */
let last: { readonly file: string; readonly read: Read | null; readonly text: string } | null = null

function readYaml(file: string, text: string): Read | null {
  if (last?.file === file && last.text === text) return last.read
  const region = file.endsWith('.md') ? frontmatterRegion(text) : { from: 0, to: text.length }
  const document = region === null ? null : readYamlDocument(text.slice(region.from, region.to))
  const read =
    region === null || document === null ? null : { contents: document.contents, shift: region.from }
  last = { file, text, read }
  return read
}

interface Found {
  readonly map: YAMLMap
  readonly shift: number
}

/** The map of an entry of the ledger (`sources.yaml`, or `sources:` of a brief), or with null that of the frontmatter. */
function mapOf(file: string, text: string, entry: string | null): Found | null {
  const read = readYaml(file, text)
  if (read === null) return null
  const { contents, shift } = read
  if (entry === null) return isMap(contents) ? { map: contents, shift } : null
  const isList = !file.endsWith('.md')
  const list: unknown = isList ? contents : isMap(contents) ? contents.get('sources', true) : null
  if (!isSeq(list)) return null
  const map = list.items.find((item) => isMap(item) && item.get('id') === entry)
  return isMap(map) ? { map, shift } : null
}

/** Puts `value` in the place of a scalar of an entry. */
export function setScalar(
  file: string,
  text: string,
  entry: string,
  path: Path,
  value: string,
): TextEdit | null {
  const found = mapOf(file, text, entry)
  const node: unknown = found?.map.getIn(path, true)
  const range = isScalar(node) ? rangeOf(node) : undefined
  if (found === null || range === undefined) return null
  const [from, to] = range.map((at) => at + found.shift) as [number, number]
  const was = text.slice(from, to)
  const insert = /^['"]/u.test(was) ? quoted(value) : yamlText(value)
  return { from, to, insert: insert + (/\n+$/u.exec(was)?.[0] ?? '') }
}

/** A new key at the end of an entry. `value` is YAML on one line. */
export function addField(
  file: string,
  text: string,
  entry: string,
  key: string,
  value: string,
): TextEdit | null {
  const found = mapOf(file, text, entry)
  return found === null ? null : atEnd(text, found, [`${key}: ${value}`], `${key}: ${value}`)
}

/** One more waiver of an entry, or with null of the frontmatter. */
export function addWaiver(
  file: string,
  text: string,
  entry: string | null,
  rule: string,
  reason: string,
): TextEdit | null {
  const found = mapOf(file, text, entry)
  if (found === null) return null
  const { map, shift } = found
  const words = quoted(reason)
  const flow = `{rule: ${rule}, reason: ${words}}`
  const pair = pairOf(map, 'waivers')
  if (pair === undefined)
    return atEnd(text, found, ['waivers:', `  - rule: ${rule}`, `    reason: ${words}`], `waivers: [${flow}]`)
  const list = pair.value
  const range = rangeOf(list)
  if (!isSeq(list) || range === undefined) return null
  const last = rangeOf(list.items.at(-1))
  if (list.flow === true) {
    const at = shift + (last?.[1] ?? range[0] + 1)
    return { from: at, to: at, insert: last === undefined ? flow : `, ${flow}` }
  }
  if (last === undefined) return null
  const start = shift + range[0]
  const margin = text.slice(lineStart(text, start), start)
  if (margin.trim() !== '') return null
  return lines(text, shift + last[1], [`${margin}- rule: ${rule}`, `${margin}  reason: ${words}`])
}

/** Takes a waiver out of a list of the frontmatter or of an entry; the list goes with the last of its waivers. */
export function removeWaiver(
  file: string,
  text: string,
  entry: string | null,
  offset: number,
): TextEdit | null {
  const found = mapOf(file, text, entry)
  const pair = found === null ? undefined : pairOf(found.map, 'waivers')
  const list = pair?.value
  const key = rangeOf(pair?.key)
  if (found === null || key === undefined || !isSeq(list) || list.flow === true) return null
  const at = list.items.findIndex((item) => {
    const range = rangeOf(item)
    return range !== undefined && range[0] + found.shift <= offset && offset < range[1] + found.shift
  })
  const range = rangeOf(list.items[at])
  if (range === undefined) return null
  const [start, end] = list.items.length === 1 ? [key[0], range[1]] : range
  if (
    list.items.length === 1 &&
    text.slice(lineStart(text, start + found.shift), start + found.shift).trim() !== ''
  )
    return null
  return { from: lineStart(text, start + found.shift), to: afterLine(text, end + found.shift), insert: '' }
}

function pairOf(map: YAMLMap, name: string): Pair | undefined {
  return map.items.find(({ key }) => isScalar(key) && key.value === name)
}

function atEnd(text: string, { map, shift }: Found, block: readonly string[], flow: string): TextEdit | null {
  const first = rangeOf(map.items[0]?.key)
  const last = map.items.at(-1)
  const end = rangeOf(last?.value) ?? rangeOf(last?.key)
  if (first === undefined || end === undefined) return null
  if (map.flow === true) return { from: shift + end[1], to: shift + end[1], insert: `, ${flow}` }
  const start = shift + first[0]
  // The first key of an entry stands behind its dash.
  const margin = text.slice(lineStart(text, start), start).replace(/[^\s]/gu, ' ')
  return lines(
    text,
    shift + end[1],
    block.map((line) => margin + line),
  )
}

/** Whole lines after the one in which something ends. */
function lines(text: string, end: number, written: readonly string[]): TextEdit {
  const at = afterLine(text, end)
  const lead = at > 0 && text.charAt(at - 1) !== '\n' ? '\n' : ''
  return { from: at, to: at, insert: `${lead}${written.join('\n')}\n` }
}
