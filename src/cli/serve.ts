import { createLog } from '../core/log.ts'
import { openSite } from '../open-site.ts'
import { isLocalUrl } from '../setting-values.ts'
import { exit, type Context, type ExitCode } from './context.ts'
import { refuseUnsafe } from './serve-ready.ts'
import { keepWorker, type KeptWorker } from './serve-worker.ts'
import { startServer, untilInterrupted } from './start-server.ts'

/** `onrecord serve`: the public site on loopback, for a web server in front of it, and a worker, until Ctrl-C. */
export async function run(
  context: Context,
  options: { readonly port: number | null; readonly worker: boolean },
): Promise<ExitCode> {
  const config = context.config()
  refuseUnsafe(config)
  const local = isLocalUrl(config.baseUrl)
  const { publication, baseUrl } = config
  const log = createLog(config.logLevel, (line) => context.note(line))
  const site = await openSite(await context.app(), { log })
  const server = await startServer(site.fetch, { host: config.host, port: options.port ?? config.port })
  const worker = options.worker ? startWorker(context) : null
  try {
    if (context.options.json) context.print(JSON.stringify({ url: server.url, baseUrl }))
    else context.print(`The site of ${publication.name} is at ${server.url}. Ctrl-C ends it.`)
    if (!local && server.url !== baseUrl)
      context.note(
        `Readers reach it at ${baseUrl}: let the web server there pass requests on to ${server.url}.`,
      )
    await untilInterrupted(context.interrupted)
  } finally {
    site.drain()
    await server.close()
    await site.close()
    await worker?.close()
  }
  return exit.done
}

/** Tries again what servers had put off; without a server there is nothing of that. */
function startWorker(context: Context): KeptWorker | null {
  const { root, smtp } = context.config()
  if (smtp === null) return null
  const [, entry = ''] = process.argv
  const quiet = context.options.quiet ? ['--quiet'] : []
  return keepWorker({
    command: [...process.execArgv, entry, '--dir', root, ...quiet, 'worker'],
    note: (line) => context.note(line),
  })
}
