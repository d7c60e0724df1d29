import { setTimeout as timer } from 'node:timers/promises'
import { expect, onTestFinished, test } from 'vitest'
import { systemClock } from '../../src/core/clock.ts'
import { sendIssue, type SendReport } from '../../src/delivery/send-issue.ts'
import { openDesk, readyIssue, transportTo } from '../delivery/desk.ts'
import { addPeople } from '../delivery/people.ts'
import { ISSUE, theRound, withApp } from './fault-app.ts'
import { openFaultBed } from './fault-bed.ts'
import { faultsAt } from './faults.ts'
import type { Handled } from './start-sink.ts'
import { inFile } from '../store/in-file.ts'

const PEOPLE = 500
/** The client waits for a reply so long; a late one comes after twice that. */
const PATIENCE = 1_000

test('a server that fails at every stage, for one message in six: each delivery ends as the server’s log says', async () => {
  const bed = await openFaultBed({ faultRate: 0.008, lateAfter: 2 * PATIENCE })
  /** What the sender waits for passes quickly: a clock that is set forward. */
  let ahead = 0
  const sleep = async (milliseconds: number, ended: AbortSignal): Promise<void> => {
    await timer(Math.min(milliseconds, 20), undefined, { signal: ended }).catch(() => undefined)
    if (!ended.aborted) ahead += Math.min(milliseconds, 60_000)
  }
  const clock = { now: () => systemClock.now() + ahead }
  const desk = openDesk(bed.folder, clock)
  onTestFinished(() => desk.close())
  await addPeople(desk.subscribers, PEOPLE, 'reader', ['a.test', 'b.test', 'c.test', 'd.test', 'e.test'])
  let report: SendReport
  let passes = 0
  do {
    // A refusal of the sender pauses the round; the operator looks, and sends again.
    expect(++passes, 'it comes to an end').toBeLessThan(200)
    const timeouts = { connect: PATIENCE, reply: PATIENCE }
    const transport = transportTo(bed.sink.port, { connections: 5, timeouts })
    report = await sendIssue(desk, ISSUE, {
      ...{ transport, clock, random: bed.random, ready: async () => readyIssue(), sleep },
      reconnectAfter: () => 5,
    })
    await transport.close()
    if (report.nextDue !== null) ahead += Math.max(0, report.nextDue - clock.now()) + 1
  } while (report.status.state !== 'done')

  // What the server still thinks about is in its log once it has answered.
  await timer(2 * PATIENCE + 500)
  const log = await bed.sink.log()
  const states = await withApp(bed.folder, async (app) => {
    const { id } = await theRound(app)
    return inFile(app, (database) =>
      database
        .prepare('select address, state, class, attempts, message_id, reply from delivery where round_id = ?')
        .all(id),
    )
  })
  expect(states).toHaveLength(PEOPLE)
  const byAddress = Map.groupBy(log, ({ to }) => to)
  for (const row of states) {
    const handled = byAddress.get(String(row['address'])) ?? []
    const { state, attempts, class: kind } = row
    const seen = JSON.stringify({ ...row, handled })
    expect(handled.filter(isTaken).length, seen).toBeLessThanOrEqual(1)
    // Nothing goes out again once the server may have it.
    // (A refusal of its envelope is not read where the message was taken back meanwhile.)
    const before = handled.slice(0, -1).filter(({ stage }) => stage === 'dot')
    expect(
      before.filter(({ end }) => end !== 'deferred'),
      seen,
    ).toEqual([])
    for (const { messageId } of handled.filter(isTaken)) expect(messageId, seen).toBe(row['message_id'])
    const last = handled.at(-1)
    expect({ state, class: kind }, seen).toEqual({ state: stateAfter(last), class: classAfter(last) })
    expect(Number(attempts), seen).toBeGreaterThanOrEqual(
      handled.filter(({ stage }) => stage === 'dot').length,
    )
  }
  const all = Object.entries(faultsAt).flatMap(([stage, faults]) =>
    faults.map((fault) => `${stage}: ${fault}`),
  )
  expect((await bed.sink.faults()).toSorted()).toEqual(all.toSorted())
}, 180_000)

function isTaken({ end }: Handled): boolean {
  return end === 'taken' || end === 'taken silently'
}

function stateAfter(last: Handled | undefined): string {
  switch (last?.end) {
    case 'taken':
      return 'accepted'
    case 'taken silently':
    case 'silent':
      return 'unknown'
    case 'refused':
      return 'rejected'
    case 'deferred':
    case 'content without a recipient':
    case undefined:
      return 'never'
  }
}

function classAfter(last: Handled | undefined): string | null {
  if (last?.end !== 'refused') return null
  return last.stage === 'rcpt' ? 'address' : 'other'
}
