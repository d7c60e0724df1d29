import { stateMeanings } from '../delivery/history.ts'
import { replyMeaning } from '../delivery/reply-meaning.ts'
import type { DeliveryRecord } from '../delivery/report.ts'

/** Everything that is kept of one delivery, as name and value. */
export function deliveryRows(record: DeliveryRecord): string[][] {
  const { round, reply } = record
  const kind = round.kind === 'rehearsal' ? 'rehearsal: it went to the outbox, to nobody' : 'real'
  const meaning = reply === null ? null : replyMeaning(reply)
  const rows: (readonly [string, string | null])[] = [
    ['issue', `${round.issue} (${kind}, number ${round.number})`],
    ['state', stateMeanings[record.state]],
    ['address', record.address ?? '(erased)'],
    ['name', record.name],
    ['tier', record.tier],
    ['edition', record.editionHash],
    ['template', record.template],
    ['message-id', record.messageId],
    ['through', round.transport],
    ['attempts', String(record.attempts)],
    ['first tried', time(record.firstAttemptAt)],
    ['accepted', time(record.acceptedAt)],
    ['sent once more', time(record.resentAt)],
    ['next try', time(record.nextAt)],
    ['signed with', record.messageId === null ? null : (record.keyId ?? '(no DKIM key)')],
    ['reply', reply === null || meaning === null ? reply : `${reply} (${meaning})`],
  ]
  return rows.flatMap(([name, value]) => (value === null || value === '' ? [] : [[name, value]]))
}

/** The same for `--json`. */
export function deliveryJson(record: DeliveryRecord): object {
  const { round } = record
  return {
    issue: round.issue,
    newsletter: round.newsletter,
    kind: round.kind,
    round: round.number,
    state: record.state,
    address: record.address,
    name: record.name,
    tier: record.tier,
    edition: record.editionHash,
    template: record.template,
    messageId: record.messageId,
    transport: round.transport,
    attempts: record.attempts,
    firstAttemptAt: iso(record.firstAttemptAt),
    acceptedAt: iso(record.acceptedAt),
    resentAt: iso(record.resentAt),
    nextAt: iso(record.nextAt),
    updatedAt: iso(record.updatedAt),
    keyId: record.keyId,
    class: record.class,
    reply: record.reply,
  }
}

/** To the second, in UTC: it is compared with logs of servers. */
function time(at: number | null): string | null {
  return at === null
    ? null
    : new Date(at)
        .toISOString()
        .replace('T', ' ')
        .replace(/\.\d+Z$/, ' UTC')
}

function iso(at: number | null): string | null {
  return at === null ? null : new Date(at).toISOString()
}
