import type { SQLOutputValue } from 'node:sqlite'
import type { DeliveryRecord, DeliveryReports, DomainCount, Trouble } from '../delivery/report.ts'
import type { DeliveryState, RoundState } from '../delivery/round.ts'
import type { RejectionClass } from '../delivery/transport.ts'
import type { Database } from './sqlite.ts'

type Row = Record<string, SQLOutputValue>

/** In the order of the unique index, which is the order of the rows: nothing is sorted but the groups. */
const domainsOf = `
select domain, count(*) as total, max(subscriber_id) as last,
  sum(state in ('queued', 'claimed', 'on_wire')) as waiting,
  sum(state = 'deferred') as deferred,
  sum(state in ('accepted', 'complained')) as accepted,
  sum(state in ('rejected', 'bounced')) as refused,
  sum(state = 'unknown') as unknown
from (
  select subscriber_id, state, lower(substr(address, instr(address, '@') + 1)) as domain
  from delivery where round_id = ? and subscriber_id > ?
  order by subscriber_id limit ?)
group by domain`

/**
 * The latest by the index on (round, state, next_at, id), so that a round with a million refusals is
 * not sorted: of the deferred those that are due last, of the refused those with the highest ids.
 */
const troubles = `
select state, address, reply, class, updated_at, next_at from delivery
where round_id = ? and state = ? order by next_at desc, id desc limit ?`

/** A minute without a new row: whoever was freezing it has died. */
const isDue = `
select case r.state
  when 'sending' then exists (
    select 1 from delivery where round_id = r.id and state in ('queued', 'claimed', 'on_wire')
    union all
    select 1 from delivery where round_id = r.id and state = 'deferred' and next_at <= ?2)
  when 'freezing' then ?2 - 60000 > max(r.started_at, coalesce(
    (select updated_at from delivery where round_id = r.id order by subscriber_id desc limit 1), 0))
  -- What a sender that was killed after that had on the wire is still to be named.
  when 'cancelled' then exists (select 1 from delivery where round_id = r.id and state = 'on_wire')
  else 0 end as due
from round r where r.id = ?1`

/** What `readRecord` reads, of delivery d, round r and subscriber s. */
export const deliveryColumns = `r.id as round, r.issue, r.newsletter, r.kind, r.number, r.state as round_state, r.transport,
  json_extract(r.settings, '$.template') as template,
  json_extract(r.editions, '$.' || d.tier) as edition_hash,
  s.public_id, d.*`

const record = `
select ${deliveryColumns}
from delivery d join round r on r.id = d.round_id join subscriber s on s.id = d.subscriber_id`

const byAddressKey = `${record} where s.address_key = ? order by d.id desc`

const byPublicId = `${record} where s.public_id = ? order by d.id desc`

/** An address is unique in a round but for one that somebody took over in mid-freeze. */
const byFrozenAddress = `${record} where r.issue = ? and lower(d.address) = ? order by d.id desc`

/** Reads beside the sender: short statements over its rows, no transaction held open between them. */
export function openDeliveryReports(database: Database): DeliveryReports {
  const all = (sql: string, ...values: (string | number)[]): Row[] => database.prepare(sql).all(...values)
  return {
    async domainsOf(round, after, limit) {
      const rows = all(domainsOf, round, after ?? 0, limit)
      const read = rows.reduce((sum, row) => sum + Number(row['total']), 0)
      const last = read < limit ? null : Math.max(...rows.map((row) => Number(row['last'])))
      return { counts: rows.map(readDomain), last }
    },

    async isDue(round, now) {
      return all(isDue, round, now)[0]?.['due'] === 1
    },

    async troubles(round, limit) {
      return [...all(troubles, round, 'rejected', limit), ...all(troubles, round, 'deferred', limit)]
        .map(readTrouble)
        .toSorted((a, b) => b.at - a.at)
    },

    async deliveriesTo(who) {
      const rows = 'publicId' in who ? all(byPublicId, who.publicId) : all(byAddressKey, who.key)
      return rows.map(readRecord)
    },

    async deliveriesAt(issue, address) {
      return all(byFrozenAddress, issue, address.key).map(readRecord)
    },
  }
}

function readDomain(row: Row): DomainCount {
  return {
    domain: text(row['domain']),
    total: Number(row['total']),
    waiting: Number(row['waiting']),
    deferred: Number(row['deferred']),
    accepted: Number(row['accepted']),
    refused: Number(row['refused']),
    unknown: Number(row['unknown']),
  }
}

function readTrouble(row: Row): Trouble {
  return {
    state: row['state'] === 'deferred' ? 'deferred' : 'rejected',
    address: text(row['address']),
    reply: text(row['reply']) ?? '',
    class: classOf(row),
    at: Number(row['updated_at']),
    nextAt: number(row['next_at']),
  }
}

/** A row of `deliveryColumns`. */
export function readRecord(row: Row): DeliveryRecord {
  return {
    round: {
      id: Number(row['round']),
      issue: String(row['issue']),
      newsletter: String(row['newsletter']),
      kind: row['kind'] === 'real' ? 'real' : 'rehearsal',
      number: Number(row['number']),
      // The column's check constraint holds it to these.
      state: String(row['round_state']) as RoundState,
      transport: String(row['transport']),
    },
    template: text(row['template']),
    editionHash: text(row['edition_hash']),
    tier: row['tier'] === 'member' ? 'member' : 'subscriber',
    // Only the delivery store writes it.
    state: String(row['state']) as DeliveryState,
    publicId: String(row['public_id']),
    address: text(row['address']),
    name: text(row['name']),
    format: row['format'] === 'text' ? 'text' : 'html',
    messageId: text(row['message_id']),
    keyId: text(row['key_id']),
    attempts: Number(row['attempts']),
    firstAttemptAt: number(row['first_attempt_at']),
    acceptedAt: number(row['accepted_at']),
    nextAt: number(row['next_at']),
    resentAt: number(row['resent_at']),
    updatedAt: Number(row['updated_at']),
    reply: text(row['reply']),
    class: classOf(row),
  }
}

function classOf(row: Row): RejectionClass | null {
  const found = row['class']
  return found === 'address' || found === 'policy' || found === 'fatal' || found === 'other' ? found : null
}

function text(value: SQLOutputValue | undefined): string | null {
  return typeof value === 'string' ? value : null
}

function number(value: SQLOutputValue | undefined): number | null {
  return value === null || value === undefined ? null : Number(value)
}
