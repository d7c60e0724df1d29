import { createLog } from '../core/log.ts'
import { OnrecordError } from '../core/errors.ts'
import { runWorker } from '../delivery/worker.ts'
import { exit, type Context, type ExitCode } from './context.ts'
import { limitsOf, sayLimits } from './limits-of.ts'
import { keepNextDrafts } from './next-drafts.ts'
import { awayLine } from './store-away.ts'

export interface RunWorkerOptions {
  /** Rehearsals, where there is no server. */
  readonly rehearse: boolean
  /** Ends by itself once nothing is in flight and nothing is scheduled. */
  readonly untilDone: boolean
  /** Starts none: says whether one is there. */
  readonly check: boolean
}

/**
 * `onrecord worker`: starts what is scheduled, tries again what servers put off, and goes on where a sender died,
 * until it is ended.
 */
export async function run(context: Context, options: RunWorkerOptions): Promise<ExitCode> {
  const { rehearse, untilDone, check } = options
  if (check) return (await import('./worker-check.ts')).checkWorker(context)
  const config = context.config()
  if (rehearse && config.smtp !== null)
    throw new OnrecordError('usage', '--rehearse is for a publication without a server: SMTP_URL is set.')
  if (config.smtp === null && !rehearse)
    throw new OnrecordError('config', 'A worker sends through a server, and SMTP_URL is not set.', {
      hint: 'without a server there are only rehearsals, which “onrecord send” finishes itself, or “onrecord worker --rehearse”',
    })
  const form = context.terminal ? 'text' : 'json'
  const events = createLog(config.logLevel, (line) => context.note(line), { form })
  const app = await context.app({
    onAway: (away) => events(away.answers ? 'info' : 'warn', 'store', { says: awayLine(away) }),
  })
  // Started by `serve`, it ends with it, however that one ends.
  const parent = new AbortController()
  const leave = (): void => parent.abort()
  process.once('disconnect', leave)
  // It had been asked to while it was starting.
  if (process.connected === false) leave()
  const interrupted = AbortSignal.any([context.interrupted, parent.signal])
  const log = (says: string): void => events('info', 'worker', { says })
  const kind = rehearse ? ('rehearsal' as const) : ('real' as const)
  const present = await app.enterWorker(kind)
  const limits = await sayLimits(app)
  log(`looks for what is due; process ${process.pid}`)
  const over = new AbortController()
  // The studio, which keeps the other kind, opens them itself.
  const drafts = untilDone ? null : keepNextDrafts(app, { signal: over.signal, log })
  try {
    await runWorker(app, {
      kind,
      untilDone,
      // Somebody is watching.
      every: untilDone ? 500 : 2_000,
      openTransport: () => app.openTransport(),
      limits: limitsOf(config),
      interrupted,
      log,
    })
  } finally {
    over.abort()
    await Promise.all([present.release(), limits.release(), drafts])
    process.off('disconnect', leave)
    if (process.connected) process.disconnect()
  }
  log('ended; nothing is on the wire')
  // Whoever keeps it must not take an end on request for one with nothing left to do.
  return untilDone && interrupted.aborted ? exit.interrupted : exit.done
}
