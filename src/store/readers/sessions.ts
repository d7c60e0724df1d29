import { randomInt } from 'node:crypto'
import { randomToken } from '../../core/token.ts'
import type { Session, Sessions } from '../../subscribers/readers.ts'
import { tierOf, type Row } from '../subscriber-rows.ts'
import { DAY, hashOf, personBy, type Desk } from './desk.ts'
import { forgetChange } from './forget-change.ts'

/** How long the cookie before a rotation still serves requests that were under way. */
const GRACE = 60_000

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

  /** The session as it is, and the cookie's new value where it is time for one. */
  const look = (hash: string, row: Row): Session | null => {
    const now = database.clock.now()
    const rotatedAt = Number(row['rotated_at'])
    const isFormer = row['hash'] !== hash
    const isNewSeen = row['former_hash'] === null || Number(row['seen_at']) > rotatedAt
    if (isFormer) {
      if (now < rotatedAt + GRACE) return read(row, null)
      // The answer with the new cookie may never have arrived. Once that has been used, the former is dead.
      return isNewSeen ? null : read(row, rotate(Number(row['id']), hash))
    }
    if (now >= rotatedAt + DAY) return read(row, rotate(Number(row['id']), hash))
    if (!isNewSeen)
      database
        .prepare('update session set seen_at = ? where id = ?')
        .run(Math.max(now, rotatedAt + 1), Number(row['id']))
    return read(row, null)
  }

  const rotate = (id: number, former: string): string => {
    const cookie = randomToken()
    const now = database.clock.now()
    database
      .prepare('update session set hash = ?, former_hash = ?, rotated_at = ?, seen_at = ? where id = ?')
      .run(hashOf(cookie), former, now, now, id)
    return cookie
  }

  return {
    async session(cookie) {
      const hash = hashOf(cookie)
      const row = find(hash)
      if (row === undefined) return null
      // Most page views only read.
      return needsWriting(row, hash, database.clock.now())
        ? database.transaction(() => {
            const again = find(hash)
            return again === undefined ? null : look(hash, again)
          })
        : look(hash, row)
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

function needsWriting(row: Row, hash: string, now: number): boolean {
  const rotatedAt = Number(row['rotated_at'])
  return (
    row['hash'] !== hash ||
    now >= rotatedAt + DAY ||
    (row['former_hash'] !== null && Number(row['seen_at']) <= rotatedAt)
  )
}

function read(row: Row, renewed: string | null): Session {
  return {
    id: Number(row['id']),
    publicId: String(row['public_id']),
    tier: tierOf(row),
    confirmed: row['confirmed'] === 1,
    expiresAt: Number(row['expires_at']),
    renewed,
  }
}
