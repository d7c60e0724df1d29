import type { Bed } from '../send/bed.ts'
import { runSender, type Running } from '../send/children.ts'
import { MESSAGE_SIZE } from '../send/issue.ts'
import { comparePairs, printResults, type Print } from '../send/pairs.ts'
import { smtpSource, type Sender } from '../send/senders.ts'
import { createTokens } from '../../src/core/token.ts'
import { benchConfig } from '../send/config.ts'
import { fillPeople } from './fill.ts'
import { printFloor } from './floor.ts'
import { CONNECTIONS } from './scene.ts'
import type { Server } from './server.ts'

/** Of Postfix’s load generator in the same run. */
const BAR = 0.6

/** A commit on PostgreSQL costs more, so that it is worth sharing with more of them. */
const CONNECTION_COUNTS = [CONNECTIONS, 20, 50]

/** `sendIssue` in a process of its own, from its call to its end, beside `smtp-source -d`. @returns how many bars were missed */
export async function printAgainst(
  server: Server,
  bed: Bed,
  sink: Running,
  { rounds, messages }: { readonly rounds: number; readonly messages: number },
  print: Print,
): Promise<number> {
  let missed = 0
  for (const connections of CONNECTION_COUNTS) {
    print(`\n${connections} connections\n`)
    await printFloor(server, sink, connections, print)
    const results = await comparePairs(
      { name: 'smtp-source -d', sender: smtpSource(MESSAGE_SIZE), messages },
      [{ name: 'onrecord, PostgreSQL, one process', sender: onPostgres(server, bed), messages, bar: BAR }],
      { port: sink.port, connections, rounds },
    )
    missed += printResults(results, print)
  }
  return missed
}

function onPostgres(server: Server, { folder }: Bed): Sender {
  return async (port, connections, messages) => {
    const { url, database, close } = await server.create()
    try {
      await fillPeople(database, createTokens(benchConfig(folder).secretKey), messages)
      await database.script('checkpoint')
      const environment = {
        ...{ DATABASE_URL: url, SMTP_URL: `smtp://127.0.0.1:${port}`, SMTP_CONNECTIONS: String(connections) },
      }
      return await runSender('product-process.ts', { folder, environment })
    } finally {
      await close()
    }
  }
}
