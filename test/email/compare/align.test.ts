import fc from 'fast-check'
import { expect, test } from 'vitest'
import { align } from '../../../src/email/compare/align.ts'

const words = fc.array(fc.constantFrom('a', 'b', 'c', 'd', 'e', 'the', 'of'), { maxLength: 60 })

function check(before: readonly string[], after: readonly string[]): void {
  const found = align(before, after)
  expect(found.flatMap((each) => before.slice(...each.before))).toEqual(before)
  expect(found.flatMap((each) => after.slice(...each.after))).toEqual(after)
  for (const { same, before: a, after: b } of found) {
    if (same) expect(before.slice(...a)).toEqual(after.slice(...b))
    expect(a[1] - a[0] + b[1] - b[0]).toBeGreaterThan(0)
  }
}

/** The length of the longest common subsequence, by the book. */
function common(a: readonly string[], b: readonly string[]): number {
  let row = Array.from({ length: b.length + 1 }, () => 0)
  for (const x of a) {
    const next = [0]
    for (const [j, y] of b.entries())
      next.push(x === y ? (row[j] ?? 0) + 1 : Math.max(next[j] ?? 0, row[j + 1] ?? 0))
    row = next
  }
  return row[b.length] ?? 0
}

test('the stretches give both lists back, and a short edit is the shortest', () => {
  fc.assert(
    fc.property(words, words, (before, after) => {
      check(before, after)
      const kept = align(before, after).reduce(
        (sum, { same, before: [from, to] }) => sum + (same ? to - from : 0),
        0,
      )
      expect(kept).toBe(common(before, after))
    }),
    { numRuns: 500 },
  )
})

test('a list with itself is one stretch, and an empty one has none', () => {
  expect(align(['a', 'b'], ['a', 'b'])).toEqual([{ same: true, before: [0, 2], after: [0, 2] }])
  expect(align([], [])).toEqual([])
  expect(align(['a'], [])).toEqual([{ same: false, before: [0, 1], after: [0, 0] }])
})

test('lists beyond the limit of edits are whole too, and what both hold once keeps its partner', () => {
  const long = (seed: number, marks: boolean) =>
    Array.from({ length: 4_000 }, (_, index) =>
      marks && index % 100 === 0 ? `mark${index}` : `w${(index * seed * 7919) % 97}`,
    )
  const [before, after] = [long(3, true), long(5, true)]
  check(before, after)
  const kept = align(before, after).filter(({ same }) => same)
  const marks = kept.flatMap((each) => before.slice(...each.before)).filter((word) => word.startsWith('mark'))
  expect(marks).toHaveLength(40)
  check(long(3, false), long(5, false))
})
