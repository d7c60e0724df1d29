import type { DeliveryHistory, PastDelivery } from '../delivery/history.ts'
import { deliveryColumns, readRecord } from './delivery-report.ts'
import { maybeNumber, number, text, type Row } from './subscriber-rows.ts'
import type { Database } from './sqlite.ts'

const record = `
select ${deliveryColumns}, e.subject
from delivery d join round r on r.id = d.round_id join subscriber s on s.id = d.subscriber_id
left join edition e on e.hash = json_extract(r.editions, '$.' || d.tier)`

/** By the index on the person, whose rows stand in the order of their ids: a page reads its own rows alone. */
const page = `${record} where d.subscriber_id = :person and d.id < :after order by d.id desc limit :limit`

const byId = `${record} where d.id = ?`

/** Past deliveries in SQLite. */
export function openHistory(database: Database): DeliveryHistory {
  return {
    async page(who, { after, limit }) {
      const person =
        'publicId' in who
          ? database.prepare('select id from subscriber where public_id = ?').get(who.publicId)
          : database.prepare('select id from subscriber where address_key = ?').get(who.key)
      if (person === undefined) return { deliveries: [], next: null }
      const rows = database.prepare(page).all({
        person: number(person, 'id'),
        after: after ?? Number.MAX_SAFE_INTEGER,
        // One more tells whether there is more.
        limit: limit + 1,
      })
      const deliveries = rows.slice(0, limit).map(readPast)
      return { deliveries, next: rows.length > limit ? (deliveries.at(-1)?.id ?? null) : null }
    },

    async delivery(id) {
      const row = database.prepare(byId).get(id)
      return row === undefined ? null : readPast(row)
    },
  }
}

function readPast(row: Row): PastDelivery {
  const tier = row['tier'] === 'member' ? 'member' : 'subscriber'
  return { ...readRecord(row), id: maybeNumber(row, 'id') ?? 0, tier, subject: text(row, 'subject') }
}
