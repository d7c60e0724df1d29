import { dirname } from 'node:path'
import type { Settlement } from '../../../src/delivery/round.ts'
import type { DeliveryStore } from '../../../src/delivery/store.ts'
import { openApprovals } from '../../../src/store/approvals.ts'
import { openDeliveries } from '../../../src/store/deliveries.ts'
import { openEditions } from '../../../src/store/editions.ts'
import { openSchedule } from '../../../src/store/schedule.ts'
import type { Stores } from '../../../src/store/stores.ts'
import { addPeople } from '../../delivery/people.ts'
import { sampleEdition } from '../../email/sample-edition.ts'
import { own, wholeLife } from '../whole-life.ts'

/** A SQLite publication in which everything that is moved stands, closed. */
export interface FullPublication {
  readonly file: string
  readonly dataDir: string
  readonly publicId: string
  close(): Promise<void>
}

export const times = 1_767_312_000_000

export async function fullPublication(people = 30): Promise<FullPublication> {
  const { database, subscribers, publicId, close } = await wholeLife()
  await addPeople(subscribers, people)
  const deliveries = openDeliveries(database)
  const editions = openEditions(database)
  for (const issue of ['2025-w46', '2025-w47'])
    await editions.publish({
      public: sampleEdition({ issue, tier: 'public', hash: `${issue}-public` }),
      subscriber: sampleEdition({ issue, tier: 'subscriber', hash: `${issue}-subscriber` }),
      member: sampleEdition({ issue, tier: 'member', hash: `${issue}-member` }),
    })
  const done = await freeze(deliveries, '2025-w46')
  await send(deliveries, done, ['accepted', 'rejected', 'unknown'])
  await deliveries.setState(done, 'done', null)
  const paused = await freeze(deliveries, '2025-w47')
  await send(deliveries, paused, ['accepted', 'deferred', 'deferred'], 20)
  await deliveries.setState(paused, 'paused', 'paused by the operator')
  const cancelled = await freeze(deliveries, '2025-w48')
  await send(deliveries, cancelled, ['accepted'], 3)
  await deliveries.setState(cancelled, 'cancelled', null)
  const schedule = openSchedule(database)
  for (const issue of ['2025-w49', '2025-w50'])
    await schedule.set({ ...planned(issue), at: times * 2, editions: { public: '2025-w46-public' } })
  const [, second] = await schedule.list()
  if (second !== undefined) await schedule.remove(second.id)
  const approvals = openApprovals(database)
  await approvals.tick({ issue: '2025-w46', source: 'un', hash: 'a'.repeat(64), by: 'Ada' })
  await approvals.record({
    issue: '2025-w46',
    step: 'review',
    parts: [],
    editions: null,
    by: 'Ada',
    note: 'A NUL \0',
  })
  database.prepare("insert into mark (name, value, set_at) values ('kept', '{}', 1)").run()
  const { file } = database
  database.close()
  return { file, dataDir: dirname(file), publicId, close }
}

const planned = (issue: string) => ({
  ...{
    issue,
    newsletter: 'weekly',
    kind: 'real' as const,
    number: 1,
    transport: 'smtp://test',
    settings: {},
  },
  editions: { subscriber: `${issue}-subscriber`, member: `${issue}-member` },
})

async function freeze(deliveries: DeliveryStore, issue: string): Promise<number> {
  const { id } = await deliveries.openRound(planned(issue))
  while ((await deliveries.freezeChunk(id, 50)).more) continue
  return (await deliveries.seal(id)).id
}

/** Each message ends as the next of `states`; so many of them. */
async function send(
  deliveries: DeliveryStore,
  round: number,
  states: readonly Settlement['state'][],
  count = 1_000,
): Promise<void> {
  const claimed = (await deliveries.claim(round, count)).slice(0, count)
  for (const [index, { id }] of claimed.entries()) {
    const at = times + index * 1_000
    await deliveries.advance(round, [
      { settle: null, begin: { id, messageId: `<${id}@x>`, at, keyId: 'key' } },
    ])
    const state = states[index % states.length] ?? 'accepted'
    const nextAt = state === 'deferred' ? at + 60_000 : null
    const told = { id, state, reply: `reply ${state}`, class: null, nextAt, at: at + 500 }
    await deliveries.advance(round, [{ settle: told, begin: null }])
  }
  await deliveries.release(round)
}

/** What the stores answer, whichever database is behind them. */
export async function answersOf(stores: Stores, publicId: string): Promise<unknown> {
  const { subscribers, deliveries, reports, editions, schedule, approvals, history, archive } = stores
  const readers = stores.readers({ sessionDays: 90 })
  const people: unknown[] = []
  for await (const person of subscribers.list()) people.push(person)
  const rounds = await deliveries.rounds()
  const roundAnswers = rounds.map(async ({ id }) => ({
    tally: await deliveries.tally(id),
    due: await deliveries.nextDue(id),
    unknowns: await deliveries.unknowns(id),
    hasGoneOut: await deliveries.hasGoneOut(id),
    isDue: await reports.isDue(id, times * 2),
    troubles: await reports.troubles(id, 10),
  }))
  return {
    people,
    counts: await subscribers.counts('weekly'),
    suppression: await subscribers.suppressionOf(own),
    sent: await reports.deliveriesTo(own),
    rounds,
    roundAnswers: await Promise.all(roundAnswers),
    begun: await deliveries.begunSince(0),
    restored: await deliveries.restored(),
    published: await editions.listPublished(),
    editions: await Promise.all(['2025-w46', '2025-w47'].map((issue) => editions.published(issue))),
    scheduled: await schedule.list(),
    steps: await approvals.steps('2025-w46'),
    ticks: await approvals.ticks('2025-w46'),
    history: await history.page({ publicId }, { after: null, limit: 10 }),
    account: await readers.account(publicId),
    // One column is PostgreSQL’s alone.
    data: JSON.parse(JSON.stringify(await readers.personalData(publicId)), (key, value: unknown) =>
      key === 'troubleAt' ? undefined : value,
    ) as unknown,
    heads: await archive.heads('member'),
    firstOut: await archive.firstOutAt('2025-w46'),
    found: await archive.search('größe', 'subscriber', { from: 0, count: 10 }),
  }
}
