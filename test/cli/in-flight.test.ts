import { mkdirSync, rmdirSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { addPeople } from '../delivery/people.ts'
import { issue, startOperation, until, type Operation } from './operation.ts'
import { inFile } from '../store/in-file.ts'

let operation: Operation
/** While it is there the server takes messages and does not say so. */
let mute: PromiseWithResolvers<void> | null
/** How many messages it has taken so. */
let taken: number
/** A message takes its time, so that there is something to watch. */
let slow: boolean
beforeEach(async () => {
  mute = null
  taken = 0
  slow = false
  operation = await startOperation({
    async onMessage() {
      if (slow) await new Promise((resolve) => setTimeout(resolve, 15))
      if (mute !== null) {
        taken++
        await mute.promise
      }
      return null
    },
  })
})
afterEach(() => {
  mute?.resolve()
  return operation.close()
})

/** Both connections have given the server a message, and hear nothing. */
async function bothWait(): Promise<void> {
  await until('both connections wait', () => taken === 2)
  expect((await operation.status()).onWire).toBe(2)
}

/** Kills a sender whose messages are with the server, unanswered; then everybody else is mailed. */
async function leaveUnknown(): Promise<string[]> {
  await addPeople(operation.app.subscribers, 20)
  mute = Promise.withResolvers()
  const send = operation.start('send', issue, '--yes')
  await bothWait()
  send.child.kill('SIGKILL')
  await send.ended
  mute.resolve()
  mute = null
  expect((await operation.run('send', issue, '--yes')).code).toBe(0)
  await until('the server took what it had', () => operation.sink.recipients.length === 20)
  const { id, unknown } = await operation.status()
  expect(unknown).toBe(2)
  return (await operation.app.deliveries.unknowns(id)).map(({ messageId }) => messageId ?? '')
}

test('who is unknown is listed, held on request, and mailed once more only by a person’s word, never twice', async () => {
  const ids = await leaveUnknown()
  const { sink, run, status } = operation
  const copies = (): number[] => ids.map((id) => sink.copies.get(id) ?? 0)
  expect(copies()).toEqual([1, 1])

  const list = await run('status', issue, '--unknown')
  expect(list.code).toBe(0)
  expect(list.stdout).toMatch(/^2025-w46: whether 2 people got it is not known\./)
  for (const id of ids) expect(list.stdout).toContain(id)

  const held = await run('send', issue, '--resolve-unknown', 'hold')
  expect(held.code).toBe(0)
  expect(held.stdout).toMatch(/^2025-w46: 2 people stay unknown and are not mailed again\.$/m)
  expect(await status()).toMatchObject({ unknown: 2, state: 'done' })

  const asked = await run('send', issue, '--resolve-unknown', 'resend')
  expect(asked.code).toBe(1)
  expect(asked.stderr).toMatch(/^Nobody is mailed again\.$/m)
  expect(copies()).toEqual([1, 1])

  const resent = await run('send', issue, '--resolve-unknown', 'resend', '--yes', '--json')
  expect(resent.code).toBe(0)
  expect(JSON.parse(resent.stdout)).toMatchObject([
    { issue, resolution: 'resend', resent: 2, held: 0, status: { state: 'done', unknown: 0, accepted: 20 } },
  ])
  expect(copies()).toEqual([2, 2])
  expect([...sink.copies.values()].reduce((sum, count) => sum + count, 0)).toBe(22)

  // Unknown once more: that is the end of it.
  inFile(operation.app, (database) =>
    database.exec("update delivery set state = 'unknown' where resent_at is not null"),
  )
  const again = await run('send', issue, '--resolve-unknown', 'resend', '--yes')
  expect(again.code).toBe(0)
  expect(again.stdout).toMatch(
    /^2 people had been mailed once more before and stay unknown: nobody is mailed a third time\.$/m,
  )
  expect(copies()).toEqual([2, 2])
  expect(await status()).toMatchObject({ unknown: 2, state: 'done' })
})

test('watching ends nothing; “send --pause” ends the process that sends, with its reason; “send” goes on', async () => {
  await addPeople(operation.app.subscribers, 600)
  slow = true
  const send = operation.start('send', issue, '--yes')
  await until('it is under way', () => operation.sink.recipients.length > 30)
  const watch = operation.start('status', issue, '--watch')
  await until('the first line comes at once', () => /^2025-w46: \d+ of 600\b/m.test(watch.stderr))
  watch.child.kill('SIGINT')
  expect(await watch.ended).toBe(130)
  expect(watch.stdout).toMatch(/^2025-w46: sending, through smtp:.*, 600 people$/m)
  expect(send.child.exitCode).toBeNull()

  const pause = await operation.run('send', issue, '--pause')
  expect(pause.code).toBe(0)
  expect(pause.stdout).toMatch(/^2025-w46 is paused\.$/m)
  expect(await send.ended).toBe(1)
  expect(send.stdout).toMatch(/^Not finished: paused by the operator\. “onrecord send 2025-w46” goes on\.$/m)
  const paused = await operation.status()
  expect(paused).toMatchObject({ state: 'paused', reason: 'paused by the operator', onWire: 0, unknown: 0 })
  expect(paused.accepted).toBe(operation.sink.recipients.length)
  expect(paused.queued).toBeGreaterThan(0)
  slow = false
  expect((await operation.run('send', issue, '--yes')).code).toBe(0)
  expect(await operation.status()).toMatchObject({ state: 'done', accepted: 600 })
  expect(operation.sink.copies.size).toBe(600)
})

test('after kill -9 the status says that nobody is sending; what was on the wire is unknown by a cancel, too', async () => {
  const { app, run, start, status } = operation
  await addPeople(app.subscribers, 20)
  mute = Promise.withResolvers()
  const send = start('send', issue, '--yes')
  await bothWait()
  const sending = await run('status')
  expect(sending.code).toBe(0)
  expect(sending.stdout).not.toContain('Nobody is sending')
  send.child.kill('SIGKILL')
  await send.ended

  const dead = await run('status', issue)
  expect(dead.code).toBe(0)
  expect(dead.stdout).toMatch(
    /^Nobody is sending now: “onrecord send 2025-w46” goes on with 18 people\.\n2 messages on the wire when the sender ended/m,
  )
  // Where the lock cannot even be looked at, it is not said.
  const lock = join(operation.dir, 'data', 'sender.lock')
  rmSync(lock)
  mkdirSync(lock)
  const unsure = await run('status', issue)
  expect(unsure.code).toBe(0)
  expect(unsure.stdout).not.toContain('Nobody is sending')
  rmdirSync(lock)

  const cancel = await run('send', '--cancel', issue)
  expect(cancel.code).toBe(0)
  expect(cancel.stdout).toMatch(/^2025-w46 is cancelled\.$/m)
  expect(await status()).toMatchObject({ state: 'cancelled', onWire: 0, unknown: 2, cancelled: 18 })
})

test('Ctrl-C on a server that does not answer says what it waits for', async () => {
  await addPeople(operation.app.subscribers, 4)
  mute = Promise.withResolvers()
  const send = operation.start('send', issue, '--yes')
  await bothWait()
  send.child.kill('SIGINT')
  await until('it says that it waits', () => send.stderr.includes('Waiting for the server’s answer'))
  mute.resolve()
  expect(await send.ended).toBe(130)
  expect(send.stderr).toMatch(/^Waiting for the server’s answer .* Ctrl-C again leaves at once/m)
  expect(await operation.status()).toMatchObject({ state: 'paused', accepted: 2, onWire: 0, unknown: 0 })
})
