import { spawn } from 'node:child_process'
import { existsSync } from 'node:fs'
import { join } from 'node:path'
import type { Config } from '../config.ts'
import { createLog } from '../core/log.ts'
import { smtpLabel } from '../setting-values.ts'
import type { StoreAway } from '../store/postgres/away.ts'
import { createStudio } from '../studio/studio.ts'
import { exit, type Context, type ExitCode } from './context.ts'
import { keepNextDrafts } from './next-drafts.ts'
import { PORT_ATTEMPTS, startServer, untilInterrupted } from './start-server.ts'
import { awayLine } from './store-away.ts'
import type { OpenStudioStores } from './studio-stores.ts'

/** `onrecord preview`: the studio on this machine, until Ctrl-C. */
export async function run(
  context: Context,
  options: { readonly port: number | null; readonly open: boolean },
): Promise<ExitCode> {
  const config = context.config()
  const opened: { stores: ReturnType<typeof openStores> | null } = { stores: null }
  const studio = await createStudio({
    root: config.root,
    baseUrl: config.baseUrl,
    outboxDir: join(config.dataDir, 'outbox'),
    imagesDir: join(config.dataDir, 'images'),
    snapshotsDir: join(config.dataDir, 'snapshots'),
    rehearsal: config.smtp === null,
    ...(config.smtp === null ? {} : { server: smtpLabel(config.smtp) }),
    stores: () => (opened.stores ??= openStores(context)),
    log: createLog(config.logLevel, (line) => context.note(line), {
      form: context.terminal ? 'text' : 'json',
    }),
    hasStores: () => opened.stores !== null || isMade(config),
  })
  try {
    const server = await startServer(studio.app.fetch, {
      port: options.port ?? config.port,
      attempts: options.port === null ? PORT_ATTEMPTS : 1,
    })
    try {
      if (options.port === null && config.port !== 0 && server.port !== config.port)
        context.note(`Port ${config.port} is taken; this is the next free one.`)
      if (context.options.json) context.print(JSON.stringify({ url: server.url }))
      else context.print(`The studio is at ${server.url}. Ctrl-C ends it.`)
      if (options.open) openInBrowser(server.url)
      // What is scheduled starts in time. A publication without a store has nothing scheduled, and gets none by this.
      if (isMade(config)) (opened.stores ??= openStores(context)).catch(() => undefined)
      await untilInterrupted(context.interrupted)
    } finally {
      await server.close()
    }
  } finally {
    await studio.close()
    await (await opened.stores?.catch(() => null))?.close()
  }
  return exit.done
}

/** Whether there is a store by now; on PostgreSQL the first command makes one, and asking would take a connection. */
function isMade({ database }: Config): boolean {
  return database.kind === 'postgres' || existsSync(database.file)
}

async function openStores(context: Context): Promise<OpenStudioStores> {
  const [{ openApp }, { openStudioStores }] = await Promise.all([
    import('../app.ts'),
    import('./studio-stores.ts'),
  ])
  const { interrupted } = context
  const onAway = (away: StoreAway): void => context.note(awayLine(away))
  const app = await openApp(context.config(), { onAway, interrupted })
  const over = new AbortController()
  const drafts = keepNextDrafts(app, { signal: over.signal, log: (line) => context.note(line) })
  const stores = openStudioStores(app)
  return {
    ...stores,
    async close() {
      over.abort()
      await Promise.all([stores.close(), drafts])
      await app.close()
    },
  }
}

/** Where there is no such program the address has been printed; nothing more is owed. */
function openInBrowser(url: string): void {
  const [command, ...args] =
    process.platform === 'darwin'
      ? ['open', url]
      : process.platform === 'win32'
        ? ['cmd', '/c', 'start', '', url]
        : ['xdg-open', url]
  const child = spawn(command ?? 'xdg-open', args, { stdio: 'ignore', detached: true })
  child.on('error', () => undefined)
  child.unref()
}
