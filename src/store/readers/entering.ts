import { parseAddress } from '../../subscribers/address.ts'
import {
  tokenLife,
  type Confirmed,
  type Entered,
  type Peeked,
  type Proof,
  type Sessions,
} from '../../subscribers/readers.ts'
import { changeOf } from './address-change.ts'
import { changeSeen } from './change-row.ts'
import { keepConsent } from './consents.ts'
import { personAt, subscriptionState, type Desk } from './desk.ts'
import { SIGN_UP_LETTER } from './letter-rules.ts'
import { writeLetter } from './letters.ts'
import { forgetCount } from './limits.ts'
import { newsletterOf, nextOf, type Found, type OneTime } from './one-time-row.ts'
import { findOneTime, useOneTime } from './one-time.ts'
import { beginSession } from './sessions.ts'

/** The links that let somebody in. */
export function openEntering(desk: Desk): Pick<Sessions, 'peek' | 'confirm' | 'logIn'> {
  const { database } = desk
  return {
    async peek(purpose, token) {
      const found = findOneTime(desk, purpose, token)
      if (found.state !== 'good') return { state: found.state }
      return peeked(desk, found)
    },

    async confirm(token) {
      return database.transaction((): Confirmed => {
        const found = findOneTime(desk, 'confirm', token)
        if (found.state !== 'good') return { state: found.state }
        const wasSomebody = personAt(desk, found.addressHash) !== undefined
        const person = confirmed(desk, found)
        if (person === null) return { state: 'unknown' }
        // Into an account that was there before, it lets for as long as a log-in link does, and not for a week.
        const isLate = database.clock.now() >= found.madeAt + tokenLife['log-in']
        return wasSomebody && isLate
          ? { state: 'confirmed', newsletter: newsletterOf(found) }
          : enter(desk, person, found)
      })
    },

    async logIn(token) {
      return database.transaction((): Entered => {
        const found = findOneTime(desk, 'log-in', token)
        if (found.state !== 'good') return { state: found.state }
        const person = personAt(desk, found.addressHash)
        // Whoever has the address now need not be who had it when the link was mailed.
        if (person === undefined || person['id'] !== found.person) return { state: 'unknown' }
        useOneTime(desk, found.hash)
        return enter(desk, Number(person['id']), found)
      })
    },
  }
}

function peeked(desk: Desk, found: OneTime): Peeked {
  const isChange = found.purpose === 'change-from' || found.purpose === 'change-to'
  const change = isChange && found.person !== null ? seen(desk, found.person) : null
  if (isChange && change === null) return { state: 'expired' }
  return { state: 'good', newsletter: newsletterOf(found), next: nextOf(found), change }
}

function seen(desk: Desk, person: number): ReturnType<typeof changeSeen> | null {
  const row = changeOf(desk, person)
  const before = desk.database.prepare('select address from subscriber where id = ?').get(person)
  if (row === undefined || before === undefined) return null
  return changeSeen(String(before['address']), String(row['address']))
}

function enter(desk: Desk, person: number, found: OneTime): Extract<Entered, { state: 'entered' }> {
  const row = desk.database.prepare('select public_id from subscriber where id = ?').get(person)
  return {
    state: 'entered',
    session: beginSession(desk, person),
    publicId: String(row?.['public_id']),
    newsletter: newsletterOf(found),
    next: nextOf(found),
  }
}

/** Makes the sign-up true: the person, the consent, the welcome letter. Null: the address is suppressed by now. */
function confirmed(desk: Desk, found: Extract<Found, { state: 'good' }>): number | null {
  const { database, people } = desk
  const { addressHash, newsletter } = found
  const suppressed = people.suppression(addressHash)?.reason ?? null
  if (suppressed !== null && suppressed !== 'erased') return null
  if (suppressed === 'erased')
    database.prepare(`delete from suppression where address_hash = ? and reason = 'erased'`).run(addressHash)
  // The other links of the same sign-up are used with it.
  database
    .prepare(
      `update one_time_token set used_at = ?
       where address_hash = ? and purpose = 'confirm' and newsletter = ? and used_at is null`,
    )
    .run(database.clock.now(), addressHash, newsletter)
  const known = personAt(desk, addressHash)
  const id = known === undefined ? insert(desk, found) : Number(known['id'])
  // It has been shown that they want mail: the next newsletter need not wait for tomorrow.
  forgetCount(desk, SIGN_UP_LETTER, addressHash)
  if (subscriptionState(desk, id, newsletter) === 'confirmed') return id
  people.subscribe(id, newsletter, 'confirmed', { at: database.clock.now(), source: 'sign-up' })
  people.touch(id)
  // Written by `ask`.
  keepConsent(desk, id, newsletter, 'given', found.detail as unknown as Proof)
  writeLetter(desk, {
    kind: 'welcome',
    person: id,
    address: found.address,
    addressHash,
    newsletter,
    detail: {},
  })
  return id
}

function insert({ people }: Desk, { address, addressHash }: OneTime): number {
  const parsed = parseAddress(address)
  if (!parsed.ok) throw new Error('an address that was asked for is none')
  return people.insert(parsed.value, addressHash, null, 'subscriber')
}
