import { markdownLineEnding } from 'micromark-util-character'
import type { Code, Effects } from 'micromark-util-types'

export interface Pieces {
  consume(code: Code): void
  end(): void
}

/**
 * Consumes text that may run over lines. Micromark finds the lines of a paragraph again by the tokens of their
 * endings, so each ending gets one of its own, between tokens for the text.
 */
export function pieces(effects: Effects): Pieces {
  let open = false
  const end = (): void => {
    if (open) effects.exit('citationText')
    open = false
  }
  return {
    end,
    consume(code) {
      if (markdownLineEnding(code)) {
        end()
        effects.enter('lineEnding')
        effects.consume(code)
        effects.exit('lineEnding')
        return
      }
      if (!open) effects.enter('citationText')
      open = true
      effects.consume(code)
    },
  }
}

/** Line endings and virtual spaces are negative codes in micromark. */
export function characterOf(code: NonNullable<Code>): string {
  return code < 0 ? ' ' : String.fromCharCode(code)
}
