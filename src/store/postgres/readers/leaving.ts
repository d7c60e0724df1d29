import type { Accounts } from '../../../subscribers/readers.ts'
import { DAY } from '../../readers/time.ts'
import { number, type Row } from '../../subscriber-rows.ts'
import { keepConsent } from './consents.ts'
import type { Desk, Desks } from './desk.ts'
import { queueMissed } from './missed.ts'

/** Leaving by a link in mail, and its undo. */
export function openLeaving({ stop }: Desks): Pick<Accounts, 'leave' | 'undoLeave'> {
  return {
    leave: (publicId, newsletter, proof) =>
      stop(async (desk) => {
        const person = await lock(desk, publicId)
        if (person === undefined) return 'unknown'
        const id = number(person, 'id')
        if (!(await takeOff(desk, id, newsletter))) return 'had-left'
        await keepConsent(desk.connection, id, newsletter, 'withdrawn', proof, desk.now())
        return 'left'
      }),

    undoLeave: (publicId, newsletter, proof) =>
      stop(async (desk) => {
        const person = await lock(desk, publicId)
        if (person === undefined || person['erased_at'] !== null) return 'unknown'
        const id = number(person, 'id')
        const row = await desk.connection.row(
          'select * from subscription where subscriber_id = $1 and newsletter = $2',
          [id, newsletter],
        )
        if (row === undefined) return 'unknown'
        // Pressed twice.
        if (row['state'] !== 'left') return 'undone'
        const isSuppressed = (await desk.people.suppression(String(person['address_hash']))) !== null
        if (row['left_from'] === null || desk.now() >= number(row, 'left_at') + DAY || isSuppressed)
          return 'too-late'
        await desk.connection.run(
          `update subscription set state = left_from, left_from = null, left_at = null
           where subscriber_id = $1 and newsletter = $2`,
          [id, newsletter],
        )
        await desk.people.touch(id)
        await queueMissed(desk, id)
        await keepConsent(desk.connection, id, newsletter, 'undone', proof, desk.now())
        return 'undone'
      }),
  }
}

/** Ends one subscription so that it can be undone; false when there was none to end. */
export async function takeOff(desk: Desk, person: number, newsletter: string): Promise<boolean> {
  const changes = await desk.connection.run(
    `update subscription set state = 'left', left_from = state, left_at = $1
     where subscriber_id = $2 and newsletter = $3 and state <> 'left'`,
    [desk.now(), person, newsletter],
  )
  if (changes > 0) await desk.people.touch(person)
  return changes > 0
}

function lock({ connection }: Desk, publicId: string): Promise<Row | undefined> {
  return connection.row(
    'select id, address_hash, erased_at from subscriber where public_id = $1 for update',
    [publicId],
  )
}
