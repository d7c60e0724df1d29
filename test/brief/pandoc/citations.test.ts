import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { z } from 'zod'
import { whyRead, whyRefused } from './differences.ts'
import { ourReading, plainly, type Item, type Reading } from './readings.ts'
import { citationStrings } from './strings.ts'

const itemSchema = z.tuple([z.string(), z.string(), z.string()])

/** Written by scripts/pandoc-citations.ts. */
const fixture = z
  .object({
    pandoc: z.string(),
    seed: z.number(),
    cases: z.array(z.tuple([z.string(), z.array(z.array(itemSchema))])),
  })
  .parse(JSON.parse(readFileSync(join(import.meta.dirname, '../../fixtures/pandoc/citations.json'), 'utf8')))

test('the fixture answers for the generated strings', () => {
  expect(fixture.pandoc).toMatch(/^pandoc \d/)
  expect(fixture.cases.map(([text]) => text)).toEqual(citationStrings(2000, fixture.seed))
})

/** What stands in `some` and not in `others`, typography apart. */
function without(some: Reading, others: Reading): (readonly Item[])[] {
  const rest = plainly(others).map((each) => JSON.stringify(each))
  return some.filter((_, index) => {
    const found = rest.indexOf(JSON.stringify(plainly(some)[index]))
    if (found >= 0) rest.splice(found, 1)
    return found < 0
  })
}

test('brackets mean to us what they mean to Pandoc, are refused, or differ as documented', () => {
  const counts = { cited: 0, notCited: 0, refusedByBoth: 0 }
  const differences: Record<string, number> = {}
  const unexplained: unknown[] = []
  for (const [text, pandoc] of fixture.cases) {
    const ours = ourReading(text)
    const missing = without(pandoc, ours.citations)
    const extra = without(ours.citations, pandoc)
    if (missing.length === 0 && extra.length === 0) {
      // Brackets that are a citation to nobody may only be refused where there is an id or a mark of ours.
      if (ours.refused && !/@|\{key\}/.test(text)) unexplained.push({ text, ours, pandoc })
      else if (ours.refused) counts.refusedByBoth++
      else if (pandoc.length > 0) counts.cited++
      else counts.notCited++
      continue
    }
    const bareLocator = missing.every((items) => items[0]?.[1] === '@')
    const reasons = [
      // What stands within a refused bracket may be a citation of its own; the brief is an error anyway.
      ...(ours.refused ? [] : extra.map((items) => whyRead(text, items))),
      ...missing.map((items) => {
        if (ours.refused) return whyRefused(text, items)
        if (bareLocator) return 'a locator after an id outside brackets'
        return extra.map((each) => whyRead(text, each))[0]
      }),
    ]
    if (reasons.includes(undefined)) unexplained.push({ text, ours, pandoc })
    for (const reason of new Set(reasons)) differences[reason ?? ''] = (differences[reason ?? ''] ?? 0) + 1
  }
  expect(unexplained).toEqual([])
  expect({ ...counts, differences }).toMatchInlineSnapshot(`
    {
      "cited": 1285,
      "differences": {
        "a bracket or brace right after the citation": 47,
        "a bracket, link or picture in a locator": 15,
        "a comma with nothing after it": 11,
        "a locator after an id outside brackets": 8,
        "a mark without its pair in a locator": 2,
        "a relay with a locator or words": 22,
        "a second source without “;”": 9,
        "a semicolon within marks of other kinds": 6,
        "an author left out with “-”": 24,
        "an id in braces": 3,
        "an id of other characters": 13,
        "an id run into what follows": 50,
        "marks without their pair in quoted words": 7,
        "words before the id": 53,
        "words that do not stand alone, last and in a pair of marks": 122,
        "“via” that follows no source": 30,
      },
      "notCited": 108,
      "refusedByBoth": 185,
    }
  `)
})
