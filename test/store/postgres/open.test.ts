import { createServer, type AddressInfo } from 'node:net'
import { setTimeout as sleep } from 'node:timers/promises'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { createTokens } from '../../../src/core/token.ts'
import { lookAtPostgres } from '../../../src/store/postgres/look.ts'
import { holdRestored, settleHere } from '../../../src/store/postgres/migrate-store.ts'
import { openPostgresStores } from '../../../src/store/postgres/open.ts'
import { postgresAddress } from '../../../src/store/postgres/address.ts'
import { openPool } from '../../../src/store/postgres/pool.ts'
import { startPostgres, type PostgresBed } from '../../contract/postgres-bed.ts'
import { addPeople } from '../../delivery/people.ts'

let bed: PostgresBed
beforeAll(async () => {
  bed = await startPostgres()
})
afterAll(() => bed.stop())

const tokens = createTokens('x'.repeat(40))

test('a store is made where there is an empty database, and opened again as it was', async () => {
  const url = await bed.emptyUrl()
  const made = await openPostgresStores(url, tokens)
  await addPeople(made.subscribers, 3)
  await made.close()
  const again = await openPostgresStores(url, tokens)
  expect(await again.deliveries.audience('weekly')).toMatchObject({ subscriber: 2, member: 1 })
  expect(again.label).toMatch(/^postgres:\/\/127\.0\.0\.1:\d+\/test\d+$/)
  await again.close()
  await expect(openPostgresStores(url, createTokens('y'.repeat(40)))).rejects.toThrow(
    /SECRET_KEY is not the one/,
  )
})

/** A copy of a database, as pg_restore makes one: all that it holds, in a database of another number. */
async function copyOf(url: string, name: string, owner = 'onrecord'): Promise<string> {
  const there = new URL(url)
  const from = there.pathname.slice(1)
  there.pathname = '/postgres'
  const administrator = openPool(there.href, { connections: 1 })
  await administrator.script(`create database ${name} template ${from} owner ${owner}`)
  await administrator.close()
  there.pathname = `/${name}`
  return there.href
}

test('a store that a dump or a copy brought to another database sends nothing before somebody says which', async () => {
  const url = await bed.emptyUrl()
  const first = await openPostgresStores(url, tokens)
  expect(await first.deliveries.restored()).toBeNull()
  await first.close()
  const name = new URL(url).pathname.slice(1)
  const [dump, upgrade] = [await copyOf(url, `${name}_dump`), await copyOf(url, `${name}_upgrade`)]
  const restored = async (at: string) => {
    const stores = await openPostgresStores(at, tokens)
    try {
      return await stores.deliveries.restored()
    } finally {
      await stores.close()
    }
  }
  for (const copy of [dump, upgrade]) {
    await expect(restored(copy)).rejects.toMatchObject({
      code: 'refused',
      message: expect.stringContaining('is another database than the one'),
      hint: expect.stringMatching(/restore --dumped-at .*restore --moved/),
    })
    expect((await lookAtPostgres(copy)).isElsewhere).toBe(true)
  }
  await holdRestored(dump, 7)
  expect(await restored(dump)).toMatchObject({ backupAt: 7 })
  expect(await settleHere(upgrade)).toBe(true)
  expect(await restored(upgrade)).toBeNull()
  expect(await settleHere(upgrade)).toBe(false)
  // Where it was before, nothing has changed.
  expect(await restored(url)).toBeNull()
  const filled = openPool(url, { connections: 1 })
  await filled.script(
    `alter table mark rename to dumped; create table mark (like dumped including all);
     insert into mark select * from dumped; drop table dumped`,
  )
  await filled.close()
  await expect(restored(url)).rejects.toThrow('was filled from a copy since')
})

test('where our role may not read which database it is, nothing is said of that', async () => {
  const empty = await bed.emptyUrl()
  const role = `plain_${new URL(empty).pathname.slice(1)}`
  const administrator = openPool(await bed.emptyUrl(), { connections: 1 })
  await administrator.script(`create role ${role} login`)
  const url = new URL(await copyOf(empty, role, role))
  const made = openPool(url.href, { connections: 1 })
  await made.script(
    'revoke execute on function pg_control_system() from public; grant all on schema public to public',
  )
  await Promise.all([administrator.close(), made.close()])
  url.username = role
  await (await openPostgresStores(url.href, tokens)).close()
  // A standby is read alone.
  const owner = openPool(url.href, { connections: 1 })
  await owner.script(`alter database ${role} set default_transaction_read_only = on`)
  await owner.close()
  const stores = await openPostgresStores(url.href, tokens)
  expect(await stores.deliveries.restored()).toBeNull()
  await stores.close()
  expect((await lookAtPostgres(url.href)).isElsewhere).toBe(false)
})

test('one process at a time has the right to a round, and it is free again when released', async () => {
  const url = await bed.emptyUrl()
  const [one, two] = [await openPostgresStores(url, tokens), await openPostgresStores(url, tokens)]
  const first = await one.lockSender(7)
  expect(first).not.toBeNull()
  expect(await two.lockSender(7)).toBeNull()
  const other = await two.lockSender(8)
  expect(other).not.toBeNull()
  first?.release()
  // Its connection ends a moment later.
  let third = await two.lockSender(7)
  for (
    const until = Date.now() + 5_000;
    third === null && Date.now() < until;
    third = await two.lockSender(7)
  )
    await sleep(20)
  expect(third).not.toBeNull()
  for (const lock of [other, third]) lock?.release()
  await Promise.all([one.close(), two.close()])
})

test('whatever a database is set to, commits are durable and statements see what was committed before', async () => {
  const url = await bed.emptyUrl()
  const before = openPool(url)
  const name = new URL(url).pathname.slice(1)
  await before.script(`alter database ${name} set synchronous_commit = off`)
  await before.script(`alter database ${name} set default_transaction_isolation = 'serializable'`)
  await before.script(`alter database ${name} set standard_conforming_strings = off`)
  await before.close()
  const database = openPool(url)
  const settings = () =>
    database.row(`select current_setting('synchronous_commit') as durable, current_setting('lock_timeout') as lock,
      current_setting('standard_conforming_strings') as strings,
      current_setting('transaction_isolation') as isolation`)
  expect(await settings()).toEqual({ durable: 'on', lock: '10s', strings: 'on', isolation: 'read committed' })
  await database.close()
})

test('a connection that was a session’s a hundred times carries nothing of that', async () => {
  const database = openPool(await bed.emptyUrl(), { connections: 1 })
  const warnings: Error[] = []
  const warned = (warning: Error) => void warnings.push(warning)
  process.on('warning', warned)
  for (let time = 0; time < 100; time++) (await database.session()).close()
  await sleep(10)
  process.off('warning', warned)
  await database.close()
  expect(warnings).toEqual([])
})

test('what keeps a connection from being made is said in one sentence, with its next step', async () => {
  const url = `${await bed.emptyUrl()}?sslmode=require`
  const database = openPool(postgresAddress(url)?.url ?? '', { patience: 0 })
  await expect(database.row('select 1')).rejects.toMatchObject({
    code: 'io',
    message: expect.stringMatching(
      /^The store postgres:\S+ cannot be reached: The server does not support SSL/,
    ),
    hint: expect.stringContaining('the address'),
  })
  await database.close()
})

test('a server that asks for a password that nobody gave is told apart from one that is not there', async () => {
  // AuthenticationSASL and …Continue of PostgreSQL's protocol (55.7), with the one mechanism that there is.
  const asks = (code: number, text: string): Buffer => {
    const message = Buffer.concat([Buffer.from('R\0\0\0\0\0\0\0'), Buffer.from([code]), Buffer.from(text)])
    message.writeUInt32BE(message.length - 1, 1)
    return message
  }
  const server = createServer((socket) => {
    socket.once('data', () => {
      socket.write(asks(10, 'SCRAM-SHA-256\0\0'))
      socket.once('data', () => socket.write(asks(11, 'r=any,s=YW55,i=4096')))
    })
    socket.on('error', () => undefined)
  })
  await new Promise<void>((listens) => server.listen(0, '127.0.0.1', listens))
  const { port } = server.address() as AddressInfo
  const database = openPool(`postgres://ada@127.0.0.1:${port}/brief`, { patience: 0 })
  await expect(database.row('select 1')).rejects.toMatchObject({
    code: 'io',
    message: `The store postgres://127.0.0.1:${port}/brief asks for a password, and none was given.`,
    hint: expect.stringContaining('PGPASSWORD'),
  })
  await database.close()
  server.close()
})
