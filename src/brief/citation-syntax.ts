import type { Extension as FromMarkdown } from 'mdast-util-from-markdown'
import { markdownLineEnding, markdownSpace } from 'micromark-util-character'
import type { Code, Effects, Extension, Point, State, TokenizeContext } from 'micromark-util-types'
import { attributesConstruct, type ReadCitation, type Report } from './citation-attributes.ts'
import { noAttributes, parseCitation, type CitationProblem } from './citation-grammar.ts'
import { characterOf, pieces } from './citation-pieces.ts'

/** A bracket or brace that looks like part of a citation and is none, and where it stands. */
export interface BrokenCitation extends CitationProblem {
  readonly start: Point
  readonly end: Point
}

export interface CitationSyntax {
  readonly syntax: Extension
  readonly tree: FromMarkdown
  /** What the tokenizer had to leave as text; filled while parsing. */
  readonly broken: readonly BrokenCitation[]
}

declare module 'micromark-util-types' {
  interface TokenTypeMap {
    citation: 'citation'
    citationAttributes: 'citationAttributes'
    citationText: 'citationText'
  }
  interface Token {
    _citation?: ReadCitation
  }
}

/** Far above any real citation; keeps a text full of open brackets from being read again and again. */
const MAX_LENGTH = 1000

/** From then on a bracket is just text: a file with so many mistakes is not read any better for more. */
const MAX_BROKEN = 100

const LEFT_BRACKET = 91
const RIGHT_BRACKET = 93
const LEFT_PARENTHESIS = 40
const AT = 64
const BACKSLASH = 92
const STRAIGHT = 34
const OPEN_CURLY = 0x201c
const CLOSE_CURLY = 0x201d
const HYPHEN = 45
const UNDERSCORE = 95

/**
 * Citations as a construct of the Markdown tokenizer: `[@id …]` and, in the run of a sentence, `@id`, each with
 * an optional `{…}` after it. Made anew for each parse, since it collects what is broken.
 */
export function citationSyntax(): CitationSyntax {
  const broken = new Map<number, BrokenCitation>()
  const report = (start: Point, end: Point, problem: CitationProblem): void => {
    if (!broken.has(start.offset)) broken.set(start.offset, { start, end, ...problem })
  }
  const isFull = (): boolean => broken.size >= MAX_BROKEN
  const bracketed = {
    name: 'citation',
    tokenize(this: TokenizeContext, effects: Effects, ok: State, nok: State) {
      return tokenizeBracketed(this, effects, ok, nok, report, isFull)
    },
  }
  const narrative = {
    name: 'citationNarrative',
    previous: notInWord,
    tokenize(this: TokenizeContext, effects: Effects, ok: State, nok: State) {
      return tokenizeNarrative(this, effects, ok, nok, report)
    },
  }
  return {
    syntax: { text: { [LEFT_BRACKET]: bracketed, [AT]: narrative } },
    tree: citationTree,
    get broken() {
      return [...broken.values()]
    },
  }
}

function tokenizeBracketed(
  self: TokenizeContext,
  effects: Effects,
  ok: State,
  nok: State,
  report: Report,
  isFull: () => boolean,
) {
  const text = pieces(effects)
  let raw = ''
  let straight = false
  let depth = 0
  let escaped = false
  let from: Point
  const read: ReadCitation = { items: [], narrative: false, attributes: noAttributes }
  return start

  function start(code: Code): State | undefined {
    from = self.now()
    effects.enter('citation')._citation = read
    text.consume(code)
    return first
  }

  function first(code: Code): State | undefined {
    if (isFull()) return nok(code)
    if (markdownSpace(code) || markdownLineEnding(code)) {
      text.consume(code)
      return first
    }
    return code === AT ? inside(code) : nok(code)
  }

  function inside(code: Code): State | undefined {
    const quoted = straight || depth > 0
    if (code === null || raw.length > MAX_LENGTH) {
      return fail(code, quoted ? 'its quotation marks are never closed' : 'its bracket is never closed')
    }
    if (escaped) escaped = false
    else if (code === BACKSLASH) escaped = true
    else if (code === STRAIGHT && depth === 0) straight = !straight
    else if (code === OPEN_CURLY && !straight) depth++
    else if (code === CLOSE_CURLY && !straight && depth > 0) depth--
    else if (!quoted && code === LEFT_BRACKET) return fail(code, 'there is a bracket within it')
    else if (!quoted && code === RIGHT_BRACKET) return close(code)
    raw += characterOf(code)
    text.consume(code)
    return inside
  }

  function close(code: Code): State | undefined {
    const items = parseCitation(raw)
    text.consume(code)
    text.end()
    if ('message' in items) {
      report(from, self.now(), items)
      return nok
    }
    read.items = items
    return after
  }

  function after(code: Code): State | undefined {
    if (code === LEFT_PARENTHESIS) {
      report(from, self.now(), {
        message: 'A citation cannot be the text of a link.',
        hint: 'the citation is a link already: remove the parentheses after it',
      })
      return nok(code)
    }
    return effects.attempt(attributesConstruct(read, report), done, done)(code)
  }

  function done(code: Code): State | undefined {
    effects.exit('citation')
    return ok(code)
  }

  function fail(code: Code, why: string): State | undefined {
    report(from, self.now(), {
      message: `This begins like a citation and is none: ${why}.`,
      hint: 'write [@id], [@id, p. 18] or [@id, "exact words"]; a literal @ is \\@',
    })
    return nok(code)
  }
}

function tokenizeNarrative(self: TokenizeContext, effects: Effects, ok: State, nok: State, report: Report) {
  const read: ReadCitation = { items: [], narrative: true, attributes: noAttributes }
  let from: Point
  return start

  function start(code: Code): State | undefined {
    from = self.now()
    if (!notInWord.call(self, self.previous)) return nok(code)
    effects.enter('citation')._citation = read
    effects.consume(code)
    return first
  }

  function first(code: Code): State | undefined {
    return alphanumeric(code) ? inside(code) : nok(code)
  }

  function inside(code: Code): State | undefined {
    if (alphanumeric(code)) {
      effects.consume(code)
      return inside
    }
    // A hyphen belongs to the id only when more of the id follows: “@dawn-1011 – and …”, “@dawn-”, “@dawn--and”.
    if (code === HYPHEN || code === UNDERSCORE) return effects.attempt(joint, inside, done)(code)
    return done(code)
  }

  function done(code: Code): State | undefined {
    const id = self.sliceSerialize({ start: from, end: self.now() }).slice(1)
    read.items = [{ id, locator: null, quote: null, via: null }]
    return effects.attempt(attributesConstruct(read, report), exit, exit)(code)
  }

  function exit(code: Code): State | undefined {
    effects.exit('citation')
    return ok(code)
  }
}

const joint = {
  partial: true,
  tokenize(effects: Effects, ok: State, nok: State): State {
    let hyphen = false
    return function within(code: Code): State | undefined {
      if (code === UNDERSCORE || (code === HYPHEN && !hyphen)) {
        hyphen ||= code === HYPHEN
        effects.consume(code)
        return within
      }
      return alphanumeric(code) ? ok(code) : nok(code)
    }
  },
}

const citationTree: FromMarkdown = {
  enter: {
    citation(token) {
      const read = token._citation
      if (read === undefined) throw new Error('a citation token without its citation')
      this.enter(
        {
          type: 'citation',
          items: read.items,
          narrative: read.narrative,
          key: read.attributes.key,
          claim: read.attributes.claim,
          scope: read.attributes.scope,
        },
        token,
      )
    },
  },
  exit: {
    citation(token) {
      this.exit(token)
    },
  },
}

/** `desk@example.org` is an address and `site.org/@desk` a path, no citation. */
function notInWord(this: TokenizeContext, code: Code): boolean {
  if (code === null || code < 0) return true
  const character = String.fromCharCode(code)
  return code < 128 ? !/[A-Za-z0-9_/@]/.test(character) : !/[\p{L}\p{N}\p{M}]/u.test(character)
}

function alphanumeric(code: Code): boolean {
  return code !== null && code > 0 && /[A-Za-z0-9]/.test(String.fromCharCode(code))
}
