import {
  copyFileSync,
  existsSync,
  readdirSync,
  readFileSync,
  rmSync,
  truncateSync,
  writeFileSync,
} from 'node:fs'
import { join } from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import { expect, test } from 'vitest'
import { sendIssue, type SendIssueOptions } from '../../src/delivery/send-issue.ts'
import { OnrecordError } from '../../src/core/errors.ts'
import { prepareRestore } from '../../src/store/prepare-restore.ts'
import { migrations } from '../../src/store/migrations/index.ts'
import { readyIssue, transportTo, type TestDesk } from '../delivery/desk.ts'
import { startSink } from '../delivery/sink.ts'
import { storeOfStep } from './former-store.ts'
import { emptyData, publicationData } from './publication-data.ts'

/** Tampers with copies of one backup, and says what making each ready says. */
async function tampering() {
  const data = await publicationData()
  const file = join(data.folder, 'backup.db')
  await data.backup(file)
  const copy = join(data.folder, 'tampered.db')
  return {
    data,
    copy,
    prepare(...sql: readonly string[]): unknown {
      copyFileSync(file, copy)
      const database = new DatabaseSync(copy)
      for (const each of sql) database.exec(each)
      database.close()
      const part = join(data.folder, 'part.db')
      rmSync(part, { force: true })
      try {
        const dataDir = join(data.folder, 'restored')
        return prepareRestore(
          { kind: 'prepare', backup: copy, dataDir, part, suffix: '.part', now: 1 },
          () => {},
        )
      } catch (error) {
        return error
      }
    },
  }
}

function peopleIn(store: string): number {
  const database = new DatabaseSync(store)
  try {
    return Number(database.prepare('select count(*) as n from subscriber').get()?.['n'])
  } finally {
    database.close()
  }
}

test('a path that climbs out, or that no backup has, is refused and nothing is written', async () => {
  const places = [
    '../climbed',
    '/tmp/climbed',
    'images/../../climbed',
    'images/a/../../../climbed',
    'images//climbed',
    'images\\..\\climbed',
    'images/.hidden',
    'images/a/b/c/d',
    'images/',
    'secret.key/climbed',
    'onrecord.db',
    'sender.lock',
    '.env',
    'images/a\u0000b',
    'images/a\nb',
  ]
  const { data, copy, prepare } = await tampering()
  expect(prepare()).toMatchObject({ people: 5 })
  for (const path of places) {
    const literal = `cast(x'${Buffer.from(path).toString('hex')}' as text)`
    const error = prepare(
      `insert into backup_file (path, sha256, bytes) values (${literal}, '${'0'.repeat(64)}', x'00')`,
    )
    expect(String(error), path).toContain('is no name that a backup has')
    expect(existsSync(join(data.folder, 'climbed')), path).toBe(false)
  }
  // Nor does the command leave anything of it.
  await expect(data.restore(copy)).rejects.toThrow('is no name that a backup has')
  expect(readdirSync(data.dataDir).filter((name) => /part|before/.test(name))).toEqual([])
  expect(peopleIn(data.store)).toBe(5)
})

test('what is not the schema of ours, or does not add up, is refused and the store stays', async () => {
  const cases: readonly (readonly [RegExp, ...string[]])[] = [
    [
      /trigger evil is foreign/,
      `create trigger evil after insert on delivery begin delete from suppression; end`,
    ],
    [/trigger backup is foreign/, `create trigger backup after insert on delivery begin select 1; end`],
    [/view evil is foreign/, 'create view evil as select 1'],
    [/table evil is foreign/, 'create table evil (a)'],
    [/table mark is missing/, 'drop table mark'],
    [/trigger erase_deliveries is missing/, 'drop trigger erase_deliveries'],
    [/table suppression is another/, 'alter table suppression add column more text'],
    [/is not what it was/, `update backup_file set bytes = x'00' where path = 'secret.key'`],
    [
      /refers to one that is not there/,
      'pragma foreign_keys = off',
      `insert into subscription (subscriber_id, newsletter, state) values (999, 'w', 'left')`,
    ],
    [
      /was sealed with 7 deliveries and has 0/,
      `insert into round (issue, newsletter, kind, number, state, total, transport, settings, editions, started_at)
       values ('w1', 'weekly', 'real', 1, 'sending', 7, '', '{}', '{}', 0)`,
    ],
    [/no backup of Onrecord: it has no table of ours/, 'drop table migration'],
    [
      /written by a newer Onrecord: its schema is at step 99/,
      `insert into migration (number, name, applied_at) values (99, 'later', 0)`,
    ],
  ]
  const { prepare } = await tampering()
  for (const [message, ...sql] of cases) {
    const error = prepare(...sql)
    expect(error, String(message)).toBeInstanceOf(OnrecordError)
    expect(String(error)).toMatch(message)
  }
})

test('a file that was cut off, flipped, or is none, is refused in one sentence that names it', async () => {
  const data = await publicationData(500)
  const file = join(data.folder, 'backup.db')
  await data.backup(file)
  const whole = readFileSync(file)
  const refused = async (change: (copy: string) => void): Promise<void> => {
    const copy = join(data.folder, 'damaged.db')
    copyFileSync(file, copy)
    change(copy)
    await expect(data.restore(copy)).rejects.toThrow(/damaged\.db is (damaged|no backup)/)
    const desk = data.desk()
    expect((await desk.deliveries.audience('weekly')).subscriber).toBeGreaterThan(0)
    desk.close()
  }
  for (const share of [0, 0.1, 0.5, 0.9])
    await refused((copy) => truncateSync(copy, Math.floor(whole.length * share)))
  await refused((copy) => writeFileSync(copy, 'no database'))
  await refused((copy) => {
    const bytes = Buffer.from(whole)
    bytes.fill(0xa5, 40_960, 49_152)
    writeFileSync(copy, bytes)
  })
  await refused((copy) => writeFileSync(copy, Buffer.alloc(whole.length)))
  await expect(data.restore(join(data.folder, 'none.db'))).rejects.toThrow('There is no file')
  await expect(data.restore(data.folder)).rejects.toThrow('it is a folder')
  await expect(data.restore(data.store)).rejects.toThrow('is the store itself')
})

test('the file of a store in use is no backup', async () => {
  const data = await publicationData()
  const other = await publicationData()
  const desk = other.desk()
  const { addPeople } = await import('../delivery/people.ts')
  await addPeople(desk.subscribers, 3, 'more')
  await expect(data.restore(other.store)).rejects.toThrow('is no backup but a store that is in use')
  desk.close()
})

test('a backup of every former step of the schema is brought up to date', async () => {
  for (const { number } of migrations) {
    const data = emptyData()
    const old = join(data.folder, 'old.db')
    storeOfStep(old, number, 1)
    expect(await data.restore(old)).toMatchObject({ step: number, people: 1, backupAt: 1234 })
    const now = new DatabaseSync(data.store)
    expect(now.prepare('select max(number) as n from migration').get()).toEqual({ n: migrations.length })
    now.close()
  }
})

test('a restore brings back no session, no link that was mailed, no wish to move and no letter', async () => {
  const { data, prepare } = await tampering()
  expect(
    prepare(
      `insert into session (id, hash, subscriber_id, created_at, rotated_at, seen_at, expires_at)
       values (1, 'h', 1, 0, 0, 0, ${Number.MAX_SAFE_INTEGER})`,
      `insert into one_time_token (hash, purpose, address, address_hash, created_at, expires_at)
       values ('h', 'log-in', 'a@reader.test', 'h', 0, ${Number.MAX_SAFE_INTEGER})`,
      `insert into address_change (subscriber_id, address, address_key, address_hash, asked_at, expires_at)
       values (1, 'a@reader.test', 'a@reader.test', 'h', 0, ${Number.MAX_SAFE_INTEGER})`,
      `insert into letter (kind, address, address_hash, asked_at, due_at) values ('log-in', 'a@reader.test', 'h', 0, 0)`,
    ),
  ).toMatchObject({ people: 5 })
  const store = new DatabaseSync(join(data.folder, 'part.db'))
  for (const table of ['session', 'one_time_token', 'address_change', 'letter'])
    expect([table, store.prepare(`select * from ${table}`).all()]).toEqual([table, []])
  store.close()
})

async function send(desk: TestDesk, port: number, change: Partial<SendIssueOptions> = {}) {
  const transport = transportTo(port)
  try {
    return await sendIssue(desk, '2025-w46', { transport, ready: async () => readyIssue(), ...change })
  } finally {
    await transport.close()
  }
}

test('after a restore nothing real goes out before a person says so, issue by issue or for all', async () => {
  const sink = await startSink()
  try {
    const data = await publicationData()
    const file = join(data.folder, 'backup.db')
    await data.backup(file, { now: Date.UTC(2026, 0, 30, 9, 15) })
    let desk = data.desk()
    expect((await send(desk, sink.port)).status.accepted).toBe(5)
    desk.close()
    await data.restore(file)

    desk = data.desk()
    const refusal = send(desk, sink.port)
    await expect(refusal).rejects.toThrow('restored from a backup of 2026-01-30 09:15 UTC')
    await expect(refusal).rejects.toThrow('had not been sent then')
    await expect(refusal).rejects.toMatchObject({
      code: 'refused',
      hint: expect.stringContaining('--after-restore'),
    })
    expect(sink.recipients).toHaveLength(5)

    // A rehearsal mails nobody, and is not held.
    const rehearsal = { ...transportTo(sink.port), kind: 'outbox' as const }
    expect((await send(desk, sink.port, { transport: rehearsal })).kind).toBe('rehearsal')
    await rehearsal.close()

    await desk.deliveries.confirmRestored('another-issue')
    await expect(send(desk, sink.port)).rejects.toThrow('restored from a backup')
    await desk.deliveries.confirmRestored('2025-w46')
    expect(await desk.deliveries.restored()).toMatchObject({ confirmed: ['another-issue', '2025-w46'] })
    expect((await send(desk, sink.port)).status.accepted).toBe(5)
    await desk.deliveries.confirmRestored(null)
    expect(await desk.deliveries.restored()).toBeNull()
    desk.close()
  } finally {
    await sink.close()
  }
})

test('a round that is done in the backup mails nobody again, also once it is confirmed', async () => {
  const sink = await startSink()
  try {
    const data = await publicationData()
    const file = join(data.folder, 'backup.db')
    let desk = data.desk()
    await send(desk, sink.port)
    await data.backup(file)
    desk.close()
    await data.restore(file)
    desk = data.desk()
    await expect(send(desk, sink.port)).rejects.toThrow('had been sent to 5 then')
    await desk.deliveries.confirmRestored('2025-w46')
    await send(desk, sink.port)
    desk.close()
    expect(sink.recipients).toHaveLength(5)
  } finally {
    await sink.close()
  }
})
