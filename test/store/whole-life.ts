import { createTokens } from '../../src/core/token.ts'
import { openReaders, type ReaderOptions } from '../../src/store/readers.ts'
import type { Database } from '../../src/store/sqlite.ts'
import type { DueLetter, ReaderStore } from '../../src/subscribers/readers.ts'
import type { SubscriberStore } from '../../src/subscribers/store.ts'
import { proof } from '../contract/readers/bed.ts'
import { address } from '../contract/subscribers.ts'
import { openPeople, secret } from './open-people.ts'

/** A store in files, with one person of whom every table that may hold something of a person does. */
export interface WholeLife {
  readonly database: Database
  readonly subscribers: SubscriberStore
  readonly readers: ReaderStore
  readonly clock: { time: number }
  readonly publicId: string
  readonly cookie: string
  close(): Promise<void>
}

/** Whatever spelling of the person's addresses and name stands anywhere has one of these in it. */
export const marks = ['quetzal', 'xolotl', 'tlaloc', 'Citlali'] as const
export const own = address('Quetzal@example.org')
export const former = address('Xolotl@example.org')
const wanted = address('Tlaloc@example.org')

/** @param clearOutside what is told of the addresses of whom is erased */
export async function wholeLife(clearOutside?: ReaderOptions['clearOutside']): Promise<WholeLife> {
  const { database, subscribers, clock, close } = await openPeople()
  const readers = openReaders(database, {
    ...{ tokens: createTokens(secret), sessionDays: 90 },
    ...(clearOutside === undefined ? {} : { clearOutside }),
  })
  const write = async (sql: string) => database.exec(sql)
  const life = await live({ subscribers, readers, clock, write }, 60)
  return { database, subscribers, readers, clock, ...life, close }
}

/**
 * Leads that life in empty stores.
 * @param others so many strangers twice, so that it does not all stand on one page
 */
export async function live(
  stores: Pick<WholeLife, 'subscribers' | 'readers' | 'clock'> & { write(sql: string): Promise<unknown> },
  others: number,
): Promise<Pick<WholeLife, 'publicId' | 'cookie'>> {
  const { subscribers, readers, clock } = stores
  const mail = async (): Promise<readonly DueLetter[]> => {
    const letters: DueLetter[] = []
    for (let letter = await readers.nextLetter(); letter !== null; letter = await readers.nextLetter()) {
      letters.push(letter)
      await readers.settleLetter(letter.id, 'sent')
    }
    return letters
  }
  const tokenOf = (letters: readonly DueLetter[], kind: DueLetter['kind']): string => {
    const letter = letters.find((each) => each.kind === kind)
    if (letter === undefined || !('token' in letter)) throw new Error(`no ${kind}`)
    return letter.token
  }
  const enter = async (at: typeof own): Promise<{ publicId: string; session: string }> => {
    await readers.ask({ kind: 'sign-up', address: at, newsletter: 'weekly', proof })
    const entered = await readers.confirm(tokenOf(await mail(), 'confirm'))
    if (entered.state !== 'entered') throw new Error(entered.state)
    await mail()
    return entered
  }
  const strangers = async (from: number): Promise<void> => {
    for (let index = from; index < from + others; index++) await enter(address(`reader${index}@example.org`))
  }

  await strangers(0)
  const { publicId } = await enter(former)
  await subscribers.set({ publicId }, { name: 'Citlali' })
  await stores.write(
    `insert into round (id, issue, newsletter, kind, number, state, transport, settings, editions, started_at)
     values (1, '2026-w01', 'weekly', 'real', 1, 'done', 'smtp', '{}', '{}', 0)`,
  )
  await stores.write(
    `insert into delivery (round_id, subscriber_id, tier, address, name, state, message_id, reply, updated_at)
     values (1, (select id from subscriber where public_id = '${publicId}'), 'subscriber',
       'Xolotl@example.org', 'Citlali', 'accepted', '<1@x>', '250 for xolotl', 5)`,
  )
  await readers.askChange(publicId, own)
  const letters = await mail()
  await readers.agreeToChange('change-from', tokenOf(letters, 'change-from'))
  await readers.agreeToChange('change-to', tokenOf(letters, 'change-to'))
  clock.time += 3_600_000
  await strangers(others)
  await readers.setFormat(publicId, 'text')
  await readers.revokeViews(publicId)
  await readers.setNewsletter(publicId, 'daily', true, { ...proof, form: 'preferences', words: 'Daily' })
  await readers.leave(publicId, 'daily', { ...proof, form: 'leave', words: 'Leave Daily' })
  await readers.ask({ kind: 'log-in', address: own, next: null })
  const entered = await readers.logIn(tokenOf(await mail(), 'log-in'))
  if (entered.state !== 'entered') throw new Error(entered.state)
  await readers.askChange(publicId, wanted)
  // One of the two letters is on its way, the others wait.
  await readers.nextLetter()
  await readers.ask({ kind: 'log-in', address: own, next: '/preferences' })
  await readers.allow('change', publicId, { most: 3, windowMs: 3_600_000 })
  await subscribers.suppress(own, 'operator', 'Citlali rang us up')
  return { publicId, cookie: entered.session }
}

/** Every table there is, those of the search index too, with its columns. */
export function tablesOf(database: Database): ReadonlyMap<string, readonly string[]> {
  const names = database
    .prepare(`select name from sqlite_schema where type = 'table' order by name`)
    .all()
    .map((row) => String(row['name']))
  return new Map(
    names.map((name) => [
      name,
      database
        .prepare('select name from pragma_table_info(?)')
        .all(name)
        .map((row) => String(row['name'])),
    ]),
  )
}
