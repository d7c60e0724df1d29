import {
  subscriberStates,
  type Subscriber,
  type SubscriberState,
  type SubscriberTier,
} from '../../subscribers/subscriber.ts'
import type { SubscriberCounts, SubscriberFilter } from '../../subscribers/store.ts'
import { number, readSubscriber, text, tierOf } from '../subscriber-rows.ts'
import type { Connection } from './pool.ts'
import { selectSubscriber } from './subscriber-rows.ts'

const PAGE = 500

/**
 * Everybody who matches `filter`, by id. Pages are read one by one from the last id on, so that memory stays
 * small and nobody is shown twice while the list changes.
 */
export async function* listSubscribers(
  connection: Connection,
  filter: SubscriberFilter,
): AsyncGenerator<Subscriber> {
  const page = `${selectSubscriber}
    where s.id > $1 and ${condition(filter.state ?? null)}
    order by s.id limit ${PAGE}`
  for (let after = 0; ;) {
    const rows = await connection.rows(page, [after, filter.tier ?? null, filter.newsletter ?? null])
    for (const row of rows) yield readSubscriber(row)
    const last = rows.at(-1)
    if (last === undefined || rows.length < PAGE) return
    after = number(last, 'id')
  }
}

/** Of a state, of the tier `$2` and the newsletter `$3`: what was asked for reaches the statement as parameters alone. */
export function condition(state: SubscriberState | null): string {
  return `($2::text is null or s.tier = $2) and ${inState(state)}`
}

function inState(state: SubscriberState | null): string {
  const subscribed = (more: string): string => `exists (select 1 from subscription n
    where n.subscriber_id = s.id and ($3::text is null or n.newsletter = $3)${more})`
  switch (state) {
    case null:
      return `s.erased_at is null and ($3::text is null or ${subscribed('')})`
    case 'erased':
      // Their consents are gone, so no newsletter can be asked for.
      return 's.erased_at is not null and ($3::text is null or true)'
    case 'suppressed':
      return `x.address_hash is not null and ($3::text is null or ${subscribed('')})`
    case 'pending':
    case 'confirmed':
    case 'left':
    case 'paused':
      return `s.erased_at is null and x.address_hash is null and ${subscribed(` and n.state = '${state}'`)}`
  }
}

const counts = `
select case when x.address_hash is not null then 'suppressed' else n.state end as state, s.tier, count(*) as number
from subscription n
join subscriber s on s.id = n.subscriber_id
left join suppression x on x.address_hash = s.address_hash
where $1::text is null or n.newsletter = $1
group by 1, 2`

/** As `countSubscribers` of src/store/subscriber-list.ts. */
export async function countSubscribers(
  connection: Connection,
  newsletter: string | null,
): Promise<SubscriberCounts> {
  const states: Record<SubscriberState, number> = {
    ...{ pending: 0, confirmed: 0, left: 0, paused: 0, suppressed: 0, erased: 0 },
  }
  const tiers: Record<SubscriberTier, number> = { subscriber: 0, member: 0 }
  for (const row of await connection.rows(counts, [newsletter])) {
    const state = subscriberStates.find((each) => each === text(row, 'state'))
    if (state === undefined) continue
    states[state] += number(row, 'number')
    if (state === 'confirmed') tiers[tierOf(row)] += number(row, 'number')
  }
  const erased = await connection.row('select count(*) as number from subscriber where erased_at is not null')
  states.erased = erased === undefined ? 0 : number(erased, 'number')
  const total = Object.values(states).reduce((sum, each) => sum + each, 0)
  return { total, states, tiers }
}
