import type { Accounts } from '../../../subscribers/readers.ts'
import { changeWaiting } from '../../readers/change-row.ts'
import { formatOf } from '../../readers/format.ts'
import { number, readSubscriber, tierOf, type Row } from '../../subscriber-rows.ts'
import { selectSubscriber } from '../subscriber-rows.ts'
import { changeOf } from './address-change.ts'
import { consentsOf, keepConsent } from './consents.ts'
import { lockPerson, subscriptionState, type Desk, type Desks } from './desk.ts'
import { takeOff } from './leaving.ts'
import { queueMissed } from './missed.ts'

type Own = Pick<Accounts, 'account' | 'setNewsletter' | 'setFormat' | 'pause' | 'revokeViews' | 'viewTier'>

const endPause = `
update subscription set state = 'confirmed', paused_until = null
where subscriber_id = $1 and state = 'paused'`

const pauseUntil = `
update subscription set state = 'paused', paused_until = $2
where subscriber_id = $1 and state in ('confirmed', 'paused')`

/** What a person sets for themselves. */
export function openAccounts({ look, stop }: Desks): Own {
  /** Changes somebody who is there; nobody is written to who was taken off in it. */
  const change = (
    publicId: string,
    work: (desk: Desk, id: number, person: Row) => Promise<void>,
  ): Promise<void> =>
    stop(async (desk) => {
      const person = await lockPerson(desk, publicId)
      if (person !== undefined) await work(desk, number(person, 'id'), person)
    })

  return {
    async account(publicId) {
      const row = await look.connection.row(
        `${selectSubscriber} where s.public_id = $1 and s.erased_at is null`,
        [publicId],
      )
      if (row === undefined) return null
      const id = number(row, 'id')
      return {
        subscriber: readSubscriber(row),
        format: formatOf(await look.connection.row('select format from subscriber where id = $1', [id])),
        consents: await consentsOf(look.connection, id),
        change: changeWaiting(await changeOf(look, id)),
      }
    },

    setNewsletter: (publicId, newsletter, wanted, proof) =>
      change(publicId, async (desk, id, person) => {
        const { connection, people } = desk
        const state = await subscriptionState(desk, id, newsletter)
        if ((state === 'confirmed' || state === 'paused') === wanted) return
        if (!wanted) {
          if (await takeOff(desk, id, newsletter))
            await keepConsent(connection, id, newsletter, 'withdrawn', proof, desk.now())
          return
        }
        if ((await people.suppression(String(person['address_hash']))) !== null) return
        await people.subscribe(id, newsletter, 'confirmed', { at: desk.now(), source: proof.form })
        await people.touch(id)
        await keepConsent(connection, id, newsletter, 'given', proof, desk.now())
      }),

    async setFormat(publicId, format) {
      await look.connection.run(
        `update subscriber set format = $1, updated_at = $2
         where public_id = $3 and erased_at is null and format <> $1`,
        [format, look.now(), publicId],
      )
    },

    pause: (publicId, until) =>
      change(publicId, async (desk, id) => {
        const { connection } = desk
        const isOver = until === null || until <= desk.now()
        const changes = await (isOver
          ? connection.run(endPause, [id])
          : connection.run(pauseUntil, [id, until]))
        if (changes === 0) return
        await desk.people.touch(id)
        await queueMissed(desk, id)
      }),

    async revokeViews(publicId) {
      await look.connection.run(
        'update subscriber set views_from = $1, updated_at = $1 where public_id = $2 and erased_at is null',
        [look.now(), publicId],
      )
    },

    async viewTier(publicId, outAt) {
      // As for a session: who has left everything reads what everybody reads.
      const person = await look.connection.row(
        `select s.tier from subscriber s
         where s.public_id = $1 and s.erased_at is null and s.views_from < $2 and exists (
           select 1 from subscription c where c.subscriber_id = s.id and c.state in ('confirmed', 'paused'))`,
        [publicId, outAt],
      )
      return person === undefined ? null : tierOf(person)
    },
  }
}
