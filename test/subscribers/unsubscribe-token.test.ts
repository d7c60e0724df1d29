import { expect, test } from 'vitest'
import { createTokens } from '../../src/core/token.ts'
import { openUnsubscribeToken, unsubscribeToken } from '../../src/subscribers/unsubscribe-token.ts'

const tokens = createTokens('a secret of more than 32 characters, for tests')
const who = { publicId: 'abcdefghij2345672345', newsletter: 'weekly' }

test('a token opens to the person and the newsletter that it was made for', () => {
  expect(openUnsubscribeToken(tokens, unsubscribeToken(tokens, who))).toEqual(who)
})

test('it is the same each time, so that every copy of a message has the same link', () => {
  expect(unsubscribeToken(tokens, who)).toBe(unsubscribeToken(tokens, who))
  expect(unsubscribeToken(tokens, { ...who, newsletter: 'daily' })).not.toBe(unsubscribeToken(tokens, who))
})

test('it needs no escaping in a URL', () => {
  expect(unsubscribeToken(tokens, who)).toMatch(/^[A-Za-z0-9._-]+$/)
})

test('no token with any single character changed, dropped or added opens', () => {
  const token = unsubscribeToken(tokens, who)
  const letters = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_.=+/ '
  for (let at = 0; at < token.length; at++) {
    expect(openUnsubscribeToken(tokens, token.slice(0, at) + token.slice(at + 1))).toBeNull()
    for (const letter of letters) {
      if (letter !== token[at])
        expect(openUnsubscribeToken(tokens, token.slice(0, at) + letter + token.slice(at + 1))).toBeNull()
      expect(openUnsubscribeToken(tokens, token.slice(0, at) + letter + token.slice(at))).toBeNull()
    }
  }
})

test('a token of another key or for another purpose does not open', () => {
  const others = createTokens('another secret of more than 32 characters')
  expect(openUnsubscribeToken(others, unsubscribeToken(tokens, who))).toBeNull()
  expect(openUnsubscribeToken(tokens, tokens.sign('log-in', `${who.publicId}:weekly`))).toBeNull()
})

test.each(['', '.', '..', '...', 'undefined', 'a.b.c', '\0', '🙂.🙂.🙂'])('%j opens to nobody', (token) => {
  expect(openUnsubscribeToken(tokens, token)).toBeNull()
})
