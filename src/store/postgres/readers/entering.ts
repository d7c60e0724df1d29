import { parseAddress } from '../../../subscribers/address.ts'
import { tokenLife, type Entered, type Proof, type Sessions } from '../../../subscribers/readers.ts'
import { changeSeen } from '../../readers/change-row.ts'
import { SIGN_UP_LETTER } from '../../readers/letter-rules.ts'
import { newsletterOf, nextOf, type OneTime } from '../../readers/one-time-row.ts'
import { number, type Row } from '../../subscriber-rows.ts'
import { lockAddress } from '../people.ts'
import { changeOf } from './address-change.ts'
import { keepConsent } from './consents.ts'
import { lockPersonAt, subscriptionState, type Desk, type Desks } from './desk.ts'
import { writeLetter } from './letters.ts'
import { forgetCount } from './limits.ts'
import { findOneTime, useOneTime } from './one-time.ts'
import { beginSession } from './sessions.ts'

/** The links that let somebody in. */
export function openEntering({ look, change }: Desks): Pick<Sessions, 'peek' | 'confirm' | 'logIn'> {
  return {
    async peek(purpose, token) {
      const found = await findOneTime(look, purpose, token)
      if (found.state !== 'good') return { state: found.state }
      const isChange = purpose === 'change-from' || purpose === 'change-to'
      const seen = isChange && found.person !== null ? await seenOf(look, found.person) : null
      if (isChange && seen === null) return { state: 'expired' }
      return { state: 'good', newsletter: newsletterOf(found), next: nextOf(found), change: seen }
    },

    confirm: (token) =>
      change(async (desk) => {
        const seen = await findOneTime(desk, 'confirm', token)
        if (seen.state !== 'good') return { state: seen.state }
        // Nobody else becomes a person at this address, or is erased from it, meanwhile.
        await lockAddress(desk.connection, seen.addressHash)
        const known = await lockPersonAt(desk, seen.addressHash)
        const found = await findOneTime(desk, 'confirm', token)
        if (found.state !== 'good') return { state: found.state }
        const person = await confirmed(desk, found, known)
        if (person === null) return { state: 'unknown' }
        // Into an account that was there before, it lets for as long as a log-in link does, and not for a week.
        const isLate = desk.now() >= found.madeAt + tokenLife['log-in']
        return known !== undefined && isLate
          ? { state: 'confirmed', newsletter: newsletterOf(found) }
          : enter(desk, person, found)
      }),

    logIn: (token) =>
      change(async (desk): Promise<Entered> => {
        const seen = await findOneTime(desk, 'log-in', token)
        if (seen.state !== 'good') return { state: seen.state }
        const person = await lockPersonAt(desk, seen.addressHash)
        const found = await findOneTime(desk, 'log-in', token)
        if (found.state !== 'good') return { state: found.state }
        // Whoever has the address now need not be who had it when the link was mailed.
        if (person === undefined || person['id'] !== found.person) return { state: 'unknown' }
        await useOneTime(desk, found.hash)
        return enter(desk, number(person, 'id'), found)
      }),
  }
}

/** Both addresses of a wish that still holds, or null. */
async function seenOf(desk: Desk, person: number): Promise<ReturnType<typeof changeSeen> | null> {
  const row = await changeOf(desk, person)
  const before = await desk.connection.row('select address from subscriber where id = $1', [person])
  if (row === undefined || before === undefined) return null
  return changeSeen(String(before['address']), String(row['address']))
}

async function enter(
  desk: Desk,
  person: number,
  found: OneTime,
): Promise<Extract<Entered, { state: 'entered' }>> {
  const row = await desk.connection.row('select public_id from subscriber where id = $1', [person])
  return {
    state: 'entered',
    session: await beginSession(desk, person),
    publicId: String(row?.['public_id']),
    newsletter: newsletterOf(found),
    next: nextOf(found),
  }
}

/** Makes the sign-up true: the person, the consent, the welcome letter. Null: the address is suppressed by now. */
async function confirmed(desk: Desk, found: OneTime, known: Row | undefined): Promise<number | null> {
  const { connection, people } = desk
  const { address, addressHash, newsletter } = found
  const suppressed = (await people.suppression(addressHash))?.reason ?? null
  if (suppressed !== null && suppressed !== 'erased') return null
  if (suppressed === 'erased')
    await connection.run(`delete from suppression where address_hash = $1 and reason = 'erased'`, [
      addressHash,
    ])
  // The other links of the same sign-up are used with it.
  await connection.run(
    `update one_time_token set used_at = $1
     where address_hash = $2 and purpose = 'confirm' and newsletter = $3 and used_at is null`,
    [desk.now(), addressHash, newsletter],
  )
  const id = known === undefined ? await insert(desk, found) : number(known, 'id')
  // It has been shown that they want mail: the next newsletter need not wait for tomorrow.
  await forgetCount(desk, SIGN_UP_LETTER, addressHash)
  if ((await subscriptionState(desk, id, newsletter)) === 'confirmed') return id
  await people.subscribe(id, newsletter, 'confirmed', { at: desk.now(), source: 'sign-up' })
  await people.touch(id)
  // Written by `ask`.
  await keepConsent(connection, id, newsletter, 'given', found.detail as unknown as Proof, desk.now())
  await writeLetter(desk, { kind: 'welcome', person: id, address, addressHash, newsletter, detail: {} })
  return id
}

function insert({ people }: Desk, { address, addressHash }: OneTime): Promise<number> {
  const parsed = parseAddress(address)
  if (!parsed.ok) throw new Error('an address that was asked for is none')
  return people.insert(parsed.value, addressHash, null, 'subscriber')
}
