import { existsSync, readFileSync } from 'node:fs'
import { didYouMean } from './core/nearest.ts'

/** Every setting of `.env`, with its default and one line that explains it. */
export const settings = {
  SECRET_KEY: {
    default: '',
    about:
      'signs links in mail; 32 random characters or more. Without one, data/secret.key is made; a public site needs one',
  },
  BASE_URL: { default: '', about: 'where readers reach the site; default: url in onrecord.yaml' },
  PORT: { default: '4870', about: 'the port of preview and serve' },
  HOST: { default: '127.0.0.1', about: 'the address that serve listens on; 0.0.0.0 in a container' },
  TRUST_PROXY: {
    default: '',
    about:
      'proxies before serve whose X-Forwarded-For is believed; empty: 1 where HOST is loopback and BASE_URL is not, else 0',
  },
  DATABASE_URL: {
    default: 'sqlite:data/onrecord.db',
    about:
      'the store: sqlite:<file>, relative to the publication, or postgres://user:pass@host:5432/database',
  },
  SMTP_URL: {
    default: '',
    about: 'smtp://user:pass@host:587 or smtps://…:465; without one, mail goes to the outbox: a rehearsal',
  },
  SMTP_CONNECTIONS: { default: '5', about: 'connections to the server at a time' },
  SMTP_CLIENT: {
    default: 'onrecord',
    about: 'onrecord (pipelines, made for bulk) or nodemailer, for a server that ours cannot serve',
  },
  SMTP_TLS: {
    default: 'auto',
    about: 'of smtp://: auto (STARTTLS where offered; always with a password), required, or off',
  },
  SEND_RATE: { default: '', about: 'messages a second, all connections together; empty: no limit' },
  SEND_PER_HOUR: { default: '', about: 'messages in any 60 minutes; empty: no limit' },
  DOMAIN_RATE: { default: '', about: 'messages a second to one recipient domain; empty: no limit' },
  WARM_UP: {
    default: '',
    about: 'for a new sending address: first day and its messages, doubled every day, such as 2026-01-31:200',
  },
  DKIM_DOMAIN: { default: '', about: 'd= of the DKIM signature: the domain of “from”, or one above it' },
  DKIM_SELECTOR: { default: '', about: 's= of the RSA signature; needs DKIM_KEY_FILE and DKIM_DOMAIN' },
  DKIM_KEY_FILE: { default: '', about: 'its private key in PEM, 2048 bits, relative to the publication' },
  DKIM_ED25519_SELECTOR: { default: '', about: 's= of a second, Ed25519 signature; needs DKIM_DOMAIN' },
  DKIM_ED25519_KEY_FILE: { default: '', about: 'its private key in PEM' },
  BOUNCE_DOMAIN: {
    default: '',
    about: 'where bounces go: each message gets a return path of its own there; empty: to “from”',
  },
  SESSION_DAYS: { default: '90', about: 'days until a reader logs in again' },
  SIGN_UPS_PER_HOUR: { default: '20', about: 'sign-ups and log-ins that one network may ask for in an hour' },
  CONSENT_NETWORK: {
    default: 'truncated',
    about:
      'of the address a sign-up came from: none, truncated (its network) or hashed (a keyed digest) is kept',
  },
  METRICS_TOKEN: {
    default: '',
    about: 'who may read /metrics, as a bearer token; empty: only programs on this machine',
  },
  LOG_LEVEL: { default: 'info', about: 'silent, error, warn, info or debug' },
} as const satisfies Record<string, { readonly default: string; readonly about: string }>

export type SettingName = keyof typeof settings
export type Environment = Readonly<Record<string, string | undefined>>

/** What a `.env` says, and where. */
export interface DotEnv {
  readonly values: Readonly<Record<string, string>>
  /** `file:line:column` of each value. */
  readonly places: Readonly<Record<string, string>>
  readonly problems: readonly string[]
}

/**
 * `KEY=value` lines, with or without `export`; `#` starts a comment; quotes around a value are taken off.
 * What is no such line, or names no setting, is a problem with its line: a misspelt SMTP_URL must not
 * pass for none.
 */
export function readDotEnv(file: string): DotEnv {
  const values: Record<string, string> = {}
  const places: Record<string, string> = {}
  const problems: string[] = []
  if (!existsSync(file)) return { values, places, problems }
  const lines = readFileSync(file, 'utf8')
    .replace(/^\uFEFF/, '')
    .split(/\r?\n/)
  for (const [index, line] of lines.entries()) {
    if (/^\s*(#|$)/.test(line)) continue
    const place = `${file}:${index + 1}:1`
    const match = /^\s*(?:export\s+)?([A-Za-z_][A-Za-z0-9_]*)\s*=\s*(.*?)\s*$/.exec(line)
    if (match === null) {
      problems.push(`${place}  This line is not KEY=value.`)
      continue
    }
    const [, name = '', raw = ''] = match
    if (!Object.hasOwn(settings, name)) {
      const near = didYouMean(name, Object.keys(settings)) ?? 'docs/configuration.md lists them'
      problems.push(`${place}  There is no setting ${name}; ${near}`)
      continue
    }
    const quoted = /^"(.*)"$|^'(.*)'$/.exec(raw)
    places[name] = place
    values[name] = quoted ? (quoted[1] ?? quoted[2] ?? '') : raw.replace(/(^|\s)#.*$/, '').trim()
  }
  return { values, places, problems }
}

/** Those of our settings that `environment` has. */
export function defined(environment: Environment): Record<string, string> {
  return Object.fromEntries(
    Object.keys(settings).flatMap((name) => {
      const value = environment[name]
      return value === undefined ? [] : [[name, value]]
    }),
  )
}
