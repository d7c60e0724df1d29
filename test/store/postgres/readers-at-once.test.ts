import fc from 'fast-check'
import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest'
import { createTokens } from '../../../src/core/token.ts'
import { openPool, type Postgres } from '../../../src/store/postgres/pool.ts'
import { openPostgresReaders } from '../../../src/store/postgres/readers.ts'
import { openPostgresSubscribers } from '../../../src/store/postgres/subscribers.ts'
import type { DueLetter, ReaderStore } from '../../../src/subscribers/readers.ts'
import type { SubscriberStore } from '../../../src/subscribers/store.ts'
import { startPostgres, type PostgresBed } from '../../contract/postgres-bed.ts'
import { day, proof } from '../../contract/readers/bed.ts'
import { address } from '../../contract/subscribers.ts'
import { secret } from '../open-people.ts'

/* What only PostgreSQL has: transactions of several processes that really run at the same moment. */

const tokens = createTokens(secret)
const ada = address('ada@example.org')
const clock = { time: 0, now: () => clock.time }
let bed: PostgresBed
let pools: readonly [Postgres, Postgres]
let processes: readonly { readonly readers: ReaderStore; readonly subscribers: SubscriberStore }[]

beforeAll(async () => {
  bed = await startPostgres()
  const first = await bed.open(clock)
  pools = [first, openPool(first.url, { clock })]
  processes = pools.map((pool) => ({
    readers: openPostgresReaders(pool, { tokens, sessionDays: 90 }),
    subscribers: openPostgresSubscribers(pool, tokens),
  }))
})
beforeEach(empty)
afterAll(async () => {
  for (const pool of pools) await pool.close()
  await bed.stop()
})

async function empty(): Promise<void> {
  clock.time = Date.UTC(2026, 0, 2)
  const tables = [
    ...['consent', 'letter', 'one_time_token', 'address_change', 'former_address', 'session', 'attempt'],
    ...['subscription', 'suppression', 'subscriber'],
  ]
  await pools[0].script(tables.map((table) => `delete from ${table}`).join(';'))
}

/** Of either process, in turn. */
function inTurn(index: number): (typeof processes)[number] {
  const found = processes[index % processes.length]
  if (found === undefined) throw new Error('no process')
  return found
}

async function mail({ readers }: (typeof processes)[number]): Promise<readonly DueLetter[]> {
  const taken: DueLetter[] = []
  for (let letter = await readers.nextLetter(); letter !== null; letter = await readers.nextLetter()) {
    taken.push(letter)
    await readers.settleLetter(letter.id, 'sent')
  }
  return taken
}

const acts = [
  'sign-up',
  'mail',
  'confirm',
  'leave',
  'undo',
  'join',
  'drop',
  'pause',
  'tidy',
  'erase',
] as const
type Act = (typeof acts)[number]

test('whatever two processes do with one address at the same moment, it is one person, one letter, and the last word', async () => {
  const moment = fc.array(fc.constantFrom<Act>(...acts, 'confirm', 'confirm', 'leave', 'mail'), {
    minLength: 2,
    maxLength: 8,
  })
  await fc.assert(
    fc.asyncProperty(fc.array(moment, { minLength: 1, maxLength: 5 }), async (moments) => {
      await empty()
      const letters: DueLetter[] = []
      const answers: { readonly act: Act; readonly token?: string; readonly answer: string }[] = []
      await inTurn(0).readers.ask({ kind: 'sign-up', address: ada, newsletter: 'weekly', proof })
      letters.push(...(await mail(inTurn(0))))
      for (const moment of [...moments, ['confirm', 'leave'] as const]) {
        clock.time += 1_000
        const person = await pools[0].row('select public_id from subscriber where erased_at is null')
        const publicId = String(person?.['public_id'])
        const token = letters.findLast((each) => each.kind === 'confirm')?.token ?? 'none'
        const run = async (act: Act, index: number): Promise<void> => {
          const one = inTurn(index)
          const { readers, subscribers } = one
          switch (act) {
            case 'sign-up':
              return readers.ask({ kind: 'sign-up', address: ada, newsletter: 'weekly', proof })
            case 'mail':
              return void letters.push(...(await mail(one)))
            case 'confirm':
              return void answers.push({ act, token, answer: (await readers.confirm(token)).state })
            case 'leave':
              return void answers.push({ act, answer: await readers.leave(publicId, 'weekly', proof) })
            case 'undo':
              return void (await readers.undoLeave(publicId, 'weekly', proof))
            case 'join':
            case 'drop':
              return readers.setNewsletter(publicId, 'weekly', act === 'join', proof)
            case 'pause':
              return readers.pause(publicId, clock.time + 500)
            case 'tidy':
              return void (await readers.tidy())
            case 'erase':
              return void answers.push({ act, answer: await subscribers.erase(ada) })
          }
        }
        await Promise.all(moment.map(run))
        await lookRight()
      }
      // A letter that was sent is gone: its number never comes again.
      expect(new Set(letters.map(({ id }) => id)).size).toBe(letters.length)
      // One a day to who does not confirm; who does, or is erased, begins anew.
      const letIn = answers.filter(({ answer }) => answer === 'entered' || answer === 'confirmed')
      const erased = answers.filter(({ answer }) => answer === 'erased')
      const confirmations = letters.filter(({ kind }) => kind === 'confirm' || kind === 'already')
      expect(confirmations.length).toBeLessThanOrEqual(1 + letIn.length + erased.length)
      expect(new Set(letIn.map(({ token }) => token)).size).toBe(letIn.length)
    }),
    { numRuns: 30 },
  )
})

/** One person at most has the address; what they consented to, in its order, ends in what their subscription is. */
async function lookRight(): Promise<void> {
  const people = await pools[0].rows('select id, address_hash from subscriber where erased_at is null')
  expect(people.length).toBeLessThanOrEqual(1)
  const [person] = people
  if (person === undefined) return
  const erased = await pools[0].rows(`select 1 from suppression where reason = 'erased'`)
  expect(erased).toEqual([])
  const words = await pools[0].rows('select kind from consent where subscriber_id = $1 order by id', [
    Number(person['id']),
  ])
  const kinds = words.map(({ kind }) => String(kind))
  // Each word changed something: what is so already is not said again, and none was lost.
  for (const [index, kind] of kinds.entries()) expect(kind === 'withdrawn').toBe(index % 2 === 1)
  const row = await pools[0].row('select state from subscription where subscriber_id = $1', [
    Number(person['id']),
  ])
  expect(row?.['state'] === 'left').toBe(kinds.at(-1) === 'withdrawn')
}

test('who undoes their leaving, signs up anew and joins at the same moment has come back once', async () => {
  const letterOf = async (newsletter: string): Promise<string> => {
    await inTurn(0).readers.ask({ kind: 'sign-up', address: ada, newsletter, proof })
    const letter = (await mail(inTurn(0))).find((each) => each.kind === 'confirm')
    if (letter?.kind !== 'confirm') throw new Error('no letter')
    return letter.token
  }
  for (let run = 0; run < 8; run++) {
    await empty()
    const entered = await inTurn(0).readers.confirm(await letterOf('weekly'))
    if (entered.state !== 'entered') throw new Error(entered.state)
    const { publicId } = entered
    await inTurn(0).readers.leave(publicId, 'weekly', proof)
    const token = await letterOf('weekly')
    await Promise.all([
      inTurn(run).readers.undoLeave(publicId, 'weekly', proof),
      inTurn(run + 1).readers.confirm(token),
      inTurn(run).readers.setNewsletter(publicId, 'weekly', true, proof),
      inTurn(run + 1).readers.undoLeave(publicId, 'weekly', proof),
    ])
    await lookRight()
  }
})

test('of two who move to one address, while somebody signs up there, one gets it', async () => {
  for (let run = 0; run < 8; run++) {
    await empty()
    const wanted = address('new@example.org')
    const one = inTurn(0)
    const persons: string[] = []
    for (const who of ['ada@example.org', 'bob@example.org']) {
      await one.readers.ask({ kind: 'sign-up', address: address(who), newsletter: 'weekly', proof })
      const [letter] = await mail(one)
      const entered = letter?.kind === 'confirm' ? await one.readers.confirm(letter.token) : null
      if (entered?.state === 'entered') persons.push(entered.publicId)
      await mail(one)
    }
    const links: Extract<DueLetter, { kind: 'change-from' | 'change-to' }>[] = []
    for (const publicId of persons) {
      await one.readers.askChange(publicId, wanted)
      for (const letter of await mail(one))
        if (letter.kind === 'change-from' || letter.kind === 'change-to') links.push(letter)
    }
    await one.readers.ask({ kind: 'sign-up', address: wanted, newsletter: 'weekly', proof })
    const [sign] = await mail(one)
    if (sign?.kind !== 'confirm') throw new Error('no letter')
    const agreed = Promise.all(
      links.map((link, index) => inTurn(index).readers.agreeToChange(link.kind, link.token)),
    )
    const entered = await inTurn(run).readers.confirm(sign.token)
    const ends = (await agreed).filter((state) => state !== 'half')
    expect(ends).toHaveLength(2)
    const there = await pools[0].rows('select 1 from subscriber where address_key = $1', [wanted.key])
    expect(there).toHaveLength(1)
    const isNew = (await pools[0].rows('select 1 from subscriber')).length === 3
    expect(ends.filter((state) => state === 'changed')).toHaveLength(isNew ? 0 : 1)
    // Who moved there shut the other links to that address, or was let in by the sign-up's before or after.
    expect(['entered', 'confirmed', 'unknown']).toContain(entered.state)
  }
})

test('a limit holds to the one, however many processes count at the same moment', async () => {
  const limit = { most: 7, windowMs: day }
  const asked = Array.from({ length: 40 }, (_, index) =>
    inTurn(index).readers.allow('form', 'x@example.org', limit),
  )
  expect((await Promise.all(asked)).filter(Boolean)).toHaveLength(7)
})

test('leaving, pausing, their undo and a move wait for messages that are being begun', async () => {
  const { readers, subscribers } = inTurn(0)
  const person = { newsletter: 'weekly', name: null, tier: null, source: 'x', again: false } as const
  await subscribers.add({ ...person, address: ada })
  const { publicId = '' } = (await subscribers.find(ada)) ?? {}
  await readers.askChange(publicId, address('new@example.org'))
  const letters = await mail(inTurn(0))
  const link = letters.find(({ kind }) => kind === 'change-to')
  if (link?.kind !== 'change-to') throw new Error('no letter')
  const acts = [
    () => readers.pause(publicId, clock.time + day),
    () => readers.leave(publicId, 'weekly', proof),
    () => readers.undoLeave(publicId, 'weekly', proof),
    () => readers.setNewsletter(publicId, 'weekly', false, proof),
    () => readers.agreeToChange('change-to', link.token),
  ]
  let done = 0
  const waiting = await pools[1].transaction(async (sender) => {
    await sender.row('select pg_advisory_xact_lock_shared(7140, 2)')
    const all = acts.map(async (act) => {
      await act()
      done++
    })
    const held = `select count(*)::int as count from pg_locks where locktype = 'advisory' and not granted`
    while (Number((await pools[1].row(held))?.['count']) < acts.length) expect(done).toBe(0)
    return { all: Promise.all(all), done }
  })
  expect(waiting.done).toBe(0)
  await waiting.all
  expect(done).toBe(acts.length)
})

test('who is imported at the very moment of their erasure is not brought back', async () => {
  const one = inTurn(0)
  await one.readers.ask({ kind: 'sign-up', address: ada, newsletter: 'weekly', proof })
  const person = { newsletter: 'weekly', name: null, tier: 'subscriber', state: 'confirmed' } as const
  const rows = ['ada@example.org', 'carl@example.org'].map((text, line) => ({
    ...{ ...person, line, address: address(text), consentAt: null, consentSource: 'a file' },
  }))
  const importing = inTurn(1).subscribers.startImport({ dryRun: false })
  // Between reading what is known of the two and writing them, it waits for somebody else's carl.
  const others = await pools[0].session()
  await others.script(`begin; insert into subscriber
    (public_id, address, address_key, address_hash, tier, created_at, updated_at)
    values ('p', 'carl@example.org', 'carl@example.org', 'h', 'subscriber', 0, 0)`)
  const written = importing.write(rows)
  const waits = 'select count(*)::int as count from pg_locks where not granted'
  while ((await others.row(waits))?.['count'] !== 1) continue
  const erased = one.subscribers.erase(ada)
  const first = await Promise.race([erased, until(async () => (await others.row(waits))?.['count'] === 2)])
  expect(first).toBeUndefined()
  await others.script('rollback')
  await written
  await importing.close()
  others.close()
  expect(await erased).toBe('erased')
  const left = await pools[0].rows('select address from subscriber where address is not null')
  expect(left).toEqual([{ address: 'carl@example.org' }])
})

async function until(holds: () => Promise<boolean>): Promise<void> {
  while (!(await holds())) continue
}

test('a limit may be any number', async () => {
  const { readers } = inTurn(0)
  for (const most of [2.5, 2 ** 40, Number.POSITIVE_INFINITY])
    expect(await readers.allow('form', String(most), { most, windowMs: day })).toBe(true)
  expect(await readers.allow('form', 'none', { most: 0, windowMs: day })).toBe(false)
})
