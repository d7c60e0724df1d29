import { describe, expect, test } from 'vitest'
import { passageUrl } from '../../src/sources/passage.ts'
import { article } from './prose.ts'

describe('the link to a passage', () => {
  test.each([
    [
      'https://a.test/x',
      'There is a complete deadlock.',
      'https://a.test/x#:~:text=There%20is%20a%20complete%20deadlock',
    ],
    [
      'https://a.test/x#part',
      'one, two - three & four',
      'https://a.test/x#part:~:text=one%2C%20two%20%2D%20three%20%26%20four',
    ],
    [
      'https://a.test/',
      '“A cease-fire (of sorts)”',
      'https://a.test/#:~:text=A%20cease%2Dfire%20%28of%20sorts',
    ],
    [
      'https://a.test/x',
      'The first part … and the last part',
      'https://a.test/x#:~:text=The%20first%20part,and%20the%20last%20part',
    ],
    [
      'https://a.test/x',
      'It [the ministry] has not given any figure',
      'https://a.test/x#:~:text=has%20not%20given%20any%20figure',
    ],
    [
      'https://a.test/x',
      '停戦は双方が維持している',
      `https://a.test/x#:~:text=${encodeURIComponent('停戦は双方が維持している')}`,
    ],
  ])('of %s for “%s”', (url, quote, expected) => {
    expect(passageUrl(url, quote)).toBe(expected)
  })

  test('names a long passage by its first and its last words', () => {
    const quote =
      'The irresponsible and uncooperative attitude of the Pakistani delegation has not yielded any results so far'
    expect(passageUrl('https://a.test/x', quote)).toBe(
      'https://a.test/x#:~:text=The%20irresponsible%20and%20uncooperative,any%20results%20so%20far',
    )
  })

  test('names one in a script that needs more bytes by three words each', () => {
    const quote = 'Мы не получили никаких результатов на этих долгих переговорах в Стамбуле'
    expect(decodeURIComponent(passageUrl('https://a.test/x', quote) ?? '')).toBe(
      'https://a.test/x#:~:text=Мы не получили,переговорах в Стамбуле',
    )
  })

  test('stays short, however long the passage is', () => {
    const link = passageUrl('https://a.test/x', 'word after word '.repeat(500))
    expect(link?.length).toBeLessThan(200)
  })

  test.each([
    ['https://a.test/#/route', 'There is a complete deadlock'],
    ['https://a.test/#!route', 'There is a complete deadlock'],
    ['https://a.test/report.PDF', 'There is a complete deadlock'],
    ['https://a.test/x', 'two words'],
    ['https://a.test/x', '…'],
    ['https://a.test/x', ''],
    ['no address', 'There is a complete deadlock'],
  ])('is not made of %s and “%s”', (url, quote) => {
    expect(passageUrl(url, quote)).toBeNull()
  })

  test('holds no byte that would need escaping in HTML or Markdown', () => {
    const link = passageUrl('https://a.test/x', `He said "no" <b>, it's (not) *so* & \ud800 so`)
    expect(link).toMatch(/^https:\/\/a\.test\/x#:~:text=[A-Za-z0-9%_.,]*$/u)
  })
})

/** The directive, decoded: what a reader of the address bar would see. */
function directive(quote: string, text: string): string | null {
  const link = passageUrl('https://a.test/x', quote, text)
  return link === null ? null : decodeURIComponent(link.replace('https://a.test/x#:~:text=', ''))
}

describe('the link to a passage of a stored text', () => {
  const text = [
    'The talks ended on Friday without a text, the minister said.',
    'He told reporters: “There is a complete deadlock. The negotiations have entered an indefinite phase, and no fourth round – none at all – is planned.”',
    'Kabul said that the truce of 19 October holds. Nobody else was asked.',
    'Islamabad said that the truce of 19 October holds. It has not signed.',
  ].join('\n\n')

  test.each([
    ['There is a complete deadlock.', 'There is a complete deadlock'],
    ['"there is a complete deadlock"', 'There is a complete deadlock'],
    [
      'There is a complete deadlock. The negotiations have entered an indefinite phase',
      'There is a,an indefinite phase',
    ],
    ['The negotiations have entered … no fourth round', 'The negotiations have,no fourth round'],
    ['The truce [of October] holds', 'Kabul said that-,the truce of 19 October holds'],
    ['no fourth round - none at all - is planned', 'no fourth round – none at all – is planned'],
    ['That is not in it at all', null],
  ])('for “%s” takes the words of the page', (quote, expected) => {
    expect(directive(quote, text)).toBe(expected)
  })

  test('tells a quotation that occurs twice by the words before it, then after it', () => {
    expect(directive('the truce of 19 October holds', text)).toBe(
      'Kabul said that-,the truce of 19 October holds',
    )
    expect(
      directive('Nobody else was asked', 'Nobody else was asked. Then it ended.\n\nNobody else was asked.'),
    ).toBe('Nobody else was asked.,-Then')
  })

  test('is none where one place cannot be told from another', () => {
    const same = 'One paragraph, and the very same words.'
    expect(directive('the very same words', [same, same, same].join('\n\n'))).toBeNull()
  })

  test('adds words where the ends of a passage occur elsewhere too', () => {
    const one = 'We will not sign the paper that was put before us in Doha on that day.'
    const two = 'We will not go on that day.'
    expect(directive(one, `${two}\n\n${one}`)).toBe('We will not sign,on that day')
  })

  test('spans paragraphs, with each end within one', () => {
    const parts = 'The talks ended on Friday without a text.\n\nNo one was surprised.'
    expect(directive('without a text. No one was surprised', parts)).toBe('without a text,one was surprised')
  })

  test('of every stretch of words of a long text is short and leads to it alone', () => {
    const words = article.split(/\s+/u)
    for (let from = 0; from + 30 < words.length; from += 17) {
      for (const length of [4, 9, 30]) {
        const quote = words.slice(from, from + length).join(' ')
        const link = passageUrl('https://a.test/x', quote, article)
        expect(link, quote).not.toBeNull()
        expect((link ?? '').length - 'https://a.test/x'.length, link ?? '').toBeLessThanOrEqual(140)
      }
    }
  })
})
