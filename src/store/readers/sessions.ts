import { randomInt } from 'node:crypto'
import { randomToken } from '../../core/token.ts'
import type { Session, Sessions } from '../../subscribers/readers.ts'
import type { Row } from '../subscriber-rows.ts'
import { personBy, type Desk } from './desk.ts'
import { forgetChange } from './forget-change.ts'
import { hashOf } from './one-time-row.ts'
import { lookAt, readSession, seenAt } from './session-row.ts'

/** A new session of a person; its cookie's value. */
export function beginSession({ database, sessionLife }: Desk, person: number): string {
  const cookie = randomToken()
  const now = database.clock.now()
  database
    .prepare(
      `insert into session (id, hash, subscriber_id, created_at, rotated_at, seen_at, expires_at)
       values (?, ?, ?, ?, ?, ?, ?)`,
    )
    .run(randomInt(1, 2 ** 47), hashOf(cookie), person, now, now, now, now + sessionLife)
  return cookie
}

/** Ends every session of a person, and every link that would begin one: that of a sign-up too. */
export function endSessions({ database }: Desk, person: number): void {
  database.prepare('delete from session where subscriber_id = ?').run(person)
  database
    .prepare(
      `delete from one_time_token where purpose in ('log-in', 'confirm') and used_at is null
         and (subscriber_id = :person
           or address_hash = (select address_hash from subscriber where id = :person))`,
    )
    .run({ person })
}

type Cookies = Pick<Sessions, 'session' | 'logOut' | 'logOutEverywhere'>

export function openSessions(desk: Desk): Cookies {
  const { database } = desk

  const find = (hash: string): Row | undefined =>
    database
      .prepare(
        `select n.*, s.public_id, s.tier, exists (select 1 from subscription c
            where c.subscriber_id = s.id and c.state in ('confirmed', 'paused')) as confirmed
         from session n join subscriber s on s.id = n.subscriber_id
         where (n.hash = :hash or n.former_hash = :hash) and s.erased_at is null and n.expires_at > :now`,
      )
      .get({ hash, now: database.clock.now() })

  const rotate = (id: number, former: string): string => {
    const cookie = randomToken()
    const now = database.clock.now()
    database
      .prepare('update session set hash = ?, former_hash = ?, rotated_at = ?, seen_at = ? where id = ?')
      .run(hashOf(cookie), former, now, now, id)
    return cookie
  }

  /** The session as it is, and the cookie's new value where it is time for one. */
  const look = (hash: string, row: Row): Session | null => {
    const now = database.clock.now()
    const asks = lookAt(row, hash, now)
    if (asks === 'dead') return null
    if (asks === 'rotate') return readSession(row, rotate(Number(row['id']), hash))
    if (asks === 'see')
      database.prepare('update session set seen_at = ? where id = ?').run(seenAt(row, now), Number(row['id']))
    return readSession(row, null)
  }

  return {
    async session(cookie) {
      const hash = hashOf(cookie)
      const row = find(hash)
      if (row === undefined) return null
      // Most page views only read.
      if (lookAt(row, hash, database.clock.now()) === 'read') return readSession(row, null)
      return database.transaction(() => {
        const again = find(hash)
        return again === undefined ? null : look(hash, again)
      })
    },

    async logOut(cookie) {
      const hash = hashOf(cookie)
      database.transaction(() =>
        database.prepare('delete from session where hash = ? or former_hash = ?').run(hash, hash),
      )
    },

    async logOutEverywhere(publicId) {
      database.transaction(() => {
        const person = personBy(desk, publicId)
        if (person === undefined) return
        endSessions(desk, Number(person['id']))
        // It may be the wish of whom they log out.
        forgetChange(desk, Number(person['id']))
      })
    },
  }
}
