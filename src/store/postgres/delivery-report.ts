import type { DeliveryRecord, DeliveryReports, DomainCount, Trouble } from '../../delivery/report.ts'
import type { DeliveryState, RoundState } from '../../delivery/round.ts'
import type { RejectionClass } from '../../delivery/transport.ts'
import { maybeNumber, number, text, type Row } from '../subscriber-rows.ts'
import type { Postgres } from './pool.ts'

/** In the order of the key, which is nearly that of the rows. */
const domainsOf = `
select d.domain, count(*) as total, max(d.id) as last,
  count(*) filter (where d.state in ('queued', 'claimed', 'on_wire')) as waiting,
  count(*) filter (where d.state = 'deferred') as deferred,
  count(*) filter (where d.state in ('accepted', 'complained')) as accepted,
  count(*) filter (where d.state in ('rejected', 'bounced')) as refused,
  count(*) filter (where d.state = 'unknown') as unknown
from (
  select id, state, lower(substr(address, strpos(address, '@') + 1)) as domain
  from delivery where round_id = $1 and id > $2 order by id limit $3) d
group by d.domain`

const deferred = `
select state, address, reply, class, updated_at, next_at from delivery
where round_id = $1 and next_at is not null and state = 'deferred' order by next_at desc limit $2`

const rejected = `
select state, address, reply, class, updated_at, next_at from delivery
where round_id = $1 and trouble_at is not null and state = 'rejected' order by trouble_at desc limit $2`

/**
 * Slices that nobody has, or whose worker is gone. A minute without a new row: whoever was freezing it has died.
 * What a sender that ended after pausing or cancelling had on the wire is still to be named.
 */
const isDue = `
select (case r.state
  when 'freezing' then $2::bigint - 60000 > greatest(r.started_at, coalesce(
    (select d.updated_at from delivery d where d.round_id = r.id order by d.id desc limit 1), 0))
  when 'sending' then exists (
    select 1 from slice s where s.round_id = r.id and s.due_at <= $2
      and (s.worker is null or s.until <= database_now() or is_gone(s.worker)))
    -- Its last worker ended before it could say that it is done.
    or not exists (select 1 from slice s where s.round_id = r.id and (s.due_at is not null or s.worker is not null))
  when 'paused' then exists (
    select 1 from slice s where s.round_id = r.id and s.due_at is not null and s.worker is not null
      and (s.until <= database_now() or is_gone(s.worker)))
  when 'cancelled' then exists (
    select 1 from slice s where s.round_id = r.id and s.due_at is not null
      and (s.worker is null or s.until <= database_now() or is_gone(s.worker)))
  else false end)::int as due
from round r where r.id = $1`

/** What `readRecord` reads, of delivery d, round r and subscriber s. */
export const deliveryColumns = `r.id as round, r.issue, r.newsletter, r.kind, r.number, r.state as round_state, r.transport,
  (r.settings::json) ->> 'template' as template, (r.editions::json) ->> d.tier as edition_hash,
  s.public_id, d.*`

const record = `
select ${deliveryColumns}
from delivery d join round r on r.id = d.round_id join subscriber s on s.id = d.subscriber_id`

const byAddressKey = `${record} where s.address_key = $1 order by d.id desc`

const byPublicId = `${record} where s.public_id = $1 order by d.id desc`

/** Read row by row, in parts: asked by a person of one issue. The rounds of an issue, and where their rows begin and end. */
const extents = `
select r.id, min(s.first_id) as first, max(s.last_id) as last
from round r join slice s on s.round_id = r.id where r.issue = $1 group by r.id order by r.id desc`

const byFrozenAddress = `
${record} where d.round_id = $1 and d.id between $2 and $3 and lower(d.address) = $4 order by d.id desc`

/** Rows that are read at a time, so that no statement takes long. */
const PART = 50_000

/** What the operator sees of a round, read beside the workers: short statements over their rows. */
export function openPostgresReports(database: Postgres): DeliveryReports {
  return {
    async domainsOf(round, after, limit) {
      const rows = await database.rows(domainsOf, [round, after ?? 0, limit])
      const read = rows.reduce((sum, row) => sum + number(row, 'total'), 0)
      const last = read < limit ? null : Math.max(...rows.map((row) => number(row, 'last')))
      return { counts: rows.map(readDomain), last }
    },

    async isDue(round, now) {
      return (await database.row(isDue, [round, now]))?.['due'] === 1
    },

    async troubles(round, limit) {
      const rows = [
        ...(await database.rows(rejected, [round, limit])),
        ...(await database.rows(deferred, [round, limit])),
      ]
      return rows.map(readTrouble).toSorted((a, b) => b.at - a.at)
    },

    async deliveriesTo(who) {
      const rows =
        'publicId' in who
          ? await database.rows(byPublicId, [who.publicId])
          : await database.rows(byAddressKey, [who.key])
      return rows.map(readRecord)
    },

    async deliveriesAt(issue, address) {
      const rows: Row[] = []
      for (const extent of await database.rows(extents, [issue])) {
        const [round, first] = [number(extent, 'id'), number(extent, 'first')]
        for (let last = number(extent, 'last'); last >= first; last -= PART) {
          const from = Math.max(first, last - PART + 1)
          rows.push(...(await database.rows(byFrozenAddress, [round, from, last, address.key])))
        }
      }
      return rows.map(readRecord)
    },
  }
}

function readDomain(row: Row): DomainCount {
  return {
    domain: text(row, 'domain'),
    total: number(row, 'total'),
    waiting: number(row, 'waiting'),
    deferred: number(row, 'deferred'),
    accepted: number(row, 'accepted'),
    refused: number(row, 'refused'),
    unknown: number(row, 'unknown'),
  }
}

function readTrouble(row: Row): Trouble {
  return {
    state: row['state'] === 'deferred' ? 'deferred' : 'rejected',
    address: text(row, 'address'),
    reply: text(row, 'reply') ?? '',
    class: classOf(row),
    at: number(row, 'updated_at'),
    nextAt: maybeNumber(row, 'next_at'),
  }
}

export function readRecord(row: Row): DeliveryRecord {
  return {
    round: {
      id: number(row, 'round'),
      issue: String(row['issue']),
      newsletter: String(row['newsletter']),
      kind: row['kind'] === 'real' ? 'real' : 'rehearsal',
      number: number(row, 'number'),
      // Nothing but the functions of the migrations writes these.
      state: String(row['round_state']) as RoundState,
      transport: String(row['transport']),
    },
    template: text(row, 'template'),
    editionHash: text(row, 'edition_hash'),
    tier: row['tier'] === 'member' ? 'member' : 'subscriber',
    state: String(row['state']) as DeliveryState,
    publicId: String(row['public_id']),
    address: text(row, 'address'),
    name: text(row, 'name'),
    format: row['format'] === 'text' ? 'text' : 'html',
    messageId: text(row, 'message_id'),
    keyId: text(row, 'key_id'),
    attempts: number(row, 'attempts'),
    firstAttemptAt: maybeNumber(row, 'first_attempt_at'),
    acceptedAt: maybeNumber(row, 'accepted_at'),
    nextAt: maybeNumber(row, 'next_at'),
    resentAt: maybeNumber(row, 'resent_at'),
    updatedAt: number(row, 'updated_at'),
    reply: text(row, 'reply'),
    class: classOf(row),
  }
}

function classOf(row: Row): RejectionClass | null {
  const found = row['class']
  return found === 'address' || found === 'policy' || found === 'fatal' || found === 'other' ? found : null
}
