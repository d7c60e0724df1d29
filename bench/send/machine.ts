import { createPrivateKey, hash, sign } from 'node:crypto'
import { readFileSync } from 'node:fs'
import { cpus } from 'node:os'
import { join } from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import { median } from '../spread.ts'
import type { Bed } from './bed.ts'
import type { Running } from './children.ts'
import { MESSAGE_SIZE } from './issue.ts'
import type { Print } from './pairs.ts'
import { smtpSource } from './senders.ts'

/**
 * What every sender on this machine has to pay, and what is left at best: the disk's commit, the server's own
 * work, and the signature, which no program makes shorter.
 */
export async function printMachine(bed: Bed, sink: Running, print: Print): Promise<void> {
  const commit = commitTime(join(bed.folder, 'commits.db'))
  const [rsa, ed25519] = [signTime(bed.rsaKey, 'sha256'), signTime(bed.ed25519Key, null)]
  const message = readFileSync(bed.raw)
  const hashing = eachOf(500, () => hash('sha256', message, 'buffer'))
  const before = sink.cpu()
  const { seconds, messages } = await smtpSource(MESSAGE_SIZE)(sink.port, 5, 20_000)
  const server = ((sink.cpu() - before) * 1e6) / messages
  const best = (signature: number): string => {
    const most = (cpus().length * 1e6) / (server + signature + hashing)
    return `${Math.round(most).toLocaleString('en-GB')} messages/s (${((most * seconds) / messages).toFixed(2)} of smtp-source)`
  }
  print(
    `This machine: a durable commit of one row takes ${commit.toFixed(0)} µs, the server’s own work ${server.toFixed(0)} µs of a core ` +
      `a message, a signature ${rsa.toFixed(0)} µs (RSA-2048) or ${ed25519.toFixed(0)} µs (Ed25519) and its hash ${hashing.toFixed(0)} µs. ` +
      `Were that all there is to do, its ${cpus().length} cores would carry ${best(rsa)} with RSA-2048 and ${best(ed25519)} with Ed25519.\n`,
  )
}

/** The median of durable commits of one row, µs. */
function commitTime(file: string): number {
  const database = new DatabaseSync(file)
  database.exec('pragma journal_mode = wal; pragma synchronous = full; create table t (id integer, at real)')
  database.exec('insert into t values (1, 0)')
  const write = database.prepare('update t set at = ? where id = 1')
  const times = Array.from({ length: 500 }, () => {
    const from = performance.now()
    write.run(from)
    return (performance.now() - from) * 1_000
  })
  database.close()
  return median(times)
}

function signTime(file: string, digest: string | null): number {
  const key = createPrivateKey(readFileSync(file))
  const data = Buffer.alloc(32, 1)
  return eachOf(300, () => sign(digest, data, key))
}

/** µs. */
function eachOf(times: number, work: () => unknown): number {
  const from = performance.now()
  for (let at = 0; at < times; at++) work()
  return ((performance.now() - from) * 1_000) / times
}
