import { afterEach, beforeEach, expect, test } from 'vitest'
import { createTokens } from '../../src/core/token.ts'
import { openReaders } from '../../src/store/readers.ts'
import { openDatabase, type Database } from '../../src/store/sqlite.ts'
import { openSubscriberStore } from '../../src/store/subscribers.ts'
import type { ReaderStore } from '../../src/subscribers/readers.ts'
import type { SubscriberStore } from '../../src/subscribers/store.ts'
import { address } from '../contract/subscribers.ts'
import { importText } from '../subscribers/import-text.ts'
import { secret } from './open-people.ts'

const now = Date.UTC(2026, 10, 22)
const ada = address('ada@x.test')
const clock = { time: now, now: () => clock.time }
let database: Database
let store: SubscriberStore
let readers: ReaderStore
beforeEach(() => {
  clock.time = now
  database = openDatabase(':memory:', clock)
  const tokens = createTokens(secret)
  store = openSubscriberStore(database, tokens)
  readers = openReaders(database, { tokens, sessionDays: 90 })
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

const own = { askedAt: now, words: 'I want it.', network: null }

/** A reader who confirmed a sign-up at `at`, and reads another newsletter since an hour later. */
async function joined(at: number): Promise<string> {
  clock.time = at
  await readers.ask({
    kind: 'sign-up',
    address: ada,
    newsletter: 'weekly',
    proof: { ...own, form: 'sign-up' },
  })
  const letter = await readers.nextLetter()
  if (letter?.kind !== 'confirm') throw new Error('no confirmation')
  const entered = await readers.confirm(letter.token)
  if (entered.state !== 'entered') throw new Error(entered.state)
  clock.time += 3_600_000
  await readers.setNewsletter(entered.publicId, 'daily', true, { ...own, form: 'preferences' })
  clock.time = now
  return entered.publicId
}
const statesOf = async (): Promise<string[]> =>
  (await store.find(ada))?.subscriptions.map((each) => `${each.newsletter} ${each.state}`) ?? []
const optOut = (leftAt: string, newsletter = 'weekly', status = 'unsubscribed'): string =>
  `email,newsletter,status,left_at\nada@x.test,${newsletter},${status},${leftAt}\n`
const both = ['daily confirmed', 'weekly confirmed']

test.each([
  ['left long before', optOut('2020-01-01'), both],
  ['left a minute before', optOut('2026-05-05T09:59:00Z'), both],
  ['left at that moment', optOut('2026-05-05T10:00:00Z'), ['daily confirmed', 'weekly left']],
  ['left on that day, at what time nobody says', optOut('2026-05-05'), ['daily confirmed', 'weekly left']],
  ['left later', optOut('2026-05-05T10:30:00Z'), ['daily confirmed', 'weekly left']],
  ['left without a date', optOut(''), ['daily confirmed', 'weekly left']],
  ['left with a date that has not come', optOut('2027-01-01'), ['daily confirmed', 'weekly left']],
  ['left the other one before it was joined by preferences', optOut('2026-05-05T10:30:00Z', 'daily'), both],
])('a file’s opt-out against a consent given here: %s', async (_, text, states) => {
  const publicId = await joined(Date.UTC(2026, 4, 5, 10))
  const options = { map: new Map([['left-at', 'left_at']] as const) }
  const trial = await importText(store, text, { ...options, dryRun: true })
  const result = await importText(store, text, options)
  expect(result.refusals).toEqual(states === both ? { here: 1 } : {})
  expect(trial.refusals).toEqual(result.refusals)
  expect(await statesOf()).toEqual(states)
  if (states !== both) return
  expect(result.refused[0]?.reason).toBe(
    'The address subscribed here itself on 2026-05-05, after that opt-out, and stays so.',
  )
  // Who has left here since is not brought back by it.
  await readers.leave(publicId, 'weekly', { ...own, form: 'leave' })
  await readers.leave(publicId, 'daily', { ...own, form: 'leave' })
  await importText(store, text, options)
  expect(await statesOf()).toEqual(['daily left', 'weekly left'])
})

test('an address that bounced there before it was confirmed here is not suppressed; one that bounced since is', async () => {
  await joined(Date.UTC(2026, 4, 5, 10))
  const options = { map: new Map([['left-at', 'left_at']] as const) }
  // Joining another newsletter an hour later was their word, too.
  await importText(store, optOut('2026-05-05T10:30:00Z', 'weekly', 'cleaned'), options)
  expect(await store.suppressionOf(ada)).toBeNull()
  await importText(store, optOut('2026-05-06T10:30:00Z', 'weekly', 'cleaned'), options)
  expect(await store.suppressionOf(ada)).toMatchObject({ reason: 'import' })
})

test.each(['operator', 'import'])(
  'a consent that stands in the name of the %s outranks no opt-out',
  async (who) => {
    if (who === 'import') await importText(store, 'email\nada@x.test\n')
    else
      await store.add({
        ...{ address: ada, name: null, tier: null, newsletter: 'weekly', source: 'operator', again: false },
      })
    const options = { map: new Map([['left-at', 'left_at']] as const) }
    await importText(store, optOut('2020-01-01'), options)
    expect(await statesOf()).toEqual(['weekly left'])
  },
)

test('what an operator enters is written down as a consent and its end, once', async () => {
  const ops = { address: ada, name: null, tier: null, source: 'operator', again: false }
  for (const newsletter of ['weekly', 'daily', 'weekly']) await store.add({ ...ops, newsletter })
  await store.unsubscribe(ada, 'daily')
  for (let time = 0; time < 2; time++) await store.unsubscribe(ada, null)
  await store.add({ ...ops, newsletter: 'weekly' })
  await store.add({ ...ops, newsletter: 'weekly', again: true })
  const at = '2026-11-22T00:00'
  expect(proofs()).toEqual([
    `weekly | given | ${at} | ${at} | operator | They have consented.`,
    `daily | given | ${at} | ${at} | operator | They have consented.`,
    `daily | withdrawn | ${at} | ${at} | operator | They want it no more.`,
    `weekly | withdrawn | ${at} | ${at} | operator | They want it no more.`,
    `weekly | given | ${at} | ${at} | operator | They have asked to come back.`,
  ])
})

test('erasing takes the proofs along', async () => {
  await importText(store, file)
  await store.erase(address('ada@x.test'))
  expect(proofs()).toEqual([])
})
