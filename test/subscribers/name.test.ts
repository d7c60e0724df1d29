import { expect, test } from 'vitest'
import { parseName } from '../../src/subscribers/name.ts'

test('a name is kept in one normal form, with single spaces', () => {
  expect(parseName(' Zoe\u0308\u00a0  O’Hara ')).toEqual({ ok: true, value: 'Zoë O’Hara' })
})

test('an empty name is none', () => {
  expect(parseName('  ')).toEqual({ ok: true, value: null })
})

test.each(['Ada\r\nBcc: x@y.test', 'Ada\0', 'Ada\u2028', 'Ada\tL', 'Ada\u202eevil', 'Ada\u001b[2J'])(
  '%j is refused',
  (name) => {
    expect(parseName(name)).toEqual({ ok: false, reason: 'holds a line break or a control character' })
  },
)

test('a name that is not one is refused by its length', () => {
  expect(parseName('x'.repeat(201))).toMatchObject({ ok: false })
  expect(parseName('x'.repeat(100_000))).toMatchObject({ ok: false })
})

test('the joiners that some scripts need stay', () => {
  expect(parseName('شیم\u200cزاد')).toMatchObject({ ok: true, value: 'شیم\u200cزاد' })
})
