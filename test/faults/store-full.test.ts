import { spawnSync } from 'node:child_process'
import { existsSync, mkdtempSync, readdirSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, onTestFinished, test } from 'vitest'
import { faultPublication, ISSUE, type FaultPublication } from './command-line.ts'
import { openFaultBed } from './fault-bed.ts'
import type { SinkProcess } from './start-sink.ts'

/*
 * A disk that is full, in earnest: the kernel refuses the write. `ulimit -f` does so everywhere (EFBIG);
 * where this machine lets us mount a small disk, that too (ENOSPC).
 */

const send = ['send', ISSUE, '--yes']
const PEOPLE = 600

/** No message has been handed over whose row does not say so on the disk. */
async function nothingBehindTheRows(publication: FaultPublication, sink: SinkProcess): Promise<void> {
  const rows = await publication.onRecord()
  // Null: no content came, or not all of it.
  for (const { messageId } of await sink.log())
    if (messageId !== null) expect(rows.has(messageId), messageId).toBe(true)
}

/** Everybody has it once, or is listed. */
async function everybodyOnce(
  publication: FaultPublication,
  sink: SinkProcess,
  people: number,
): Promise<void> {
  const copies = await sink.copies()
  expect([...copies.values()].filter((count) => count > 1)).toEqual([])
  const unknowns = await publication.look(async ({ deliveries }) => {
    const round = await deliveries.round(ISSUE, 'real')
    return deliveries.unknowns(round?.id ?? 0)
  })
  expect(new Set([...copies.keys(), ...unknowns.map(({ messageId }) => messageId ?? '')]).size).toBe(people)
}

const total = (tally: object): number =>
  Object.values(tally).reduce((sum: number, each: number) => sum + each, 0)

test('a disk that fills in mid-send: nothing goes out without its row, it stops with the reason, and goes on', async () => {
  const { sink, random } = await openFaultBed()
  const publication = await faultPublication({ port: sink.port, people: PEOPLE })
  let stops = 0
  for (let attempt = 0; attempt < 4; attempt++) {
    const size = statSync(publication.store).size
    const limit = attempt === 0 ? size + 400_000 : size + Math.floor(random() * 300_000)
    const { code, err, out } = await publication.run(send, limit)
    if (code === 0) break
    stops++
    expect(code).toBe(1)
    expect(out + err).toMatch(/met an error of the disk|the disk is full/)
    expect(out + err).toMatch(/make room|look at the disk|mend it/)
    expect(out + err).not.toContain('fault of its own')
    await nothingBehindTheRows(publication, sink)
    if (total(await publication.tally()) > 0) expect(total(await publication.tally())).toBe(PEOPLE)
  }
  expect(stops).toBeGreaterThan(0)
  // Room again.
  const last = await publication.run(send)
  expect(last, last.err).toMatchObject({ code: 0 })
  await everybodyOnce(publication, sink, PEOPLE)
}, 120_000)

test('a disk that fills while the audience is frozen keeps whole chunks, and the next send goes on', async () => {
  const { sink } = await openFaultBed()
  const publication = await faultPublication({ port: sink.port, people: 6_000 })
  // Enough of the log for a chunk, and not for all of them.
  const { code, err } = await publication.run(send, Math.floor(statSync(publication.store).size / 2))
  expect(code).toBe(1)
  expect(err).toMatch(/met an error of the disk|the disk is full/)
  expect(await sink.count()).toBe(0)
  expect(total(await publication.tally()) % 2_500).toBe(0)
  const last = await publication.run(send)
  expect(last, last.err).toMatchObject({ code: 0 })
  expect(total(await publication.tally())).toBe(6_000)
  await everybodyOnce(publication, sink, 6_000)
}, 120_000)

test('a backup or a restore that finds no room leaves everything as it was', async () => {
  const { sink } = await openFaultBed()
  const publication = await faultPublication({ port: sink.port, people: 2_000 })
  const file = join(publication.dir, 'backup.db')
  const size = statSync(publication.store).size
  for (const limit of [size / 4, size / 2]) {
    const { code, err } = await publication.run(['backup', file], limit)
    expect(code, err).toBe(1)
    expect(err).toMatch(/The copy .*(disk|full)|too large for its disk/)
    expect(readdirSync(publication.dir).filter((name) => name.startsWith('backup'))).toEqual([])
  }
  expect(await publication.run(['backup', file])).toMatchObject({ code: 0 })
  for (const limit of [size / 4, size / 2]) {
    const { code, err } = await publication.run(['restore', file, '--yes'], limit)
    expect(code, err).toBe(1)
    expect(err).toMatch(/disk/)
    expect(readdirSync(publication.dataDir).filter((name) => /part|before-restore/.test(name))).toEqual([])
    expect(await publication.look(({ deliveries }) => deliveries.restored())).toBeNull()
  }
  expect(await publication.run(['restore', file, '--yes'])).toMatchObject({ code: 0 })
}, 120_000)

/** A disk of its own, or null where this user may not mount one. */
function smallDisk(bytes: number): string | null {
  const folder = mkdtempSync(join(tmpdir(), 'onrecord-disk-'))
  const { status } = spawnSync('mount', ['-t', 'tmpfs', '-o', `size=${bytes}`, 'tmpfs', folder])
  onTestFinished(() => {
    if (status === 0) spawnSync('umount', [folder])
    rmSync(folder, { recursive: true, force: true })
  })
  return status === 0 ? folder : null
}

test('the same on a small disk of its own, or with less room for each file, until somebody makes room', async () => {
  const { sink } = await openFaultBed()
  // Room in the end for the log of every commit of a whole send, each by itself.
  const disk = smallDisk(40_000_000)
  const publication = await faultPublication({
    port: sink.port,
    people: PEOPLE,
    ...(disk === null ? {} : { dataDir: disk }),
  })
  const ballast = join(publication.dataDir, 'ballast')
  const fill = (left: number): void => {
    if (disk === null) return
    const { stdout } = spawnSync('df', ['--output=avail', '-B1', disk], { encoding: 'utf8' })
    const room = Number(stdout.split('\n')[1])
    writeFileSync(ballast, Buffer.alloc(Math.max(0, room - left)))
  }
  fill(700_000)
  const first = await publication.run(
    send,
    disk === null ? statSync(publication.store).size + 300_000 : undefined,
  )
  expect(first.code, first.out).toBe(1)
  expect(first.out + first.err).toMatch(/the disk is full|met an error of the disk/)
  rmSync(ballast, { force: true })
  await nothingBehindTheRows(publication, sink)
  const last = await publication.run(send)
  expect(last, last.err).toMatchObject({ code: 0 })
  await everybodyOnce(publication, sink, PEOPLE)
  expect(existsSync(ballast)).toBe(false)
}, 120_000)
