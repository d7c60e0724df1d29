import { fork, spawn, type ChildProcess } from 'node:child_process'
import { once } from 'node:events'
import { readFileSync } from 'node:fs'
import { connect, createServer, type AddressInfo } from 'node:net'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { debianProgram } from '../../scripts/debian.ts'
import type { Measurement } from './measure.ts'

/** A server in a process of its own. */
export interface Running {
  readonly port: number
  /** Seconds of a core that it has used; of no use where there is no /proc. */
  cpu(): number
  close(): Promise<void>
}

/** Postfix’s sink: takes everything and keeps nothing. */
export async function startSink(): Promise<Running> {
  const port = await freePort()
  const user = process.getuid?.() === 0 ? ['-u', 'nobody'] : []
  const sink = spawn(debianProgram('smtp-sink'), [...user, `127.0.0.1:${port}`, '1000'], { stdio: 'inherit' })
  for (let tries = 0; !(await answers(port)); tries++) {
    if (tries > 200 || sink.exitCode !== null) throw new Error('smtp-sink does not answer')
    await sleep(10)
  }
  return { port, cpu: () => cpuOf(sink), close: () => end(sink) }
}

/** A proxy to `target` that holds every packet for half of `roundTrip` milliseconds, each way. */
export async function startDelay(target: number, roundTrip: number): Promise<Running> {
  const child = fork(join(import.meta.dirname, 'delay-process.ts'), [String(target), String(roundTrip)])
  const [port] = (await once(child, 'message')) as [number]
  return { port, cpu: () => cpuOf(child), close: () => end(child) }
}

/** Runs a sender in a process of its own, which prints its measurement. */
export async function runSender(script: string, options: object): Promise<Measurement> {
  const child = spawn(process.execPath, [join(import.meta.dirname, script), JSON.stringify(options)], {
    stdio: ['ignore', 'pipe', 'inherit'],
  })
  const printed = await printedBy(child)
  return JSON.parse(printed) as Measurement
}

/** What a process prints, once it has ended well. */
export async function printedBy(child: ChildProcess): Promise<string> {
  let printed = ''
  child.stdout?.on('data', (chunk: Buffer) => (printed += chunk.toString()))
  const [code] = (await once(child, 'close')) as [number | null]
  if (code !== 0) throw new Error(`${child.spawnargs.join(' ')} ended with ${code}: ${printed}`)
  return printed
}

/**
 * proc(5): user and system time are fields 14 and 15, in hundredths of a second.
 * @param withEnded with that of its children that have ended (16 and 17)
 */
export function cpuOf({ pid }: Pick<ChildProcess, 'pid'>, withEnded = false): number {
  try {
    const [, fields = ''] = readFileSync(`/proc/${pid}/stat`, 'utf8').split(') ')
    const times = fields.split(' ').slice(11, withEnded ? 15 : 13)
    return times.reduce((sum, each) => sum + Number(each), 0) / 100
  } catch {
    return Number.NaN
  }
}

async function end(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return
  const ended = once(child, 'exit')
  child.kill('SIGKILL')
  await ended
}

/** A port that nobody listened on a moment ago. */
export async function freePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1')
  await once(server, 'listening')
  const { port } = server.address() as AddressInfo
  server.close()
  await once(server, 'close')
  return port
}

function answers(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = connect(port, '127.0.0.1')
    socket.once('data', () => {
      resolve(true)
      socket.end('QUIT\r\n')
    })
    socket.once('error', () => resolve(false))
  })
}
