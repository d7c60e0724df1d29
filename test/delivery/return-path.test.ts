import fc from 'fast-check'
import { expect, test } from 'vitest'
import { createTokens } from '../../src/core/token.ts'
import { openReturnPath, returnPath } from '../../src/delivery/return-path.ts'

const tokens = createTokens('k'.repeat(32))
const others = createTokens('o'.repeat(32))
const number = fc.oneof(fc.integer({ min: 1, max: 5_000 }), fc.maxSafeNat())
const delivery = fc.record({ round: number, id: number })
const path = (of: { readonly round: number; readonly id: number }): string =>
  returnPath(tokens, of, 'bounces.brief.test', 'desk@brief.test')

test('it fits a local part, is in lower case, is the same every time, and is read back with its case folded', () => {
  fc.assert(
    fc.property(delivery, fc.infiniteStream(fc.boolean()), (of, upper) => {
      const address = path(of)
      expect(address).toMatch(/^[a-z0-9+.-]{1,64}@bounces\.brief\.test$/)
      expect(path(of)).toBe(address)
      expect(openReturnPath(tokens, address)).toEqual(of)
      const folded = [...address].map((each) => (upper.next().value ? each.toUpperCase() : each)).join('')
      expect(openReturnPath(tokens, folded)).toEqual(of)
      expect(openReturnPath(others, address)).toBeNull()
    }),
  )
})

test('none but ours is read: any other character anywhere before the @ is another address', () => {
  const letters = fc.constantFrom(...'abcdefghijklmnopqrstuvwxyz0123456789+.-@ =')
  fc.assert(
    fc.property(delivery, fc.nat(), letters, fc.boolean(), (of, place, letter, insert) => {
      const address = path(of)
      const at = place % address.indexOf('@')
      const changed = address.slice(0, at) + letter + address.slice(insert ? at : at + 1)
      fc.pre(changed !== address)
      expect(openReturnPath(tokens, changed)).toBeNull()
    }),
    { numRuns: 500 },
  )
  for (const none of ['', '@', 'desk@brief.test', 'b+1-1.@x.test', `b+1-${'v'.repeat(99)}.aa@x.test`])
    expect(openReturnPath(tokens, none)).toBeNull()
})

test('one delivery’s code is no other’s, not of the same number in another round', () => {
  const [, mac = ''] = path({ round: 1, id: 7 }).split(/[.@]/)
  expect(openReturnPath(tokens, `b+01-7.${mac}@bounces.brief.test`)).toBeNull()
  expect(openReturnPath(tokens, `b+2-7.${mac}@bounces.brief.test`)).toBeNull()
  expect(openReturnPath(tokens, `b+1-8.${mac}@bounces.brief.test`)).toBeNull()
})

test('without a bounce domain it is the sender’s address', () => {
  expect(returnPath(tokens, { round: 1, id: 1 }, null, 'desk@brief.test')).toBe('desk@brief.test')
})
