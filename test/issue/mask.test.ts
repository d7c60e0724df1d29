import { describe, expect, test } from 'vitest'
import { createMask } from '../../src/issue/mask.ts'
import { parseLedger } from '../../src/sources/ledger.ts'
import type { Source } from '../../src/sources/source.ts'

function source(id: string, publisher: string, url: string, archive?: string): Source {
  const lines = [
    `- id: ${id}`,
    '  title: A page',
    `  publisher: ${publisher}`,
    `  url: ${url}`,
    '  published: 2025',
    '  accessed: 2025',
    ...(archive === undefined ? [] : [`  archive: ${archive}`]),
  ]
  const found = parseLedger('sources.yaml', lines.join('\n')).value?.get(id)
  if (found === undefined) throw new Error(lines.join('\n'))
  return found
}

const daily = source('daily', 'The Daily', 'https://daily.test/news/42', 'https://archive.test/9f3')
const query = source('query', 'Trends', 'https://trends.test/story?id=7')
const home = source('home', 'Agency', 'https://agency.test/')
const mask = createMask([daily, query, home])

describe('a mask over addresses', () => {
  test.each([
    ['see https://daily.test/news/42.', 'see The Daily.'],
    ['(http://www.daily.test/news/42/?utm_source=x)', '(The Daily)'],
    ['“daily.test/news/42”', '“The Daily”'],
    ['DAILY.TEST/news/42', 'The Daily'],
    ['https://archive.test/9f3', 'The Daily'],
    ['https://trends.test/story?utm_medium=m&id=7#top', 'Trends'],
    ['https://trends.test/story?id=7&page=2', 'Trends'],
    ['https://daily.test/news/42/amp', 'The Daily'],
    ['https://web.archive.test/web/2025/https://daily.test/news/42', 'The Daily'],
    ['https://t.test/?u=https%3A%2F%2Fdaily.test%2Fnews%2F42&x=1', 'The Daily'],
    ['https://t.test/?u=https%253A%252F%252Fdaily.test%252Fnews%252F42', 'The Daily'],
    ['https%3A%2F%2Fdail%79.test%2Fnews%2F42', 'The Daily'],
    ['[x](https://daily.test/news/42)', '[x](The Daily)'],
    ['at https://agency.test, they say', 'at Agency, they say'],
    ['//daily.test/news/42', '//The Daily'],
  ])('hides the address in %s', (written, shown) => {
    expect(mask.text(written)).toBe(shown)
    expect(mask.text(written)).not.toContain('.test/news/42')
  })

  test.each([
    'https://daily.test/news/421',
    'https://daily.test/news',
    'https://trends.test/story?id=8',
    'the site agency.test is theirs',
    'https://agency.test/about',
    'daily.test',
    'The Daily, 100 % sure',
  ])('lets “%s” be', (written) => {
    expect(mask.text(written)).toBe(written)
  })

  test.each([
    ['https://www.daily.test/news/42#:~:text=words', 'The Daily'],
    ['http://archive.test/9f3', 'The Daily'],
    ['mailto:a@b.test?body=https://daily.test/news/42', 'The Daily'],
    ['https://daily.test/', null],
    ['mailto:desk@daily.test', null],
  ])('says whose page %s leads to', (url, publisher) => {
    expect(mask.hides(url)).toBe(publisher)
  })

  test('lets through what a source that may be followed has as well', () => {
    const partial = createMask([daily], [source('part', 'The Daily', 'https://daily.test/news/42/part')])
    expect(partial.hides('https://daily.test/news/42/part')).toBeNull()
    expect(partial.hides('https://daily.test/news/42')).toBe('The Daily')
  })

  test('does not put an address in place of an address', () => {
    const odd = createMask([source('odd', 'https://odd.test/page', 'https://odd.test/page')])
    expect(odd.text('see https://odd.test/page')).toBe('see source')
  })

  test('hides addresses with letters beyond ASCII in each of their spellings', () => {
    const idn = createMask([source('idn', 'Zeitung', 'https://bücher.test/straße')])
    expect(idn.text('https://bücher.test/straße')).toBe('Zeitung')
    expect(idn.text('https://xn--bcher-kva.test/stra%C3%9Fe')).toBe('Zeitung')
  })
})
