import type { Change, Comparison } from '../email/compare/compare.ts'
import type { Segment } from '../email/compare/segments.ts'

/** So many words that stayed are shown on either side of a change. */
const AROUND = 5

/** What changed as lines for a terminal: `[-what went-]` and `{+what came+}`, as `git diff --word-diff` writes it. */
export function changeLines({ changes }: Pick<Comparison, 'changes'>): string[] {
  // Renumbering alone would bury the rest: it is told once, with its sources.
  return changes.filter((each) => each.kind !== 'text' || each.how !== 'renumbered').map(changeLine)
}

function changeLine(change: Change): string {
  switch (change.kind) {
    case 'subject':
      return `Subject: ${marked(change.segments)}`
    case 'from':
      return `From: ${marked(change.segments)}`
    case 'replyTo':
      return `Reply-To: ${marked(change.segments)}`
    case 'preheader':
      return `Preheader: ${marked(change.segments)}`
    case 'text':
      return change.how === 'moved' ? `moved: ${marked(change.segments)}` : marked(change.segments)
    case 'link':
      return linkLine(change)
    case 'citation': {
      const { mark, from, to } = change
      return `${mark} now stands for ${named(to)}, not ${named(from)}`
    }
    case 'image':
      return imageLine(change)
    case 'source':
      return sourceLine(change)
  }
}

function linkLine({ words, from, to }: Extract<Change, { kind: 'link' }>): string {
  if (from === null) return `“${words}” now leads to ${to}`
  return to === null
    ? `“${words}” no longer leads to ${from}`
    : `“${words}” now leads to ${to}, not to ${from}`
}

function imageLine({ how, from, to }: Extract<Change, { kind: 'image' }>): string {
  const alt = `“${to?.alt ?? from?.alt ?? ''}”`
  switch (how) {
    case 'added':
      return `image added: ${alt}`
    case 'removed':
      return `image removed: ${alt}`
    case 'moved':
      return `image moved: ${alt}`
    case 'picture':
      return `another picture: ${alt}`
    case 'alt':
      return `image described as ${alt}, not “${from?.alt ?? ''}”`
  }
}

function sourceLine({ how, from, to, fields }: Extract<Change, { kind: 'source' }>): string {
  switch (how) {
    case 'added':
      return `source added: ${named(to)}`
    case 'removed':
      return `source removed: ${named(from)}`
    case 'changed':
      return `source changed (${fields.join(', ')}): ${named(to)}${addressText(from, to)}`
    case 'renumbered':
      return `source renumbered: ${numbered(from)} is ${numbered(to)}: ${named(to)}`
  }
}

/** Empty: it has the address that it had, or readers see none. */
function addressText(from: Named, to: Named): string {
  if (!from?.url || !to?.url || from.url === to.url) return ''
  return `; now at ${to.url}, not at ${from.url}`
}

type Named = Extract<Change, { kind: 'source' }>['to']

function named(source: Named): string {
  return source === null ? 'none' : `${source.publisher}, ${source.title}`
}

function numbered(source: Named): string {
  return source?.number === null || source === null ? 'not cited' : `[${source.number}]`
}

function marked(segments: readonly Segment[]): string {
  return segments
    .map(({ kind, text }, index) => {
      const space = /^\s/u.test(text) ? ' ' : ''
      switch (kind) {
        case 'added':
          return `${space}{+${text.trim()}+}`
        case 'removed':
          return `${space}[-${text.trim()}-]`
        case 'same':
        case 'link':
          return near(text, index === 0, index === segments.length - 1)
      }
    })
    .join('')
    .trim()
}

/** Of words that stayed, those next to a change. */
function near(text: string, first: boolean, last: boolean): string {
  const words = text.split(/(?<=\S)(?=\s)/u)
  if (first && last) return words.length > 2 * AROUND ? `${words.slice(0, 2 * AROUND).join('')} …` : text
  if (first) return words.length > AROUND ? `…${words.slice(-AROUND).join('')}` : text
  if (last) return words.length > AROUND ? `${words.slice(0, AROUND).join('')} …` : text
  if (words.length <= 2 * AROUND) return text
  return `${words.slice(0, AROUND).join('')} …${words.slice(-AROUND).join('')}`
}
