import { addressHash } from '../../../subscribers/address.ts'
import type { DueLetter, Letters } from '../../../subscribers/readers.ts'
import {
  asked,
  draftLetter,
  LETTER_LEASE,
  putOff,
  type LetterFacts,
  type NewLetter,
} from '../../readers/letter-rules.ts'
import { DAY } from '../../readers/time.ts'
import { number, type Row } from '../../subscriber-rows.ts'
import { json } from '../values.ts'
import { lockPersonAt, lockPersonOf, subscriptionState, type Desk, type Desks } from './desk.ts'
import { countAnew, countOne } from './limits.ts'
import { makeOneTime } from './one-time.ts'

/** Asked for again while it waits, it says what was asked for last, and is due when it was. */
export async function writeLetter(desk: Desk, letter: NewLetter): Promise<void> {
  const { kind, person, address, addressHash: hash, newsletter, detail } = letter
  await desk.connection.run(
    `insert into letter (kind, subscriber_id, address, address_hash, newsletter, detail, asked_at, due_at)
     values ($1, $2, $3, $4, $5, $6, $7, $7)
     on conflict (address_hash, kind, newsletter) do update set
       subscriber_id = excluded.subscriber_id, address = excluded.address, detail = excluded.detail,
       asked_at = excluded.asked_at`,
    [kind, person, address, hash, newsletter, json(detail), desk.now()],
  )
}

/** A time that a clock set back has left in the future is not waited for. */
const isDue = '(due_at <= $1 or due_at > $2)'

const choose = `
select id, subscriber_id, address_hash from letter where ${isDue} order by due_at, id limit 1`

export function openLetters({ look, change }: Desks): Letters {
  return {
    ask: (wish) => writeLetter(look, asked(wish, addressHash(look.tokens, wish.address.key))),

    async nextLetter() {
      for (;;) {
        const letter = await change(next)
        if (letter !== false) return letter
      }
    },

    settleLetter: (id, outcome) =>
      change(async (desk) => {
        const row = await desk.connection.row(
          'select attempts, asked_at from letter where id = $1 for update',
          [id],
        )
        if (row === undefined) return
        const due = outcome === 'later' ? putOff(row, desk.now()) : null
        if (due === null) await drop(desk, id)
        else await desk.connection.run('update letter set due_at = $1 where id = $2', [due, id])
      }),
  }
}

/** False: one was taken off, or is another mailer's. */
async function next(desk: Desk): Promise<DueLetter | null | false> {
  const now = desk.now()
  const chosen = await desk.connection.row(choose, [now, now + DAY])
  if (chosen === undefined) return null
  const id = number(chosen, 'id')
  const owner = chosen['subscriber_id']
  // Erasing has the person, and then wants their letters: so does this.
  const person = await (typeof owner === 'number'
    ? lockPersonOf(desk, owner)
    : lockPersonAt(desk, String(chosen['address_hash'])))
  const row = await desk.connection.row(`select * from letter where id = $3 and ${isDue} for update`, [
    ...[now, now + DAY, id],
  ])
  if (row === undefined || row['subscriber_id'] !== owner) return false
  const letter = Number(row['asked_at']) + DAY <= now ? null : await write(desk, row, person)
  if (letter === null) {
    await drop(desk, id)
    return false
  }
  await desk.connection.run('update letter set attempts = attempts + 1, due_at = $1 where id = $2', [
    ...[now + LETTER_LEASE, id],
  ])
  return letter
}

async function drop({ connection }: Desk, id: number): Promise<void> {
  await connection.run('delete from letter where id = $1', [id])
}

/** A letter with a fresh token, as it is to be written now; null when it must not be. */
async function write(desk: Desk, row: Row, person: Row | undefined): Promise<DueLetter | null> {
  const draft = draftLetter(row, await factsOf(desk, row, person))
  if (draft === null) return null
  const hash = String(row['address_hash'])
  const { limits, oneTime, endsBy, countAnew: anew } = draft
  if (anew !== null) await countAnew(desk, anew.kind, hash, anew.windowMs)
  for (const any of limits) {
    let isWithin = false
    for (const limit of any) isWithin ||= await countOne(desk, limit.kind, hash, limit)
    if (!isWithin) return null
  }
  return draft.written(oneTime === null ? '' : await makeOneTime(desk, oneTime, endsBy))
}

async function factsOf(desk: Desk, row: Row, person: Row | undefined): Promise<LetterFacts> {
  const hash = String(row['address_hash'])
  const id = person === undefined ? -1 : number(person, 'id')
  const about = await desk.connection.row(
    `select (select expires_at from address_change where subscriber_id = $1) as change_ends_at,
       exists (select 1 from letter
         where address_hash = $2 and kind = 'sign-up' and attempts > 0)::int as is_tried`,
    [id, hash],
  )
  const endsAt = about?.['change_ends_at']
  return {
    person,
    suppressed: (await desk.people.suppression(hash))?.reason ?? null,
    subscription: await subscriptionState(desk, id, String(row['newsletter'])),
    changeEndsAt: typeof endsAt === 'number' ? endsAt : null,
    signUpIsTried: about?.['is_tried'] === 1,
  }
}
