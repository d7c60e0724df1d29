import fc from 'fast-check'
import { expect, test } from 'vitest'
import { describeTime, describeWait, readTime } from '../../src/delivery/schedule-time.ts'

const timeZone = 'Europe/Malta'
/** A Sunday, 11:00 in Malta. */
const now = Date.parse('2026-11-22T10:00:00Z')

const read = (text: string, zone = timeZone, from = now): string => {
  const time = readTime(text, { timeZone: zone, now: from })
  return time.ok ? new Date(time.at).toISOString().slice(0, 16) : `${time.reason} → ${time.hint}`
}

test('a time is read in the publication’s time zone, or with its own offset', () => {
  expect(read('2026-11-24 07:30')).toBe('2026-11-24T06:30')
  expect(read(' 2026-07-24T07:30 ')).toBe('2026-07-24T05:30')
  expect(read('2026-11-24T07:30+05:30')).toBe('2026-11-24T02:00')
  expect(read('2026-11-24t07:30:15z')).toBe('2026-11-24T07:30')
  expect(read('today 18:00')).toBe('2026-11-22T17:00')
  expect(read('Tomorrow 7:30')).toBe('2026-11-23T06:30')
  expect(read('tomorrow 07:30', 'Pacific/Auckland')).toBe('2026-11-22T18:30')
})

test('a weekday is the next one, today’s where its time is still to come', () => {
  expect(read('Mon 07:30')).toBe('2026-11-23T06:30')
  expect(read('saturday 07:30')).toBe('2026-11-28T06:30')
  expect(read('sun 11:01')).toBe('2026-11-22T10:01')
  expect(read('sun 11:00')).toBe('2026-11-29T10:00')
})

test('a time that the clocks leave out is refused, with what to write instead', () => {
  expect(read('2026-03-29 02:30')).toBe(
    'There is no 02:30 on Sun 29 Mar 2026 in Europe/Malta: the clocks go from 02:00 to 03:00 then. → give a time before 02:00, or from 2026-03-29T03:00 on',
  )
  expect(read('2026-03-29 01:59')).toBe('2026-03-29T00:59')
  expect(read('2026-03-29 03:00')).toBe('2026-03-29T01:00')
  expect(read('tomorrow 02:15', timeZone, Date.parse('2026-03-28T12:00:00Z'))).toMatch(/^There is no 02:15 /)
  // Half an hour, and at midnight.
  expect(read('2026-10-04 02:15', 'Australia/Lord_Howe')).toMatch(/from 02:00 to 02:30 then/)
  expect(read('2026-09-06 00:10', 'America/Santiago')).toMatch(/from 00:00 to 01:00 then/)
})

test('a time that the clocks come to twice is refused, with both', () => {
  expect(read('2026-10-25 02:30')).toBe(
    '02:30 on Sun 25 Oct 2026 comes twice in Europe/Malta: the clocks are set back then. → give the first as 2026-10-25T02:30+02:00, the second as 2026-10-25T02:30+01:00',
  )
  expect(read('2026-10-25T02:30+02:00')).toBe('2026-10-25T00:30')
  expect(read('2026-10-25T02:30+01:00')).toBe('2026-10-25T01:30')
  expect(read('2026-10-25 03:00')).toBe('2026-10-25T02:00')
  expect(read('2026-10-25 01:59')).toBe('2026-10-24T23:59')
})

test('what is no time is refused with the forms that are', () => {
  for (const text of ['', 'soon', '07:30', '2026-02-30 07:30', '2026-13-01 07:30', '2026-11-24 24:00'])
    expect(read(text)).toBe(
      `“${text}” is no time. → write “2026-11-24 07:30”, “tomorrow 07:30”, “Mon 07:30”, or with an offset “2026-11-24T07:30+01:00”`,
    )
  for (const text of [
    'tomorrow 24:10',
    'mo 07:30',
    '2026-02-30T07:30Z',
    '2026-11-24T07:30+99:00',
    '1e9 07:30',
  ])
    expect(read(text)).toMatch(/is no time/)
})

test('a time is said in full, and how long until then', () => {
  expect(describeTime(Date.parse('2026-11-24T06:30:00Z'), timeZone)).toBe(
    'Tue 24 Nov 2026, 07:30 (Europe/Malta, UTC+1)',
  )
  expect(describeTime(Date.parse('2026-09-01T06:30:00Z'), 'America/St_Johns')).toBe(
    'Tue 1 Sep 2026, 04:00 (America/St_Johns, UTC−2:30)',
  )
  expect(describeTime(Date.parse('2026-09-01T06:30:00Z'), 'UTC')).toBe('Tue 1 Sep 2026, 06:30 (UTC)')
  const after = (seconds: number): string => describeWait(now + seconds * 1_000, now)
  expect([after(40), after(300), after(3 * 3_600), after(3 * 3_600 + 300), after(45 * 3_600)]).toEqual([
    ...['in 40 s', 'in 5 min', 'in 3 h', 'in 3 h 5 min', 'in 1 day 21 h'],
  ])
  expect([after(2 * 86_400), after(-300)]).toEqual(['in 2 days', '5 min late'])
})

test('whatever moment is written out in a zone, with its offset or where it is the only one, is read back', () => {
  const zones = [
    'Europe/Malta',
    'America/New_York',
    'Australia/Lord_Howe',
    'Asia/Kathmandu',
    'Pacific/Chatham',
  ]
  const minutes = fc.integer({
    min: Date.parse('2020-01-01') / 60_000,
    max: Date.parse('2035-01-01') / 60_000,
  })
  fc.assert(
    fc.property(minutes, fc.constantFrom(...zones), (minute, zone) => {
      const at = minute * 60_000
      const text = new Date(at).toLocaleString('sv-SE', { timeZone: zone }).slice(0, 16)
      const time = readTime(text, { timeZone: zone, now })
      if (time.ok) expect(time.at).toBe(at)
      else expect(time.reason).toMatch(/comes twice/)
    }),
  )
})
