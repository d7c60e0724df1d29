import { isIP } from 'node:net'
import { OnrecordError } from '../core/errors.ts'
import { createSite } from '../site/site.ts'
import { exit, type Context, type ExitCode } from './context.ts'
import { keepWorker, type KeptWorker } from './serve-worker.ts'
import { startServer, untilInterrupted } from './start-server.ts'

/** `onrecord serve`: the public site on loopback, for a web server in front of it, and a worker, until Ctrl-C. */
export async function run(
  context: Context,
  options: { readonly port: number | null; readonly worker: boolean },
): Promise<ExitCode> {
  const config = context.config()
  const local = isLoopback(new URL(config.baseUrl).hostname)
  if (!local && !config.baseUrl.startsWith('https://')) {
    throw new OnrecordError('config', `BASE_URL is ${config.baseUrl}: a public site needs https.`, {
      hint: 'unsubscribe links carry a token that http would show to everybody on the way',
    })
  }
  const { publication, baseUrl } = config
  const { editions, subscribers, tokens, imagesDir } = await context.app()
  const site = createSite({ publication, baseUrl, editions, subscribers, tokens, imagesDir })
  const server = await startServer(site.fetch, { port: options.port ?? config.port })
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
    await server.close()
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

function isLoopback(host: string): boolean {
  const name = host.replace(/^\[|\]$/g, '')
  return name === 'localhost' || name === '::1' || (isIP(name) === 4 && name.startsWith('127.'))
}
