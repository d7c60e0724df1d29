import { join } from 'node:path'
import type { App } from '../app.ts'
import { createLog } from '../core/log.ts'
import { openSite } from '../open-site.ts'
import { smtpLabel } from '../setting-values.ts'
import { withLocalImages } from '../studio/frame.ts'
import { createStudio } from '../studio/studio.ts'
import { PORT_ATTEMPTS, startServer, type Fetch } from './start-server.ts'
import { openStudioStores } from './studio-stores.ts'

/** The studio and the site of one publication on this machine. */
export interface Local {
  /** Of the studio. */
  readonly url: string
  readonly siteUrl: string
  close(): Promise<void>
}

/** Images of published pages are shown from here, so that they are there without a network. */
export function localSite(site: Fetch, baseUrl: string): Fetch {
  return async (request) => {
    const answer = await site(request)
    if (!(answer.headers.get('Content-Type') ?? '').startsWith('text/html')) return answer
    const headers = new Headers(answer.headers)
    headers.delete('Content-Length')
    return new Response(withLocalImages(await answer.text(), baseUrl), { status: answer.status, headers })
  }
}

/**
 * Serves the studio and the site of `app` to this machine, each on a port of its own: to a browser they are two
 * origins, so that whatever a page of the site might come to run can neither read nor change anything of the studio.
 *
 * @param options.port of the studio; the site’s is the next one that is free; 0: free ones
 */
export async function startLocal(app: App, options: { readonly port: number }): Promise<Local> {
  const { config, imagesDir } = app
  const { root, baseUrl, dataDir } = config
  const opened: { stores: ReturnType<typeof openStudioStores> | null } = { stores: null }
  const ending: (() => Promise<void>)[] = []
  const end = async (): Promise<void> => {
    for (const close of ending.splice(0).toReversed()) await close()
  }
  try {
    // With a real server, letters are left to `serve`: an editor who looks around sends none.
    const site = await openSite(app, { log: () => undefined, mails: config.smtp === null })
    ending.push(() => site.close())
    const sitePort = options.port === 0 ? 0 : options.port + 1
    const local = localSite(site.fetch, baseUrl)
    const siteServer = await startServer(local, { port: sitePort, attempts: PORT_ATTEMPTS })
    ending.push(() => siteServer.close())
    const studio = await createStudio({
      root,
      baseUrl,
      outboxDir: join(dataDir, 'outbox'),
      imagesDir,
      snapshotsDir: join(dataDir, 'snapshots'),
      rehearsal: config.smtp === null,
      ...(config.smtp === null ? {} : { server: smtpLabel(config.smtp) }),
      siteUrl: siteServer.url,
      log: createLog(config.logLevel, (line) => void process.stderr.write(`${line}\n`)),
      stores: async () => (opened.stores ??= openStudioStores(app)),
    })
    ending.push(async () => {
      await studio.close()
      await opened.stores?.close()
    })
    const server = await startServer(studio.app.fetch, { port: options.port, attempts: PORT_ATTEMPTS })
    ending.push(() => server.close())
    // What is scheduled starts in time, whether or not a screen asks for it.
    opened.stores ??= openStudioStores(app)
    return { url: server.url, siteUrl: siteServer.url, close: end }
  } catch (error) {
    await end()
    throw error
  }
}
