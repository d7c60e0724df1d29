import { cp, mkdir, mkdtemp, rm } from 'node:fs/promises'
import type { IncomingMessage } from 'node:http'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { openApp, type App } from '../../src/app.ts'
import { startServer } from '../../src/cli/start-server.ts'
import type { StudioSendingOptions } from '../../src/cli/studio-sending.ts'
import { openStudioStores } from '../../src/cli/studio-stores.ts'
import { loadConfig, type Config } from '../../src/config.ts'
import { openFetcher, type PageFetcher } from '../../src/sources/fetch-page.ts'
import { createStudio, type Studio } from '../../src/studio/studio.ts'
import { buildHere, workHere } from './build-here.ts'

const root = join(import.meta.dirname, '..', '..')

/** The studio over real stores, in a folder of its own with the sample publication, listening on a free port. */
export interface StudioBed {
  readonly dir: string
  readonly app: App
  readonly studio: Studio
  /** `http://127.0.0.1:<port>` */
  readonly url: string
  /** Asks as our own page does: same origin, and with its token. */
  ask(path: string, init?: RequestInit): Promise<Response>
  /** The same, with a JSON body; for `post` also PUT. */
  send(method: 'POST' | 'PUT', path: string, body: unknown): Promise<Response>
  /** Ends the connection of every request that fits, unanswered, whoever it comes from; null: of none. */
  cut(fits: ((request: Request) => boolean) | null): void
  close(): Promise<void>
}

export interface BedOptions {
  /** Changes the folder before the studio opens it. */
  readonly prepare?: (dir: string) => Promise<void>
  /** Of the operator's settings; default: none, so that mail goes to the outbox. */
  readonly environment?: Readonly<Record<string, string>>
  /** Reads the pages of sources and looks at links; default: the real one, for which no name leads anywhere. */
  readonly fetcher?: PageFetcher
  /** Issues are built in threads of their own, as the program does; default: in this process, which costs less. */
  readonly threads?: boolean
}

export async function openBed({
  prepare,
  environment = {},
  fetcher,
  threads = false,
}: BedOptions = {}): Promise<StudioBed> {
  const dir = await mkdtemp(join(tmpdir(), 'onrecord-bed-'))
  for (const each of ['templates', 'briefs', 'onrecord.yaml']) {
    await cp(join(root, each), join(dir, each), { recursive: true })
  }
  await mkdir(join(dir, 'data'))
  await prepare?.(dir)
  const config = loadConfig({
    dir,
    environment: { BASE_URL: 'http://127.0.0.1:4870', PORT: '0', ...environment },
  })
  const app = await openApp(config)
  const stores = openStudioStores(app, {
    ...workerOf({ dir, smtp: config.smtp }, environment),
    ...(threads ? {} : { thread: workHere(config) }),
  })
  const snapshotsDir = join(config.dataDir, 'snapshots')
  const studio = await createStudio({
    root: config.root,
    baseUrl: config.baseUrl,
    outboxDir: join(config.dataDir, 'outbox'),
    imagesDir: app.imagesDir,
    snapshotsDir,
    rehearsal: config.smtp === null,
    stores: async () => stores,
    fetcher: fetcher ?? unconnected(),
    ...(threads ? {} : { builder: buildHere({ root: config.root, baseUrl: config.baseUrl, snapshotsDir }) }),
  })
  let cuts: ((request: Request) => boolean) | null = null
  const server = await startServer(
    (request, env) => {
      if (cuts?.(request) !== true) return studio.app.fetch(request, env as object)
      const { incoming } = env as { readonly incoming: IncomingMessage }
      incoming.socket.destroy()
      return new Response(null, { status: 503 })
    },
    { port: 0 },
  )
  const { url } = server
  const page = await (await fetch(url)).text()
  const token = /name="onrecord-token" content="([^"]+)"/.exec(page)?.[1] ?? ''
  const ask = (path: string, init: RequestInit = {}): Promise<Response> =>
    fetch(url + path, {
      ...init,
      headers: {
        Origin: url,
        'Sec-Fetch-Site': 'same-origin',
        'X-Onrecord-Token': token,
        ...(init.headers as Record<string, string> | undefined),
      },
    })
  return {
    dir,
    app,
    studio,
    url,
    ask,
    send: (method, path, body) =>
      ask(path, { method, body: JSON.stringify(body), headers: { 'Content-Type': 'application/json' } }),
    cut(fits) {
      cuts = fits
    },
    async close() {
      await server.close()
      await studio.close()
      await stores.close()
      await app.close()
      await rm(dir, { recursive: true, force: true })
    },
  }
}

/** With the real guard; no test asks the web. */
function unconnected(): PageFetcher {
  return openFetcher({
    userAgent: 'onrecord-test',
    resolver: () => Promise.reject(Object.assign(new Error('no such host'), { code: 'ENOTFOUND' })),
  })
}

/** The real worker, of this folder, in a process of its own; not with the runner's own command and settings. */
function workerOf(
  { dir, smtp }: Pick<Config, 'smtp'> & { readonly dir: string },
  environment: Readonly<Record<string, string>>,
): StudioSendingOptions {
  const kind = smtp === null ? ['--rehearse'] : []
  return {
    command: [join(root, 'src/cli/main.ts'), '-C', dir, '--quiet', 'worker', '--until-done', ...kind],
    environment: { PATH: process.env['PATH'], BASE_URL: 'http://127.0.0.1:4870', PORT: '0', ...environment },
    log: () => undefined,
  }
}
