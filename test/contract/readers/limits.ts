import fc from 'fast-check'
import { expect, test } from 'vitest'
import { day, hour, type ReaderBed } from './bed.ts'

export function limitTests(bed: ReaderBed): void {
  test('a limit is exact: as many as it says, in the window that the first one began', async () => {
    const step = fc.record({
      kind: fc.constantFrom('form', 'log-in'),
      subject: fc.constantFrom('203.0.113.0/24', '2001:db8::/48', 'ada@example.org'),
      wait: fc.constantFrom(0, 1, 499, 500, 999, 1_000, 5_000),
    })
    await fc.assert(
      fc.asyncProperty(
        fc.array(step, { maxLength: 60 }),
        fc.integer({ min: 0, max: 4 }),
        async (steps, most) => {
          await bed.reopen()
          const windows = new Map<string, { ends: number; count: number }>()
          for (const { kind, subject, wait } of steps) {
            bed.clock.time += wait
            const key = `${kind} ${subject}`
            const known = windows.get(key)
            const window =
              known === undefined || known.ends <= bed.clock.time
                ? { ends: bed.clock.time + 1_000, count: 0 }
                : known
            const expected = window.count < most
            if (expected) windows.set(key, { ...window, count: window.count + 1 })
            expect(await bed.store.allow(kind, subject, { most, windowMs: 1_000 })).toBe(expected)
          }
        },
      ),
      { numRuns: 60 },
    )
  })

  test('many at once are counted one by one', async () => {
    const limit = { most: 7, windowMs: hour }
    const answers = await Promise.all(
      Array.from({ length: 50 }, () => bed.store.allow('form', '203.0.113.0/24', limit)),
    )
    expect(answers.filter(Boolean)).toHaveLength(7)
  })

  test('a clock that went forward and back shuts nobody out for longer than a window', async () => {
    const limit = { most: 1, windowMs: hour }
    bed.clock.time += 900 * day
    expect(await bed.store.allow('form', 'x', limit)).toBe(true)
    bed.clock.time -= 900 * day
    expect(await bed.store.allow('form', 'x', limit)).toBe(false)
    bed.clock.time += hour
    expect(await bed.store.allow('form', 'x', limit)).toBe(true)
  })

  test('what has expired goes a bounded number at a time, and what has not stays', async () => {
    for (let count = 0; count < 2_500; count++)
      await bed.store.allow('form', `network ${count}`, { most: 1, windowMs: hour })
    expect(await bed.store.tidy()).toBe(false)
    bed.clock.time += hour
    const answers = []
    for (let count = 0; count < 4; count++) answers.push(await bed.store.tidy())
    expect(answers).toEqual([true, true, false, false])
  })
}
