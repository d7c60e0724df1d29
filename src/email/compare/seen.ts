import { Parser } from 'htmlparser2'

/** A word, a mark of punctuation, a citation's number: what is compared as one. */
export interface SeenWord {
  readonly text: string
  /** Where it leads, or null. */
  readonly href: string | null
  /** Whether white space stands before it. */
  readonly apart: boolean
}

/** A paragraph, a heading, an item, a cell, an image: what a reader takes in at once. */
export interface SeenBlock {
  readonly kind: 'heading' | 'item' | 'quote' | 'text' | 'image'
  readonly words: readonly SeenWord[]
  /** Null but for an image, which has no words. */
  readonly image: { readonly src: string; readonly alt: string; readonly href: string | null } | null
  /** The nearest position mark `data-l`, as it is written; null: the HTML has none. */
  readonly line: string | null
}

/** A citation's number, a word with what joins it inside, or any one character. */
const pieces =
  /\[\d{1,4}(?:, [^\][]{1,80})?\]|[\p{L}\p{M}\p{N}]+(?:['’.,:/-][\p{L}\p{M}\p{N}]+)*|[^\p{L}\p{M}\p{N}\s]/gu

/** Scripts that put no space between words: each character is a word. */
const unspaced =
  /[\p{Script=Han}\p{Script=Hiragana}\p{Script=Katakana}\p{Script=Thai}\p{Script=Lao}\p{Script=Khmer}\p{Script=Myanmar}]\p{M}*/gu

/** What nobody sees: soft hyphens, joiners, the fillers after a preheader. */
const unseen = /\u034F|[\u00AD\u200B-\u200F\u2060\uFEFF]/gu

const silent = new Set(['head', 'script', 'style', 'title', 'template', 'noscript'])
const empty = new Set(['area', 'base', 'br', 'col', 'hr', 'img', 'input', 'link', 'meta', 'source', 'wbr'])
const inline = new Set(
  'a abbr b bdi bdo cite code del dfn em font i ins kbd mark q s samp small span strong sub sup time tt u var wbr'.split(
    ' ',
  ),
)

interface Open {
  readonly name: string
  readonly href: string | null
  readonly line: string | null
  readonly kind: SeenBlock['kind']
  readonly hidden: boolean
}

/** What a reader sees of a mail's HTML, block by block in the order of reading; nothing of its markup. */
export function readSeen(html: string): SeenBlock[] {
  const blocks: SeenBlock[] = []
  const open: Open[] = []
  const outside: Open = { name: '', href: null, line: null, kind: 'text', hidden: false }
  const top = (): Open => open.at(-1) ?? outside
  let words: SeenWord[] = []
  let run = ''
  let runHref: string | null = null
  let apart = false
  let line: string | null = null
  // Where a mark could not be an attribute, it is an empty element before the words.
  let ahead: string | null = null

  const endRun = (): void => {
    const [first, ...rest] = wordsOf(run, runHref)
    if (first !== undefined) words.push({ ...first, apart: first.apart || apart }, ...rest)
    if (run !== '') apart = /\s$/u.test(run) || (first === undefined && apart)
    run = ''
  }
  const endBlock = (): void => {
    endRun()
    if (words.length > 0) blocks.push({ kind: top().kind, words: edged(words), image: null, line })
    if (words.length > 0) ahead = null
    words = []
  }
  const parser = new Parser({
    onopentag(name, attributes) {
      const above = top()
      if (!inline.has(name) && name !== 'br') endBlock()
      const hidden = above.hidden || silent.has(name) || isHidden(attributes)
      const href = attributes['href'] ?? above.href
      const mark = attributes['data-l'] ?? above.line
      if (inline.has(name)) ahead = attributes['data-l'] ?? ahead
      if (name === 'br' || name === 'wbr') run += name === 'br' ? '\n' : ''
      else if (name === 'img' && !hidden) {
        const { src = '', alt = '' } = attributes
        blocks.push({ kind: 'image', words: [], image: { src, alt, href: above.href }, line: mark })
      }
      if (empty.has(name)) return
      if (href !== runHref) {
        endRun()
        runHref = href
      }
      open.push({ name, href, line: mark, kind: kindOf(name, above.kind), hidden })
    },
    ontext(text) {
      const { hidden, href, line: mark } = top()
      if (hidden) return
      if (href !== runHref) {
        endRun()
        runHref = href
      }
      if (words.length === 0 && run.trim() === '') line = ahead ?? mark
      run += text
    },
    onclosetag(name) {
      if (empty.has(name)) return
      if (!inline.has(name)) {
        endBlock()
        ahead = null
      }
      open.pop()
    },
  })
  parser.write(html)
  parser.end()
  endBlock()
  return blocks
}

/** Text as words; white space that stands between is kept as a fact about the word after it. */
export function wordsOf(text: string, href: string | null = null): SeenWord[] {
  const plain = text.replace(unseen, '')
  const words: SeenWord[] = []
  for (const { 0: piece, index } of plain.matchAll(pieces)) {
    const apart = /\s/u.test(plain[index - 1] ?? '')
    let cut = 0
    for (const { 0: one, index: at } of piece.matchAll(unspaced)) {
      if (at > cut) words.push({ text: piece.slice(cut, at), href, apart: cut === 0 && apart })
      words.push({ text: one, href, apart: at === 0 && apart })
      cut = at + one.length
    }
    if (cut < piece.length) words.push({ text: piece.slice(cut), href, apart: cut === 0 && apart })
  }
  return words
}

/** Words as they read, with one space where there is any. */
export function textOf(words: readonly SeenWord[]): string {
  return words.map(({ text, apart }) => (apart ? ` ${text}` : text)).join('')
}

/** A block does not begin with a space. */
function edged([first, ...rest]: readonly SeenWord[]): SeenWord[] {
  return first === undefined ? [] : [{ ...first, apart: false }, ...rest]
}

function kindOf(name: string, above: SeenBlock['kind']): SeenBlock['kind'] {
  if (/^h[1-6]$/u.test(name)) return 'heading'
  if (name === 'li') return 'item'
  if (name === 'blockquote') return 'quote'
  return above
}

function isHidden(attributes: Readonly<Record<string, string>>): boolean {
  const style = attributes['style'] ?? ''
  return 'hidden' in attributes || /(?:^|;)\s*(?:display\s*:\s*none|mso-hide\s*:\s*all)/iu.test(style)
}
