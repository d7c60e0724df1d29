import fc from 'fast-check'
import { expect, test } from 'vitest'
import { createIdSet } from '../../src/store/id-set.ts'

test('it holds what a set holds, whatever the ids', () => {
  const ids = fc.oneof(fc.nat(100), fc.nat(100_000), fc.maxSafeNat())
  fc.assert(
    fc.property(fc.array(fc.tuple(fc.boolean(), ids), { maxLength: 200 }), (steps) => {
      const [set, model] = [createIdSet(), new Set<number>()]
      for (const [adds, id] of steps) {
        if (adds) set.add(id)
        else set.delete(id)
        if (adds) model.add(id)
        else model.delete(id)
      }
      for (const [, id] of steps)
        for (const near of [id - 1, id, id + 1]) if (near >= 0) expect(set.has(near)).toBe(model.has(near))
    }),
  )
})
