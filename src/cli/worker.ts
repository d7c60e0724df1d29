import { createLog } from '../core/log.ts'
import { OnrecordError } from '../core/errors.ts'
import { runWorker } from '../delivery/worker.ts'
import { exit, type Context, type ExitCode } from './context.ts'
import { limitsOf } from './limits-of.ts'

/** `onrecord worker`: tries again what servers put off, and goes on where a sender died, until it is ended. */
export async function run(context: Context): Promise<ExitCode> {
  const config = context.config()
  if (config.smtp === null)
    throw new OnrecordError('config', 'A worker sends through a server, and SMTP_URL is not set.', {
      hint: 'without a server there are only rehearsals, which “onrecord send” finishes itself',
    })
  const app = await context.app()
  // Started by `serve`, it ends with it, however that one ends.
  const parent = new AbortController()
  const leave = (): void => parent.abort()
  process.once('disconnect', leave)
  const form = context.terminal ? 'text' : 'json'
  const events = createLog(config.logLevel, (line) => context.note(line), { form })
  const log = (says: string): void => events('info', 'worker', { says })
  log(`looks for what is due; process ${process.pid}`)
  try {
    await runWorker(app, {
      openTransport: () => app.openTransport(),
      limits: limitsOf(config),
      interrupted: AbortSignal.any([context.interrupted, parent.signal]),
      log,
    })
  } finally {
    process.off('disconnect', leave)
    if (process.connected) process.disconnect()
  }
  log('ended; nothing is on the wire')
  return exit.done
}
