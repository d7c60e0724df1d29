import { expect, test } from 'vitest'
import { allowedOn, dayAt } from '../../src/delivery/warm-up.ts'

const HOUR = 3_600_000
const iso = (at: number): string => new Date(at).toISOString()

test.each([
  ['2026-01-31T23:30:00Z', 'UTC', '2026-01-31', '2026-01-31T00:00:00.000Z', 24],
  ['2026-01-31T23:30:00Z', 'Europe/Malta', '2026-02-01', '2026-01-31T23:00:00.000Z', 24],
  ['2026-03-29T12:00:00Z', 'Europe/Malta', '2026-03-29', '2026-03-28T23:00:00.000Z', 23],
  ['2026-10-25T12:00:00Z', 'Europe/Malta', '2026-10-25', '2026-10-24T22:00:00.000Z', 25],
  ['2026-01-31T03:00:00Z', 'America/Los_Angeles', '2026-01-30', '2026-01-30T08:00:00.000Z', 24],
])('%s in %s is in %s, which begins at %s and has %d hours', (at, zone, name, begins, hours) => {
  const day = dayAt(Date.parse(at), zone)
  expect({ ...day, begins: iso(day.begins), ends: day.ends - day.begins }).toEqual({
    ...{ name, begins, ends: hours * HOUR },
  })
})

test('each day has twice as many as the one before; before the first day there are as many as on it', () => {
  const warmUp = { from: '2026-02-27', first: 50, timeZone: 'UTC' }
  const days = ['2026-02-20', '2026-02-27', '2026-02-28', '2026-03-01', '2026-03-09']
  expect(days.map((day) => allowedOn(day, warmUp))).toEqual([50, 50, 100, 200, 51_200])
})
