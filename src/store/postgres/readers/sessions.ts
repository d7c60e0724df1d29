import { randomInt } from 'node:crypto'
import { randomToken } from '../../../core/token.ts'
import type { Session, Sessions } from '../../../subscribers/readers.ts'
import { hashOf } from '../../readers/one-time-row.ts'
import { lookAt, readSession, seenAt } from '../../readers/session-row.ts'
import { number, type Row } from '../../subscriber-rows.ts'
import { lockPerson, type Desk, type Desks } from './desk.ts'
import { forgetChange } from './forget-change.ts'

/** A new session of a person; its cookie's value. */
export async function beginSession(desk: Desk, person: number): Promise<string> {
  const cookie = randomToken()
  const now = desk.now()
  await desk.connection.run(
    `insert into session (id, hash, subscriber_id, created_at, rotated_at, seen_at, expires_at)
     values ($1, $2, $3, $4, $4, $4, $5)`,
    [randomInt(1, 2 ** 47), hashOf(cookie), person, now, now + desk.sessionLife],
  )
  return cookie
}

/** Ends every session of a person, and every link that would begin one: that of a sign-up too. */
export async function endSessions({ connection }: Desk, person: number): Promise<void> {
  await connection.run('delete from session where subscriber_id = $1', [person])
  await connection.run(
    `delete from one_time_token where purpose in ('log-in', 'confirm') and used_at is null
       and (subscriber_id = $1 or address_hash = (select address_hash from subscriber where id = $1))`,
    [person],
  )
}

const find = `
select n.*, s.public_id, s.tier, exists (select 1 from subscription c
    where c.subscriber_id = s.id and c.state in ('confirmed', 'paused'))::int as confirmed
from session n join subscriber s on s.id = n.subscriber_id
where (n.hash = $1 or n.former_hash = $1) and s.erased_at is null and n.expires_at > $2`

type Cookies = Pick<Sessions, 'session' | 'logOut' | 'logOutEverywhere'>

export function openSessions({ look, change }: Desks): Cookies {
  return {
    async session(cookie) {
      const hash = hashOf(cookie)
      const row = await look.connection.row(find, [hash, look.now()])
      if (row === undefined) return null
      // Most page views only read.
      if (lookAt(row, hash, look.now()) === 'read') return readSession(row, null)
      return change(async (desk) => {
        const again = await desk.connection.row(`${find} for update of n`, [hash, desk.now()])
        return again === undefined ? null : lookAndWrite(desk, hash, again)
      })
    },

    async logOut(cookie) {
      await look.connection.run('delete from session where hash = $1 or former_hash = $1', [hashOf(cookie)])
    },

    logOutEverywhere: (publicId) =>
      change(async (desk) => {
        const person = await lockPerson(desk, publicId)
        if (person === undefined) return
        await endSessions(desk, number(person, 'id'))
        // It may be the wish of whom they log out.
        await forgetChange(desk, number(person, 'id'))
      }),
  }
}

/** The session as it is, and the cookie's new value where it is time for one. */
async function lookAndWrite(desk: Desk, hash: string, row: Row): Promise<Session | null> {
  const now = desk.now()
  const id = number(row, 'id')
  const asks = lookAt(row, hash, now)
  if (asks === 'dead') return null
  if (asks === 'see')
    await desk.connection.run('update session set seen_at = $1 where id = $2', [seenAt(row, now), id])
  if (asks !== 'rotate') return readSession(row, null)
  const cookie = randomToken()
  await desk.connection.run(
    'update session set hash = $1, former_hash = $2, rotated_at = $3, seen_at = $3 where id = $4',
    [hashOf(cookie), hash, now, id],
  )
  return readSession(row, cookie)
}
