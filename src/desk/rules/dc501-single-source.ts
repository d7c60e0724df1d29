import { finding, placeOf, type Finding } from '../../core/finding.ts'
import type { CitationItem } from '../../brief/tree.ts'
import type { TextContext } from '../context.ts'
import type { DeskBlock } from '../desk-text.ts'
import { isEnglish, ownWordsOf } from '../own-prose.ts'
import { textRule } from '../rule.ts'
import { factTokens } from '../stated-facts.ts'

const hint = 'add a source that knows it otherwise, or say in the text that there is one alone'

const two = `
- id: daily
  title: Gates closed at noon
  publisher: Harbour Daily
  url: https://daily.example.org/gates
  published: 2025-11-08
  accessed: 2025-11-10
- id: echo
  title: Harbour in brief
  publisher: The Echo
  url: https://echo.example.org/brief
  published: 2025-11-08
  accessed: 2025-11-10
`

export const singleSource = textRule('DC501', {
  why:
    'What a brief stands or falls with should not hang on one voice. Two papers that print one agency are one, whatever ' +
    'their names.',
  bad: { brief: 'The gates closed at noon [@daily] {key}.' },
  good: { brief: 'The gates closed at noon [@daily; @echo] {key}.', ledger: two },
  check(context) {
    return [...keyClaims(context), ...inStandfirst(context)]
  },
})

function keyClaims(context: TextContext): Finding[] {
  return context.text.blocks.flatMap(({ sentences }) =>
    sentences.flatMap((sentence) =>
      sentence.own
        .filter(({ key }) => key)
        .flatMap((citation): Finding[] => {
          if (
            voicesOf(
              sentence.citations.flatMap(({ items }) => items),
              context,
            ) !== 1
          )
            return []
          const message = 'This key claim rests on one voice.'
          return [finding('DC501', placeOf(context.text.file, citation.position), message, { hint })]
        }),
    ),
  )
}

/** A number or date of the standfirst, where the sentences of the body that have it are one voice. */
function inStandfirst(context: TextContext): Finding[] {
  const { text, lang } = context
  if (text.standfirst === null || !isEnglish(lang)) return []
  return text.standfirst.sentences.flatMap((sentence): Finding[] => {
    const lonely = [...factTokens(ownWordsOf(sentence))].find(
      (token) => voicesOf(itemsFor(token, text.blocks), context) === 1,
    )
    if (lonely === undefined) return []
    const message = `“${lonely}” in the standfirst rests on one voice.`
    return [finding('DC501', sentence.place, message, { hint })]
  })
}

function itemsFor(token: string, blocks: readonly DeskBlock[]): CitationItem[] {
  return blocks.flatMap((block) =>
    block.sentences
      .filter(({ text }) => factTokens(`${block.kind === 'figure' ? block.label : ''} ${text}`).has(token))
      .flatMap(({ citations }) => (block.kind === 'paragraph' ? citations : block.citations))
      .flatMap(({ items }) => items),
  )
}

function voicesOf(items: readonly CitationItem[], { voices, sources }: TextContext): number {
  return voices.independent(items.filter(({ id }) => sources.has(id))).length
}
