import type { Accounts } from '../../subscribers/readers.ts'
import { takeOff } from './accounts.ts'
import { keepConsent } from './consents.ts'
import type { Desk } from './desk.ts'
import { queueMissed } from './missed.ts'
import { DAY } from './time.ts'

/** Leaving by a link in mail, and its undo. */
export function openLeaving(desk: Desk): Pick<Accounts, 'leave' | 'undoLeave'> {
  const { database, people } = desk
  const find = (publicId: string) =>
    database.prepare('select id, address_hash, erased_at from subscriber where public_id = ?').get(publicId)
  return {
    async leave(publicId, newsletter, proof) {
      return database.transaction(() => {
        const person = find(publicId)
        if (person === undefined) return 'unknown'
        const id = Number(person['id'])
        if (!takeOff(desk, id, newsletter)) return 'had-left'
        keepConsent(desk, id, newsletter, 'withdrawn', proof)
        return 'left'
      })
    },

    async undoLeave(publicId, newsletter, proof) {
      return database.transaction(() => {
        const person = find(publicId)
        if (person === undefined || person['erased_at'] !== null) return 'unknown'
        const id = Number(person['id'])
        const row = database
          .prepare('select * from subscription where subscriber_id = ? and newsletter = ?')
          .get(id, newsletter)
        if (row === undefined) return 'unknown'
        // Pressed twice.
        if (row['state'] !== 'left') return 'undone'
        const now = database.clock.now()
        const isSuppressed = people.suppression(String(person['address_hash'])) !== null
        if (row['left_from'] === null || now >= Number(row['left_at']) + DAY || isSuppressed)
          return 'too-late'
        database
          .prepare(
            `update subscription set state = left_from, left_from = null, left_at = null
             where subscriber_id = ? and newsletter = ?`,
          )
          .run(id, newsletter)
        people.touch(id)
        queueMissed(desk, id)
        keepConsent(desk, id, newsletter, 'undone', proof)
        return 'undone'
      })
    },
  }
}
