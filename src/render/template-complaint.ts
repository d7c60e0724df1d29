import { messageOf } from '../core/errors.ts'
import { finding, type Finding } from '../core/finding.ts'

/** A file of a look, by its path from the publication's folder. */
interface TemplateFile {
  readonly path: string
  readonly source: string
}

/** What Handlebars threw, of a file that does not compile or does not run, at its line and in words (DC816). */
export function complaint(file: TemplateFile, error: unknown): Finding {
  const message = messageOf(error)
  const open = message.endsWith(`got 'EOF'`) ? unclosed(file.source) : null
  const missing = /^The partial (\S+) could not be found$/.exec(message)?.[1]
  const line =
    open?.line ??
    (missing === undefined ? null : lineOf(file.source, new RegExp(`\\{\\{#?>\\s*${missing}\\b`))) ??
    Number(/on line (\d+)/.exec(message)?.[1] ?? / - (\d+):\d+$/.exec(message)?.[1] ?? 1)
  const column = Number(/ - \d+:(\d+)$/.exec(message)?.[1] ?? 0) + 1
  const plain =
    open !== null
      ? `“${open.tag}” is never closed`
      : missing !== undefined
        ? `the look has no part “${missing}”`
        : inWords(message)
  return finding(
    'DC816',
    { file: file.path, line, column, endLine: line, endColumn: column },
    `This template does not work: ${plain}.`,
    { hint: 'templates/weekly/README.md lists the data and the helpers' },
  )
}

/** What the parser waited for says nothing to who wrote the line: only where it stopped does. */
function inWords(message: string): string {
  return message
    .replace(/ - \d+:\d+$/, '')
    .replace(/^Parse error on line \d+:\s*(.*)\n-*\^\s*[^]*$/, 'it cannot be read near “$1”')
    .replace(/^(\S+) doesn't match (\S+)$/, '“{{#$1}}” is closed by “{{/$2}}”')
    .replace(/^You specified knownHelpersOnly, but used the unknown helper (\S+)$/, 'there is no helper “$1”')
    .replace(/"([^"]*)" not defined in .*/s, 'it has no value “$1” here')
    .replace(/\s+/g, ' ')
}

/** The innermost block that is opened and never closed. */
function unclosed(source: string): { readonly tag: string; readonly line: number } | null {
  const open: { tag: string; line: number }[] = []
  const bare = source.replace(/\{\{!--[^]*?--~?\}\}|\{\{![^}]*\}\}/g, (comment) =>
    comment.replace(/[^\n]/g, ' '),
  )
  for (const found of bare.matchAll(/\{\{~?([#/])[^}]*\}\}/g)) {
    if (found[1] === '#') open.push({ tag: found[0], line: bare.slice(0, found.index).split('\n').length })
    else open.pop()
  }
  return open.at(-1) ?? null
}

function lineOf(source: string, what: RegExp): number | null {
  const at = source.search(what)
  return at < 0 ? null : source.slice(0, at).split('\n').length
}
