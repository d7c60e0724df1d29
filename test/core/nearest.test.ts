import { expect, test } from 'vitest'
import { didYouMean, nearest } from '../../src/core/nearest.ts'

const keys = [
  'title',
  'standfirst',
  'date',
  'authors',
  'tags',
  'access',
  'order',
  'image',
  'sources',
  'waivers',
]

test('a slip of the pen leads to the name that was meant', () => {
  expect(nearest('authr', keys)).toBe('authors')
  expect(nearest('auhtors', keys)).toBe('authors')
  expect(nearest('Authors', keys)).toBe('authors')
  expect(nearest('dtae', keys)).toBe('date')
  expect(nearest('acces', keys)).toBe('access')
  expect(nearest('stndfrist', keys)).toBe('standfirst')
  expect(didYouMean('authr', keys)).toBe('did you mean “authors”?')
})

test('the beginning of one name alone leads to it', () => {
  expect(nearest('stand', keys)).toBe('standfirst')
  expect(nearest('aut', keys)).toBe('authors')
  expect(nearest('e', ['editor', 'effect'])).toBeNull()
  expect(nearest('new', ['newsletter', 'newsroom'])).toBeNull()
})

test('another word leads nowhere', () => {
  for (const name of ['colour', 'moat', 'xyz', 'mood', '']) expect(nearest(name, keys), name).toBeNull()
})
