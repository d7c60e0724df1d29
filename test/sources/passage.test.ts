import { describe, expect, test } from 'vitest'
import { passageUrl } from '../../src/sources/passage.ts'

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
      'https://a.test/#:~:text=A%20cease%2Dfire%20%28of%20sorts%29',
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
      'https://a.test/x#:~:text=The%20irresponsible%20and%20uncooperative%20attitude,not%20yielded%20any%20results%20so%20far'.replace(
        'not%20yielded%20any%20results%20so%20far',
        'yielded%20any%20results%20so%20far',
      ),
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
