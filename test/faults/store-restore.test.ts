import { existsSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import { setTimeout as sleep } from 'node:timers/promises'
import { expect, test } from 'vitest'
import { addPeople } from '../delivery/people.ts'
import { storeOfStep } from '../store/former-store.ts'
import { faultPublication, ISSUE, type FaultPublication } from './command-line.ts'
import { openFaultBed } from './fault-bed.ts'

const PEOPLE = 1_500
const send = ['send', ISSUE, '--yes']

/** What SQLite says of a file, and how many deliveries it holds. */
function inspect(file: string): { readonly integrity: unknown; readonly deliveries: number } {
  const database = new DatabaseSync(file, { readOnly: true })
  try {
    return {
      integrity: Object.values(database.prepare('pragma integrity_check').get() ?? {})[0],
      deliveries: Number(database.prepare('select count(*) as n from delivery').get()?.['n']),
    }
  } finally {
    database.close()
  }
}

test('backups made while it sends are whole; after a restore nothing is sent twice before somebody says so', async () => {
  // Slow enough for three backups on a busy machine.
  const { sink } = await openFaultBed({ thinking: 20 })
  const publication = await faultPublication({ port: sink.port, people: PEOPLE })
  const sender = publication.start(send)
  while ((await sink.count()) < 50) await sleep(5)
  const backups: string[] = []
  while (sender.child.exitCode === null && backups.length < 3) {
    const file = join(publication.dir, `backup-${backups.length}.db`)
    expect(await publication.run(['backup', file])).toMatchObject({ code: 0 })
    backups.push(file)
  }
  expect(backups).toHaveLength(3)
  for (const file of backups) expect(inspect(file)).toEqual({ integrity: 'ok', deliveries: PEOPLE })

  const [first = ''] = backups
  // Stopped, it has the right to send all the same.
  sender.child.kill('SIGSTOP')
  const underWay = await publication.run(['restore', first, '--yes'])
  sender.child.kill('SIGCONT')
  expect(underWay).toMatchObject({ code: 1 })
  expect(underWay.err).toMatch(/A send is going on|is open in another process/)
  expect(await sender.end).toMatchObject({ code: 0 })
  expect((await sink.copies()).size).toBe(PEOPLE)

  const restored = await publication.run(['restore', first, '--yes'])
  expect(restored).toMatchObject({ code: 0 })
  expect(restored.out).toContain(`${ISSUE} was in flight then`)
  const tally = await publication.tally()
  expect(Object.values(tally).reduce((sum, count) => sum + count, 0)).toBe(PEOPLE)
  expect(tally).toMatchObject({ claimed: 0, on_wire: 0 })
  expect(tally.unknown).toBeGreaterThan(0)

  // Neither a send nor anything else mails anybody now.
  const held = await publication.run(send)
  expect(held.code).toBe(1)
  expect(held.err).toContain('The store was restored from a backup of')
  expect(held.err).toContain(`${tally.queued.toLocaleString('en')} waiting`)
  expect(held.err).toContain('--after-restore')
  expect((await sink.log()).length).toBe(PEOPLE)

  // And then those alone who were waiting in the backup.
  const asked = await publication.run(['send', ISSUE, '--after-restore'])
  expect(asked.code).toBe(1)
  expect(asked.err).toContain('answer “y” on a terminal, or give --yes')
  const confirmed = await publication.run([...send, '--after-restore'])
  expect(confirmed, confirmed.err).toMatchObject({ code: 0 })
  const copies = [...(await sink.copies()).values()]
  expect(copies.filter((count) => count === 2)).toHaveLength(tally.queued)
  expect(copies.filter((count) => count > 2)).toEqual([])
  expect(await publication.tally()).toMatchObject({ unknown: tally.unknown, queued: 0 })
}, 120_000)

/** Milliseconds that a process takes here and now for a command: moments to kill it at are parts of that. */
async function duration(publication: FaultPublication, args: readonly string[]): Promise<number> {
  const started = performance.now()
  const { code, err } = await publication.start(args).end
  expect(code, err).toBe(0)
  return performance.now() - started
}

/** Starts a command and kills it after a while; true when it had ended by then. */
async function killed(
  publication: FaultPublication,
  args: readonly string[],
  after: number,
): Promise<boolean> {
  const { child, end } = publication.start(args)
  await sleep(after)
  child.kill('SIGKILL')
  return (await end).code === 0
}

test('killed at any moment, a backup is whole or not there, and a restore leaves one store or the other', async () => {
  const { sink, random } = await openFaultBed()
  const publication = await faultPublication({ port: sink.port, people: PEOPLE })
  const good = join(publication.dir, 'good.db')
  const toBackUp = await duration(publication, ['backup', good])
  const toRestore = await duration(publication, ['restore', good, '--yes'])
  const { out } = await publication.run(['--json', 'subscribers', 'list'])
  expect(out).not.toBe('')
  const people = () => publication.look(async ({ deliveries }) => deliveries.audience('weekly'))
  const before = await people()
  let restored = 0
  for (let round = 0; round < 12; round++) {
    const file = join(publication.dir, `killed-${round}.db`)
    // From before anything is opened to after it has its name.
    await killed(publication, ['backup', file], toBackUp * (0.1 + random()))
    // What its child still writes has no name of a backup.
    if (existsSync(file)) expect(inspect(file).integrity).toBe('ok')
    if (await killed(publication, ['restore', good, '--yes'], toRestore * (0.1 + random()))) restored++
    expect(await people()).toEqual(before)
    expect(inspect(publication.store).integrity).toBe('ok')
  }
  expect(restored).toBeLessThan(12)
  expect(await publication.run(['restore', good, '--yes'])).toMatchObject({ code: 0 })
  expect(await publication.look(({ deliveries }) => deliveries.restored())).not.toBeNull()
  for (const name of readdirSync(publication.dataDir).filter((each) =>
    /^onrecord\.db\.before-restore-\d.*Z$/.test(each),
  ))
    expect(inspect(join(publication.dataDir, name)).integrity).toBe('ok')
}, 120_000)

test('killed before each of its renames, a restore leaves one store or the other, and the next one ends it', async () => {
  const { sink } = await openFaultBed()
  const publication = await faultPublication({ port: sink.port, people: 20 })
  const links = join(publication.dataDir, 'links.json')
  writeFileSync(links, '{"then": true}')
  const backup = join(publication.dir, 'backup.db')
  expect(await publication.run(['backup', backup])).toMatchObject({ code: 0 })
  const audience = () =>
    publication.look(async ({ deliveries }) => (await deliveries.audience('weekly')).subscriber)
  const then = await audience()
  await publication.look((app) => addPeople(app.subscribers, 30, 'later'))
  const now = await audience()
  let diesAt = 0
  for (; ; diesAt++) {
    writeFileSync(links, '{"now": true}')
    const { code } = await publication.run(['restore', backup, '--yes'], undefined, diesAt)
    expect([then, now]).toContain(await audience())
    if (code === 0) break
    expect(code).toBeNull()
  }
  // links.json kept and exchanged, the store kept (with its log, where one was left) and exchanged.
  expect(diesAt).toBeGreaterThanOrEqual(4)
  expect(await audience()).toBe(then)
  expect(readFileSync(links, 'utf8')).toBe('{"then": true}')
}, 60_000)

test('killed at any moment, migrating leaves whole steps and every row', async () => {
  const { sink, random } = await openFaultBed()
  const publication = await faultPublication({ port: sink.port, people: 1 })
  rmSync(publication.store)
  const former = (): void => {
    storeOfStep(publication.store, 2, 20_000)
  }
  former()
  const took = await duration(publication, ['migrate'])
  rmSync(publication.store)
  former()
  let whole = 0
  for (let round = 0; round < 10; round++) {
    if (await killed(publication, ['migrate'], took * (0.1 + random()))) whole++
    const database = new DatabaseSync(publication.store)
    const step = Number(database.prepare('select max(number) as n from migration').get()?.['n'])
    const columns = database.prepare(
      "select count(*) as n from pragma_table_info('delivery') where name = 'key_id'",
    )
    expect(columns.get()).toEqual({ n: step >= 3 ? 1 : 0 })
    expect(database.prepare('select count(*) as n from subscriber').get()).toEqual({ n: 20_000 })
    expect(database.prepare('pragma integrity_check').get()).toEqual({ integrity_check: 'ok' })
    database.close()
    if (step < 3) continue
    rmSync(publication.store)
    former()
  }
  expect(whole).toBeLessThan(10)
  const last = await publication.run(['migrate'])
  expect(last, last.err).toMatchObject({ code: 0 })
  expect(existsSync(`${publication.store}.before-step-3`)).toBe(true)
}, 120_000)
