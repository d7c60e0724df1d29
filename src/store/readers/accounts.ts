import type { Accounts } from '../../subscribers/readers.ts'
import { readSubscriber, selectSubscriber, tierOf, type Row } from '../subscriber-rows.ts'
import { changeOf } from './address-change.ts'
import { changeWaiting } from './change-row.ts'
import { consentsOf, keepConsent } from './consents.ts'
import { personBy, subscriptionState, type Desk } from './desk.ts'
import { formatOf } from './format.ts'
import { queueMissed } from './missed.ts'

type Own = Pick<Accounts, 'account' | 'setNewsletter' | 'setFormat' | 'pause' | 'revokeViews' | 'viewTier'>

/** What a person sets for themselves. */
export function openAccounts(desk: Desk): Own {
  const { database, people } = desk

  /** Runs `work` on a person who is there, in a transaction. */
  const change = (publicId: string, work: (id: number, person: Row) => void): void =>
    database.transaction(() => {
      const person = personBy(desk, publicId)
      if (person !== undefined) work(Number(person['id']), person)
    })

  return {
    async account(publicId) {
      const row = database
        .prepare(`${selectSubscriber} where s.public_id = ? and s.erased_at is null`)
        .get(publicId)
      if (row === undefined) return null
      const id = Number(row['id'])
      return {
        subscriber: readSubscriber(row),
        format: formatOf(personBy(desk, publicId)),
        consents: consentsOf(desk, id),
        change: changeWaiting(changeOf(desk, id)),
      }
    },

    async setNewsletter(publicId, newsletter, wanted, proof) {
      change(publicId, (id, person) => {
        const state = subscriptionState(desk, id, newsletter)
        if ((state === 'confirmed' || state === 'paused') === wanted) return
        if (!wanted) {
          if (takeOff(desk, id, newsletter)) keepConsent(desk, id, newsletter, 'withdrawn', proof)
          return
        }
        if (people.suppression(String(person['address_hash'])) !== null) return
        people.subscribe(id, newsletter, 'confirmed', { at: database.clock.now(), source: proof.form })
        people.touch(id)
        keepConsent(desk, id, newsletter, 'given', proof)
      })
    },

    async setFormat(publicId, format) {
      change(publicId, (id) => {
        database
          .prepare('update subscriber set format = ?, updated_at = ? where id = ? and format <> ?')
          .run(format, database.clock.now(), id, format)
      })
    },

    async pause(publicId, until) {
      change(publicId, (id) => {
        const isOver = until === null || until <= database.clock.now()
        const { changes } = isOver
          ? database
              .prepare(
                `update subscription set state = 'confirmed', paused_until = null
                 where subscriber_id = ? and state = 'paused'`,
              )
              .run(id)
          : database
              .prepare(
                `update subscription set state = 'paused', paused_until = ?
                 where subscriber_id = ? and state in ('confirmed', 'paused')`,
              )
              .run(until, id)
        if (changes === 0) return
        people.touch(id)
        queueMissed(desk, id)
      })
    },

    async revokeViews(publicId) {
      change(publicId, (id) => {
        const now = database.clock.now()
        database
          .prepare('update subscriber set views_from = ?, updated_at = ? where id = ?')
          .run(now, now, id)
      })
    },

    async viewTier(publicId, outAt) {
      const person = personBy(desk, publicId)
      if (person === undefined || outAt <= Number(person['views_from'])) return null
      // As for a session: who has left everything reads what everybody reads.
      const confirmed = database
        .prepare(
          "select 1 from subscription where subscriber_id = ? and state in ('confirmed', 'paused') limit 1",
        )
        .get(Number(person['id']))
      return confirmed === undefined ? null : tierOf(person)
    },
  }
}

/** Ends one subscription so that it can be undone; false when there was none to end. */
export function takeOff({ database, people }: Desk, person: number, newsletter: string): boolean {
  const { changes } = database
    .prepare(
      `update subscription set state = 'left', left_from = state, left_at = ?
       where subscriber_id = ? and newsletter = ? and state <> 'left'`,
    )
    .run(database.clock.now(), person, newsletter)
  if (changes === 0) return false
  people.touch(person)
  return true
}
