import type { Place } from '../core/finding.ts'
import type { Issue } from '../issue/issue.ts'

/**
 * Where the words of a mail come from, for the studio alone: a mark at the beginning of each block made from an
 * editor's file. While templates and MJML run it is text between two control characters, which no author's
 * words can hold (`printable` takes them out) and which changes no markup; then it becomes an attribute,
 * `data-l="<file>:<line>:<column>-<line>:<column>"`, of the element that it begins. The file is a number, into the
 * list that the marks were made with; lines and columns count from 1, the end is exclusive. What is sent or published has none.
 */
export interface PositionMarks {
  /** What the numbers of files stand for. */
  readonly files: readonly string[]
  /** `html` with the mark of `place`; as it is where there is nothing to point at. */
  mark(html: string, place: Place): string
  /** A value of a brief's frontmatter with the mark of its place. */
  markValue(value: string, brief: string, key: 'title' | 'standfirst'): string
}

/** Marks for the words of `issue`, its own file the first. */
export function positionMarks(issue: Pick<Issue, 'file' | 'briefs'>): PositionMarks {
  const files = [...new Set([issue.file, ...issue.briefs.map(({ file }) => file)])]
  const mark: PositionMarks['mark'] = (html, { file, line, column, endLine, endColumn }) => {
    const number = files.indexOf(file)
    if (number < 0 || html.trim() === '') return html
    // Behind the white space, which mjml trims off an ending tag and collapseSpace off a block.
    const words = html.trimStart()
    const text = `\u0001${number}:${line}:${column}-${endLine}:${endColumn}\u0002`
    return html.slice(0, html.length - words.length) + text + words
  }
  return {
    files,
    mark,
    markValue(value, id, key) {
      const brief = issue.briefs.find((each) => each.id === id)
      return brief === undefined ? value : mark(value, brief.front.at([key]))
    },
  }
}

/** What was rendered with marks, without them: the very bytes of a rendering that had none. */
export function withoutMarks(marked: string): string {
  // oxlint-disable-next-line no-control-regex -- that is what marks are made of
  return marked.replace(/\u0001[^\u0002]*\u0002/g, '')
}

/** What was rendered with marks as HTML for a frame: each an attribute of its element. */
export function withAttributes(marked: string): string {
  return marked
    .replace(/<[^<>]*\u0001[^<>]*>/g, withoutMarks)
    .replace(/(<[a-z][^<>]*?)(\/?>)\u0001([^\u0002]*)\u0002/gi, '$1 data-l="$3"$2')
    .replace(/\u0001([^\u0002]*)\u0002/g, '<span data-l="$1"></span>')
}

/** HTML of a frame without its attributes. */
export function withoutAttributes(framed: string): string {
  return framed.replace(/<span data-l="[\d:-]+"><\/span>| data-l="[\d:-]+"/g, '')
}
