import fc from 'fast-check'
import { expect, test } from 'vitest'
import { publicationSchema } from '../../src/core/publication.ts'
import { dayIn } from '../../src/core/day.ts'
import { issueName, nextSlot, nextTime } from '../../src/issue/cadence.ts'
import { readTime } from '../../src/delivery/schedule-time.ts'

const malta = 'Europe/Malta'
const iso = (at: number) => new Date(at).toISOString()
const friday = { every: 'Friday', at: '07:00' }

test('seven in the morning is seven in the morning, in winter and in summer', () => {
  expect(iso(nextTime(friday, malta, Date.parse('2026-03-25T12:00Z')))).toBe('2026-03-27T06:00:00.000Z')
  expect(iso(nextTime(friday, malta, Date.parse('2026-03-28T12:00Z')))).toBe('2026-04-03T05:00:00.000Z')
})

test('a time that the clocks leave out is an hour later, and one that comes twice is the first', () => {
  const night = { every: 'Sunday', at: '02:30' }
  const gap = nextTime(night, malta, Date.parse('2026-03-28T12:00Z'))
  expect(iso(gap)).toBe('2026-03-29T01:30:00.000Z')
  expect(iso(nextTime(night, malta, gap))).toBe('2026-04-05T00:30:00.000Z')
  const twice = nextTime(night, malta, Date.parse('2026-10-24T12:00Z'))
  expect(iso(twice)).toBe('2026-10-25T00:30:00.000Z')
  expect(iso(nextTime(night, malta, twice))).toBe('2026-11-01T01:30:00.000Z')
})

test.each([
  ['day', '2026-11-22T06:00:00.000Z'],
  ['monday', '2026-11-23T06:00:00.000Z'],
  ['Wednesday and Tuesday', '2026-11-24T06:00:00.000Z'],
  ['first Monday', '2026-12-07T06:00:00.000Z'],
  ['last Friday', '2026-11-27T06:00:00.000Z'],
  ['fourth Saturday and second Tuesday', '2026-11-28T06:00:00.000Z'],
])('“%s” comes next on %s', (every, expected) => {
  expect(iso(nextTime({ every, at: '07:00' }, malta, Date.parse('2026-11-21T12:00Z')))).toBe(expected)
})

test('a cadence that never comes, or comes at no time, is refused where it is written', () => {
  const cadence = publicationSchema.shape.newsletters
  const isGood = (every: string, at = '07:00') =>
    cadence.safeParse({ weekly: { name: 'Weekly', cadence: { every, at } } }).success
  for (const every of ['Friday', 'friday', 'day', 'Monday and Thursday', 'first Monday and last Friday'])
    expect(isGood(every)).toBe(true)
  for (const every of ['', 'Frday', 'fifth Monday', 'Monday, Thursday', 'Monday and', '0 7 * * 5', 'week'])
    expect(isGood(every)).toBe(false)
  for (const at of ['24:00', '7:00', '07:60', '07:00:00', 'noon']) expect(isGood('Friday', at)).toBe(false)
})

const zones = [
  ...['Europe/Malta', 'America/New_York', 'Australia/Lord_Howe', 'America/Santiago', 'Africa/Casablanca'],
  ...['Asia/Kathmandu', 'Pacific/Apia', 'Pacific/Kiritimati', 'Asia/Beirut', 'America/St_Johns', 'UTC'],
]
const days = ['Monday', 'Tuesday', 'Wednesday', 'Thursday', 'Friday', 'Saturday', 'Sunday']

test('in every zone and week it is the local time that was asked for, after now and within a week', () => {
  fc.assert(
    fc.property(
      fc.constantFrom(...zones),
      fc.constantFrom(...days),
      fc.integer({ min: 0, max: 23 }),
      fc.integer({ min: 0, max: 59 }),
      fc.integer({ min: Date.UTC(2024, 0, 1), max: Date.UTC(2030, 0, 1) }),
      (timeZone, every, hour, minute, now) => {
        const time = `${String(hour).padStart(2, '0')}:${String(minute).padStart(2, '0')}`
        const at = nextTime({ every, at: time }, timeZone, now)
        expect(at).toBeGreaterThan(now)
        const day = dayIn(timeZone, at)
        expect(days[(new Date(day).getUTCDay() + 6) % 7]).toBe(every)
        // What people may write for a send says the same, or that the clocks are changed then.
        const read = readTime(`${day} ${time}`, { timeZone, now })
        if (read.ok) expect(iso(at)).toBe(iso(read.at))
        else expect(read.reason).toMatch(/There is no|comes twice/)
        expect(at - now).toBeLessThanOrEqual(8 * 86_400_000)
      },
    ),
    { numRuns: 150 },
  )
})

test('what went out ahead of its time is not due again; a date far ahead is found at once', () => {
  const now = Date.parse('2026-11-26T12:00Z')
  expect(nextSlot(friday, malta, now, null).day).toBe('2026-11-27')
  expect(nextSlot(friday, malta, now, '2026-11-26').day).toBe('2026-11-27')
  expect(nextSlot(friday, malta, now, '2026-11-27').day).toBe('2026-12-04')
  expect(nextSlot(friday, malta, now, '2099-01-01').day).toBe('2099-01-02')
})

test.each([
  ['2026-w47', '2026-11-20', '2026-w48'],
  ['weekly-2026-11-20', '2026-11-20', 'weekly-2026-11-27'],
  ['brief-2026-w47-extra', '2026-11-20', 'brief-2026-w48-extra'],
  ['talks-end', '2026-11-20', '2026-w48'],
])('after %s of %s comes %s', (issue, date, expected) => {
  expect(issueName(friday, '2026-11-27', { issue, date })).toBe(expected)
})

test('where several go out in a week, an issue is named by its day', () => {
  const twice = { every: 'Tuesday and Friday', at: '07:00' }
  expect(issueName(twice, '2026-11-27', { issue: '2026-w48', date: '2026-11-24' })).toBe('2026-11-27')
  expect(issueName({ every: 'first Monday', at: '07:00' }, '2026-12-07', null)).toBe('2026-12-07')
})
