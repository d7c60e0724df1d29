import matter from 'gray-matter'
import { finding, startOf, type Finding, type Place } from '../core/finding.ts'
import { parseYaml, type Yaml } from '../core/yaml.ts'

/** A file cut into its frontmatter and its body. */
export interface Frontmatter {
  /** Null: there is none that could be read; the findings say why. */
  readonly yaml: Yaml | null
  /**
   * The body with the frontmatter before it blanked out, so that lines, columns and offsets in it are
   * those of the file. Empty where the end of the frontmatter is not known.
   */
  readonly body: string
  /** The line at which the body begins. */
  readonly firstLine: number
  readonly findings: readonly Finding[]
}

/**
 * Splits `text` (see `readSourceText`) with gray-matter, made safe: gray-matter runs JavaScript for
 * `---js`, takes the rest of the file for frontmatter where the closing fence is missing, and closes at any
 * line that merely begins with `---`. So the fences are checked here first, every engine but YAML throws, and
 * YAML is read by ours.
 */
export function splitFrontmatter(file: string, text: string): Frontmatter {
  const lines = text.split('\n')
  const opening = lines[0] ?? ''
  if (!opening.startsWith('---')) return without(file, text, missing(file, opening))
  if (!/^---(?:yaml)?[ \t]*$/.test(opening)) return unusable(foreign(file, opening))

  const closing = lines.findIndex((line, index) => index > 0 && line.startsWith('---'))
  if (closing === -1) return unusable(neverClosed(file))
  const closingLine = lines[closing] ?? ''
  if (!/^---[ \t]*$/.test(closingLine)) return unusable(malformed(file, closing + 1, closingLine))

  const bodyStart = lines.slice(0, closing + 1).reduce((sum, line) => sum + line.length + 1, 0)
  let yaml: Yaml | null = null
  const read = (source: string): object => {
    yaml = parseYaml(source, file)
    return {}
  }
  try {
    // Passing options also keeps gray-matter from its cache, which holds every file it has seen.
    matter(text, { engines: { ...refusingEngines, yaml: { parse: read, stringify: refuse } } })
  } catch {
    const hint = 'write plain keys and values'
    return without(
      file,
      blankBefore(text, bodyStart),
      finding('DC801', startOf(file), 'This frontmatter cannot be read.', { hint }),
      closing + 2,
    )
  }
  // gray-matter does not call an engine for frontmatter that is empty or only comments.
  return {
    yaml: yaml ?? parseYaml('', file),
    body: blankBefore(text, bodyStart),
    firstLine: closing + 2,
    findings: [],
  }
}

function refuse(): never {
  throw new Error('only YAML frontmatter is read')
}

const refusing = { parse: refuse, stringify: refuse }
const refusingEngines = {
  json: refusing,
  js: refusing,
  javascript: refusing,
  coffee: refusing,
  coffeescript: refusing,
  cson: refusing,
  toml: refusing,
}

function blankBefore(text: string, bodyStart: number): string {
  return text.slice(0, bodyStart).replace(/[^\n]/g, ' ') + text.slice(bodyStart)
}

function unusable(problem: Finding): Frontmatter {
  return { yaml: null, body: '', firstLine: 1, findings: [problem] }
}

function without(_file: string, body: string, problem: Finding, firstLine = 1): Frontmatter {
  return { yaml: null, body, firstLine, findings: [problem] }
}

function missing(file: string, opening: string): Finding {
  const message = 'This file has no frontmatter: its first line must be “---”.'
  return finding('DC801', lineAt(file, 1, opening), message, {
    hint: 'begin it with “---”, the keys, and “---” again',
  })
}

function foreign(file: string, opening: string): Finding {
  const message = `Frontmatter begins with “---” alone; “${opening.slice(0, 40)}” is refused.`
  return finding('DC801', lineAt(file, 1, opening), message, {
    hint: 'only YAML is read: write “---” on the first line',
  })
}

function neverClosed(file: string): Finding {
  return finding('DC801', lineAt(file, 1, '---'), 'The frontmatter that begins here is never closed.', {
    hint: 'put “---” on a line of its own after the last key',
  })
}

function malformed(file: string, line: number, closing: string): Finding {
  const message = 'The line that closes the frontmatter must be “---” and nothing else.'
  return finding('DC801', lineAt(file, line, closing), message, {
    hint: 'remove what follows the three hyphens',
  })
}

function lineAt(file: string, line: number, text: string): Place {
  return { file, line, column: 1, endLine: line, endColumn: text.length + 1 }
}
