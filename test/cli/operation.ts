import { spawn, type ChildProcess } from 'node:child_process'
import { mkdtempSync, rmSync } from 'node:fs'
import { cp } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { openApp, type App } from '../../src/app.ts'
import { loadConfig } from '../../src/config.ts'
import { readStatus, type RoundStatus } from '../../src/delivery/status.ts'
import { startSink, type Sink, type SinkOptions } from '../delivery/sink.ts'
import type { CommandEnd } from './command-process.ts'
import { runCommand } from './run-command.ts'

const root = join(import.meta.dirname, '..', '..')

/** The issue of the sample publication. */
export const issue = '2025-w46'

/** A command in a process of its own. */
export interface Running {
  readonly child: ChildProcess
  stdout: string
  stderr: string
  /** The exit status, or the signal. */
  readonly ended: Promise<number | string | null>
}

/** The sample publication with a server of its own, and the commands that were started for it. */
export interface Operation {
  readonly dir: string
  readonly app: App
  readonly sink: Sink
  /** What commands are started with. */
  readonly environment: Readonly<Record<string, string | undefined>>
  /** What a process of Node is started with to run a command. */
  readonly command: readonly string[]
  start(...args: readonly string[]): Running
  /** A command that nothing happens to while it runs: costs a fraction of `start`. */
  run(...args: readonly string[]): Promise<CommandEnd>
  status(): Promise<RoundStatus & { readonly id: number }>
  /** Kills what still runs. */
  close(): Promise<void>
}

/** @param change settings beside those of the server: an empty `SMTP_URL` is none. */
export async function startOperation(
  options: SinkOptions = {},
  change: Readonly<Record<string, string>> = {},
): Promise<Operation> {
  const dir = mkdtempSync(join(tmpdir(), 'onrecord-operation-'))
  for (const name of ['briefs', 'templates', 'onrecord.yaml'])
    await cp(join(root, name), join(dir, name), { recursive: true })
  const sink = await startSink(options)
  const environment = {
    SMTP_URL: `smtp://127.0.0.1:${sink.port}`,
    SMTP_CONNECTIONS: '2',
    SECRET_KEY: 'k'.repeat(32),
    ...change,
  }
  const app = await openApp(loadConfig({ dir, environment }))
  const children: ChildProcess[] = []
  // Not the runner's own: Vitest sets a BASE_URL.
  const env = { PATH: process.env['PATH'], ...environment }
  const command = [join(root, 'src/cli/main.ts'), '-C', dir]
  return {
    dir,
    app,
    sink,
    environment: env,
    command,
    start(...args) {
      const child = spawn(process.execPath, [...command, ...args], {
        env,
        stdio: ['ignore', 'pipe', 'pipe'],
      })
      const running: Running = {
        child,
        stdout: '',
        stderr: '',
        ended: new Promise((resolve) => child.once('close', (code, signal) => resolve(code ?? signal))),
      }
      child.stdout.on('data', (text) => (running.stdout += String(text)))
      child.stderr.on('data', (text) => (running.stderr += String(text)))
      children.push(child)
      return running
    },
    run: (...args) => runCommand(['-C', dir, ...args], { cwd: root, env }),
    async status() {
      const round = await app.deliveries.round(issue, 'real')
      if (round === null) throw new Error('there is no round')
      return { id: round.id, ...(await readStatus(app.deliveries, round)) }
    },
    async close() {
      for (const child of children) child.kill('SIGKILL')
      await app.close()
      await sink.close()
      rmSync(dir, { recursive: true, force: true })
    },
  }
}

/** Waits until something holds, 50 seconds at most: a busy machine takes its time. */
export async function until(what: string, holds: () => boolean | Promise<boolean>): Promise<void> {
  for (const end = Date.now() + 50_000; Date.now() < end; await sleep(20)) if (await holds()) return
  throw new Error(`in vain: ${what}`)
}
