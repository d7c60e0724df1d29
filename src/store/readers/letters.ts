import { setImmediate as afterOthers } from 'node:timers/promises'
import { addressHash } from '../../subscribers/address.ts'
import type { DueLetter, Letters } from '../../subscribers/readers.ts'
import type { Desk } from './desk.ts'
import { dueLetter } from './due-letter.ts'
import { asked, LETTER_LEASE, putOff, type NewLetter } from './letter-rules.ts'
import { DAY } from './time.ts'

/** Asked for again while it waits, it says what was asked for last, and is due when it was. */
export function writeLetter({ database }: Desk, letter: NewLetter): void {
  const now = database.clock.now()
  database
    .prepare(
      `insert into letter (kind, subscriber_id, address, address_hash, newsletter, detail, asked_at, due_at)
       values (?, ?, ?, ?, ?, ?, ?, ?)
       on conflict (address_hash, kind, newsletter) do update set
         subscriber_id = excluded.subscriber_id, address = excluded.address, detail = excluded.detail,
         asked_at = excluded.asked_at`,
    )
    .run(
      letter.kind,
      letter.person,
      letter.address,
      letter.addressHash,
      letter.newsletter,
      JSON.stringify(letter.detail),
      now,
      now,
    )
}

export function openLetters(desk: Desk): Letters {
  const { database, tokens } = desk
  const drop = (id: number): void => void database.prepare('delete from letter where id = ?').run(id)

  /** False: one was taken off. */
  const next = (): DueLetter | null | false => {
    const now = database.clock.now()
    // A time that a clock set back has left in the future is not waited for.
    const row = database
      .prepare('select * from letter where due_at <= ? or due_at > ? order by due_at, id limit 1')
      .get(now, now + DAY)
    if (row === undefined) return null
    const id = Number(row['id'])
    const letter = Number(row['asked_at']) + DAY <= now ? null : dueLetter(desk, row)
    if (letter === null) {
      drop(id)
      return false
    }
    database
      .prepare('update letter set attempts = attempts + 1, due_at = ? where id = ?')
      .run(now + LETTER_LEASE, id)
    return letter
  }

  return {
    async ask(wish) {
      database.transaction(() => writeLetter(desk, asked(wish, addressHash(tokens, wish.address.key))))
    },

    async nextLetter() {
      for (;;) {
        const letter = database.transaction(next)
        if (letter !== false) return letter
        // A flood of letters that must not be sent holds up no page.
        await afterOthers()
      }
    },

    async settleLetter(id, outcome) {
      database.transaction(() => {
        const row = database.prepare('select attempts, asked_at from letter where id = ?').get(id)
        if (row === undefined) return
        const due = outcome === 'later' ? putOff(row, database.clock.now()) : null
        if (due === null) drop(id)
        else database.prepare('update letter set due_at = ? where id = ?').run(due, id)
      })
    },
  }
}
