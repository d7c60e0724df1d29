import { afterEach, beforeEach, expect, test } from 'vitest'
import { sendIssue } from '../../src/delivery/send-issue.ts'
import { runWorker } from '../../src/delivery/worker.ts'
import { openDesk, readyIssue, type TestDesk } from './desk.ts'
import { addPeople } from './people.ts'
import { scriptedServer } from './scripted-server.ts'
import { openDeliveryReports } from '../../src/store/delivery-report.ts'
import { openDatabase } from '../../src/store/sqlite.ts'

let desk: TestDesk
beforeEach(() => (desk = openDesk()))
afterEach(() => desk.close())

test('a round that a worker may not touch holds up no other', async () => {
  await addPeople(desk.subscribers, 3)
  const down = scriptedServer({
    ...{ connections: 1, random: () => 0 },
    offered: () => ({ state: 'deferred', reply: 'connection refused', serverDown: true }),
  })
  for (const issue of ['2025-w45', '2025-w46']) {
    const ready = async () => readyIssue(issue)
    await sendIssue(desk, issue, { transport: down, ready, reconnectAfter: () => null })
    const round = await desk.deliveries.round(issue, 'real')
    await desk.deliveries.setState(round?.id ?? 0, 'sending', null)
  }
  const server = scriptedServer({ connections: 1, random: () => 0 })
  const stop = new AbortController()
  const lines: string[] = []
  const restoredDesk = {
    ...desk,
    deliveries: {
      ...desk.deliveries,
      // Of the first issue nobody has said that it may go on.
      restored: async () => ({ backupAt: 0, restoredAt: 0, confirmed: ['2025-w46'] }),
    },
    reports: { isDue: async (round: number) => (await desk.deliveries.tally(round)).queued > 0 },
  }
  await runWorker(restoredDesk, {
    ...{ interrupted: stop.signal, every: 5, openTransport: async () => server },
    log(line) {
      lines.push(line)
      if (lines.some((each) => each.includes('was in flight then'))) stop.abort()
    },
  })
  const stateOf = async (issue: string) => (await desk.deliveries.round(issue, 'real'))?.state
  expect([await stateOf('2025-w45'), await stateOf('2025-w46')]).toEqual(['sending', 'done'])
  expect(server.taken).toHaveLength(3)
  expect(lines.at(-1)).toMatch(/^it did not work: The store was restored .* 2025-w45 was in flight then/)
})

test('what a sender that was killed had on the wire is named, also where its round was cancelled', async () => {
  await addPeople(desk.subscribers, 2)
  const round = await desk.deliveries.openRound({
    ...{ issue: '2025-w46', newsletter: 'weekly', kind: 'real', number: 1, transport: 'smtp://test' },
    ...{ settings: {}, editions: {} },
  })
  while ((await desk.deliveries.freezeChunk(round.id, 10)).more) continue
  await desk.deliveries.seal(round.id)
  const [first] = await desk.deliveries.claim(round.id, 1)
  const begin = { id: first?.id ?? 0, messageId: '<one@brief.test>', at: 1 }
  await desk.deliveries.advance(round.id, [{ settle: null, begin }])
  await desk.deliveries.setState(round.id, 'cancelled', null)
  const database = openDatabase(`${desk.folder}/onrecord.db`)
  const stop = new AbortController()
  await runWorker(
    { ...desk, reports: openDeliveryReports(database) },
    {
      ...{ interrupted: stop.signal, every: 5, log: () => stop.abort() },
      openTransport: async () => scriptedServer({ connections: 1, random: () => 0 }),
    },
  )
  database.close()
  expect(await desk.deliveries.tally(round.id)).toMatchObject({ unknown: 1, cancelled: 1, on_wire: 0 })
})
