import { expect, test } from 'vitest'
import type { ClaimedDelivery, Settlement } from '../../../src/delivery/round.ts'
import { createSlices } from '../../../src/store/postgres/slices.ts'

const row = (id: number): ClaimedDelivery => ({
  ...{ id, publicId: `p${id}`, address: `a${id}@x.test`, name: null, tier: 'subscriber', format: 'html' },
  ...{ attempts: 0, firstAttemptAt: null },
})
const ids = (rows: readonly ClaimedDelivery[]): readonly number[] => rows.map(({ id }) => id)
const accepted = (id: number): Settlement => ({
  ...{ id, state: 'accepted', reply: '250 ok', class: null, nextAt: null, at: 1 },
})
const begin = (id: number) => ({ settle: null, begin: { id, messageId: `<${id}@x>`, at: 1 } })

test('a slice that was lost and is taken again gives no row that the sender has still', () => {
  const slices = createSlices()
  slices.add({ first: 1, token: 1, rows: [1, 2, 3].map(row) })
  expect(ids(slices.give(2))).toEqual([1, 2])
  slices.forget([1])
  expect(slices.sliceOf(1)).toBeUndefined()
  slices.add({ first: 1, token: 3, rows: [1, 2, 3].map(row) })
  expect(ids(slices.give(10))).toEqual([3])
  expect(slices.sliceOf(1)).toBe(1)
  expect(slices.idle(2)).toEqual([])
  slices.settle(
    [1, 2, 3].map((id) => ({ settle: accepted(id), begin: null })),
    [null, null, null],
    2,
  )
  expect(slices.idle(2)).toEqual([1])
})

test('what the sender let go of meanwhile is given again', () => {
  const slices = createSlices()
  slices.add({ first: 1, token: 1, rows: [row(1)] })
  slices.give(1)
  slices.forget([1])
  // It was told that another worker has it.
  slices.settle([begin(1)], ['suppressed'], 2)
  slices.add({ first: 1, token: 3, rows: [row(1)] })
  expect(ids(slices.give(10))).toEqual([1])
})
