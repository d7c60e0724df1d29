import type { Nodes } from 'mdast'
import { finding, placeOf, startOf, type Finding, type Place } from '../core/finding.ts'
import type { ProjectedIssue } from '../issue/issue.ts'
import { citationText } from './citation.ts'
import { printable } from './escape.ts'
import { markupText } from './markup-text.ts'
import type { Rendered } from './rendered.ts'
import { wide } from './wrap.ts'

/** Words that belong together, and where an editor finds them. */
interface Piece {
  readonly text: string
  readonly place: Place
}

/**
 * Words in, words out: every word of the projection must stand in the mail's HTML, its text and the web
 * page. MJML drops unclosed or stray text without an error, and a look may forget a part. One finding
 * (DC814) a part and place, the first that is missing of each body.
 */
export function lostWords(issue: ProjectedIssue, rendered: Rendered): Finding[] {
  const parts = [
    { name: 'the mail', text: bare(markupText(rendered.html)), ordered: holds },
    { name: 'the web page', text: bare(markupText(rendered.web)), ordered: holds },
    { name: 'the text part', text: bare(rendered.text), ordered: holdsWords },
  ]
  const heads = [
    head(issue.meta.subject, issue.file),
    ...issue.briefs.flatMap((brief) => [
      head(brief.title, brief.file),
      head(brief.standfirst, brief.file),
      ...brief.authors.map((author) => head(author, brief.file)),
      ...brief.corrections.map((correction) => head(correction.text, brief.file)),
      ...(brief.image === null ? [] : [head(brief.image.alt, brief.file)]),
    ]),
    ...issue.sources.flatMap((source) => [
      head(source.publisher, issue.file),
      head(source.title, issue.file),
    ]),
  ]
  const bodies = [
    pieces(issue.note, issue.file),
    ...issue.briefs.map((brief) => pieces(brief.body, brief.file)),
  ]
  return parts.flatMap(({ name, text, ordered }) => {
    const lost = [
      ...heads.filter((piece) => ordered(text, piece.text, 0) < 0),
      ...bodies.flatMap((body) => firstLost(text, body, ordered)),
    ]
    return lost.map(({ text: words, place }) =>
      finding('DC814', place, `These words did not reach ${name}: “${excerpt(words)}”.`, {
        hint: 'tell the author of the look: a template leaves them out',
      }),
    )
  })
}

type Find = (text: string, piece: string, from: number) => number

function firstLost(text: string, body: readonly Piece[], find: Find): Piece[] {
  let from = 0
  for (const piece of body) {
    const end = find(text, piece.text, from)
    if (end < 0) return [piece]
    from = end
  }
  return []
}

/** Where `piece` ends in `text` from `from` on, or -1. Both without white space. */
function holds(text: string, piece: string, from: number): number {
  const wanted = bare(piece)
  const at = text.indexOf(wanted, from)
  return at < 0 ? -1 : at + wanted.length
}

/** In plain text a quotation's mark may stand between two words of one piece, so each is looked for. */
function holdsWords(text: string, piece: string, from: number): number {
  let end = from
  for (const word of printable(piece).split(wordEnd)) {
    const at = text.indexOf(word, end)
    if (at < 0) return -1
    end = at + word.length
  }
  return end
}

const wordEnd = new RegExp(`\\s+|(?<=${wide.source})`, 'u')

function bare(text: string): string {
  return printable(text).replace(/\s+/gu, '')
}

function head(text: string, file: string): Piece {
  return { text, place: startOf(file) }
}

/** The leaf blocks of a tree in order, cut where a part may put something between words. */
function pieces(node: Nodes, file: string): Piece[] {
  const out: Piece[] = []
  let run = ''
  let place = startOf(file)
  const flush = (): void => {
    if (run.trim() !== '') out.push({ text: run, place })
    run = ''
  }
  const add = (text: string, from: Nodes): void => {
    if (run === '') place = placeOf(file, from.position)
    run += text
  }
  const walk = (each: Nodes): void => {
    if ('value' in each && each.type !== 'yaml' && each.type !== 'figure') return add(each.value, each)
    if (each.type === 'citation') return add(citationText(each), each)
    if (each.type === 'break') return add(' ', each)
    const inline = phrasing.has(each.type)
    if (!inline) flush()
    if (each.type === 'image' || each.type === 'imageReference') add(each.alt ?? '', each)
    if (each.type === 'teaser') add(each.teaser, each)
    if (each.type === 'scenario') add(each.name, each)
    if (each.type === 'figure') add(each.value, each)
    if (each.type === 'position') add(each.party, each)
    if (!inline) flush()
    if ('children' in each) for (const child of each.children) walk(child)
    if (!inline) flush()
  }
  walk(node)
  flush()
  return out
}

/** What stands within a run of words; links and emphasis end one, since plain text shows an address or a mark there. */
const phrasing: ReadonlySet<string> = new Set(['text', 'strong', 'delete', 'inlineCode', 'citation'])

function excerpt(text: string): string {
  const line = text.replace(/\s+/g, ' ').trim()
  return line.length > 60 ? `${line.slice(0, 60).replace(/ \S*$/, '')} …` : line
}
