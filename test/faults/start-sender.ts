import { spawn, type ChildProcess } from 'node:child_process'
import { join } from 'node:path'
import type { SendReport } from '../../src/delivery/send-issue.ts'
import type { FaultSettings } from './fault-app.ts'
import type { Moment } from './moments.ts'

export interface SenderOptions extends FaultSettings {
  /** When it kills itself: at this moment, having passed it `after` times. */
  readonly dies?: { readonly at: Moment; readonly after: number } | null
}

export interface Sender {
  readonly child: ChildProcess
  /** Null: it was killed. Rejects when it ended otherwise than well. */
  readonly end: Promise<SendReport | null>
}

/** Starts `sender-process.ts`. */
export function startSender(options: SenderOptions): Sender {
  const script = join(import.meta.dirname, 'sender-process.ts')
  const child = spawn(process.execPath, [script, JSON.stringify(options)], {
    stdio: ['ignore', 'pipe', 'inherit'],
  })
  // Whoever started it is not outlived by it.
  const kill = (): void => void child.kill('SIGKILL')
  process.once('exit', kill)
  let printed = ''
  child.stdout?.on('data', (chunk: Buffer) => (printed += chunk.toString()))
  const end = new Promise<SendReport | null>((resolve, reject) =>
    child.on('close', (code, signal) => {
      process.off('exit', kill)
      if (signal === 'SIGKILL') resolve(null)
      else if (code === 0) resolve(JSON.parse(printed) as SendReport)
      else reject(new Error(`the sender ended with ${code ?? signal}`))
    }),
  )
  return { child, end }
}
