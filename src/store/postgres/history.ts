import type { DeliveryHistory, PastDelivery } from '../../delivery/history.ts'
import { number, text, type Row } from '../subscriber-rows.ts'
import { deliveryColumns, readRecord } from './delivery-report.ts'
import type { Postgres } from './pool.ts'

const record = `
select ${deliveryColumns}, e.subject
from delivery d join round r on r.id = d.round_id join subscriber s on s.id = d.subscriber_id
left join edition e on e.hash = (r.editions::json) ->> d.tier`

/** By the index on the person: as many rows as there were issues. */
const page = `${record} where d.subscriber_id = $1 and d.id < $2 order by d.id desc limit $3`

/** The key begins with the round: a look into each. */
const byId = `${record} where d.round_id = any (array(select id from round)) and d.id = $1`

/** Past deliveries in PostgreSQL. */
export function openPostgresHistory(database: Postgres): DeliveryHistory {
  return {
    async page(who, { after, limit }) {
      const person =
        'publicId' in who
          ? await database.row('select id from subscriber where public_id = $1', [who.publicId])
          : await database.row('select id from subscriber where address_key = $1', [who.key])
      if (person === undefined) return { deliveries: [], next: null }
      // One more tells whether there is more.
      const values = [number(person, 'id'), after ?? Number.MAX_SAFE_INTEGER, limit + 1]
      const rows = await database.rows(page, values)
      const deliveries = rows.slice(0, limit).map(readPast)
      return { deliveries, next: rows.length > limit ? (deliveries.at(-1)?.id ?? null) : null }
    },

    async delivery(id) {
      const row = await database.row(byId, [id])
      return row === undefined ? null : readPast(row)
    },
  }
}

function readPast(row: Row): PastDelivery {
  const tier = row['tier'] === 'member' ? 'member' : 'subscriber'
  return { ...readRecord(row), id: number(row, 'id'), tier, subject: text(row, 'subject') }
}
