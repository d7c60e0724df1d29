import { markdownLineEnding, markdownSpace } from 'micromark-util-character'
import type { Code, Effects, Point, State, TokenizeContext } from 'micromark-util-types'
import { parseCitationAttributes, type CitationAttributes, type CitationProblem } from './citation-grammar.ts'
import { characterOf, pieces } from './citation-pieces.ts'
import type { CitationItem } from './tree.ts'

/** What the tokenizer has read of a citation; its token carries it to the tree. */
export interface ReadCitation {
  items: readonly CitationItem[]
  narrative: boolean
  attributes: CitationAttributes
}

/** Takes note of what looks like part of a citation and is none. */
export type Report = (start: Point, end: Point, problem: CitationProblem) => void

const LEFT_BRACE = 123
const RIGHT_BRACE = 125

/** `{…}` right after a citation, or after white space. What does not parse stays text and is reported. */
export function attributesConstruct(read: ReadCitation, report: Report) {
  return {
    partial: true,
    tokenize(this: TokenizeContext, effects: Effects, ok: State, nok: State) {
      // Micromark binds `this` of a partial construct to the same context.
      const now = () => this.now()
      const text = pieces(effects)
      let raw = ''
      let from: Point
      return start

      function start(code: Code): State | undefined {
        effects.enter('citationAttributes')
        return before(code)
      }
      function before(code: Code): State | undefined {
        if (markdownSpace(code) || markdownLineEnding(code)) {
          if (raw.length > 3) return nok(code)
          raw += ' '
          text.consume(code)
          return before
        }
        if (code !== LEFT_BRACE) return nok(code)
        from = now()
        raw = ''
        text.consume(code)
        return inside
      }
      function inside(code: Code): State | undefined {
        if (code === null || raw.length > 200 || code === LEFT_BRACE) {
          report(from, now(), {
            message: 'The brace after this citation is never closed.',
            hint: 'write {scope=para}, {key} or {id=name-of-the-claim}',
          })
          return nok(code)
        }
        if (code === RIGHT_BRACE) {
          text.consume(code)
          const attributes = parseCitationAttributes(raw)
          if ('message' in attributes) {
            report(from, now(), attributes)
            return nok
          }
          read.attributes = attributes
          return exit
        }
        raw += characterOf(code)
        text.consume(code)
        return inside
      }
      function exit(code: Code): State | undefined {
        text.end()
        effects.exit('citationAttributes')
        return ok(code)
      }
    },
  }
}
