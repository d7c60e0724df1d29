import { setTimeout as sleep } from 'node:timers/promises'
import { expect, test } from 'vitest'
import { openFaultBed } from './fault-bed.ts'
import { fill, finish, resend, sendAndKill, standing, type KillRun } from './kill-run.ts'
import { moments } from './moments.ts'
import { startSender } from './start-sender.ts'

const CONNECTIONS = 5

test('killed at random moments, a send loses nobody, mails nobody twice, and lists whom it cannot know of', async () => {
  const [people, kills] = [2_000, 6]
  const run: KillRun = {
    ...(await openFaultBed({ thinking: 8 })),
    people,
    connections: CONNECTIONS,
    keyFile: null,
  }
  await fill(run)
  await sendAndKill(run, kills)
  await finish(run)
  const held = await standing(run)
  expect(held).toMatchObject({ people, lost: 0, duplicates: 0, accepted: people - held.unknown })
  expect(held.unknown).toBeGreaterThan(0)
  expect(held.unknown).toBeLessThanOrEqual(CONNECTIONS * kills)

  // Those whom the operator has sent to again: who had it has it twice, and nobody else.
  expect(await resend(run)).toBe(held.unknown)
  await finish(run)
  expect(await standing(run)).toEqual({
    ...{ people, accepted: people, unknown: 0, unknownTaken: 0, lost: 0 },
    duplicates: held.unknownTaken,
  })
}, 120_000)

test('killed at each step of a delivery, signing, over pipelined connections, it never sends twice', async () => {
  const people = 400
  const run: KillRun = { ...(await openFaultBed({ thinking: 12 })), people, connections: CONNECTIONS }
  await fill(run)
  for (const at of moments) {
    const freezes = at.endsWith('freezing a chunk')
    const after = freezes || at === 'after claiming' ? 0 : Math.floor(run.random() * 40)
    const sender = startSender({ ...run, port: run.sink.port, dies: { at, after } })
    expect(await sender.end, at).toBeNull()
  }
  await finish(run)
  const held = await standing(run)
  expect(held).toMatchObject({ people, lost: 0, duplicates: 0, accepted: people - held.unknown })
  // Before anything is on the wire nothing is unknown.
  expect(held.unknown).toBeLessThanOrEqual(CONNECTIONS * (moments.length - 3))
}, 120_000)

test('a SIGINT lets every connection finish its message, and nothing is unknown', async () => {
  const run: KillRun = { ...(await openFaultBed({ thinking: 8 })), people: 500, connections: CONNECTIONS }
  await fill(run)
  const { child, end } = startSender({ ...run, port: run.sink.port })
  while (child.exitCode === null && (await run.sink.count()) < 100) await sleep(5)
  child.kill('SIGINT')
  const stopped = await end
  expect(stopped).toMatchObject({
    interrupted: true,
    status: { state: 'paused', reason: 'interrupted', unknown: 0, accepted: await run.sink.count() },
  })
  await finish(run)
  expect(await standing(run)).toMatchObject({ accepted: 500, unknown: 0, lost: 0, duplicates: 0 })
}, 60_000)
