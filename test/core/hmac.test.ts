import { createHmac } from 'node:crypto'
import fc from 'fast-check'
import { expect, test } from 'vitest'
import { createMac } from '../../src/core/hmac.ts'
import { createTokens } from '../../src/core/token.ts'

test('it is HMAC-SHA-256, whatever the key and the text', () => {
  const texts = fc.array(fc.string({ unit: 'binary', maxLength: 700 }), { minLength: 1, maxLength: 5 })
  fc.assert(
    fc.property(fc.string({ unit: 'binary', maxLength: 100 }), texts, (key, all) => {
      const mac = createMac(key)
      for (const text of all)
        expect(Buffer.from(mac(text), 'latin1')).toEqual(createHmac('sha256', key).update(text).digest())
    }),
  )
})

test('a vector of RFC 4231', () => {
  const digest = Buffer.from(createMac('Jefe')('what do ya want for nothing?'), 'latin1').toString('hex')
  expect(digest).toBe('5bdcc146bf60754e6a042426089575c75a003f089d2739839dec58b964ec3843')
})

test('tokens and names that have gone out stay what they were', () => {
  const tokens = createTokens('a secret of more than thirty-two characters')
  expect(tokens.sign('unsubscribe', 'abc:weekly')).toBe('116b.YWJjOndlZWtseQ.BdfkqqXGf7IHoSjKi7vLabX3hs8')
  expect(tokens.digest('message-id', 'abc')).toBe('uoy7su4p6abwicf5oluw74yro5guqcmx')
  expect(tokens.digest('return-path', 'abc', 20)).toBe('vxzicucqay3piwmvzcyx')
})
