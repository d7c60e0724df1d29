import { expect, test } from 'vitest'
import { stopsPreview } from '../../src/desk/stops-preview.ts'
import { checkExample } from './example.ts'

test('a draft without sources is shown to its editor; one with a broken fence or an unknown source is not', () => {
  const stops = (brief: string): boolean => checkExample({ brief }).some(stopsPreview)
  expect(stops('The council closed the gates. “We had no choice but that,” it said.')).toBe(false)
  expect(stops('::: members\nThe gates closed [@daily].')).toBe(true)
  expect(stops('The gates closed [@nobody].')).toBe(true)
})
