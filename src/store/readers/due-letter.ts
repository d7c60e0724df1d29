import type { DueLetter } from '../../subscribers/readers.ts'
import type { Row } from '../subscriber-rows.ts'
import { personAt, subscriptionState, type Desk } from './desk.ts'
import { draftLetter, type LetterFacts } from './letter-rules.ts'
import { countAnew, countOne } from './limits.ts'
import { makeOneTime } from './one-time.ts'

/** A row of `letter` with a fresh token, as it is to be written now; null when it must not be. */
export function dueLetter(desk: Desk, row: Row): DueLetter | null {
  const draft = draftLetter(row, factsOf(desk, row))
  if (draft === null) return null
  const hash = String(row['address_hash'])
  if (draft.countAnew !== null) countAnew(desk, draft.countAnew.kind, hash, draft.countAnew.windowMs)
  const isWithin = draft.limits.every((any) => any.some((limit) => countOne(desk, limit.kind, hash, limit)))
  if (!isWithin) return null
  return draft.written(draft.oneTime === null ? '' : makeOneTime(desk, draft.oneTime, draft.endsBy))
}

function factsOf(desk: Desk, row: Row): LetterFacts {
  const { database } = desk
  const hash = String(row['address_hash'])
  const person =
    typeof row['subscriber_id'] === 'number'
      ? database
          .prepare('select * from subscriber where id = ? and erased_at is null')
          .get(row['subscriber_id'])
      : personAt(desk, hash)
  const id = person === undefined ? -1 : Number(person['id'])
  const change = database.prepare('select expires_at from address_change where subscriber_id = ?').get(id)
  const tried = database
    .prepare(`select 1 from letter where address_hash = ? and kind = 'sign-up' and attempts > 0`)
    .get(hash)
  return {
    suppressed: desk.people.suppression(hash)?.reason ?? null,
    person,
    subscription: subscriptionState(desk, id, String(row['newsletter'])),
    changeEndsAt: change === undefined ? null : Number(change['expires_at']),
    signUpIsTried: tried !== undefined,
  }
}
