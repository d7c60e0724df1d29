import { expect, test } from 'vitest'
import { race } from './draft-race.ts'

test('two pages and another program on one file: of 1,000 random edits none is lost without being shown', async () => {
  const ended = await race(20251114, 1_000)
  expect(ended.lost).toEqual([])
  expect(new Set(ended.texts).size).toBe(1)
  expect(ended.tokens).toBe(1_000)
  expect(ended.outside).toBeGreaterThan(100)
  expect(ended.conflicts).toBeGreaterThan(10)
}, 60_000)
