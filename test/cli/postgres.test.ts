import { writeFileSync } from 'node:fs'
import { appendFile } from 'node:fs/promises'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, onTestFinished, test } from 'vitest'
import { migratePostgres } from '../../src/store/postgres/migrate.ts'
import { createTokens } from '../../src/core/token.ts'
import { openPostgresStores } from '../../src/store/postgres/open.ts'
import { openPool } from '../../src/store/postgres/pool.ts'
import { startPostgres, type PostgresBed } from '../contract/postgres-bed.ts'
import { addPeople } from '../delivery/people.ts'
import { issue, startOperation, until, type Operation } from './operation.ts'

let bed: PostgresBed
beforeAll(async () => {
  bed = await startPostgres()
}, 60_000)
afterAll(() => bed.stop())

async function operation(change: Readonly<Record<string, string>>): Promise<Operation> {
  const opened = await startOperation({}, change)
  onTestFinished(() => opened.close())
  return opened
}

/** What a command says, once it has ended well. */
async function said(on: Operation, ...args: readonly string[]): Promise<string> {
  const { code, stdout, stderr } = await on.run(...args)
  expect([code, stderr]).toEqual([0, expect.anything()])
  return stdout
}

// What else the commands do with a store is tried on SQLite, and what the stores do by their contract on both.
test('an issue is sent, told of and held after a restore, with nothing but another DATABASE_URL', async () => {
  const on = await operation({ DATABASE_URL: await bed.emptyUrl() })
  await addPeople(on.app.subscribers, 20)
  await said(on, 'send', issue, '--yes')
  expect([...on.sink.copies.values()]).toEqual(Array.from({ length: 20 }, () => 1))
  const [status, doctor, marked] = [
    said(on, 'status', issue, '--json'),
    on.run('doctor', '--offline', '--json'),
    said(on, 'restore', '--dumped-at', '2026-01-31T03:00Z'),
  ]
  expect(JSON.parse(await status)).toMatchObject([{ state: 'done', accepted: 20 }])
  await marked
  const store = (
    JSON.parse((await doctor).stdout) as { section: string; name: string; state: string }[]
  ).filter(({ section, name }) => (section === 'store' && name !== 'restored') || section === 'clock')
  expect(store.map(({ name, state }) => `${name} ${state}`)).toEqual([
    ...['server ok', 'version ok', 'schema ok', 'connections ok', 'durability todo', 'pooler ok', 'time ok'],
  ])
  const [held, backup] = [await on.run('send', issue, '--yes'), await on.run('backup', 'latest.db')]
  expect([held.code, backup.code]).toEqual([1, 1])
  expect(held.stderr).toContain('--after-restore')
  expect(backup.stderr).toContain('pg_dump')
})

test('a copy of the database sends nothing before somebody says that it was only moved', async () => {
  const url = await bed.emptyUrl()
  const first = await openPostgresStores(url, createTokens('k'.repeat(32)))
  await addPeople(first.subscribers, 2)
  await first.close()
  const copy = new URL(url)
  const name = copy.pathname.slice(1)
  copy.pathname = '/postgres'
  const administrator = openPool(copy.href, { connections: 1 })
  await administrator.script(`create database ${name}_copy template ${name}`)
  await administrator.close()
  copy.pathname = `/${name}_copy`
  const there = await operation({ DATABASE_URL: copy.href })
  const [held, asked] = [await there.run('send', issue, '--yes'), await there.run('restore', '--moved')]
  expect([held.code, asked.code]).toEqual([1, 1])
  expect(held.stderr).toMatch(
    /is another database .*“onrecord restore --dumped-at .*“onrecord restore --moved”/s,
  )
  expect(await said(there, 'restore', '--moved', '--yes')).toContain(`_copy from now on`)
  await said(there, 'send', issue, '--yes')
  expect(there.sink.recipients).toHaveLength(2)
})

test('what cannot be reached or does not exist is said without the password', async () => {
  const on = await operation({})
  const { port } = new URL(await bed.emptyUrl())
  const at = async (url: string, ...args: string[]): Promise<string> => {
    const { code, stderr } = await on.run('migrate', '--to', url, ...args)
    expect(code).not.toBe(0)
    expect(stderr).not.toContain('hunter2')
    return stderr
  }
  expect(await at(`postgres://onrecord:hunter2@127.0.0.1:${port}/nothere`)).toContain('does not exist')
  expect(await at(`postgres://onrecord:hunter2@127.0.0.1:${port}/x?sslmode=prefer`)).toContain('--to must be')
})

test('a command whose database is away says so while it waits, and one Ctrl-C ends it', async () => {
  const on = await operation({})
  const url = 'postgres://onrecord:hunter2@127.0.0.1:1/onrecord'
  await appendFile(join(on.dir, '.env'), `DATABASE_URL=${url}\n`)
  const status = on.start('status')
  await until('it is told', () => status.stderr.includes('\n'))
  expect(status.stderr).toMatch(
    /^The database postgres:\/\/127\.0\.0\.1:1\/onrecord does not answer\. It is tried for \d+ s more; Ctrl-C is safe: /,
  )
  status.child.kill('SIGINT')
  expect([await status.ended, status.stderr]).toEqual([130, expect.not.stringContaining('hunter2')])
})

test('a publication moves over, a move that is killed leaves nothing, and a send goes on there', async () => {
  const on = await operation({})
  await addPeople(on.app.subscribers, 60)
  await said(on, 'send', issue, '--yes')
  await on.app.close()
  const url = await bed.emptyUrl()
  const target = openPool(url, { connections: 1 })
  onTestFinished(() => target.close())
  await migratePostgres(target)
  await target.script(`
    create function rest() returns trigger language plpgsql as $$ begin perform pg_sleep(2); return null; end $$;
    create trigger rest before insert on delivery for each statement execute function rest()`)
  const killed = on.start('migrate', '--to', url)
  await until('deliveries are being copied', () => killed.stderr.includes('copying round'))
  killed.child.kill('SIGKILL')
  await killed.ended
  await target.script('drop trigger rest on delivery')
  expect(await target.rows('select id from subscriber union all select round_id from delivery')).toEqual([])

  const moved = await said(on, 'migrate', '--to', url)
  expect(moved).toMatch(/delivery +60 +[0-9a-f]{12}/)
  expect(moved).toContain('DATABASE_URL=postgres://…@127.0.0.1:')
  const left = await on.run('send', issue, '--yes')
  expect(left.code).toBe(1)
  expect(left.stderr).toContain('“onrecord migrate --stay”')

  writeFileSync(join(on.dir, '.env'), `DATABASE_URL=${url}\n`)
  await said(on, 'subscribers', 'add', 'late@reader.test', '--newsletter', 'weekly')
  await said(on, 'send', issue, '--yes')
  expect(on.sink.recipients).toHaveLength(61)
  expect(on.sink.recipients).toContain('late@reader.test')
  writeFileSync(join(on.dir, '.env'), '')
  expect(await said(on, 'migrate', '--stay')).toContain('is the store again')
})
