import { afterEach, beforeEach, expect, test } from 'vitest'
import { createTokens } from '../../src/core/token.ts'
import { openDatabase, type Database } from '../../src/store/sqlite.ts'
import { openSubscriberStore } from '../../src/store/subscribers.ts'
import type { SubscriberStore } from '../../src/subscribers/store.ts'
import { address } from '../contract/subscribers.ts'
import { importText } from '../subscribers/import-text.ts'
import { secret } from './open-people.ts'

const now = Date.UTC(2026, 10, 22)
let database: Database
let store: SubscriberStore
beforeEach(() => {
  database = openDatabase(':memory:', { now: () => now })
  store = openSubscriberStore(database, createTokens(secret))
})
afterEach(() => database.close())

const iso = (at: unknown): string => new Date(Number(at)).toISOString().slice(0, 16)
const proofs = (): string[] =>
  database
    .prepare('select * from consent order by id')
    .all()
    .map((row) =>
      [row['newsletter'], row['kind'], iso(row['asked_at']), iso(row['at']), row['form'], row['words']].join(
        ' | ',
      ),
    )

const file = `Email Address,MEMBER_RATING,OPTIN_TIME,CONFIRM_TIME,UNSUB_TIME
ada@x.test,2,2018-02-05 19:28:22,2018-02-06 08:00:00,2020-01-01 00:00:00
`
const subscribed = `Email Address,MEMBER_RATING,OPTIN_TIME,CONFIRM_TIME
bob@x.test,2,2018-02-05 19:28:22,2018-02-06 08:00:00
`

test('where a consent and its end came from is kept, with the dates of the file', async () => {
  await importText(store, subscribed, { fileName: 'subscribed_a.csv', source: 'import:subscribed_a.csv' })
  await importText(store, file, { fileName: 'unsubscribed_a.csv', source: 'import:unsubscribed_a.csv' })
  await importText(store, 'email\neve@x.test\n')
  const left = 'Mailchimp’s export of unsubscribed contacts (import:unsubscribed_a.csv)'
  expect(proofs()).toEqual([
    'weekly | given | 2018-02-05T19:28 | 2018-02-06T08:00 | import | Mailchimp’s export of subscribed contacts (import:subscribed_a.csv)',
    `weekly | given | 2018-02-05T19:28 | 2018-02-06T08:00 | import | ${left}`,
    `weekly | withdrawn | 2020-01-01T00:00 | 2020-01-01T00:00 | import | ${left}`,
    'weekly | given | 2026-11-22T00:00 | 2026-11-22T00:00 | import | a file (import:people.csv); the file has no date',
  ])
})

test('a file that is imported again, and one that changes nothing, leave no second proof', async () => {
  for (let time = 0; time < 3; time++) await importText(store, file)
  expect(proofs()).toHaveLength(2)
  await importText(store, 'email,name\nada@x.test,Ada\n')
  await importText(store, 'email\nbob@x.test\n', { dryRun: true })
  expect(proofs()).toHaveLength(2)
})

test('erasing takes the proofs along', async () => {
  await importText(store, file)
  await store.erase(address('ada@x.test'))
  expect(proofs()).toEqual([])
})
