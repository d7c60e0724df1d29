import { join } from 'node:path'
import type { Config } from './config.ts'
import { createTokens, type Tokens } from './core/token.ts'
import type { Transport } from './delivery/transport.ts'
import { createSigner } from './email/dkim.ts'
import type { Signer } from './email/signer.ts'
import { smtpLabel, type SmtpServer } from './setting-values.ts'
import type { SmtpOptions } from './smtp/options.ts'
import type { StoreAway } from './store/postgres/away.ts'
import type { Stores } from './store/stores.ts'

/** The composition root's product: what is open, and how to close it. */
export interface App extends Stores {
  readonly config: Config
  readonly tokens: Tokens
  /** Signs what is sent, with the keys of `config`; null: nothing does. */
  readonly signer: Signer | null
  /** Where bounces go, or null: to the sender's address. */
  readonly bounceDomain: string | null
  /** Frozen images, named by their content: what the site serves under `/images/`. */
  readonly imagesDir: string
  /**
   * The SMTP server of `config`, or the outbox, started in this process. Whoever opens closes.
   * @param timeouts other waits than those of the standard
   */
  openTransport(timeouts?: SmtpOptions['timeouts']): Promise<Transport>
}

export interface AppOptions {
  /**
   * For how long a database that was there and is gone is waited for, in milliseconds, and so is one that is there and
   * does not answer what is read; default: as the store does.
   */
  readonly patience?: number
  /** Told when a database has not answered for a second, and when it does again. */
  readonly onAway?: (away: StoreAway) => void
  /** Once aborted, a database that was never reached is waited for no longer. */
  readonly interrupted?: AbortSignal
}

/** Opens the stores that `config` names. Whoever opens closes. */
export async function openApp(config: Config, options: AppOptions = {}): Promise<App> {
  const tokens = createTokens(config.secretKey)
  const stores = await openStores(config, tokens, options)
  try {
    return {
      ...stores,
      config,
      tokens,
      signer: config.dkim.length === 0 ? null : createSigner(config.dkim),
      bounceDomain: config.bounceDomain,
      imagesDir: join(config.dataDir, 'images'),
      openTransport: (timeouts = {}) => openTransport(config, timeouts),
    }
  } catch (error) {
    await stores.close()
    throw error
  }
}

/** Whoever starts beside a database waits until it has started too, in milliseconds. */
const AT_START_MS = 15_000

/** The client for PostgreSQL is loaded where it is used alone. */
async function openStores(
  { database, dataDir }: Config,
  tokens: Tokens,
  { patience, ...waiting }: AppOptions,
): Promise<Stores> {
  switch (database.kind) {
    case 'sqlite': {
      const { openSqliteStores } = await import('./store/open-sqlite.ts')
      return openSqliteStores(database.file, tokens, { dataDir })
    }
    case 'postgres': {
      const { openPostgresStores } = await import('./store/postgres/open.ts')
      const waits = patience === undefined ? {} : { patience, atStart: AT_START_MS, answer: patience }
      return openPostgresStores(database.url, tokens, { ...waits, ...waiting })
    }
  }
}

/** How the server of `config` is reached. */
export function smtpOptions(config: Config, server: SmtpServer): SmtpOptions {
  const { host, port, secure, auth } = server
  const label = smtpLabel(server)
  const { smtpTls: tls, smtpConnections: connections } = config
  return { kind: 'smtp', label, host, port, secure, tls, auth, connections }
}

async function openTransport(
  config: Config,
  timeouts: NonNullable<SmtpOptions['timeouts']>,
): Promise<Transport> {
  const { smtp, dataDir, smtpConnections: connections } = config
  if (smtp !== null) return openSmtp(config, { ...smtpOptions(config, smtp), timeouts })
  const { startOutbox } = await import('./outbox/server.ts')
  const outbox = await startOutbox({ dir: join(dataDir, 'outbox') })
  const transport = await openSmtp(config, {
    kind: 'outbox',
    label: 'the outbox',
    host: '127.0.0.1',
    port: outbox.port,
    secure: false,
    tls: 'off',
    auth: null,
    connections,
  })
  return {
    ...transport,
    async close() {
      await transport.close()
      await outbox.close()
    },
  }
}

/** Our own client, or nodemailer where the operator asks for it. */
async function openSmtp({ smtpClient }: Config, options: SmtpOptions): Promise<Transport> {
  if (smtpClient === 'nodemailer') {
    const { openSmtpTransport } = await import('./smtp/nodemailer.ts')
    return openSmtpTransport(options)
  }
  const { openSmtpClient } = await import('./smtp/client.ts')
  return openSmtpClient(options)
}
