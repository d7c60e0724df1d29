// Writes test/fixtures/pandoc/citations.json, Pandoc's reading of the generated citations: node scripts/pandoc-citations.ts
// Needs pandoc (apt-get install pandoc); the tests do not.
import { execFileSync } from 'node:child_process'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { citationStrings } from '../test/brief/pandoc/strings.ts'

const COUNT = 2000
const SEED = 20251114

const file = join(import.meta.dirname, '..', 'test', 'fixtures', 'pandoc', 'citations.json')

type Inline =
  | { readonly t: 'Str'; readonly c: string }
  | { readonly t: 'Space' | 'SoftBreak' | 'LineBreak' }
  | {
      readonly t: 'Emph' | 'Strong' | 'Strikeout' | 'Superscript' | 'Subscript'
      readonly c: readonly Inline[]
    }
  | { readonly t: 'Quoted'; readonly c: readonly [{ readonly t: string }, readonly Inline[]] }
  | { readonly t: 'Code' | 'Math' | 'RawInline'; readonly c: readonly [unknown, string] }
  | {
      readonly t: 'Link' | 'Image'
      readonly c: readonly [unknown, readonly Inline[], readonly [string, string]]
    }
  | { readonly t: 'Span'; readonly c: readonly [unknown, readonly Inline[]] }
  | { readonly t: 'Cite'; readonly c: readonly [readonly PandocCitation[], readonly Inline[]] }

interface PandocCitation {
  readonly citationId: string
  readonly citationPrefix: readonly Inline[]
  readonly citationSuffix: readonly Inline[]
  readonly citationMode: { readonly t: 'NormalCitation' | 'AuthorInText' | 'SuppressAuthor' }
}

interface Block {
  readonly t: string
  readonly c: readonly Inline[]
}

/** An id, what stands before it and what after it. */
type Item = readonly [id: string, prefix: string, suffix: string]

/** The bracketed citations among `inlines`; `@id` in the run of a sentence is none. */
function bracketed(inlines: readonly Inline[]): (readonly Item[])[] {
  return inlines.flatMap((each): (readonly Item[])[] => {
    if (each.t === 'Cite') {
      const [first, ...rest] = each.c[0]
      if (first === undefined) return []
      if (first.citationMode.t !== 'AuthorInText') return [each.c[0].map(item)]
      // “@id [p. 3; @other]” is one citation to Pandoc.
      if (first.citationSuffix.length > 0) return [[item(first), ...rest.map(item)]]
      return rest.length > 0 ? [rest.map(item)] : []
    }
    return bracketed(children(each))
  })
}

function item(citation: PandocCitation): Item {
  const mode = { NormalCitation: '', AuthorInText: '@', SuppressAuthor: '-' }[citation.citationMode.t]
  const prefix = written(citation.citationPrefix).trim()
  return [citation.citationId, prefix + mode, written(citation.citationSuffix)]
}

function children(inline: Inline): readonly Inline[] {
  switch (inline.t) {
    case 'Emph':
    case 'Strong':
    case 'Strikeout':
    case 'Superscript':
    case 'Subscript':
      return inline.c
    case 'Quoted':
    case 'Link':
    case 'Image':
    case 'Span':
      return inline.c[1]
    default:
      return []
  }
}

/** Inlines as Markdown again: pairs of quotation marks are curly, other quotation marks as Pandoc has them. */
function written(inlines: readonly Inline[]): string {
  return inlines.map(writtenOne).join('')
}

function writtenOne(inline: Inline): string {
  const inside = written(children(inline))
  switch (inline.t) {
    case 'Str':
      return inline.c
    case 'Space':
    case 'SoftBreak':
    case 'LineBreak':
      return ' '
    case 'Quoted':
      return inline.c[0].t === 'DoubleQuote' ? `“${inside}”` : `‘${inside}’`
    case 'Code':
      return `\`${inline.c[1]}\``
    case 'Math':
      return `$${inline.c[1]}$`
    case 'RawInline':
      return inline.c[1]
    case 'Link':
    case 'Image':
      return `${inline.t === 'Image' ? '!' : ''}[${inside}](${inline.c[2][0]})`
    case 'Cite':
      return written(inline.c[1])
    case 'Strong':
      return `**${inside}**`
    case 'Span':
      return inside
    default:
      return `*${inside}*`
  }
}

/** Each text as a document of its own, in one run of Pandoc: a filter reads the code blocks that hold them. */
function readAll(texts: readonly string[]): readonly (readonly Block[])[] {
  const folder = mkdtempSync(join(tmpdir(), 'pandoc-citations-'))
  try {
    const filter = join(folder, 'read.lua')
    writeFileSync(
      filter,
      'function CodeBlock(code) return pandoc.Div(pandoc.read(code.text, "markdown").blocks) end',
    )
    const blocks = texts.map((text) => ({ t: 'CodeBlock', c: [['', [], []], text] }))
    const input = JSON.stringify({ 'pandoc-api-version': [1, 22, 2, 1], meta: {}, blocks })
    const pandoc = ['-f', 'json', '-t', 'json', '--lua-filter', filter]
    const output = execFileSync('pandoc', pandoc, { input, encoding: 'utf8', maxBuffer: 2 ** 28 })
    const read: { blocks: readonly { c: readonly [unknown, readonly Block[]] }[] } = JSON.parse(output)
    return read.blocks.map((each) => each.c[1])
  } finally {
    rmSync(folder, { recursive: true })
  }
}

const strings = citationStrings(COUNT, SEED)
const read = readAll(strings.map((each) => `Claim ${each} end.`))
const cases = strings.map((each, index) => {
  const [paragraph, ...others] = read[index] ?? []
  if (paragraph?.t !== 'Para' || others.length > 0)
    throw new Error(`${JSON.stringify(each)} is no one paragraph`)
  return JSON.stringify([each, bracketed(paragraph.c)])
})
const version = execFileSync('pandoc', ['--version'], { encoding: 'utf8' }).split('\n')[0]
const json = `{"pandoc": ${JSON.stringify(version)}, "seed": ${SEED}, "cases": [\n${cases.join(',\n')}\n]}\n`
writeFileSync(file, json)
console.log(`${file}: ${cases.length} strings, ${Math.round(Buffer.byteLength(json) / 1024)} KB, ${version}`)
