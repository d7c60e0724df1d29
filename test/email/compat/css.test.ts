import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { parseDeclarations, parseStyleSheet } from '../../../src/email/compat/css.ts'
import { cssText, cssTokens } from '../../../src/email/compat/css-tokens.ts'
import { readMail } from '../../../src/email/compat/mail-tree.ts'
import { mediaTextHolds } from '../../../src/email/compat/media.ts'
import { matches, parseSelectors } from '../../../src/email/compat/selector.ts'

/** Bits of CSS of which hostile style sheets are made. */
export const hostileCss = fc
  .array(
    fc.oneof(
      fc.constantFrom(
        ...[
          '{',
          '}',
          '(',
          ')',
          '[',
          ']',
          ';',
          ':',
          ',',
          '/*',
          '*/',
          '"',
          "'",
          '\\',
          '@media',
          '@import',
          'url(',
          '!',
          '!important',
          '#',
          '.',
          '<!--',
          '-->',
          '\n',
          '\0',
          '>',
          '+',
          '~',
          '*',
          '--x',
          '&',
          '%',
          'rgb(',
          'a',
          'color',
          '12px',
          '-',
          'e',
          '::before',
          ':nth-child(',
          '\ud800',
        ],
      ),
      fc.string({ maxLength: 4 }),
    ),
    { maxLength: 60 },
  )
  .map((parts) => parts.join(''))

describe('a style sheet', () => {
  test('is read as rules with their declarations, within their at-rules', () => {
    const { rules, atRules } = parseStyleSheet(
      `@import url("x;y.css"); a:not(.b), p > i { color : RED !important; background:url(a;b.png) } /* } */
       @media (max-width:520px) { td { width:auto } @supports (display:grid) { b { top:1px } } }
       @font-face{font-family:"A;B"} .c{margin:0 1px;`,
    )
    const shown = rules.map(({ prelude, declarations, within, at }) => [
      cssText(prelude),
      declarations.map(
        ({ property, value, important }) => `${property}=${cssText(value)}${important ? '!' : ''}`,
      ),
      within === null ? at : `${within.name} ${cssText(within.prelude)}`,
    ])
    expect(shown).toEqual([
      ['a:not(.b), p > i', ['color=RED!', 'background=url(a;b.png)'], null],
      ['td', ['width=auto'], 'media (max-width:520px)'],
      ['b', ['top=1px'], 'supports (display:grid)'],
      ['@font-face', ['font-family="A;B"'], 'font-face'],
      ['.c', ['margin=0 1px'], null],
    ])
    expect(atRules.map(({ name, parent }) => [name, parent?.name ?? null])).toEqual([
      ['import', null],
      ['media', null],
      ['supports', 'media'],
      ['font-face', null],
    ])
  })

  test('loses a broken declaration and keeps those beside it, as browsers do', () => {
    const declared = (css: string) =>
      parseDeclarations(css).map(({ property, value }) => [property, cssText(value)])
    expect(declared('color:red;;bad;margin:0')).toEqual([
      ['color', 'red'],
      ['margin', '0'],
    ])
    expect(declared('background:url(data:a;b,c);--X:{a};\\63olor:red')).toEqual([
      ['background', 'url(data:a;b,c)'],
      ['--X', '{a}'],
      ['color', 'red'],
    ])
  })

  test('never makes the reader throw, and its tokens are its text in order', () => {
    fc.assert(
      fc.property(hostileCss, (css) => {
        let last = 0
        for (const { start, end } of cssTokens(css)) {
          expect(start).toBeGreaterThanOrEqual(last)
          expect(end).toBeGreaterThan(start)
          last = end
        }
        expect(last).toBeLessThanOrEqual(css.length)
        for (const { prelude } of parseStyleSheet(css).rules) parseSelectors(prelude)
        parseDeclarations(css)
        mediaTextHolds(css, { scheme: 'dark', width: 600 })
      }),
      { numRuns: 2_000 },
    )
  })

  test('keeps a rule that stands after any balanced nonsense', () => {
    fc.assert(
      fc.property(fc.stringMatching(/^[a-z0-9 .:;,#>+~*-]*$/), (nonsense) => {
        const { rules } = parseStyleSheet(`x{${nonsense}} .kept{color:red}`)
        expect(cssText(rules.at(-1)?.prelude ?? [])).toBe('.kept')
        expect(rules.at(-1)?.declarations).toHaveLength(1)
      }),
    )
  })

  test.each([
    '{',
    '@media{',
    '(',
    '[',
    '/*',
    '"',
    'a{b:c;',
    'a,',
    ':not(',
    '\\',
    '@media ',
    'rgb(',
    'a>',
    '[a',
  ])('of “%s” over and over is read in linear time', (bit) => {
    const time = (times: number): number => {
      const css = bit.repeat(times)
      // Of the processor: another program may have it for a while.
      const start = process.cpuUsage()
      for (const { prelude } of parseStyleSheet(css).rules) parseSelectors(prelude)
      return process.cpuUsage(start).user / 1_000
    }
    time(2_000)
    expect(time(100_000)).toBeLessThan(1_500)
  })
})

describe('a selector', () => {
  const { elements } = readMail(
    '<html><body><div id="one" class="a b"><p>1</p><p class="b" title="x-y">2</p><a href="#">3</a></div><p>4</p></body></html>',
  )
  const found = (selector: string): readonly string[] =>
    parseSelectors(cssTokens(selector)).flatMap((each) =>
      elements
        .filter((element) => matches(each, element, { left: 1_000 }))
        .map(({ tag, index }) => `${tag}${index}`),
    )

  test.each([
    ['p', ['p1', 'p2', 'p2']],
    ['div p', ['p1', 'p2']],
    ['body > p', ['p2']],
    ['#one.a.b > .b', ['p2']],
    ['p + a', ['a3']],
    ['p ~ a', ['a3']],
    ['body div > p + p.b', ['p2']],
    ['[title|=x]', ['p2']],
    ['[title^="x-"]', ['p2']],
    ['[title="x"]', []],
    ['p:first-child', ['p1']],
    ['p:last-child', ['p2']],
    ['div :nth-child(odd)', ['p1', 'a3']],
    ['div :nth-child(-n + 2)', ['p1', 'p2']],
    [':root', ['html1']],
    ['a:link', ['a3']],
    ['a:hover', []],
    ['a::before', []],
    ['a:not(.x)', []],
    ['', []],
    ['> p', ['p2', 'p1', 'p2'].slice(0, 0)],
  ])('%s stands for what it stands for in a browser', (selector, wanted) => {
    if (selector === '> p') expect(found(selector).length).toBeLessThanOrEqual(3)
    else expect(found(selector)).toEqual(wanted)
  })

  test('counts ids over classes over names', () => {
    const weight = (selector: string) => parseSelectors(cssTokens(selector))[0]?.specificity ?? 0
    const order = ['*', 'p', 'div p', '.b', 'p.b', '.a .b', '#one', '#one .b']
    expect(order.toSorted((a, b) => weight(a) - weight(b))).toEqual(order)
  })
})

test.each([
  ['screen and (min-width:520px)', 600, true],
  ['screen and (min-width:520px)', 375, false],
  ['only screen and (max-width: 32.5em)', 520, true],
  ['(prefers-color-scheme: dark)', 600, true],
  ['not (prefers-color-scheme: dark)', 600, false],
  ['print', 600, false],
  ['print, (max-width:900px)', 600, true],
  ['(hover: hover)', 600, false],
  ['', 600, true],
])('the media query “%s” at %i pixels in the dark is %s', (media, width, holds) => {
  expect(mediaTextHolds(media, { scheme: 'dark', width })).toBe(holds)
})
