import { isMap, isPair, isScalar, isSeq, LineCounter, parseDocument, visit, YAMLParseError } from 'yaml'
import type { Document, DocumentOptions, Node, ParseOptions, SchemaOptions, YAMLError } from 'yaml'
import { tooDeepAt } from './yaml-depth.ts'
import { yamlTrouble } from './yaml-trouble.ts'
import { finding, type Finding, type Place } from './finding.ts'

/** A path into a YAML document: keys and list indexes. */
export type Path = readonly (string | number)[]

/** YAML as plain values, with the place of every one of them. */
export interface Yaml {
  /** Maps, lists, strings, booleans and null; numbers and dates stay the strings that were written. */
  readonly value: unknown
  /** Where the value at `path` stands, or its nearest existing parent. */
  at(path: Path): Place
  /** Where the key that ends `path` stands. */
  keyAt(path: Path): Place
  readonly findings: readonly Finding[]
}

/** Far above what frontmatter needs, far below what an alias bomb expands to. */
const MAX_ALIASES = 20

/** In UTF-16 units; a ledger of ten thousand sources is half of it. */
const MAX_LENGTH = 8 * 1024 * 1024

/** Who has so many mistakes mends these first. */
const MOST_FINDINGS = 20

/**
 * Reads YAML 1.2 from `text`, which stands in `file` after `lineOffset` other lines. Only maps,
 * lists, strings, booleans and null are made: `2025` stays “2025”, and no tag runs anything.
 * Never throws: what cannot be read is a finding (DC801) and a `value` of null.
 */
export function parseYaml(text: string, file: string, lineOffset = 0): Yaml {
  const refusedAt = whereRefused(text)
  if (refusedAt !== null) return refused(text, file, lineOffset, refusedAt)
  const lines = new LineCounter()
  const document = parseDocument(text, { ...reading, lineCounter: lines })
  const place = (start: number, end: number): Place => {
    const from = lines.linePos(start)
    const to = lines.linePos(Math.max(start, end))
    return {
      file,
      line: from.line + lineOffset,
      column: from.col,
      endLine: to.line + lineOffset,
      endColumn: to.col,
    }
  }
  const wrong = [...document.errors, ...document.warnings, ...duplicates(document)]
  // What follows in the same line is mostly of the same mistake.
  const firsts = [
    ...new Map(wrong.toReversed().map((each) => [lines.linePos(each.pos[0]).line, each])).values(),
  ]
  const findings = firsts
    .toReversed()
    .slice(0, MOST_FINDINGS)
    .map((error) => {
      const { from, to, message, hint } = yamlTrouble(error, document, text)
      return finding('DC801', place(from, to), `This YAML cannot be read: ${message}`, { hint })
    })
  let value: unknown = null
  if (findings.length === 0) {
    try {
      value = document.toJS({ maxAliasCount: MAX_ALIASES })
    } catch {
      findings.push(
        finding('DC801', place(0, 0), 'This YAML has too many aliases, or one that points nowhere.', {
          hint: 'write the values out instead of using & and *',
        }),
      )
    }
  }
  return {
    value,
    at: (path) => rangeOf(document, path, place, 'value'),
    keyAt: (path) => rangeOf(document, path, place, 'key'),
    findings,
  }
}

/** The document of a text that is to be changed in place; null: it cannot be read, and `parseYaml` says why. */
export function readYamlDocument(text: string): Document | null {
  if (whereRefused(text) !== null) return null
  const document = parseDocument(text, reading)
  return document.errors.length + duplicates(document).length > 0 ? null : document
}

const reading = {
  schema: 'failsafe',
  customTags: ['bool', 'null'],
  // Compares each with each other; ours below does not.
  uniqueKeys: false,
  prettyErrors: false,
} satisfies ParseOptions & DocumentOptions & SchemaOptions

/** Where a text is not given to the parser, since it would be held up by it; null: it is. */
function whereRefused(text: string): number | null {
  return text.length > MAX_LENGTH ? 0 : tooDeepAt(text)
}

function duplicates(document: Document): readonly YAMLError[] {
  const found: YAMLError[] = []
  visit(document, {
    Map(_key, { items }) {
      const seen = new Set<string>()
      for (const { key } of items) {
        if (!isScalar(key)) continue
        const [start = 0, end = 0] = key.range ?? []
        // As values, keys are strings.
        const name = String(key.value)
        if (seen.has(name)) found.push(new YAMLParseError([start, end], 'DUPLICATE_KEY', ''))
        seen.add(name)
      }
    },
  })
  return found
}

function refused(text: string, file: string, lineOffset: number, at: number): Yaml {
  const line = text.slice(0, at).split('\n').length + lineOffset
  const place = { file, line, column: 1, endLine: line, endColumn: 1 }
  const why = at === 0 ? 'it is too long' : 'lists and maps lie too deep within one another here'
  const hint =
    at === 0 ? 'divide it into several files' : 'close them, or quote a value that holds “[”, “{” or “-”'
  const found = finding('DC801', place, `This YAML cannot be read: ${why}.`, { hint })
  return { value: null, at: () => place, keyAt: () => place, findings: [found] }
}

function rangeOf(
  document: Document,
  path: Path,
  place: (start: number, end: number) => Place,
  which: 'key' | 'value',
): Place {
  let node: unknown = document.contents
  let best = nodePlace(node, place) ?? place(0, 0)
  for (const [index, step] of path.entries()) {
    const last = index === path.length - 1
    if (isMap(node)) {
      const pair = node.items.find((item) => isScalar(item.key) && String(item.key.value) === String(step))
      if (!isPair(pair)) break
      node = last && which === 'key' ? pair.key : (pair.value ?? pair.key)
    } else if (isSeq(node)) {
      node = node.items[Number(step)]
    } else break
    best = nodePlace(node, place) ?? best
  }
  return best
}

function nodePlace(node: unknown, place: (start: number, end: number) => Place): Place | null {
  const range = (node as Node | null | undefined)?.range
  return range ? place(range[0], range[1]) : null
}
