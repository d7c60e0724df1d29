import { afterEach, beforeEach, expect, test } from 'vitest'
import { countDomains, sumDomains, worstDomains } from '../../src/delivery/report.ts'
import { openDeliveryReports } from '../../src/store/delivery-report.ts'
import { openDeliveries } from '../../src/store/deliveries.ts'
import { openDatabase, type Database } from '../../src/store/sqlite.ts'
import { openSubscriberStore } from '../../src/store/subscribers.ts'
import { createTokens } from '../../src/core/token.ts'
import { reportContract } from '../contract/reports.ts'

reportContract('SQLite', async () => {
  const clock = { time: 1_000_000, now: () => clock.time }
  const opened = openDatabase(':memory:', clock)
  return {
    clock,
    reports: openDeliveryReports(opened),
    deliveries: openDeliveries(opened),
    subscribers: openSubscriberStore(opened, createTokens('x'.repeat(40))),
    close: async () => opened.close(),
  }
})

let database: Database
beforeEach(() => {
  database = openDatabase(':memory:')
  for (const id of [1, 2])
    database
      .prepare(
        `insert into round (id, issue, newsletter, kind, number, state, transport, settings, editions, started_at)
         values (?, '2026-w01', 'weekly', 'real', ?, 'sending', 'smtp', '{}', '{}', 0)`,
      )
      .run(id, id)
})
afterEach(() => database.close())

let people = 0
function add(
  round: number,
  address: string | null,
  state: string,
  at = 1,
  nextAt: number | null = null,
): void {
  const id = ++people
  database
    .prepare(
      `insert into subscriber (id, public_id, address, address_key, address_hash, tier, created_at, updated_at)
       values (?1, ?2, ?2, ?2, ?2, 'member', 0, 0)`,
    )
    .run(id, `p${id}`)
  database
    .prepare(
      `insert into delivery (round_id, subscriber_id, tier, address, state, reply, next_at, updated_at)
       values (?, ?, 'member', ?, ?, '550 no', ?, ?)`,
    )
    .run(round, id, address, state, nextAt, at)
}

test.each([1, 2, 3, 1_000])('domains are counted whole, whatever a page holds (%i)', async (page) => {
  const states = ['queued', 'claimed', 'on_wire', 'deferred', 'accepted', 'rejected', 'bounced', 'unknown']
  for (const state of states) {
    add(1, `x@One.example`, state)
    add(2, 'y@other.example', state)
  }
  add(1, 'z@two.example', 'accepted')
  add(1, null, 'accepted')
  const counts = worstDomains((await countDomains(openDeliveryReports(database), 1, { page })) ?? [])
  expect(counts.map(({ domain, total }) => [domain, total])).toEqual([
    ['one.example', 8],
    [null, 1],
    ['two.example', 1],
  ])
  const one = { total: 8, waiting: 3, deferred: 1, accepted: 1, refused: 2, unknown: 1 }
  expect(counts[0]).toEqual({ domain: 'one.example', ...one })
  expect(sumDomains(counts, 'all')).toMatchObject({ total: 10, accepted: 3, waiting: 3 })
})

test('counting stops when it is interrupted', async () => {
  add(1, 'x@one.example', 'queued')
  expect(
    await countDomains(openDeliveryReports(database), 1, { interrupted: AbortSignal.abort() }),
  ).toBeNull()
})

test('the latest troubles come first, so many of each kind', async () => {
  for (let at = 1; at <= 5; at++) {
    add(1, `r${at}@one.example`, 'rejected', at)
    add(1, `d${at}@one.example`, 'deferred', at * 10, at)
  }
  const troubles = await openDeliveryReports(database).troubles(1, 2)
  expect(troubles.map(({ address }) => address?.split('@')[0])).toEqual(['d5', 'd4', 'r5', 'r4'])
})

test('a round is due for a worker when something waits, or was put off until now; never when it is paused', async () => {
  const { isDue } = openDeliveryReports(database)
  add(1, 'x@one.example', 'accepted')
  expect(await isDue(1, 1_000)).toBe(false)
  add(1, 'x@one.example', 'deferred', 1, 2_000)
  expect([await isDue(1, 1_999), await isDue(1, 2_000)]).toEqual([false, true])
  add(1, 'x@one.example', 'on_wire')
  expect(await isDue(1, 0)).toBe(true)
  const set = (state: string) => database.prepare('update round set state = ? where id = 1').run(state)
  for (const state of ['paused', 'done']) {
    set(state)
    expect([state, await isDue(1, 5_000)]).toEqual([state, false])
  }
  // What its sender had on the wire is to be named.
  set('cancelled')
  expect(await isDue(1, 5_000)).toBe(true)
  database.prepare("update delivery set state = 'unknown' where state = 'on_wire'").run()
  expect(await isDue(1, 5_000)).toBe(false)
  database.prepare("update round set state = 'freezing' where id = 1").run()
  // A minute without a new row: whoever was freezing it is gone.
  expect([await isDue(1, 60_001), await isDue(1, 60_002)]).toEqual([false, true])
})
