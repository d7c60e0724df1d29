import { chmodSync, existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { dirname, join, resolve } from 'node:path'
import { OnrecordError } from './core/errors.ts'
import { formatFinding, type Finding } from './core/finding.ts'
import { didYouMean } from './core/nearest.ts'
import { publicationSchema, type Publication } from './core/publication.ts'
import { parseWith } from './core/schema.ts'
import { randomToken } from './core/token.ts'
import { parseYaml } from './core/yaml.ts'

/** Everything that can be set, frozen: `onrecord.yaml` for editors, the environment for operators. */
export interface Config {
  /** The publication's folder, absolute. */
  readonly root: string
  readonly publication: Publication
  /** Where readers reach the site, without a trailing slash. */
  readonly baseUrl: string
  readonly port: number
  readonly secretKey: string
  readonly database: { readonly kind: 'sqlite'; readonly file: string }
  /** Null: the built-in outbox. */
  readonly smtp: SmtpServer | null
  readonly smtpConnections: number
  /** Messages a second over all connections; null: as fast as the server takes them. */
  readonly sendRate: number | null
  readonly dkim: Dkim | null
  readonly bounceDomain: string | null
  readonly logLevel: 'silent' | 'error' | 'warn' | 'info' | 'debug'
  /** `data/`: the store, the outbox, snapshots and images; never in git. */
  readonly dataDir: string
}

export interface SmtpServer {
  readonly url: string
  readonly host: string
  readonly port: number
  /** Implicit TLS (`smtps://`). */
  readonly secure: boolean
  readonly auth: { readonly user: string; readonly pass: string } | null
}

export interface Dkim {
  readonly domain: string
  readonly selector: string
  /** PEM, RSA. */
  readonly privateKey: string
}

/** Every setting of `.env`, with its default and one line that explains it. */
export const settings = {
  SECRET_KEY: {
    default: '',
    about: 'signs unsubscribe links; 32 random characters or more. Without one, data/secret.key is made',
  },
  BASE_URL: { default: '', about: 'where readers reach the site; default: url in onrecord.yaml' },
  PORT: { default: '4870', about: 'the port of preview and serve' },
  DATABASE_URL: { default: 'sqlite:data/onrecord.db', about: 'the store, relative to the publication' },
  SMTP_URL: {
    default: '',
    about: 'smtp://user:pass@host:587 or smtps://…:465; without one, mail goes to the outbox: a rehearsal',
  },
  SMTP_CONNECTIONS: { default: '5', about: 'connections to the server at a time' },
  SEND_RATE: { default: '', about: 'messages a second, all connections together; empty: no limit' },
  DKIM_DOMAIN: { default: '', about: 'd= of the DKIM signature; set all three DKIM keys or none' },
  DKIM_SELECTOR: { default: '', about: 's= of the DKIM signature' },
  DKIM_KEY_FILE: { default: '', about: 'the RSA private key in PEM, relative to the publication' },
  BOUNCE_DOMAIN: { default: '', about: 'reserved for VERP return paths; has no effect yet' },
  LOG_LEVEL: { default: 'info', about: 'silent, error, warn, info or debug' },
} as const satisfies Record<string, { readonly default: string; readonly about: string }>

export type SettingName = keyof typeof settings
export type Environment = Readonly<Record<string, string | undefined>>

/** What `loadConfig` may be told instead of finding it out. */
export interface ConfigOptions {
  /** The publication's folder; default: the nearest one upwards from `cwd` with `onrecord.yaml`. */
  readonly dir?: string | undefined
  readonly cwd?: string
  /** Default: the process's environment. Wins over `.env`. */
  readonly environment?: Environment
  /** Where `data/` is; default: in the publication. */
  readonly dataDir?: string
}

/**
 * Reads `onrecord.yaml`, `.env` and the environment.
 * @throws OnrecordError `config` that names every mistake with its file and line
 */
export function loadConfig(options: ConfigOptions = {}): Config {
  const root = findPublication(options)
  const publication = readPublication(root)
  const env = { ...readDotEnv(join(root, '.env')), ...defined(options.environment ?? process.env) }
  const dataDir = options.dataDir ?? join(root, 'data')
  const get = (name: SettingName): string => env[name]?.trim() || settings[name].default

  const problems: string[] = []
  const check = <T>(name: SettingName, value: T | null, should: string): T | null => {
    if (value === null) problems.push(`${name} ${should}`)
    return value
  }
  const base = check(
    'BASE_URL',
    httpUrl(get('BASE_URL') || publication.url),
    'must be an address such as https://brief.example.org',
  )
  const port = check('PORT', wholeNumber(get('PORT'), 0, 65_535), 'must be a port from 0 to 65535')
  const connections = check(
    'SMTP_CONNECTIONS',
    wholeNumber(get('SMTP_CONNECTIONS'), 1, 100),
    'must be from 1 to 100',
  )
  const rate =
    get('SEND_RATE') === ''
      ? null
      : check('SEND_RATE', positive(get('SEND_RATE')), 'must be a number above 0')
  const smtp =
    get('SMTP_URL') === ''
      ? null
      : check('SMTP_URL', smtpServer(get('SMTP_URL')), 'must be smtp://user:pass@host:port or smtps://…')
  const level = check('LOG_LEVEL', logLevel(get('LOG_LEVEL')), 'must be silent, error, warn, info or debug')
  const database = check(
    'DATABASE_URL',
    sqliteFile(get('DATABASE_URL'), root),
    'must be sqlite:<file>; PostgreSQL is not built yet',
  )
  const secret = env['SECRET_KEY']?.trim() ?? ''
  if (secret !== '' && secret.length < 32) problems.push('SECRET_KEY must have 32 characters or more')
  const dkim = readDkim(get('DKIM_DOMAIN'), get('DKIM_SELECTOR'), get('DKIM_KEY_FILE'), root, problems)
  if (
    problems.length > 0 ||
    base === null ||
    port === null ||
    connections === null ||
    level === null ||
    database === null
  ) {
    throw new OnrecordError('config', problems.join('\n'), {
      hint: `the settings stand in ${join(root, '.env')} or in the environment; .env.example explains each`,
    })
  }
  return Object.freeze({
    root,
    publication,
    baseUrl: base,
    port,
    secretKey: secret || ownSecret(dataDir),
    database:
      options.dataDir && !env['DATABASE_URL']
        ? { kind: 'sqlite' as const, file: join(dataDir, 'onrecord.db') }
        : database,
    smtp,
    smtpConnections: connections,
    sendRate: rate,
    dkim,
    bounceDomain: get('BOUNCE_DOMAIN') || null,
    logLevel: level,
    dataDir,
  })
}

/** Names of our settings in the environment that do not exist, with the nearest one that does. */
export function unknownSettings(file: string): string[] {
  return Object.keys(readDotEnv(file))
    .filter((name) => !(name in settings))
    .map(
      (name) =>
        `${file}: there is no setting ${name}; ${didYouMean(name, Object.keys(settings)) ?? 'see .env.example'}`,
    )
}

function findPublication(options: ConfigOptions): string {
  const cwd = options.cwd ?? process.cwd()
  if (options.dir !== undefined) {
    const root = resolve(cwd, options.dir)
    if (existsSync(join(root, 'onrecord.yaml'))) return root
    throw new OnrecordError('config', `There is no onrecord.yaml in ${root}.`, {
      hint: `onrecord init ${options.dir} makes a publication there`,
    })
  }
  for (let folder = resolve(cwd); ; folder = dirname(folder)) {
    if (existsSync(join(folder, 'onrecord.yaml'))) return folder
    if (dirname(folder) === folder) break
  }
  throw new OnrecordError('config', `There is no publication here: no onrecord.yaml in ${cwd} or above it.`, {
    hint: '“onrecord init” makes one, “-C <folder>” points to one',
  })
}

function readPublication(root: string): Publication {
  const file = 'onrecord.yaml'
  const { value, findings } = parseWith(
    publicationSchema,
    parseYaml(readFileSync(join(root, file), 'utf8'), file),
  )
  if (value === null || findings.length > 0) {
    throw new OnrecordError('config', findings.map(withHint).join('\n'), {
      hint: `mend ${join(root, file)} and run the command again`,
    })
  }
  return value
}

function withHint(each: Finding): string {
  return each.hint === null ? formatFinding(each) : `${formatFinding(each)}; ${each.hint}`
}

/** `KEY=value` lines; `#` starts a comment; quotes around a value are taken off. */
function readDotEnv(file: string): Record<string, string> {
  if (!existsSync(file)) return {}
  const values: Record<string, string> = {}
  for (const line of readFileSync(file, 'utf8').split(/\r?\n/)) {
    const match = /^\s*([A-Z][A-Z0-9_]*)\s*=\s*(.*?)\s*$/.exec(line)
    if (match === null) continue
    const [, name = '', raw = ''] = match
    const quoted = /^"(.*)"$|^'(.*)'$/.exec(raw)
    values[name] = quoted ? (quoted[1] ?? quoted[2] ?? '') : raw.replace(/(^|\s)#.*$/, '').trim()
  }
  return values
}

function defined(environment: Environment): Record<string, string> {
  return Object.fromEntries(
    Object.keys(settings).flatMap((name) => {
      const value = environment[name]
      return value === undefined ? [] : [[name, value]]
    }),
  )
}

function ownSecret(dataDir: string): string {
  const file = join(dataDir, 'secret.key')
  if (existsSync(file)) return readFileSync(file, 'utf8').trim()
  mkdirSync(dataDir, { recursive: true })
  try {
    writeFileSync(file, `${randomToken()}\n`, { mode: 0o600, flag: 'wx' })
    chmodSync(file, 0o600)
  } catch (error) {
    if (!existsSync(file)) throw new OnrecordError('io', `${file} cannot be written.`, { cause: error })
  }
  return readFileSync(file, 'utf8').trim()
}

function readDkim(
  domain: string,
  selector: string,
  keyFile: string,
  root: string,
  problems: string[],
): Dkim | null {
  const given = [domain, selector, keyFile].filter((value) => value !== '').length
  if (given === 0) return null
  if (given < 3) {
    problems.push('DKIM_DOMAIN, DKIM_SELECTOR and DKIM_KEY_FILE must be set together')
    return null
  }
  const file = resolve(root, keyFile)
  if (!existsSync(file)) {
    problems.push(`DKIM_KEY_FILE: there is no file ${file}`)
    return null
  }
  return { domain, selector, privateKey: readFileSync(file, 'utf8') }
}

function httpUrl(text: string): string | null {
  const url = URL.parse(text)
  if (url === null || (url.protocol !== 'https:' && url.protocol !== 'http:')) return null
  return `${url.origin}${url.pathname}`.replace(/\/+$/, '')
}

function smtpServer(text: string): SmtpServer | null {
  const url = URL.parse(text)
  if (url === null || (url.protocol !== 'smtp:' && url.protocol !== 'smtps:') || url.hostname === '')
    return null
  const secure = url.protocol === 'smtps:'
  return {
    url: text,
    host: url.hostname.replace(/^\[|\]$/g, ''),
    port: url.port === '' ? (secure ? 465 : 587) : Number(url.port),
    secure,
    auth:
      url.username === ''
        ? null
        : { user: decodeURIComponent(url.username), pass: decodeURIComponent(url.password) },
  }
}

function sqliteFile(text: string, root: string): Config['database'] | null {
  const match = /^sqlite:(.+)$/.exec(text)
  return match?.[1] === undefined ? null : { kind: 'sqlite', file: resolve(root, match[1]) }
}

function logLevel(text: string): Config['logLevel'] | null {
  const levels = ['silent', 'error', 'warn', 'info', 'debug'] as const
  return levels.find((level) => level === text) ?? null
}

function wholeNumber(text: string, least: number, most: number): number | null {
  const value = Number(text)
  return Number.isInteger(value) && value >= least && value <= most ? value : null
}

function positive(text: string): number | null {
  const value = Number(text)
  return Number.isFinite(value) && value > 0 ? value : null
}
