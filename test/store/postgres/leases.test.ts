import { setTimeout as sleep } from 'node:timers/promises'
import { afterAll, afterEach, beforeAll, beforeEach, expect, test } from 'vitest'
import { createTokens } from '../../../src/core/token.ts'
import type { Leases } from '../../../src/delivery/leases.ts'
import type { Begin, Round, Settlement } from '../../../src/delivery/round.ts'
import type { DeliveryStore } from '../../../src/delivery/store.ts'
import { openPostgresDeliveries } from '../../../src/store/postgres/deliveries.ts'
import { openPostgresReports } from '../../../src/store/postgres/delivery-report.ts'
import { openPool, type Postgres } from '../../../src/store/postgres/pool.ts'
import { openPostgresSubscribers } from '../../../src/store/postgres/subscribers.ts'
import { startPostgres, type PostgresBed } from '../../contract/postgres-bed.ts'
import { address, addPeople } from '../../delivery/people.ts'

const PEOPLE = 40
/** Milliseconds; a machine with other work pauses for some hundreds. */
const LEASE = 600

let bed: PostgresBed
let database: Postgres & { readonly url: string }
let round: Round
beforeAll(async () => {
  bed = await startPostgres()
})
afterAll(() => bed.stop())
beforeEach(async () => {
  database = await bed.open()
  await addPeople(subscribers(), PEOPLE)
  round = await freeze()
})
afterEach(() => database.close())

const subscribers = () => openPostgresSubscribers(database, createTokens('x'.repeat(40)))
const worker = (name: string, lease = 20_000): DeliveryStore & Leases =>
  openPostgresDeliveries(database, { worker: name, lease, slice: 5 })
const begin = (id: number): Begin => ({ id, messageId: `<${id}@x>`, at: 1 })
const accepted = (id: number): Settlement => ({
  ...{ id, state: 'accepted', reply: '250 ok', class: null, nextAt: null, at: 1 },
})
const ids = (rows: readonly { readonly id: number }[]): number[] => rows.map(({ id }) => id)
const put = (store: DeliveryStore, rows: readonly number[]) =>
  store.advance(
    round.id,
    rows.map((id) => ({ settle: null, begin: begin(id) })),
  )
const end = (store: DeliveryStore, rows: readonly number[]) =>
  store.advance(
    round.id,
    rows.map((id) => ({ settle: accepted(id), begin: null })),
  )

/** How many sessions wait for a lock. */
async function waiting(): Promise<number> {
  return (await database.rows('select distinct pid from pg_locks where not granted')).length
}

async function freeze(): Promise<Round> {
  const store = worker('freezer')
  const frozen = await store.openRound({
    ...{ issue: 'i', newsletter: 'weekly', kind: 'real', number: 1, transport: 'smtp://test' },
    ...{ settings: {}, editions: { subscriber: 's', member: 'm' } },
  })
  while ((await store.freezeChunk(frozen.id, 17)).more) continue
  return store.seal(frozen.id)
}

/** What the rows say, whatever was counted. */
async function rowsByState(): Promise<Record<string, number>> {
  const rows = await database.rows('select state, count(*) as count from delivery group by state')
  return Object.fromEntries(rows.map(({ state, count }) => [String(state), Number(count)]))
}

test('two workers share a round: nobody is given to both, and everybody to one', async () => {
  const [one, two] = [worker('one'), worker('two')]
  const taken: number[] = []
  const run = async (store: DeliveryStore): Promise<void> => {
    for (;;) {
      const rows = ids(await store.claim(round.id, 3))
      if (rows.length === 0) return
      taken.push(...rows)
      expect(new Set(await put(store, rows))).toEqual(new Set(['begun']))
      await end(store, rows)
    }
  }
  await Promise.all([run(one), run(two)])
  expect(taken).toHaveLength(PEOPLE)
  expect(new Set(taken).size).toBe(PEOPLE)
  expect(await rowsByState()).toEqual({ accepted: PEOPLE })
  expect(await one.tally(round.id)).toMatchObject({ accepted: PEOPLE, queued: 0 })
  expect(await one.setState(round.id, 'done', null)).toMatchObject({ state: 'done' })
})

test('a worker that is too slow finds its claims gone, and writes nothing any more', async () => {
  const [frozen, other] = [worker('frozen', LEASE), worker('other')]
  const [a = 0, b = 0, c = 0] = ids(await frozen.claim(round.id, 3))
  expect(await put(frozen, [a])).toEqual(['begun'])
  await sleep(LEASE + 50)
  const theirs = ids(await other.claim(round.id, PEOPLE))
  expect(theirs).toHaveLength(PEOPLE - 1)
  expect(theirs).not.toContain(a)
  expect(await put(frozen, [b, c])).toEqual(['suppressed', 'suppressed'])
  await end(frozen, [a, b])
  expect(await rowsByState()).toEqual({ unknown: 1, queued: PEOPLE - 1 })
  expect(await other.unknowns(round.id)).toMatchObject([{ messageId: `<${a}@x>` }])
  // It has let go of all of that portion, and does not come back to it.
  expect(ids(await frozen.claim(round.id, 5))).toEqual([])
  expect(await put(other, [b])).toEqual(['begun'])
})

test('one that only renews its lease is told that it came too late', async () => {
  const [frozen, other] = [worker('frozen', LEASE), worker('other')]
  const [a = 0] = ids(await frozen.claim(round.id, 3))
  await sleep(LEASE + 50)
  await other.claim(round.id, PEOPLE)
  expect(await frozen.renew(round.id)).toEqual({ lost: 1 })
  expect(await frozen.renew(round.id)).toEqual({ lost: 0 })
  expect(await put(frozen, [a])).toEqual(['suppressed'])
})

test('who made messages of what was frozen before is given nothing of what was frozen anew', async () => {
  const [before, after] = [worker('before'), worker('after')]
  await before.recover(round.id, round.startedAt)
  const [a = 0] = ids(await before.claim(round.id, 1))
  const anew = { newsletter: 'weekly', transport: 't', settings: {}, editions: { subscriber: 's2' } }
  await sleep(2)
  const again = await after.refreeze(round.id, anew)
  while ((await after.freezeChunk(round.id, 100)).more) continue
  await after.seal(round.id)
  expect(await put(before, [a])).toEqual(['suppressed'])
  expect(await before.claim(round.id, 5)).toEqual([])
  await after.recover(round.id, again?.startedAt)
  expect(await after.claim(round.id, 5)).toHaveLength(5)
})

test('one that goes on writing keeps its lease, and so does one that renews it', async () => {
  const [steady, other] = [worker('steady', LEASE), worker('other')]
  const rows = ids(await steady.claim(round.id, 5))
  for (const id of rows) {
    await sleep(LEASE / 3)
    expect(await put(steady, [id])).toEqual(['begun'])
  }
  for (let time = 0; time < 5; time++) {
    await sleep(LEASE / 3)
    expect(await steady.renew(round.id)).toEqual({ lost: 0 })
  }
  expect(await other.claim(round.id, PEOPLE)).toHaveLength(PEOPLE - 5)
  expect(await end(steady, rows)).toHaveLength(5)
  expect((await rowsByState())['accepted']).toBe(5)
})

test('what a worker gives back is another’s at once', async () => {
  const [one, two] = [worker('one'), worker('two')]
  await one.claim(round.id, PEOPLE)
  expect(await two.claim(round.id, 1)).toEqual([])
  await one.release(round.id)
  expect(await two.claim(round.id, PEOPLE)).toHaveLength(PEOPLE)
})

test('recovering touches nobody whose lease holds', async () => {
  const [one, two] = [worker('one'), worker('two')]
  const [a = 0] = ids(await one.claim(round.id, 1))
  await put(one, [a])
  expect(await two.recover(round.id)).toMatchObject({ unknown: 0 })
  await end(one, [a])
  expect((await rowsByState())['accepted']).toBe(1)
})

test('the server is restarted in mid-send: what was written is written once, and goes on', async () => {
  const store = worker('one')
  const rows = ids(await store.claim(round.id, 10))
  expect(await put(store, rows.slice(0, 5))).toHaveLength(5)
  const restarted = bed.restart()
  const answers = await Promise.all([end(store, rows.slice(0, 5)), put(store, rows.slice(5))])
  await restarted
  expect(answers[1]).toEqual(Array.from({ length: 5 }, () => 'begun'))
  await end(store, rows.slice(5))
  expect(await rowsByState()).toEqual({ accepted: 10, queued: PEOPLE - 10 })
})

test('who leaves while a message to them is begun waits for that, and whoever is begun later has not left', async () => {
  const store = worker('one')
  const [a, b] = await store.claim(round.id, PEOPLE)
  // Somebody has the row of a delivery, so that its beginning is held up in the middle.
  const holder = await database.session()
  await holder.script('begin')
  await holder.row('select 1 from delivery where round_id = $1 and id = $2 for update', [
    round.id,
    a?.id ?? 0,
  ])
  const begun = put(store, [a?.id ?? 0])
  await expect.poll(waiting).toBe(1)
  const told: string[] = []
  const leaving = subscribers()
    .unsubscribe(address(a?.address ?? ''), 'weekly')
    .then(() => told.push('left'))
  await expect.poll(waiting).toBe(2)
  const early = [...told]
  await holder.script('commit')
  holder.close()
  expect(early).toEqual([])
  expect(await begun).toEqual(['begun'])
  await leaving
  await subscribers().unsubscribe(address(b?.address ?? ''), 'weekly')
  expect(await put(store, [b?.id ?? 0])).toEqual(['suppressed'])
})

test.each(['resend', 'cancel'])('what is counted is what the rows say, after %s', async (how) => {
  const store = worker('one', LEASE)
  const rows = ids(await store.claim(round.id, 12))
  await put(store, rows.slice(0, 6))
  await end(store, rows.slice(0, 2))
  await sleep(LEASE + 50)
  const next = worker('two')
  await next.recover(round.id)
  if (how === 'resend') expect(await next.resolveUnknowns(round.id, 'resend')).toEqual({ resent: 4, held: 0 })
  if (how === 'cancel') await next.setState(round.id, 'cancelled', null)
  const expected = await rowsByState()
  expect(await next.tally(round.id)).toMatchObject(expected)
  if (how === 'resend') expect(await next.claim(round.id, 99)).toHaveLength(PEOPLE - 2)
})

test('what a worker had that has ended is another’s at once, whatever its lease says', async () => {
  const own = openPool(database.url)
  const killed = openPostgresDeliveries(own, { worker: 'killed', slice: 5 })
  const [a = 0] = ids(await killed.claim(round.id, PEOPLE))
  await put(killed, [a])
  const other = worker('other')
  expect(await other.claim(round.id, 1)).toEqual([])
  // As when its process dies: all of its connections end.
  await own.close()
  const reports = openPostgresReports(database)
  // Only for a while after the server has started nobody is told to be gone.
  await expect.poll(() => reports.isDue(round.id, 1), { timeout: 8_000 }).toBe(true)
  expect(await other.claim(round.id, PEOPLE)).toHaveLength(PEOPLE - 1)
  expect(await other.unknowns(round.id)).toHaveLength(1)
}, 20_000)

test('of a round that was paused, too, what a worker that ended had on the wire is unknown', async () => {
  const ended = worker('ended', LEASE)
  const [a = 0] = ids(await ended.claim(round.id, 3))
  await put(ended, [a])
  const [other, reports] = [worker('other'), openPostgresReports(database)]
  await other.setState(round.id, 'paused', 'by hand')
  expect(await other.recover(round.id)).toMatchObject({ unknown: 0 })
  await sleep(LEASE + 50)
  expect(await reports.isDue(round.id, 1)).toBe(true)
  expect(await other.recover(round.id)).toMatchObject({ unknown: 1 })
  expect(await reports.isDue(round.id, 1)).toBe(false)
  expect(await rowsByState()).toEqual({ unknown: 1, queued: PEOPLE - 1 })
})

/** Another round of everybody, frozen so many at a time, in slices as they usually are. */
async function another(chunk: number): Promise<{ readonly store: DeliveryStore; readonly id: number }> {
  const store = openPostgresDeliveries(database, { worker: 'usual' })
  const { id } = await store.openRound({
    ...{ issue: 'j', newsletter: 'weekly', kind: 'real', number: 1, transport: 'smtp://test' },
    ...{ settings: {}, editions: { subscriber: 's', member: 'm' } },
  })
  while ((await store.freezeChunk(id, chunk)).more) continue
  await store.seal(id)
  return { store, id }
}

test('a short list is cut so that several workers have some of it', async () => {
  const { store, id } = await another(2_500)
  expect(await store.claim(id, 5)).toHaveLength(5)
  const others = ['a', 'b', 'c'].map((name) => worker(name))
  for (const other of others) expect(await other.claim(id, 5)).toHaveLength(5)
})

test('who is due waits a minute at most for others of their slice to be due', async () => {
  const { store, id } = await another(PEOPLE)
  const rows = ids(await store.claim(id, PEOPLE))
  expect(rows).toHaveLength(PEOPLE)
  const [soon, late] = [1_000_000, 99_000_000]
  await store.postpone(id, rows.slice(0, 5), soon, 'greylisted')
  await store.postpone(id, rows.slice(5), late, 'rests')
  await store.release(id)
  const reports = openPostgresReports(database)
  expect(await reports.isDue(id, soon)).toBe(false)
  expect(await reports.isDue(id, soon + 60_000)).toBe(true)
  const other = openPostgresDeliveries(database, { worker: 'later' })
  expect(await other.nextDue(id)).toBe(soon)
})

test('a worker whose word that it lives is cut off gives it again, and keeps what it has', async () => {
  const [one, other] = [worker('one'), worker('other')]
  await one.claim(round.id, PEOPLE)
  await database.row(`select pg_terminate_backend(l.pid) from pg_locks l where l.classid = 7144`)
  const said = () => database.rows('select 1 from pg_locks where classid = 7144 and granted')
  await expect.poll(said).toHaveLength(1)
  expect(await other.claim(round.id, 1)).toEqual([])
})
