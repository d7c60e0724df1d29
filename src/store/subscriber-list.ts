import { setImmediate } from 'node:timers/promises'
import {
  subscriberStates,
  type Subscriber,
  type SubscriberState,
  type SubscriberTier,
} from '../subscribers/subscriber.ts'
import type { SubscriberCounts, SubscriberFilter } from '../subscribers/store.ts'
import { number, readSubscriber, selectSubscriber, text, tierOf } from './subscriber-rows.ts'
import type { Database } from './sqlite.ts'

const PAGE = 500

/**
 * Everybody who matches `filter`, by id. Pages are read one by one from the last id on, so that
 * memory stays small and nobody is shown twice while the list changes.
 */
export async function* listSubscribers(
  database: Database,
  filter: SubscriberFilter,
): AsyncGenerator<Subscriber> {
  const newsletter = filter.newsletter ?? null
  const page = database.prepare(`${selectSubscriber}
    where s.id > :after and (:tier is null or s.tier = :tier) and ${condition(filter.state ?? null)}
    order by s.id limit ${PAGE}`)
  for (let after = 0; ;) {
    // Read to its end at once: no statement stays open while the caller works.
    const rows = page.all({ after, tier: filter.tier ?? null, newsletter })
    for (const row of rows) yield readSubscriber(row)
    const last = rows.at(-1)
    if (last === undefined || rows.length < PAGE) return
    after = number(last, 'id')
  }
}

/**
 * Of subscriber s and suppression x, with the parameter `newsletter`. Fixed text: what was asked for reaches the
 * statement as parameters alone.
 */
export function condition(state: SubscriberState | null): string {
  const subscribed = (more: string): string => `exists (select 1 from subscription n
    where n.subscriber_id = s.id and (:newsletter is null or n.newsletter = :newsletter)${more})`
  switch (state) {
    case null:
      return `s.erased_at is null and (:newsletter is null or ${subscribed('')})`
    case 'erased':
      // Their consents are gone, so no newsletter can be asked for.
      return 's.erased_at is not null and (:newsletter is null or true)'
    case 'suppressed':
      return `x.address_hash is not null and (:newsletter is null or ${subscribed('')})`
    case 'pending':
    case 'confirmed':
    case 'left':
    case 'paused':
      return `s.erased_at is null and x.address_hash is null and ${subscribed(` and n.state = '${state}'`)}`
  }
}

/** People counted before others get their turn: some 20 ms of one core. */
const SLICE = 25_000

/**
 * How many subscriptions are in each state, of one newsletter or of all, and the tiers of the
 * confirmed ones. With several newsletters a person counts once for each.
 */
export async function countSubscribers(
  database: Database,
  newsletter: string | null,
): Promise<SubscriberCounts> {
  const states: Record<SubscriberState, number> = {
    pending: 0,
    confirmed: 0,
    left: 0,
    paused: 0,
    suppressed: 0,
    erased: 0,
  }
  const tiers: Record<SubscriberTier, number> = { subscriber: 0, member: 0 }
  const slice = database.prepare(
    `select case when x.address_hash is not null then 'suppressed' else n.state end as state, s.tier,
       count(*) as number
     from subscription n
     join subscriber s on s.id = n.subscriber_id
     left join suppression x on x.address_hash = s.address_hash
     where n.subscriber_id > :from and n.subscriber_id <= :to and (:newsletter is null or n.newsletter = :newsletter)
     group by 1, 2`,
  )
  const last = Number(database.prepare('select max(id) as id from subscriber').get()?.['id'] ?? 0)
  for (let from = 0; from < last; from += SLICE) {
    for (const row of slice.all({ newsletter, from, to: from + SLICE })) {
      const state = subscriberStates.find((each) => each === text(row, 'state'))
      if (state === undefined) continue
      states[state] += number(row, 'number')
      if (state === 'confirmed') tiers[tierOf(row)] += number(row, 'number')
    }
    await setImmediate()
  }
  const erased = database
    .prepare('select count(*) as number from subscriber where erased_at is not null')
    .get()
  states.erased = erased === undefined ? 0 : number(erased, 'number')
  const total = Object.values(states).reduce((sum, each) => sum + each, 0)
  return { total, states, tiers }
}
