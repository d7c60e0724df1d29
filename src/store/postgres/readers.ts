import type { ReaderStore } from '../../subscribers/readers.ts'
import type { ReaderOptions } from '../readers.ts'
import { personalDocument, personalKeys, personalParts } from '../readers/personal-data.ts'
import { TIDY_CHUNK, tidySteps } from '../readers/tidy-steps.ts'
import { DAY } from '../readers/time.ts'
import { addressHash } from '../../subscribers/address.ts'
import { number } from '../subscriber-rows.ts'
import { addressesOf, erasePostgres } from './erase.ts'
import type { Postgres } from './pool.ts'
import { openAccounts } from './readers/accounts.ts'
import { openAddressChange } from './readers/address-change.ts'
import { openDesks } from './readers/desk.ts'
import { openEntering } from './readers/entering.ts'
import { openLeaving } from './readers/leaving.ts'
import { openLetters } from './readers/letters.ts'
import { countOne } from './readers/limits.ts'
import { openSessions } from './readers/sessions.ts'

/** The readers, in PostgreSQL. */
export function openPostgresReaders(database: Postgres, options: ReaderOptions): ReaderStore {
  const { tokens, sessionDays, clearOutside } = options
  const desks = openDesks(database, tokens, sessionDays * DAY)
  const { look } = desks
  return {
    ...openLetters(desks),
    ...openEntering(desks),
    ...openSessions(desks),
    ...openAccounts(desks),
    ...openAddressChange(desks),
    ...openLeaving(desks),

    async personalData(publicId) {
      const person = await database.row(personBy, [publicId])
      if (person === undefined) return null
      const keys = personalKeys(tokens, person)
      const parts = parted.map(
        async ({ name, sql, asks }) =>
          [
            name,
            await database.rows(
              sql,
              asks.map((key) => keys[key] ?? null),
            ),
          ] as const,
      )
      return personalDocument(await Promise.all(parts), database.clock.now())
    },

    async erasePerson(publicId) {
      const person = await database.row(personBy, [publicId])
      if (person === undefined) return
      const who = { id: number(person, 'id') }
      await clearOutside?.(await addressesOf(database, tokens, who))
      const isTheirs = await addressesOf(database, tokens, who)
      await erasePostgres(database, tokens, who)
      await clearOutside?.(isTheirs)
    },

    allow: (kind, subject, limit) => countOne(look, kind, addressHash(tokens, subject), limit),

    async tidy() {
      const now = database.clock.now()
      let more = false
      // Each on its own: a minute's work of one process holds up none of another's.
      for (const { sql, after } of steps)
        if ((await database.run(sql, [now - after])) === TIDY_CHUNK) more = true
      return more
    },
  }
}

const personBy = 'select * from subscriber where public_id = $1 and erased_at is null'

/** The name of a recipient domain may name somebody; after an hour its pace makes no difference. */
const paceStep = { table: 'pace', change: 'delete from pace', over: 'at <= :at', after: 3_600_000 }

/**
 * What another process is at work on is left for the next minute. The rows that were locked are where they were: found
 * by their place, however large the table.
 */
const steps = [...tidySteps, paceStep].map(({ change, table, over, after }) => ({
  sql: `${change} where ctid = any (array(
    select ctid from ${table} where ${over.replaceAll(':at', '$1')} limit ${TIDY_CHUNK} for update skip locked))`,
  after,
}))

/** The same questions as on SQLite, their names as numbers. */
const parted = Object.entries(personalParts).map(([name, { sql }]) => {
  const asks = [...new Set(sql.match(/(?<=:)[a-z]+/g))]
  return { name, asks, sql: sql.replace(/:([a-z]+)/g, (_, key: string) => `$${asks.indexOf(key) + 1}`) }
})
