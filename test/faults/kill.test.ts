import { spawn, type ChildProcess } from 'node:child_process'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { afterEach, beforeEach, expect, test } from 'vitest'
import type { SendReport } from '../../src/delivery/send-issue.ts'
import { openDesk } from '../delivery/desk.ts'
import { addPeople } from '../delivery/people.ts'
import { startSink, type Sink } from '../delivery/sink.ts'

const CONNECTIONS = 3
/** More of both by hand: `FAULT_PEOPLE=100000 FAULT_KILLS=20 npx vitest run test/faults`. */
const PEOPLE = Number(process.env['FAULT_PEOPLE'] ?? 2_000)
const KILLS = Number(process.env['FAULT_KILLS'] ?? 6)

let folder: string
let sink: Sink
beforeEach(async () => {
  folder = mkdtempSync(join(tmpdir(), 'onrecord-kill-'))
  sink = await startSink()
})
afterEach(async () => {
  await sink.close()
  rmSync(folder, { recursive: true, force: true })
})

function startSender(): { child: ChildProcess; end: Promise<SendReport | null> } {
  const script = join(import.meta.dirname, 'sender-process.ts')
  const child = spawn(process.execPath, [script, folder, String(sink.port), String(CONNECTIONS)], {
    stdio: ['ignore', 'pipe', 'inherit'],
  })
  let printed = ''
  child.stdout?.on('data', (chunk: Buffer) => (printed += chunk.toString()))
  const end = new Promise<SendReport | null>((resolve) =>
    child.on('close', () => resolve(printed === '' ? null : (JSON.parse(printed) as SendReport))),
  )
  return { child, end }
}

async function until(count: number, child: ChildProcess): Promise<void> {
  while (sink.recipients.length < count && child.exitCode === null) await sleep(2)
}

test(
  'killed again and again, a send loses nobody, mails nobody twice, and lists whom it cannot know of',
  { timeout: 60_000 + PEOPLE * 10 },
  async () => {
    let desk = openDesk(folder)
    await addPeople(desk.subscribers, PEOPLE)
    desk.close()
    for (let kill = 0; kill < KILLS; kill++) {
      const { child, end } = startSender()
      // The first dies while freezing or shortly after; the others in the middle of sending.
      const target =
        kill === 0 ? 0 : sink.recipients.length + Math.floor((PEOPLE / (KILLS + 2)) * Math.random()) + 1
      if (kill === 0) await sleep(400 + 400 * Math.random())
      else await until(target, child)
      child.kill('SIGKILL')
      await end
      desk = openDesk(folder)
      const round = await desk.deliveries.round('2025-w46', 'real')
      if (round !== null && round.total !== null) {
        const tally = await desk.deliveries.tally(round.id)
        expect(Object.values(tally).reduce((sum, count) => sum + count, 0)).toBe(PEOPLE)
        expect(tally.on_wire).toBeLessThanOrEqual(CONNECTIONS)
      }
      desk.close()
    }
    const report = await startSender().end
    expect(report?.status).toMatchObject({ state: 'done', total: PEOPLE, queued: 0, claimed: 0, onWire: 0 })

    desk = openDesk(folder)
    const round = await desk.deliveries.round('2025-w46', 'real')
    const unknowns = await desk.deliveries.unknowns(round?.id ?? 0)
    desk.close()
    const twice = [...sink.copies.values()].filter((count) => count > 1)
    const reached = new Set([...sink.copies.keys(), ...unknowns.map((each) => each.messageId)])
    expect(twice).toEqual([])
    expect(reached.size).toBe(PEOPLE)
    expect(unknowns.length).toBe(report?.status.unknown)
    expect(unknowns.length).toBeLessThanOrEqual(CONNECTIONS * KILLS)
    expect((report?.status.accepted ?? 0) + unknowns.length).toBe(PEOPLE)
    expect(unknowns.every((each) => each.address?.endsWith('@reader.test'))).toBe(true)
    process.stdout.write(
      `${PEOPLE} people, ${KILLS} kills: lost 0, duplicates 0, unknown ${unknowns.length} (of them taken by the server: ${
        unknowns.filter((each) => sink.copies.has(each.messageId ?? '')).length
      })\n`,
    )
  },
)

test(
  'a SIGINT lets every connection finish its message, and nothing is unknown',
  { timeout: 60_000 },
  async () => {
    const desk = openDesk(folder)
    await addPeople(desk.subscribers, 500)
    const first = startSender()
    await until(100, first.child)
    first.child.kill('SIGINT')
    const stopped = await first.end
    expect(stopped).toMatchObject({
      interrupted: true,
      status: { state: 'paused', reason: 'interrupted', unknown: 0 },
    })
    expect(stopped?.status.accepted).toBe(sink.recipients.length)
    expect((await startSender().end)?.status).toMatchObject({ state: 'done', accepted: 500, unknown: 0 })
    expect(sink.copies.size).toBe(500)
    desk.close()
  },
)
