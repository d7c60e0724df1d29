import { join } from 'node:path'
import { openApp, type App } from '../../src/app.ts'
import { loadConfig } from '../../src/config.ts'
import type { Round } from '../../src/delivery/round.ts'

const root = join(import.meta.dirname, '../..')

export const ISSUE = '2025-w46'

/** Of the signatures. */
const DOMAIN = 'brief.example.org'

/** What a sender is opened with. */
export interface FaultSettings {
  /** Of the data. */
  readonly folder: string
  readonly port?: number
  readonly connections?: number
  /** An RSA key in PEM: every message is signed. */
  readonly keyFile?: string | null
  /** A second key, Ed25519. */
  readonly secondKeyFile?: string | null
}

/** The composition root’s app on the data in `folder`, as the command line opens it. */
export function openFaultApp({
  folder,
  port = 0,
  connections = 1,
  keyFile = null,
  secondKeyFile = null,
}: FaultSettings): Promise<App> {
  const environment = {
    BASE_URL: 'https://brief.test',
    SECRET_KEY: 'a secret of more than thirty-two characters',
    DATABASE_URL: `sqlite:${join(folder, 'onrecord.db')}`,
    SMTP_URL: port === 0 ? '' : `smtp://127.0.0.1:${port}`,
    SMTP_CONNECTIONS: String(connections),
    ...(keyFile === null ? {} : { DKIM_DOMAIN: DOMAIN, DKIM_SELECTOR: 'fault', DKIM_KEY_FILE: keyFile }),
    ...(secondKeyFile === null
      ? {}
      : { DKIM_ED25519_SELECTOR: 'fault-ed', DKIM_ED25519_KEY_FILE: secondKeyFile }),
  }
  return openApp(loadConfig({ dir: root, dataDir: folder, environment }))
}

/** Opens the app for one look at it. */
export async function withApp<T>(folder: string, look: (app: App) => Promise<T>): Promise<T> {
  const app = await openFaultApp({ folder })
  try {
    return await look(app)
  } finally {
    await app.close()
  }
}

/** The real round of the issue. */
export async function theRound(app: App): Promise<Round> {
  const round = await app.deliveries.round(ISSUE, 'real')
  if (round === null) throw new Error('nothing was frozen')
  return round
}
