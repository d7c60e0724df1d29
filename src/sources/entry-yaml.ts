import type { DraftEntry } from './draft.ts'

/** The fields of an entry in the order of docs/sources.md; what is null, empty or a default is left out. */
export function entryFields(entry: DraftEntry): (readonly [string, string | readonly string[]])[] {
  const fields: readonly (readonly [string, string | readonly string[] | null])[] = [
    ['id', entry.id],
    ['title', entry.title],
    ['publisher', entry.publisher],
    ['url', entry.url],
    ['access', entry.url === null ? 'offline' : null],
    ['published', entry.published],
    ['modified', entry.modified],
    ['accessed', entry.accessed],
    ['kind', entry.kind],
    ['author', entry.author],
    ['lang', entry.lang],
    ['origin', entry.origin],
    ['party', entry.party],
    ['reliability', entry.reliability],
    ['archive', entry.archive],
    ['quotes', entry.quotes],
    ['consulted', entry.consulted ? 'true' : null],
  ]
  return fields.flatMap(([key, value]) => (value === null || value.length === 0 ? [] : [[key, value]]))
}

/** An entry as an item of a block list, its dash `indent` columns in; lines without their ends. */
export function entryLines(entry: DraftEntry, indent: number): string[] {
  const margin = ' '.repeat(indent)
  const lines = entryFields(entry).flatMap(([key, value]) =>
    typeof value === 'string'
      ? [`${key}: ${key === 'consulted' ? value : yamlText(value)}`]
      : [`${key}:`, ...value.map((each) => `  - ${yamlText(each)}`)],
  )
  return lines.map((line, index) => `${margin}${index === 0 ? '- ' : '  '}${line}`)
}

/** An entry as an item of a flow list: JSON, which is YAML. */
export function entryFlow(entry: DraftEntry): string {
  const fields = entryFields(entry).map(
    ([key, value]) =>
      `${key}: ${typeof value === 'string' ? (key === 'consulted' ? value : quoted(value)) : `[${value.map(quoted).join(', ')}]`}`,
  )
  return `{${fields.join(', ')}}`
}

/** A text as a YAML scalar on one line: plain where nothing in it could be read as anything else. */
export function yamlText(text: string): string {
  return isPlain(text) ? text : quoted(text)
}

/** JSON's escapes are YAML's; the signs that some readers take for a line end or drop are escaped too. */
export function quoted(text: string): string {
  return JSON.stringify(text).replace(
    /[\u007f-\u009f\u00ad\u2028\u2029\u200e\u200f\u202a-\u202e\u2066-\u2069\ufeff\ufffe\uffff]/gu,
    (sign) => `\\u${sign.charCodeAt(0).toString(16).padStart(4, '0')}`,
  )
}

function isPlain(text: string): boolean {
  if (!/^[\p{L}\p{N}][\p{L}\p{N}\p{M} .,;:/?&=%+()~_'’“”«»–—$£€@#!-]*$/u.test(text)) return false
  if (/: |:$| #| $/u.test(text)) return false
  return !/^(?:true|false|null|yes|no|on|off|y|n)$/iu.test(text)
}
