import { isDeepStrictEqual } from 'node:util'
import { isMap, isScalar, type Scalar, type YAMLMap } from 'yaml'
import { readYamlDocument } from '../core/yaml.ts'
import type { IssueMeta } from './brief.ts'
import { splitFrontmatter } from './frontmatter.ts'
import { readSourceText } from './source-text.ts'

/** The frontmatter of a file: its opening line, what is between, its closing line. Any line end, any byte order mark. */
const fenced = /^\uFEFF?---(?:yaml)?[ \t]*(?:\r\n|\n)([^]*?)(?:(?<=\n)|(?<=\r))---[ \t]*(?:\r?\n|$)/u

/**
 * The text of an issue's file with another `status:`; no other byte is touched: comments, quotes, line ends
 * and the order of the keys stay. A file without the key gets it as its last.
 *
 * @returns null where that cannot be done with certainty: frontmatter that cannot be read, or a status that is
 *   an alias or spans lines; it is then to be written by hand
 */
export function setStatus(text: string, status: IssueMeta['status']): string | null {
  const changed = replaceStatus(text, status)
  return changed !== null && isOnlyStatus(text, changed, status) ? changed : null
}

function replaceStatus(text: string, status: string): string | null {
  const found = fenced.exec(text)
  const yaml = found?.[1]
  if (found === null || yaml === undefined) return null
  const start = text.indexOf('\n') + 1
  const contents = readYamlDocument(yaml)?.contents
  if (!isMap(contents)) return null
  const pair = contents.items.find(({ key }) => isScalar(key) && key.value === 'status')
  if (pair === undefined) return appended(text, start, yaml, contents, status)
  const { value } = pair
  if (!isScalar(value) || !value.range) return null
  const [from, to] = value.range
  return text.slice(0, start + from) + inPlace(yaml, value, status) + text.slice(start + to)
}

/** `status:` with nothing after it needs a space first. */
function inPlace(yaml: string, { range }: Scalar, status: string): string {
  const before = range ? yaml.slice(0, range[0]) : ''
  return before.endsWith(':') ? ` ${status}` : status
}

function appended(text: string, start: number, yaml: string, map: YAMLMap, status: string): string | null {
  const first = map.items[0]?.key
  if (map.flow === true || !isScalar(first) || !first.range) return null
  const indent = first.range[0] - (yaml.lastIndexOf('\n', first.range[0] - 1) + 1)
  const end = start + yaml.length
  const lineEnd = text.slice(0, start).endsWith('\r\n') ? '\r\n' : '\n'
  return `${text.slice(0, end)}${' '.repeat(indent)}status: ${status}${lineEnd}${text.slice(end)}`
}

/** Reads both as Onrecord would: whatever is unusual about the file, nothing but its status differs. */
function isOnlyStatus(before: string, after: string, status: string): boolean {
  const [was, is] = [read(before), read(after)]
  if (was === null || is === null) return false
  const { status: _, ...others } = was.front
  const { status: now, ...rest } = is.front
  return now === status && isDeepStrictEqual(others, rest) && was.markdown === is.markdown
}

function read(
  content: string,
): { readonly front: Record<string, unknown>; readonly markdown: string } | null {
  const { text } = readSourceText('', content)
  if (text === null) return null
  const { yaml, body, firstLine, findings } = splitFrontmatter('', text)
  if (yaml === null || findings.length > 0 || yaml.findings.length > 0) return null
  const { value } = yaml
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return null
  return {
    front: { ...value },
    markdown: body
      .split('\n')
      .slice(firstLine - 1)
      .join('\n'),
  }
}
