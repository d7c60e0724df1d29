import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, onTestFinished, test } from 'vitest'
import { migratePostgres } from '../../src/store/postgres/migrate.ts'
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
  const running = on.start(...args)
  expect([await running.ended, running.stderr]).toEqual([0, expect.anything()])
  return running.stdout
}

test('people are imported, mailed and looked at, with nothing but another DATABASE_URL', async () => {
  const on = await operation({ DATABASE_URL: await bed.emptyUrl() })
  const people = Array.from({ length: 20 }, (_, index) => `reader${index}@reader.test,subscriber`)
  writeFileSync(join(on.dir, 'people.csv'), `email,tier\n${people.join('\n')}\n`)
  await said(on, 'subscribers', 'import', join(on.dir, 'people.csv'), '--newsletter', 'weekly')
  expect(JSON.parse(await said(on, 'subscribers', 'list', '--json'))).toHaveLength(20)
  expect(await said(on, 'migrate')).toContain('The store is up to date.')

  await said(on, 'send', issue, '--yes')
  expect([...on.sink.copies.values()]).toEqual(Array.from({ length: 20 }, () => 1))
  expect(JSON.parse(await said(on, 'status', issue, '--json'))).toMatchObject([
    { state: 'done', accepted: 20 },
  ])
  expect(JSON.parse(await said(on, 'subscribers', 'show', 'reader1@reader.test', '--json'))).toMatchObject({
    received: [{ issue, state: 'accepted' }],
  })
  await said(on, 'subscribers', 'erase', 'reader1@reader.test', '--yes')

  const doctor = on.start('doctor', '--offline', '--json')
  await doctor.ended
  const store = (JSON.parse(doctor.stdout) as { section: string; name: string; state: string }[]).filter(
    ({ section }) => section === 'store' || section === 'clock',
  )
  expect(store.map(({ name, state }) => `${name} ${state}`)).toEqual([
    ...['server ok', 'version ok', 'schema ok', 'connections ok', 'pooler ok', 'restored ok', 'time ok'],
  ])
  await said(on, 'restore', '--dumped-at', '2026-01-31T03:00Z')
  const held = on.start('send', issue, '--yes')
  expect(await held.ended).toBe(1)
  expect(held.stderr).toContain('--after-restore')
  for (const command of [
    ['backup', 'latest.db'],
    ['restore', 'latest.db'],
  ]) {
    const refused = on.start(...command)
    expect(await refused.ended).toBe(1)
    expect(refused.stderr).toMatch(/pg_(dump|restore)/)
  }
})

test('a rehearsal goes to the outbox', async () => {
  const on = await operation({ DATABASE_URL: await bed.emptyUrl(), SMTP_URL: '' })
  await addPeople(on.app.subscribers, 12)
  expect(await said(on, 'send', issue)).toMatch(/rehearsal/i)
  const round = await on.app.deliveries.round(issue, 'rehearsal')
  expect(await on.app.deliveries.tally(round?.id ?? 0)).toMatchObject({ accepted: 12 })
})

test('what cannot be reached or does not exist is said without the password', async () => {
  const on = await operation({})
  const { port } = new URL(await bed.emptyUrl())
  const at = async (url: string, ...args: string[]): Promise<string> => {
    const running = on.start('migrate', '--to', url, ...args)
    expect(await running.ended).not.toBe(0)
    expect(running.stderr).not.toContain('hunter2')
    return running.stderr
  }
  expect(await at(`postgres://onrecord:hunter2@127.0.0.1:${port}/nothere`)).toContain('does not exist')
  expect(await at(`postgres://onrecord:hunter2@127.0.0.1:${port}/`)).toContain('--to must be postgres://')
  expect(await at(`postgres://onrecord:hunter2@127.0.0.1:${port}/x?sslmode=prefer`)).toContain('--to must be')
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
  writeFileSync(join(on.dir, '.env'), `DATABASE_URL=${url}\n`)
  expect(JSON.parse(await said(on, 'status', issue, '--json'))).toMatchObject([
    { state: 'done', accepted: 60 },
  ])
  await said(on, 'subscribers', 'add', 'late@reader.test', '--newsletter', 'weekly')
  await said(on, 'send', issue, '--yes')
  expect(on.sink.recipients).toHaveLength(61)
  expect(on.sink.recipients).toContain('late@reader.test')
})
