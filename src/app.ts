import { join } from 'node:path'
import type { Config } from './config.ts'
import { createTokens, type Tokens } from './core/token.ts'
import type { ApprovalStore } from './delivery/approval.ts'
import type { EditionStore } from './delivery/editions.ts'
import type { DeliveryReports } from './delivery/report.ts'
import type { RoundKind } from './delivery/round.ts'
import type { ScheduleStore } from './delivery/schedule.ts'
import type { DeliveryStore, SenderLock } from './delivery/store.ts'
import type { Transport } from './delivery/transport.ts'
import { createSigner } from './email/dkim.ts'
import type { Signer } from './email/signer.ts'
import { smtpLabel, type SmtpServer } from './setting-values.ts'
import type { SmtpOptions } from './smtp/options.ts'
import { openApprovals } from './store/approvals.ts'
import { openDeliveries } from './store/deliveries.ts'
import { openDeliveryReports } from './store/delivery-report.ts'
import { openEditions } from './store/editions.ts'
import { openSchedule } from './store/schedule.ts'
import { lockSender } from './store/sender-lock.ts'
import { openDatabase, type Database } from './store/sqlite.ts'
import { enterWorker, hasWorker } from './store/worker-lock.ts'
import { openSubscriberStore } from './store/subscribers.ts'
import type { SubscriberStore } from './subscribers/store.ts'

/** The composition root's product: what is open, and how to close it. */
export interface App {
  readonly config: Config
  readonly tokens: Tokens
  readonly database: Database
  readonly subscribers: SubscriberStore
  readonly deliveries: DeliveryStore
  /** What the operator sees of them. */
  readonly reports: DeliveryReports
  readonly editions: EditionStore
  /** Sends that wait for their time. */
  readonly schedule: ScheduleStore
  readonly approvals: ApprovalStore
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
  /** The right to send; null while another process has it. */
  lockSender(): SenderLock | null
  /** Says that a worker is there, until it is released or the process ends. */
  enterWorker(kind: RoundKind): SenderLock
  /** Whether a worker for this kind of sends is there; null where that cannot be told. */
  hasWorker(kind: RoundKind): boolean | null
  close(): Promise<void>
}

/** Opens the stores that `config` names. Whoever opens closes. */
export async function openApp(config: Config): Promise<App> {
  const tokens = createTokens(config.secretKey)
  const database = openDatabase(config.database.file)
  try {
    const subscribers = openSubscriberStore(database, tokens)
    return {
      config,
      tokens,
      database,
      subscribers,
      deliveries: openDeliveries(database),
      reports: openDeliveryReports(database),
      editions: openEditions(database),
      schedule: openSchedule(database),
      approvals: openApprovals(database),
      signer: config.dkim.length === 0 ? null : createSigner(config.dkim),
      bounceDomain: config.bounceDomain,
      imagesDir: join(config.dataDir, 'images'),
      openTransport: (timeouts = {}) => openTransport(config, timeouts),
      lockSender: () => lockSender(join(config.dataDir, 'sender.lock')),
      enterWorker: (kind) => enterWorker(workerLock(config, kind)),
      hasWorker: (kind) => hasWorker(workerLock(config, kind)),
      close: async () => database.close(),
    }
  } catch (error) {
    database.close()
    throw error
  }
}

function workerLock({ dataDir }: Config, kind: RoundKind): string {
  return join(dataDir, kind === 'real' ? 'worker.lock' : 'rehearsal-worker.lock')
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
