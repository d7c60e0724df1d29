import { addressHash, type Address } from '../../../subscribers/address.ts'
import { tokenLife, type Accounts } from '../../../subscribers/readers.ts'
import { number, type Row } from '../../subscriber-rows.ts'
import { lockAddress } from '../people.ts'
import { lockPerson, lockPersonAt, lockPersonOf, type Desk, type Desks } from './desk.ts'
import { forgetChange } from './forget-change.ts'
import { writeLetter } from './letters.ts'
import { findOneTime, useOneTime } from './one-time.ts'
import { endSessions } from './sessions.ts'

/** As src/store/readers/address-change.ts, which says what becomes of a wish. */
export function openAddressChange(
  desks: Desks,
): Pick<Accounts, 'askChange' | 'dropChange' | 'agreeToChange'> {
  return {
    askChange: (publicId, to) =>
      desks.change(async (desk) => {
        const person = await lockPerson(desk, publicId)
        if (person === undefined || person['address_key'] === to.key) return 'same-address'
        const id = number(person, 'id')
        const waiting = await changeOf(desk, id)
        // Pressed again, it is the same wish: a yes and the links that were mailed hold, and who has not
        // answered gets another letter.
        const change = waiting?.['address_key'] === to.key ? waiting : await wish(desk, id, to)
        const letter = { person: id, newsletter: '', detail: {} }
        if (change['from_confirmed_at'] === null)
          await writeLetter(desk, { ...letter, ...placeOf(person), kind: 'change-from' })
        if (change['to_confirmed_at'] === null)
          await writeLetter(desk, { ...letter, ...placeOf(change), kind: 'change-to' })
        return 'asked'
      }),

    dropChange: (publicId) =>
      desks.change(async (desk) => {
        const person = await lockPerson(desk, publicId)
        if (person !== undefined) await forgetChange(desk, number(person, 'id'))
      }),

    agreeToChange: (purpose, token) =>
      desks.stop(async (desk) => {
        const seen = await findOneTime(desk, purpose, token)
        if (seen.state !== 'good') return seen.state
        const wanted = seen.person === null ? undefined : await changeOf(desk, seen.person)
        if (seen.person === null || wanted === undefined) return 'expired'
        // Nobody else becomes a person there meanwhile.
        await lockAddress(desk.connection, String(wanted['address_hash']))
        const person = await lockPersonOf(desk, seen.person)
        const found = await findOneTime(desk, purpose, token)
        if (found.state !== 'good') return found.state
        const change = await changeOf(desk, seen.person)
        if (person === undefined || change === undefined) return 'expired'
        // Another wish by now, whose address is not locked.
        if (change['address_hash'] !== wanted['address_hash']) return 'expired'
        await useOneTime(desk, found.hash)
        const [column, other] =
          purpose === 'change-from'
            ? (['from_confirmed_at', 'to_confirmed_at'] as const)
            : (['to_confirmed_at', 'from_confirmed_at'] as const)
        await desk.connection.run(`update address_change set ${column} = $1 where subscriber_id = $2`, [
          ...[desk.now(), seen.person],
        ])
        return change[other] === null ? 'half' : carryOut(desk, person, change)
      }),
  }
}

async function wish(desk: Desk, id: number, to: Address): Promise<Row> {
  await forgetChange(desk, id)
  const now = desk.now()
  const row = await desk.connection.row(
    `insert into address_change (subscriber_id, address, address_key, address_hash, asked_at, expires_at)
     values ($1, $2, $3, $4, $5, $6) returning *`,
    [id, to.address, to.key, addressHash(desk.tokens, to.key), now, now + tokenLife['change-to']],
  )
  if (row === undefined) throw new Error('a row that was written is not there')
  return row
}

async function carryOut(desk: Desk, person: Row, change: Row): Promise<'changed' | 'taken'> {
  const { connection } = desk
  const id = number(person, 'id')
  const { address, addressHash: hash } = placeOf(change)
  await forgetChange(desk, id)
  if ((await lockPersonAt(desk, hash)) !== undefined) return 'taken'
  // It is their own word that they want mail there, should it have been erased.
  await connection.run(`delete from suppression where address_hash = $1 and reason = 'erased'`, [hash])
  await connection.run(
    'update subscriber set address = $1, address_key = $2, address_hash = $3, updated_at = $4 where id = $5',
    [address, String(change['address_key']), hash, desk.now(), id],
  )
  // What waits in a send goes to the new address, as on SQLite; what is on the wire stays as it is.
  await connection.run(
    `update delivery set address = $1 where subscriber_id = $2 and state in ('queued', 'deferred')`,
    [address, id],
  )
  await leaveAddress(desk, id, placeOf(person).addressHash)
  await endSessions(desk, id)
  await writeLetter(desk, { ...placeOf(person), kind: 'changed', person: id, newsletter: '', detail: {} })
  return 'changed'
}

/** The former address is nobody's now: what is still kept by it goes with the person, should they be erased. */
async function leaveAddress({ connection, now }: Desk, person: number, hash: string): Promise<void> {
  await connection.run(
    `insert into former_address (address_hash, subscriber_id, changed_at) values ($1, $2, $3)
     on conflict (address_hash, subscriber_id) do update set changed_at = excluded.changed_at`,
    [hash, person, now()],
  )
  await connection.run(
    'update one_time_token set subscriber_id = $1 where address_hash = $2 and subscriber_id is null',
    [person, hash],
  )
  await connection.run('delete from letter where address_hash = $1 and subscriber_id is null', [hash])
}

/** A wish to change that still holds. */
export function changeOf({ connection, now }: Desk, person: number): Promise<Row | undefined> {
  return connection.row('select * from address_change where subscriber_id = $1 and expires_at > $2', [
    ...[person, now()],
  ])
}

function placeOf(row: Row): { readonly address: string; readonly addressHash: string } {
  return { address: String(row['address']), addressHash: String(row['address_hash']) }
}
