import { join } from 'node:path'
import { Hono } from 'hono'
import type { App } from '../app.ts'
import { openSite } from '../open-site.ts'
import { smtpLabel } from '../setting-values.ts'
import { withLocalImages } from '../studio/frame.ts'
import { onlyLocal } from '../studio/guard.ts'
import { createStudio } from '../studio/studio.ts'
import { PORT_ATTEMPTS, startServer, type Fetch, type StartedServer } from './start-server.ts'
import { openStudioStores } from './studio-stores.ts'

/** What the site answers here (docs/site.md); its front page is the studio's, and `/images/…` are those of both. */
const sitePaths = [
  ...['/issues/*', '/sources/*', '/search', '/corrections', '/how-we-source'],
  ...['/feed.xml', '/feed.json', '/sitemap.xml', '/robots.txt'],
  ...['/subscribe', '/confirm/*', '/log-in', '/log-in/*', '/log-out', '/preferences', '/preferences/*'],
  ...['/change/*', '/u/*', '/v/*', '/healthz'],
]

/**
 * The studio and the site on one address of this machine: the site has the paths above, the studio all the
 * rest. Images of published pages are shown from here, so that they are there without a network.
 *
 * @param options.baseUrl where readers reach the site, without a trailing slash
 */
export function createLocalApp(options: {
  readonly studio: Fetch
  readonly site: Fetch
  readonly baseUrl: string
}): Hono {
  const { studio, site, baseUrl } = options
  const app = new Hono()
  app.use(onlyLocal)
  for (const path of sitePaths) {
    app.all(path, async (c) => {
      const answer = await site(c.req.raw)
      if (!(answer.headers.get('Content-Type') ?? '').startsWith('text/html')) return answer
      const headers = new Headers(answer.headers)
      headers.delete('Content-Length')
      return new Response(withLocalImages(await answer.text(), baseUrl), { status: answer.status, headers })
    })
  }
  app.get('/assets/*', async (c) => {
    const own = await studio(c.req.raw, c.env)
    return own.status === 404 ? site(c.req.raw) : own
  })
  app.all('*', (c) => studio(c.req.raw, c.env))
  return app
}

/** Serves the studio, the outbox and the site of `app` on one address of this machine. */
export async function startLocal(app: App, options: { readonly port: number }): Promise<StartedServer> {
  const { config, imagesDir } = app
  const { root, baseUrl, dataDir } = config
  const opened: { stores: ReturnType<typeof openStudioStores> | null } = { stores: null }
  const studio = await createStudio({
    root,
    baseUrl,
    outboxDir: join(dataDir, 'outbox'),
    imagesDir,
    snapshotsDir: join(dataDir, 'snapshots'),
    rehearsal: config.smtp === null,
    ...(config.smtp === null ? {} : { server: smtpLabel(config.smtp) }),
    siteHere: true,
    stores: async () => (opened.stores ??= openStudioStores(app)),
  })
  try {
    // With a real server, letters are left to `serve`: an editor who looks around sends none.
    const site = await openSite(app, { log: () => undefined, mails: config.smtp === null })
    const local = createLocalApp({ studio: studio.app.fetch, site: site.fetch, baseUrl })
    const server = await startServer(local.fetch, { port: options.port, attempts: PORT_ATTEMPTS })
    // What is scheduled starts in time, whether or not a screen asks for it.
    opened.stores ??= openStudioStores(app)
    return {
      ...server,
      async close() {
        await server.close()
        await site.close()
        await studio.close()
        await opened.stores?.close()
      },
    }
  } catch (error) {
    await studio.close()
    throw error
  }
}
