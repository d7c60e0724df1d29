import fc from 'fast-check'
import { expect, test } from 'vitest'
import { relaxedField } from '../../src/email/relaxed.ts'
import { relaxedHeaders } from './plain-forms.ts'

test('the example of RFC 6376 §3.4.5 comes out as it says', () => {
  expect(relaxedField('A: X\r\n')).toEqual({ name: 'a', relaxed: 'a:X' })
  expect(relaxedField('B : Y\t\r\n\tZ  \r\n')).toEqual({ name: 'b', relaxed: 'b:Y Z' })
})

test('a field, however it is folded and spaced, is as a plain reading of the whole has it', () => {
  const piece = fc.constantFrom('a', 'é', ':', ' ', '  ', '\t', '\r\n ', '\r\n\t', '=?UTF-8?Q?x?=')
  fc.assert(
    fc.property(fc.array(piece, { maxLength: 20 }), (pieces) => {
      const field = `Subject:${pieces.join('')}\r\n`
      expect([relaxedField(field).relaxed]).toEqual(relaxedHeaders(field))
    }),
  )
})
