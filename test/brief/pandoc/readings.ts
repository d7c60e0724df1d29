import { parseBody } from '../../../src/brief/body.ts'
import { citationsOf } from '../../../src/brief/citations.ts'

/** A source within brackets: its id, what stands before the id and what after it. */
export type Item = readonly [id: string, prefix: string, suffix: string]

/** The bracketed citations of a text, in its order. */
export type Reading = readonly (readonly Item[])[]

/** What we read in `text`: locator, exact words and relay put together again, as Pandoc has them. */
export function ourReading(text: string): { readonly citations: Reading; readonly refused: boolean } {
  const { tree, findings } = parseBody('a.md', `Claim ${text} end.`, 1)
  const citations = citationsOf(tree)
    .filter((each) => !each.narrative)
    .map((each) =>
      each.items.flatMap(({ id, locator, quote, via }): Item[] => {
        const suffix = [locator, quote === null ? null : `“${quote}”`]
          .filter((part) => part !== null)
          .join(', ')
        return [[id, '', suffix], ...(via === null ? [] : [[via, 'via', ''] as const])]
      }),
    )
  return { citations, refused: findings.some((each) => each.rule === 'DC810') }
}

/**
 * A reading without what is typography: the first comma, spaces, the shapes of quotation marks, dashes and
 * ellipses, and the marks of emphasis and code, which are words like others to us.
 */
export function plainly(reading: Reading): Reading {
  return reading.map((items) =>
    items.map(([id, prefix, suffix]): Item => [id, prefix, plain(suffix.replace(/^[\s,]+/u, ''))]),
  )
}

function plain(text: string): string {
  return text
    .replace(/[“”]/gu, '"')
    .replace(/[‘’]/gu, "'")
    .replace(/–/gu, '--')
    .replace(/…/gu, '...')
    .replace(/[*`]/gu, '')
    .replace(/\s+/gu, ' ')
    .replace(/ ?, ?/gu, ', ')
    .trim()
}
