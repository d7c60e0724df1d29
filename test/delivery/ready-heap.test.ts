import fc from 'fast-check'
import { expect, test } from 'vitest'
import { createReadyHeap } from '../../src/delivery/ready-heap.ts'

test('what is ready first comes first, and of two the one that was put in first', () => {
  fc.assert(
    fc.property(fc.array(fc.oneof(fc.nat({ max: 9 }), fc.constant(null)), { maxLength: 200 }), (steps) => {
      const heap = createReadyHeap<number>()
      const model: { at: number; value: number }[] = []
      steps.forEach((at, value) => {
        if (at === null) {
          const first = model.toSorted((one, other) => one.at - other.at)[0]
          expect(heap.earliest).toBe(first?.at ?? Infinity)
          expect(heap.pop()).toBe(first?.value)
          if (first !== undefined) model.splice(model.indexOf(first), 1)
        } else {
          heap.push(at, value)
          model.push({ at, value })
        }
      })
      expect(heap.size).toBe(model.length)
    }),
  )
})
