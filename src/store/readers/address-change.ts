import { addressHash, type Address } from '../../subscribers/address.ts'
import type { Accounts } from '../../subscribers/readers.ts'
import { personAt, personBy, type Desk } from './desk.ts'
import { forgetChange } from './forget-change.ts'
import { writeLetter } from './letters.ts'
import { findOneTime, useOneTime } from './one-time.ts'
import { endSessions } from './sessions.ts'
import { tokenLife } from '../../subscribers/readers.ts'
import type { Row } from '../subscriber-rows.ts'

/*
 *            asked ──▶ from or to said yes ──▶ both: changed, or taken
 *              └──────────────┴──▶ expired; another address asked for, or taken back: the wish and its links are gone
 */

export function openAddressChange(desk: Desk): Pick<Accounts, 'askChange' | 'dropChange' | 'agreeToChange'> {
  const { database, tokens } = desk

  const wish = (id: number, to: Address): Row => {
    forgetChange(desk, id)
    const now = database.clock.now()
    const row = database
      .prepare(
        `insert into address_change (subscriber_id, address, address_key, address_hash, asked_at, expires_at)
         values (?, ?, ?, ?, ?, ?) returning *`,
      )
      .get(id, to.address, to.key, addressHash(tokens, to.key), now, now + tokenLife['change-to'])
    if (row === undefined) throw new Error('a row that was written is not there')
    return row
  }

  return {
    async askChange(publicId, to) {
      return database.transaction(() => {
        const person = personBy(desk, publicId)
        if (person === undefined || person['address_key'] === to.key) return 'same-address'
        const id = Number(person['id'])
        const waiting = changeOf(desk, id)
        // Pressed again, it is the same wish: a yes and the links that were mailed hold, and who has not
        // answered gets another letter.
        const change = waiting?.['address_key'] === to.key ? waiting : wish(id, to)
        const letter = { person: id, newsletter: '', detail: {} }
        const former = { address: String(person['address']), addressHash: String(person['address_hash']) }
        const next = { address: String(change['address']), addressHash: String(change['address_hash']) }
        if (change['from_confirmed_at'] === null)
          writeLetter(desk, { ...letter, ...former, kind: 'change-from' })
        if (change['to_confirmed_at'] === null) writeLetter(desk, { ...letter, ...next, kind: 'change-to' })
        return 'asked'
      })
    },

    async dropChange(publicId) {
      database.transaction(() => {
        const person = personBy(desk, publicId)
        if (person !== undefined) forgetChange(desk, Number(person['id']))
      })
    },

    async agreeToChange(purpose, token) {
      return database.transaction(() => {
        const found = findOneTime(desk, purpose, token)
        if (found.state !== 'good') return found.state
        const change = found.person === null ? undefined : changeOf(desk, found.person)
        if (change === undefined) return 'expired'
        useOneTime(desk, found.hash)
        const column = purpose === 'change-from' ? 'from_confirmed_at' : 'to_confirmed_at'
        const id = Number(change['subscriber_id'])
        database
          .prepare(`update address_change set ${column} = ? where subscriber_id = ?`)
          .run(database.clock.now(), id)
        const other = purpose === 'change-from' ? 'to_confirmed_at' : 'from_confirmed_at'
        return change[other] === null ? 'half' : carryOut(desk, id, change)
      })
    },
  }
}

function carryOut(desk: Desk, id: number, change: Row): 'changed' | 'taken' {
  const { database } = desk
  const hash = String(change['address_hash'])
  const before = database.prepare('select address, address_hash from subscriber where id = ?').get(id)
  forgetChange(desk, id)
  if (personAt(desk, hash) !== undefined) return 'taken'
  // It is their own word that they want mail there, should it have been erased.
  database.prepare(`delete from suppression where address_hash = ? and reason = 'erased'`).run(hash)
  database
    .prepare(
      'update subscriber set address = ?, address_key = ?, address_hash = ?, updated_at = ? where id = ?',
    )
    .run(String(change['address']), String(change['address_key']), hash, database.clock.now(), id)
  moveWaiting(desk, id, String(change['address']))
  leaveAddress(desk, id, String(before?.['address_hash']))
  endSessions(desk, id)
  writeLetter(desk, {
    ...{ kind: 'changed', person: id, newsletter: '', detail: {} },
    ...{ address: String(before?.['address']), addressHash: String(before?.['address_hash']) },
  })
  return 'changed'
}

/**
 * What waits in a send goes to the new address. One that was tried before keeps its Message-ID and its date: nobody
 * has taken it, and what the row makes again is the message as it goes out from now on. The one on the wire is left
 * as it is, for it went to the former address; so is one of which nobody knows whether it arrived: sent once more,
 * it is a copy of the one that may have.
 */
function moveWaiting({ database }: Desk, person: number, address: string): void {
  database
    .prepare(`update delivery set address = ? where subscriber_id = ? and state in ('queued', 'deferred')`)
    .run(address, person)
}

/** The former address is nobody's now: what is still kept by it goes with the person, should they be erased. */
function leaveAddress({ database }: Desk, person: number, hash: string): void {
  database
    .prepare(
      `insert into former_address (address_hash, subscriber_id, changed_at) values (?, ?, ?)
       on conflict (address_hash, subscriber_id) do update set changed_at = excluded.changed_at`,
    )
    .run(hash, person, database.clock.now())
  database
    .prepare('update one_time_token set subscriber_id = ? where address_hash = ? and subscriber_id is null')
    .run(person, hash)
  database.prepare('delete from letter where address_hash = ? and subscriber_id is null').run(hash)
}

/** A wish to change that still holds. */
export function changeOf({ database }: Desk, person: number): Row | undefined {
  return database
    .prepare('select * from address_change where subscriber_id = ? and expires_at > ?')
    .get(person, database.clock.now())
}
