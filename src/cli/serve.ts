import { createLog, type Log } from '../core/log.ts'
import { openSite } from '../open-site.ts'
import { exit, type Context, type ExitCode } from './context.ts'
import { keepNextDrafts } from './next-drafts.ts'
import { mailsNobody, refuseUnsafe } from './serve-ready.ts'
import { keepWorker, type KeptWorker } from './serve-worker.ts'
import { awayLine } from './store-away.ts'
import { publicLimits, startServer, untilInterrupted } from './start-server.ts'

/** How long answers on their way may take once the process is asked to end, in milliseconds. */
const DRAIN_MS = 10_000

/** Somebody waits for the page: they are told after so long that it cannot be made now, in milliseconds. */
const PATIENCE_MS = 2_000

/** `onrecord serve`: the public site on loopback, for a web server in front of it, and a worker, until Ctrl-C. */
export async function run(
  context: Context,
  options: { readonly port: number | null; readonly worker: boolean },
): Promise<ExitCode> {
  const config = context.config()
  refuseUnsafe(config)
  const { publication, baseUrl } = config
  const form = context.terminal ? 'text' : 'json'
  const log = createLog(config.logLevel, (line) => context.note(line), { form })
  let isServing = false
  const app = await context.app({
    patience: PATIENCE_MS,
    onAway(away) {
      const pages = `The database ${away.label} does not answer: pages that need it are not shown meanwhile.`
      const says = away.answers || !isServing ? awayLine(away) : pages
      log(away.answers ? 'info' : 'warn', 'store', { says })
    },
  })
  const site = await openSite(app, { log })
  const server = await startServer(site.fetch, {
    host: config.host,
    port: options.port ?? config.port,
    limits: publicLimits,
  }).catch(async (error: unknown) => {
    await site.close()
    throw error
  })
  const worker = options.worker ? startWorker(context, log) : null
  const over = new AbortController()
  // Without a server there is no worker that would.
  const drafts =
    options.worker && worker === null
      ? keepNextDrafts(app, { signal: over.signal, log: (says) => log('info', 'cadence', { says }) })
      : null
  try {
    if (context.options.json) context.print(JSON.stringify({ url: server.url, baseUrl }))
    else context.print(`The site of ${publication.name} is at ${server.url}. Ctrl-C ends it.`)
    // Behind a web server, this is what it passes requests on to.
    isServing = true
    log('info', 'serving', { at: server.url, for: baseUrl })
    const lost = mailsNobody(config)
    if (lost !== null) log('warn', 'outbox', { says: lost })
    await untilInterrupted(context.interrupted)
    log('info', 'ending', { drain: DRAIN_MS / 1_000 })
  } finally {
    site.drain()
    over.abort()
    await Promise.all([server.drain(DRAIN_MS).then(() => site.close()), worker?.close(), drafts])
  }
  log('info', 'ended')
  return exit.done
}

/** Tries again what servers had put off; without a server there is nothing of that. */
function startWorker(context: Context, log: Log): KeptWorker | null {
  const { root, smtp } = context.config()
  if (smtp === null) return null
  const [, entry = ''] = process.argv
  const quiet = context.options.quiet ? ['--quiet'] : []
  return keepWorker({
    command: [...process.execArgv, entry, '--dir', root, ...quiet, 'worker'],
    log,
  })
}
