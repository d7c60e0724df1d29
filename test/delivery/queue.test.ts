import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { noLimits } from '../../src/delivery/limits.ts'
import type { Outcome } from '../../src/delivery/transport.ts'
import { dayAt } from '../../src/delivery/warm-up.ts'
import { accepted, down, greylisted, policy, rowsOf, simulate, tooMany } from './simulation.ts'
import { createVirtualTime } from './virtual-time.ts'

const START = Date.parse('2026-03-28T22:00:00Z')
const HOUR = 3_600_000

const people = (counts: Readonly<Record<string, number>>): string[] =>
  Object.entries(counts).flatMap(([domain, count]) =>
    Array.from({ length: count }, (_, index) => `reader${index + 1}@${domain}`),
  )
const domainOf = (address: string): string => address.split('@')[1] ?? ''
const tookFor = (outcome: Outcome, took = 10) => ({ outcome, took })

function most(times: readonly number[], span: number): number {
  let from = 0
  return times.reduce((highest, at, index) => {
    while ((times[from] ?? at) <= at - span) from += 1
    return Math.max(highest, index - from + 1)
  }, 0)
}

test('whatever servers answer, no row is lost, none is on two lanes, and each ends where its answer says', async () => {
  const answers = [accepted, accepted, accepted, greylisted, tooMany, policy, down]
  await fc.assert(
    fc.asyncProperty(
      fc.array(fc.nat({ max: 5 }), { minLength: 1, maxLength: 400 }),
      fc.infiniteStream(fc.nat({ max: answers.length - 1 })),
      fc.integer({ min: 1, max: 8 }),
      fc.constantFrom(null, 5),
      async (domains, draws, lanes, perDomain) => {
        const time = createVirtualTime(START)
        const addresses = domains.map((domain, index) => `r${index}@d${domain}.test`)
        const { rows, twice, halted } = await simulate({
          ...{
            time,
            addresses,
            lanes,
            options: { limits: { ...noLimits, perDomain }, reconnectAfter: () => 20 },
          },
          server: () => tookFor(answers[draws.next().value ?? 0] ?? accepted),
        })
        expect(twice).toBe(0)
        for (const { state, attempts, nextAt, reply } of rows) {
          if (state === 'queued') expect(halted).not.toBeNull()
          else if (state === 'deferred') {
            expect(nextAt).toBeGreaterThan(START)
            expect(reply).not.toBe('')
          } else expect(attempts).toBeGreaterThan(0)
        }
      },
    ),
    { numRuns: 60 },
  )
})

test('everybody greylisted is tried once, deferred for five minutes and nobody is waited for', async () => {
  const time = createVirtualTime(START)
  const addresses = people({ 'a.test': 300, 'b.test': 300 })
  const server = (_: string, __: number, attempts: number) => tookFor(attempts === 0 ? greylisted : accepted)
  const first = await simulate({ time, addresses, server })
  expect(first.rows.every(({ state, attempts }) => state === 'deferred' && attempts === 1)).toBe(true)
  expect(time.now() - START).toBeLessThan(5 * 60_000)
  time.jump(10 * 60_000)
  const second = await simulate({ time, addresses, server }, [...first.rows])
  expect(second.rows.every(({ state, attempts }) => state === 'accepted' && attempts === 2)).toBe(true)
})

describe('a storm of 421 at one domain of three', () => {
  const addresses = people({ 'storm.test': 3_000, 'b.test': 400, 'c.test': 400 })
  const stormUntil = (end: number) => (address: string, now: number) =>
    tookFor(domainOf(address) === 'storm.test' && now < end ? tooMany : accepted)

  test('does not slow the others, although its rows come first; and all get theirs', async () => {
    const endOfOthers = async (end: number): Promise<number> => {
      const time = createVirtualTime(START)
      const only = end === 0 ? addresses.filter((each) => domainOf(each) !== 'storm.test') : addresses
      const { rows, attempts } = await simulate({ time, addresses: only, server: stormUntil(end) })
      expect(rows.filter(({ state }) => state !== 'accepted')).toEqual([])
      return (attempts.findLast(({ address }) => domainOf(address) !== 'storm.test')?.at ?? 0) - START
    }
    expect(await endOfOthers(START + 8_000)).toBeLessThan((await endOfOthers(0)) * 1.1)
  })

  test('is asked rarely and by few, at growing distances up to five minutes', async () => {
    const time = createVirtualTime(START)
    const { attempts, rows } = await simulate({ time, addresses, server: stormUntil(Infinity) })
    const storm = attempts.filter(({ address }) => domainOf(address) === 'storm.test')
    expect(storm.length).toBeLessThan(12)
    // The send ends, and says of each of them when it is tried.
    const waiting = rows.filter(({ state }) => state === 'deferred')
    expect(waiting.length).toBe(3_000)
    expect(waiting.every(({ nextAt, reply }) => nextAt > START && reply !== '')).toBe(true)
    expect(rows.filter(({ state }) => state === 'accepted').length).toBe(800)
  })
})

test('a tarpit gets a lane, the others go at their speed, and when they are done it gets every lane', async () => {
  const addresses = Array.from({ length: 4_000 }, (_, index) =>
    index % 20 === 0 ? `r${index}@tar.test` : `r${index}@quick.test`,
  )
  const time = createVirtualTime(START)
  const { rows, attempts } = await simulate({
    ...{ time, lanes: 4, addresses },
    server: (address) => tookFor(accepted, domainOf(address) === 'tar.test' ? 5_000 : 10),
  })
  expect(rows.every(({ state }) => state === 'accepted')).toBe(true)
  const lastOf = (domain: string): number =>
    (attempts.findLast(({ address }) => domainOf(address) === domain)?.at ?? 0) - START
  // 3,800 at 10 ms take 13 s on three lanes, after the 5 to 10 s in which it shows that the other is slow.
  expect(lastOf('quick.test')).toBeLessThan(30_000)
  // 200 at 5 s take 250 s on four lanes, 1,000 s on one.
  expect(lastOf('tar.test')).toBeLessThan(300_000)
})

describe('refusals for policy', () => {
  test('hold one domain back for an hour, of which the rows say why; it is tried with one message then', async () => {
    const time = createVirtualTime(START)
    const addresses = people({ 'no.test': 400, 'b.test': 900 })
    const mixed = addresses.toSorted((one, other) => one.localeCompare(other))
    const server = (address: string, now: number) =>
      tookFor(domainOf(address) === 'no.test' && now < START + HOUR ? policy : accepted)
    const { rows, halted, attempts } = await simulate({ time, addresses: mixed, server })
    expect(halted).toBeNull()
    const refused = rows.filter(({ state }) => state === 'rejected')
    expect(refused.length).toBeGreaterThanOrEqual(10)
    expect(refused.length).toBeLessThan(15)
    const held = rows.filter(({ state }) => state === 'deferred')
    expect(held.length).toBe(400 - refused.length)
    expect(held.every(({ attempts: tries }) => tries === 0)).toBe(true)
    expect(held[0]?.reply).toBe(
      'not tried: no.test refuses our mail for policy and gets none for an hour: 554 5.7.1 spam',
    )
    expect(held.every(({ nextAt }) => nextAt > START + HOUR && nextAt < START + HOUR + 60_000)).toBe(true)
    expect(attempts.filter(({ address }) => domainOf(address) === 'b.test').length).toBe(900)
  })

  test.each([
    ['is accepted, and then the others follow', accepted, 0],
    ['is refused again, and then it is another hour', policy, 1],
  ])('after an hour in the same send one message %s', async (_, answer, more) => {
    const time = createVirtualTime(START)
    const addresses = people({ 'no.test': 40, 'b.test': 300 })
    const { rows, halted } = await simulate({
      ...{ time, addresses },
      options: { limits: { perSecond: 0.05, perHour: null, perDomain: 0.02, warmUp: null }, lookAgain: HOUR },
      server: (address, now) =>
        tookFor(domainOf(address) === 'no.test' ? (now < START + HOUR / 2 ? policy : answer) : accepted),
    })
    expect(halted).toBeNull()
    const ends = Object.groupBy(
      rows.filter(({ address }) => domainOf(address) === 'no.test'),
      ({ state }) => state,
    )
    const refused = ends.rejected?.length ?? 0
    expect(refused).toBeGreaterThanOrEqual(10)
    if (more === 0) expect((ends.accepted?.length ?? 0) + refused).toBe(40)
    else expect(refused).toBeLessThan(20)
  })

  test('from several domains pause the round', async () => {
    const time = createVirtualTime(START)
    const addresses = people({ 'one.test': 300, 'two.test': 300 }).toSorted()
    const server = (address: string) => tookFor(/[369]@/.test(address) ? policy : accepted)
    const { rows, halted } = await simulate({ time, addresses, server })
    expect(halted).toMatch(
      /^2 domains refuse our mail for policy \((one|two)\.test, (one|two)\.test\): 554 5\.7\.1 spam$/,
    )
    expect(rows.filter(({ state }) => state === 'rejected').length).toBeLessThan(30)
  })

  test('of most of the messages pause a round in which no domain has enough of them', async () => {
    const time = createVirtualTime(START)
    const names = ['a', 'b', 'c', 'd', 'e', 'f', 'g']
    const addresses = Array.from({ length: 60 }, (_, index) => `reader${index}@${names[index % 7]}.test`)
    const relay = (address: string) => ({ ...policy, reply: `554 5.7.1 <${address}> blocked` })
    const all = await simulate({ time, addresses, server: (address) => tookFor(relay(address)) })
    expect(all.halted).toMatch(
      /^most of the messages are refused for policy: 554 5\.7\.1 <…@[a-g]\.test> blocked$/,
    )
    expect(all.rows.filter(({ state }) => state === 'rejected').length).toBeLessThan(20)
    expect(all.rows.every(({ state }) => state === 'rejected' || state === 'queued')).toBe(true)
    // From the middle of a send on it is seen as well.
    const many = Array.from({ length: 900 }, (_, index) => `reader${index}@d${index % 300}.test`)
    const later = await simulate({
      ...{ time: createVirtualTime(START), addresses: many },
      server: (address, now) => tookFor(now < START + 1_000 ? accepted : relay(address)),
    })
    expect(later.halted).toMatch(/^most of the messages/)
    expect(later.rows.filter(({ state }) => state === 'rejected').length).toBeLessThan(60)
  })

  test('of one domain that is held back, and of a person at another, pause nothing', async () => {
    const time = createVirtualTime(START)
    const addresses = people({ 'no.test': 40, 'strict.test': 1, 'fine.test': 40 })
    const server = (address: string) => tookFor(address.endsWith('@fine.test') ? accepted : policy)
    const { halted, rows } = await simulate({ time, addresses, server })
    expect(halted).toBeNull()
    expect(rows.filter(({ state }) => state === 'accepted').length).toBe(40)
  })

  test('name nobody on the rows of others, nor as the reason of a pause', async () => {
    const time = createVirtualTime(START)
    const reply = (address: string) => `554 5.7.1 <${address}> no mail for ${address}`
    const server = (address: string) =>
      tookFor(
        address.endsWith('@fine.test')
          ? accepted
          : { state: 'rejected', reply: reply(address), class: 'policy' },
      )
    const one = { 'one.test': 300, 'fine.test': 300 }
    const { rows } = await simulate({ time, server, addresses: people(one).toSorted() })
    const others = rows.filter(({ state }) => state === 'deferred')
    expect(others.length).toBeGreaterThan(0)
    for (const row of others) expect(row.reply).not.toContain('reader')
    const { halted } = await simulate({
      time,
      server,
      addresses: people({ ...one, 'two.test': 300 }).toSorted(),
    })
    expect(halted).toMatch(/: 554 5\.7\.1 <…@(one|two)\.test> no mail for …@(one|two)\.test$/)
  })

  test('from one domain that all are at pause nothing, and from fewer than ten nothing at all', async () => {
    const time = createVirtualTime(START)
    const nine = await simulate({ time, addresses: people({ 'no.test': 9 }), server: () => tookFor(policy) })
    expect(nine.rows.every(({ state }) => state === 'rejected')).toBe(true)
    const many = await simulate({ time, addresses: people({ 'no.test': 50 }), server: () => tookFor(policy) })
    expect(many.halted).toBeNull()
  })
})

describe('limits', () => {
  test('an hour’s is kept in any sixty minutes, whatever was begun before and however slow servers are', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.integer({ min: 1, max: 40 }),
        fc.array(
          fc.record({ ago: fc.integer({ min: 1, max: 3_599 }), begun: fc.integer({ min: 1, max: 9 }) }),
          {
            maxLength: 5,
          },
        ),
        fc.infiniteStream(fc.nat({ max: 400_000 })),
        async (perHour, before, took) => {
          const time = createVirtualTime(START)
          const begunBefore = before
            .toSorted((one, other) => other.ago - one.ago)
            .map(({ ago, begun }) => ({ at: START - ago * 1_000, begun, taken: begun }))
          const { rows, attempts } = await simulate({
            ...{ time, begunBefore, addresses: people({ 'a.test': 100 }) },
            options: { limits: { ...noLimits, perHour }, lookAgain: 600_000 },
            server: () => tookFor(accepted, took.next().value ?? 0),
          })
          expect(rows.every(({ state }) => state === 'accepted')).toBe(true)
          const earlier = begunBefore.flatMap(({ at, begun }) => Array.from({ length: begun }, () => at))
          const now = attempts.map(({ at }) => at)
          expect(most(now, HOUR)).toBeLessThanOrEqual(perHour)
          if (earlier.length <= perHour) expect(most([...earlier, ...now], HOUR)).toBeLessThanOrEqual(perHour)
        },
      ),
      { numRuns: 30 },
    )
  })

  test('a domain gets no more a second than it may, and others do not wait for it', async () => {
    const time = createVirtualTime(START)
    const addresses = people({ 'a.test': 600, 'b.test': 40 })
    const options = { limits: { ...noLimits, perDomain: 10 } }
    const { attempts, rows } = await simulate({
      time,
      addresses,
      options,
      server: () => tookFor(accepted, 1),
    })
    expect(rows.every(({ state }) => state === 'accepted')).toBe(true)
    for (const domain of ['a.test', 'b.test']) {
      const times = attempts.filter(({ address }) => domainOf(address) === domain).map(({ at }) => at)
      expect(most(times, 1_000)).toBeLessThanOrEqual(11)
    }
    const last = attempts.findLast(({ address }) => domainOf(address) === 'b.test')?.at ?? 0
    expect(last - START).toBeLessThan(5_000)
    expect(time.now() - START).toBeLessThan(62_000)
  })

  test('a warm-up’s share of a day ends the send with the time it goes on, and only if somebody is left', async () => {
    const time = createVirtualTime(START)
    const warmUp = { from: '2026-03-27', first: 10, timeZone: 'Europe/Malta' }
    const options = { limits: { ...noLimits, warmUp } }
    const begunBefore = [
      { at: START - 26 * HOUR, begun: 7, taken: 7 },
      { at: START - HOUR, begun: 8, taken: 5 },
    ]
    const send = (rows = rowsOf(people({ 'a.test': 15 }))) =>
      simulate({ time, addresses: [], begunBefore, options, server: () => tookFor(accepted) }, rows)
    const exact = await send()
    expect(exact.halted).toBeNull()
    expect(exact.rows.every(({ state }) => state === 'accepted')).toBe(true)

    const short = await send(rowsOf(people({ 'a.test': 18 })))
    expect(short.rows.filter(({ state }) => state === 'accepted').length).toBe(15)
    // It is 23:00 in Malta; at 2 in the morning the clocks change.
    expect(short.resumesAt).toBe(START + HOUR)
    expect(short.halted).toContain('goes on at 2026-03-28T23:00:00.000Z')
  })

  test('a day’s share counts what was taken, and not what was refused', async () => {
    const time = createVirtualTime(START)
    const warmUp = { from: '2026-03-28', first: 5, timeZone: 'UTC' }
    const { rows } = await simulate({
      ...{ time, addresses: people({ 'a.test': 30 }), options: { limits: { ...noLimits, warmUp } } },
      server: (address) => tookFor(/r[1-9]@/.test(address) ? greylisted : accepted),
    })
    expect(rows.filter(({ state }) => state === 'deferred').length).toBe(9)
    expect(rows.filter(({ state }) => state === 'accepted').length).toBe(5)
  })

  test('a worker waits for the next day of a warm-up, which has twice the share', async () => {
    const time = createVirtualTime(START)
    const warmUp = { from: '2026-03-28', first: 4, timeZone: 'Europe/Malta' }
    const { attempts, halted } = await simulate({
      ...{ time, addresses: people({ 'a.test': 20 }) },
      options: { limits: { ...noLimits, warmUp }, waitsForDays: true, lookAgain: HOUR },
      server: () => tookFor(accepted),
    })
    expect(halted).toBeNull()
    const days = attempts.map(({ at }) => dayAt(at, 'Europe/Malta').name)
    expect(Object.values(Object.groupBy(days, (day) => day)).map((each) => each?.length)).toEqual([4, 8, 8])
  })
})

test('a server that is down is waited for by all lanes together, and given up after a few times', async () => {
  const time = createVirtualTime(START)
  const addresses = people({ 'a.test': 50 })
  const { rows, halted, attempts } = await simulate({ time, addresses, server: () => tookFor(down, 1) })
  expect(halted).toBe('the server cannot be reached: connection refused')
  expect(rows.every(({ state }) => state === 'queued')).toBe(true)
  expect(attempts.length).toBeLessThanOrEqual(3 * 5)
  expect(time.now() - START).toBeGreaterThan(250 + 1_000 + 3_000 + 8_000)
})

test('a clock that is set back an hour holds up nobody but who was deferred before', async () => {
  const time = createVirtualTime(START)
  let jumped = false
  const { rows } = await simulate({
    ...{ time, addresses: people({ 'a.test': 50, 'b.test': 50 }).toSorted() },
    options: { limits: { perSecond: 20, perHour: 1_000, perDomain: 15, warmUp: null } },
    server(address, now, attempts) {
      const isStorm = !jumped && attempts === 0 && domainOf(address) === 'a.test' && now < START + 100
      if (now > START + 500 && !jumped) {
        jumped = true
        time.jump(-HOUR)
      }
      return tookFor(isStorm ? tooMany : accepted)
    },
  })
  expect(jumped).toBe(true)
  const waiting = rows.filter(({ state }) => state !== 'accepted')
  expect(waiting.length).toBeGreaterThan(0)
  expect(waiting.length).toBeLessThanOrEqual(3)
  for (const { state, nextAt } of waiting)
    expect({ state, at: nextAt < START + 2_000 }).toEqual({ state: 'deferred', at: true })
  expect(time.now() + HOUR - START).toBeLessThan(30_000)
})

test('a queue that is interrupted while it waits ends at once', async () => {
  const time = createVirtualTime(START)
  const stop = new AbortController()
  const { rows } = await simulate({
    ...{ time, addresses: people({ 'a.test': 5 }), lanes: 1 },
    options: { limits: { ...noLimits, perHour: 2 }, interrupted: stop.signal },
    server(_, now) {
      if (now >= START) setTimeout(() => stop.abort(), 20)
      return tookFor(accepted)
    },
  })
  expect(rows.filter(({ state }) => state === 'accepted').length).toBe(2)
})
