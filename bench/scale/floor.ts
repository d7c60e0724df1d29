import { cpus } from 'node:os'
import type { Running } from '../send/children.ts'
import { MESSAGE_SIZE } from '../send/issue.ts'
import type { Print } from '../send/pairs.ts'
import { smtpSource } from '../send/senders.ts'
import type { Counted, Server } from './server.ts'

/** For how long bare commits are made, in milliseconds. */
const LONG = 1_500

/**
 * What is left at best over so many connections: a message of each in one commit that writes two rows a message by their
 * key and looks at nothing, and the server's own work on them. No claim, no last look before the wire, no message made.
 */
export async function printFloor(
  server: Server,
  sink: Running,
  connections: number,
  print: Print,
): Promise<void> {
  const { database, work, close } = await server.create()
  const commit = await bareCommit(database, work, connections)
  await close()
  const before = sink.cpu()
  const { seconds, messages } = await smtpSource(MESSAGE_SIZE)(sink.port, connections, 20_000)
  const own = ((sink.cpu() - before) * 1e6) / messages
  const told = (perSecond: number): string =>
    `${Math.round(perSecond).toLocaleString('en-GB')}/s (${((perSecond * seconds) / messages).toFixed(2)} of smtp-source)`
  const inTurn = (connections * 1e6) / (commit.wall + connections * own)
  const atOnce = (cpus().length * 1e6) / (commit.cpu / connections + own)
  print(
    `Nothing but a commit for ${connections} messages, ${commit.wall.toFixed(0)} µs there and back and ${commit.cpu.toFixed(0)} µs of cores, and ` +
      `the server’s own work, ${own.toFixed(0)} µs of a core a message: ${told(inTurn)} one after the other, ` +
      `${told(atOnce)} were ${cpus().length} cores busy all the time.\n`,
  )
}

/** µs of one: from asking to the answer, and of all cores. */
async function bareCommit(
  database: Counted['database'],
  work: Counted['work'],
  connections: number,
): Promise<{ readonly wall: number; readonly cpu: number }> {
  await database.script(`
    create table row_to_write (id integer primary key, state text, reply text) with (fillfactor = 60);
    insert into row_to_write select g, 'queued', null from generate_series(1, 10000) g`)
  const write = async (at: number): Promise<void> => {
    const first = (at * connections) % (10_000 - 2 * connections)
    const ids = Array.from({ length: 2 * connections }, (_, index) => first + index + 1)
    await database.run('update row_to_write set state = $1, reply = $2 where id = any ($3::integer[])', [
      'accepted',
      '250 2.0.0 taken',
      ids,
    ])
  }
  for (let at = 0; at < 200; at++) await write(at)
  const [before, ownBefore, begun] = [await work(), process.cpuUsage(), performance.now()]
  let count = 0
  for (; performance.now() < begun + LONG; count++) await write(200 + count)
  const wall = ((performance.now() - begun) * 1_000) / count
  const { user, system } = process.cpuUsage(ownBefore)
  return { wall, cpu: (((await work()).cpu - before.cpu) * 1e6 + user + system) / count }
}
