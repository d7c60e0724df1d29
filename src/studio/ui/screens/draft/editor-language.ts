import { markdown, markdownLanguage } from '@codemirror/lang-markdown'
import { yaml, yamlFrontmatter } from '@codemirror/lang-yaml'
import { HighlightStyle, syntaxHighlighting } from '@codemirror/language'
import type { Extension } from '@codemirror/state'
import { Tag, tags } from '@lezer/highlight'
import type { DraftFile } from '../../../contract/draft.ts'

type MarkdownExtension = Exclude<
  NonNullable<NonNullable<Parameters<typeof markdown>[0]>['extensions']>,
  readonly unknown[]
>

const citationTag = Tag.define()
const citationIdTag = Tag.define(citationTag)
const citationWordsTag = Tag.define(citationTag)
const directiveTag = Tag.define()

/** No citation is longer (brief/citation-syntax.ts has the grammar, of which this knows enough for colours). */
const LONGEST = 4_000

const ID = /^@[A-Za-z0-9][A-Za-z0-9_-]*/
const ATTRIBUTES = /^[ \t]?\{[^{}\n]*\}/
const WORDS = /"[^"]*"|“[^”]*”/g

/** `[@id, p. 4, "exact words"; via @other] {key}` and `@id` in the run of a sentence. */
const citations: MarkdownExtension = {
  defineNodes: [
    { name: 'Citation', style: citationTag },
    { name: 'CitationId', style: citationIdTag },
    { name: 'CitationWords', style: citationWordsTag },
  ],
  parseInline: [
    {
      name: 'Citation',
      before: 'Link',
      parse(context, next, at) {
        const text = (from: number, to: number): string => context.slice(from, Math.min(to, context.end))
        if (next === 64) {
          if (at > context.offset && /[\p{L}\p{N}_/@]/u.test(text(at - 1, at))) return -1
          const id = ID.exec(text(at, at + 200))?.[0]
          if (id === undefined) return -1
          return context.addElement(context.elt('CitationId', at, at + id.length))
        }
        if (next !== 91) return -1
        const whole = text(at, at + LONGEST)
        if (!/^\[\s*@/.test(whole)) return -1
        const length = closing(whole)
        if (length === 0) return -1
        const inside = whole.slice(0, length)
        const attributes = ATTRIBUTES.exec(whole.slice(length))?.[0].length ?? 0
        const words = [...inside.matchAll(WORDS)].map((found) => ({
          name: 'CitationWords',
          from: found.index,
          to: found.index + found[0].length,
        }))
        const isQuoted = (place: number): boolean => words.some(({ from, to }) => from <= place && place < to)
        const ids = [...inside.matchAll(/@[A-Za-z0-9][A-Za-z0-9_-]*/g)]
          .map((found) => ({ name: 'CitationId', from: found.index, to: found.index + found[0].length }))
          .filter(({ from }) => !isQuoted(from))
        const children = [...words, ...ids]
          .toSorted((a, b) => a.from - b.from)
          .map(({ name, from, to }) => context.elt(name, at + from, at + to))
        return context.addElement(context.elt('Citation', at, at + length + attributes, children))
      },
    },
  ],
}

/** How long the bracket that `text` begins with is, or 0 where it is not closed. */
function closing(text: string): number {
  let quote = ''
  for (let at = 1; at < text.length; at++) {
    const character = text.charAt(at)
    if (character === '\\') at++
    else if (quote !== '') quote = character === quote ? '' : quote
    else if (character === '"') quote = '"'
    else if (character === '“') quote = '”'
    else if (character === '[') return 0
    else if (character === ']') return at + 1
  }
  return 0
}

const DIRECTIVE = /^ {0,3}(?:::+[a-z]|:::+[ \t]*$)/

/** `:::members{teaser="…"}`, its closing `:::`, and `::button[…]`. */
const directives: MarkdownExtension = {
  defineNodes: [{ name: 'Directive', block: true, style: directiveTag }],
  parseBlock: [
    {
      name: 'Directive',
      before: 'FencedCode',
      parse(context, line) {
        if (!DIRECTIVE.test(line.text.slice(line.basePos))) return false
        const from = context.lineStart + line.basePos
        context.addElement(context.elt('Directive', from, context.lineStart + line.text.length))
        context.nextLine()
        return true
      },
      endLeaf: (_context, line) => DIRECTIVE.test(line.text.slice(line.basePos)),
    },
  ],
}

const style = HighlightStyle.define([
  { tag: tags.heading1, class: 'draft-h1' },
  { tag: tags.heading2, class: 'draft-h2' },
  { tag: [tags.heading3, tags.heading4, tags.heading5, tags.heading6], class: 'draft-h3' },
  { tag: tags.strong, class: 'draft-strong' },
  { tag: tags.emphasis, class: 'draft-emphasis' },
  { tag: tags.strikethrough, class: 'draft-struck' },
  { tag: tags.link, class: 'draft-link' },
  { tag: tags.url, class: 'draft-url' },
  { tag: tags.quote, class: 'draft-quote' },
  { tag: tags.monospace, class: 'draft-code' },
  { tag: [tags.processingInstruction, tags.contentSeparator, tags.meta], class: 'draft-mark' },
  { tag: [tags.comment, tags.lineComment], class: 'draft-comment' },
  { tag: [tags.propertyName, tags.definition(tags.propertyName)], class: 'draft-key' },
  { tag: [tags.separator, tags.punctuation, tags.squareBracket, tags.brace], class: 'draft-mark' },
  { tag: citationTag, class: 'draft-citation' },
  { tag: citationIdTag, class: 'draft-citation draft-citation-id' },
  { tag: citationWordsTag, class: 'draft-citation draft-citation-words' },
  { tag: directiveTag, class: 'draft-directive' },
])

/** The language of a file, with its colours. */
export function languageOf(file: DraftFile): Extension {
  const content = markdown({
    base: markdownLanguage,
    extensions: [citations, directives],
    completeHTMLTags: false,
    // editor-link.ts does it with more care.
    pasteURLAsLink: false,
  })
  return [file.kind === 'ledger' ? yaml() : yamlFrontmatter({ content }), syntaxHighlighting(style)]
}
