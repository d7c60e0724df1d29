import type { Completion, CompletionContext, CompletionResult } from '@codemirror/autocomplete'
import type { EditorView } from '@codemirror/view'
import type { ShownSource } from '../../../contract/sources.ts'
import { known } from './completion-known.ts'
import { isProse, lineAfter, paragraphBefore } from './completion-place.ts'
import { rankSources } from './source-picker-search.ts'

/** More than these nobody looks through; the picker has them all. */
const MOST = 60
/** Passages of the best match that are offered with it. */
const MOST_PASSAGES = 3

/** Ids after `[@`, `; @`, `via @` and `@` in the run of a sentence; the ledger’s passages after `[@id, "`. */
export function completeCitation(context: CompletionContext): CompletionResult | null {
  const { state, pos } = context
  const before = paragraphBefore(state, pos)
  const bracket = /\[\s*@[^[\]]*$/u.exec(before)?.[0] ?? null
  if (bracket === null) {
    const word = /(?:^|[\s(“‘—–])@([A-Za-z0-9_-]*)$/u.exec(before)?.[1]
    if (word === undefined || !isProse(state, pos)) return null
    return idsFor(context, word, false)
  }
  if (!isProse(state, pos - bracket.length)) return null
  const part = lastPart(bracket.slice(1))
  const quotation = /^\s*@([A-Za-z0-9_-]+)\s*,(?:[^"“”]*,)?\s*(["“])([^"”]*)$/u.exec(part)
  if (quotation !== null) return passagesFor(context, quotation)
  const word = /(?:^|[\s;])@([A-Za-z0-9_-]*)$/u.exec(part)?.[1]
  return word === undefined ? null : idsFor(context, word, true)
}

/** After the last semicolon that is no part of a quotation. */
function lastPart(inside: string): string {
  let from = 0
  let quote = ''
  for (let at = 0; at < inside.length; at++) {
    const character = inside.charAt(at)
    if (quote !== '') quote = character === quote ? '' : quote
    else if (character === '"') quote = '"'
    else if (character === '“') quote = '”'
    else if (character === ';') from = at + 1
  }
  return inside.slice(from)
}

function idsFor(
  { state, pos, explicit }: CompletionContext,
  word: string,
  inBracket: boolean,
): CompletionResult | null {
  const { sources } = state.field(known)
  const ranked = rankSources(sources, word.replaceAll('-', ' ')).slice(0, MOST)
  if (ranked.length === 0 || (!explicit && ranked[0]?.id === word && ranked.length === 1)) return null
  const end = inBracket && !/^[^[]*\]/u.test(lineAfter(state, pos)) ? ']' : ''
  const options = ranked.flatMap((source, index): Completion[] => [
    {
      label: source.id,
      detail: `${source.publisher}, ${source.published}`,
      type: 'source',
      info: () => aboutSource(source),
      apply: inserting(source.id, end),
    },
    // The passages of what is clearly meant stand right below it.
    ...(index === 0 && inBracket && word.length > 1 ? passageOptions(source, end) : []),
  ])
  return { from: pos - word.length, options, filter: false }
}

function passageOptions(source: ShownSource, end: string): Completion[] {
  return source.quotes.slice(0, MOST_PASSAGES).map((quote) => ({
    label: source.id,
    displayLabel: `“${quote}”`,
    type: 'passage',
    info: () => aboutPassage(source, quote),
    apply: inserting(`${source.id}, ${quotation(quote)}`, end),
  }))
}

function passagesFor({ state, pos }: CompletionContext, found: RegExpExecArray): CompletionResult | null {
  const [, id = '', mark = '"', typed = ''] = found
  const source = state.field(known).sources.find((each) => each.id === id)
  const words = typed
    .toLowerCase()
    .split(/\s+/u)
    .filter((each) => each !== '')
  const quotes = (source?.quotes ?? []).filter((quote) =>
    words.every((word) => quote.toLowerCase().includes(word)),
  )
  if (source === undefined || quotes.length === 0) return null
  const after = lineAfter(state, pos)
  const isClosed = mark === '"' ? /^\s*"/u.test(after) : /^\s*”/u.test(after)
  const bracket = /^[^[]*\]/u.test(after) ? '' : ']'
  const end = isClosed ? '' : (mark === '"' ? '"' : '”') + bracket
  return {
    from: pos - typed.length,
    filter: false,
    options: quotes.map((quote) => ({
      label: quote,
      type: 'passage',
      info: () => aboutPassage(source, quote),
      apply: inserting(quotation(quote).slice(1, -1), end),
    })),
  }
}

/** Words between marks that do not end early. */
function quotation(words: string): string {
  return `"${words.replace(/[\\"]/gu, '\\$&')}"`
}

function inserting(text: string, end: string) {
  return (view: EditorView, _completion: Completion, from: number, to: number): void => {
    const insert = text + end
    view.dispatch({
      changes: { from, to, insert },
      selection: { anchor: from + insert.length },
      userEvent: 'input.complete',
      scrollIntoView: true,
    })
  }
}

function aboutSource({ title, publisher, author, published, number, cited, url, quotes }: ShownSource): Node {
  const times = cited.length === 1 ? 'once' : `${cited.length} times`
  return lines([
    ['completion-title', title],
    ['', [publisher, ...author].join(', ')],
    ['', published === 'unknown' ? 'Published on no known day' : `Published ${published}`],
    ['', number === null ? 'Not cited yet' : `[${number}], cited ${times}`],
    ['completion-soft', url ?? 'Without an address'],
    [
      'completion-soft',
      quotes.length === 0
        ? ''
        : `The ledger has ${quotes.length === 1 ? 'a passage' : `${quotes.length} passages`} of it.`,
    ],
  ])
}

function aboutPassage({ title, publisher }: ShownSource, quote: string): Node {
  return lines([
    ['completion-title', `“${quote}”`],
    ['', `${publisher}: ${title}`],
    ['completion-soft', 'A passage that the ledger has of this source.'],
  ])
}

/** Text alone: what a ledger says is a stranger’s. */
export function lines(all: readonly (readonly [string, string])[]): Node {
  const box = document.createElement('div')
  for (const [name, text] of all) {
    if (text === '') continue
    const line = document.createElement('p')
    line.className = name
    line.textContent = text
    line.dir = 'auto'
    box.append(line)
  }
  return box
}
