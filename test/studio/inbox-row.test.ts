import fc from 'fast-check'
import { expect, test } from 'vitest'
import { inboxRows } from '../../src/studio/inbox-row.ts'

const rows = (subject: string, preheader = 'Two briefs, every source listed.') =>
  inboxRows({ sender: 'The Ledger Brief', subject, preheader })
const subjectIn = (subject: string, client: string) =>
  rows(subject).find((row) => row.client === client)?.subject

test('a subject is cut by width: more narrow letters fit than wide ones', () => {
  const narrow = subjectIn('i'.repeat(400), 'gmail-phone')?.letters ?? 0
  const wide = subjectIn('W'.repeat(400), 'gmail-phone')?.letters ?? 0
  const han = subjectIn('山'.repeat(400), 'gmail-phone')?.letters ?? 0
  expect([narrow, wide, han]).toEqual([75, 17, 16])
})

test('what fits is whole, and one letter more is cut with an ellipsis in its place', () => {
  const fits = 'W'.repeat(18)
  expect(subjectIn(fits, 'gmail-phone')).toEqual({ shown: fits, letters: 18, of: 18 })
  const cut = subjectIn('W'.repeat(20), 'gmail-phone')
  expect([cut?.shown.endsWith('…'), cut?.of]).toEqual([true, 20])
})

test('Gmail on a computer gives the preheader what the subject leaves, and nothing where it leaves nothing', () => {
  const [short] = rows('Talks end')
  const [long] = rows('Talks end without a text '.repeat(8))
  expect(short?.preheader.letters).toBe(32)
  expect(long?.preheader).toEqual({ shown: '…', letters: 0, of: 32 })
})

test('whatever a subject holds, no letter is cut in two and no more is shown than there is', () => {
  const letters = new Intl.Segmenter('und', { granularity: 'grapheme' })
  const text = fc.array(
    fc.constantFrom('a', 'W', 'é', 'e\u0301', '👩‍👩‍👧', '🇹🇷', 'خ', '山', ' ', '\u200d', '\u202e'),
    { maxLength: 120 },
  )
  fc.assert(
    fc.property(text, (parts) => {
      const subject = parts.join('')
      const whole = subject.replace(/\s+/gu, ' ').trim()
      for (const row of rows(subject)) {
        const { shown, letters: kept, of } = row.subject
        const all = [...letters.segment(whole)].map(({ segment }) => segment)
        expect(of).toBe(all.length)
        expect(shown).toBe(kept === of ? whole : `${all.slice(0, kept).join('').trimEnd()}…`)
      }
    }),
  )
})
