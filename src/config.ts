import { existsSync, linkSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { dirname, join, resolve } from 'node:path'
import { messageOf, OnrecordError } from './core/errors.ts'
import { formatFinding, type Finding } from './core/finding.ts'
import { publicationSchema, type Publication } from './core/publication.ts'
import { parseWith } from './core/schema.ts'
import { randomToken } from './core/token.ts'
import { parseYaml } from './core/yaml.ts'
import { readDkim } from './dkim-settings.ts'
import type { DkimKey } from './email/dkim-key.ts'
import type { ConsentNetwork } from './subscribers/consent.ts'
import {
  domainName,
  httpUrl,
  ipAddress,
  isLocalUrl,
  oneOf,
  positive,
  smtpServer,
  sqliteFile,
  warmUp,
  wholeNumber,
  type SmtpServer,
  type SqliteFile,
  type WarmUp,
} from './setting-values.ts'
import { isLoopback } from './smtp/loopback.ts'
import { postgresAddress, type PostgresAddress } from './store/postgres/address.ts'
import { defined, readDotEnv, settings, type Environment, type SettingName } from './settings.ts'

/** Everything that can be set, frozen: `onrecord.yaml` for editors, the environment for operators. */
export interface Config {
  /** The publication's folder, absolute. */
  readonly root: string
  readonly publication: Publication
  /** Where readers reach the site, without a trailing slash. */
  readonly baseUrl: string
  readonly port: number
  /** What `serve` listens on. */
  readonly host: string
  /** Proxies before `serve` whose X-Forwarded-For is believed. */
  readonly trustProxy: number
  readonly sessionDays: number
  /** What one network may ask for in an hour. */
  readonly signUpsPerHour: number
  readonly consentNetwork: ConsentNetwork
  /** Null: `/metrics` answers only programs on this machine. */
  readonly metricsToken: string | null
  readonly secretKey: string
  /** SECRET_KEY is set; else the key stands in `data/secret.key`. */
  readonly hasOwnSecret: boolean
  readonly database: SqliteFile | PostgresAddress
  /** Null: the built-in outbox. */
  readonly smtp: SmtpServer | null
  readonly smtpConnections: number
  /** Messages a second over all connections; null: as fast as the server takes them. */
  readonly sendRate: number | null
  /** Messages in any 60 minutes, or null. */
  readonly sendPerHour: number | null
  /** Messages a second to one recipient domain, or null. */
  readonly domainRate: number | null
  readonly warmUp: WarmUp | null
  /** Ours, which pipelines, or nodemailer. */
  readonly smtpClient: 'onrecord' | 'nodemailer'
  /** Of `smtp://`: STARTTLS where it is offered (and always with a password), always, or never. */
  readonly smtpTls: 'auto' | 'required' | 'off'
  /** What mail is signed with; empty: nothing is. */
  readonly dkim: readonly DkimKey[]
  readonly bounceDomain: string | null
  readonly logLevel: 'silent' | 'error' | 'warn' | 'info' | 'debug'
  /** `data/`: the store, the outbox, snapshots and images; never in git. */
  readonly dataDir: string
}

/** Of SECRET_KEY, at least. */
const SECRET_LENGTH = 32

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
  const dotEnv = readDotEnv(join(root, '.env'))
  const environment = defined(options.environment ?? process.env)
  const env: Readonly<Record<string, string>> = { ...dotEnv.values, ...environment }
  const where = (name: string): string => {
    const place = dotEnv.places[name]
    return place === undefined || name in environment ? '' : `${place}  `
  }
  const dataDir = options.dataDir ?? join(root, 'data')
  const get = (name: SettingName): string => env[name]?.trim() || settings[name].default

  const problems: string[] = [...dotEnv.problems]
  const check = <T>(name: SettingName, value: T | null, should: string): T | null => {
    if (value === null) problems.push(`${where(name)}${name} ${should}`)
    return value
  }
  const base = check(
    'BASE_URL',
    httpUrl(get('BASE_URL') || publication.url),
    'must be an address such as https://brief.example.org',
  )
  const port = check('PORT', wholeNumber(get('PORT'), 0, 65_535), 'must be a port from 0 to 65535')
  const host = check('HOST', ipAddress(get('HOST')), 'must be an IP address, such as 127.0.0.1 or ::')
  const trustProxy =
    get('TRUST_PROXY') === ''
      ? Number(host !== null && isLoopback(host) && base !== null && !isLocalUrl(base))
      : check(
          'TRUST_PROXY',
          wholeNumber(get('TRUST_PROXY'), 0, 10),
          'must be a number of proxies, from 0 to 10',
        )
  const sessionDays = check('SESSION_DAYS', wholeNumber(get('SESSION_DAYS'), 1, 400), 'must be from 1 to 400')
  const signUps = check(
    'SIGN_UPS_PER_HOUR',
    wholeNumber(get('SIGN_UPS_PER_HOUR'), 1, 1e6),
    'must be a whole number above 0',
  )
  const network = check(
    'CONSENT_NETWORK',
    oneOf(['none', 'truncated', 'hashed'], get('CONSENT_NETWORK')),
    'must be none, truncated or hashed',
  )
  const metricsToken = get('METRICS_TOKEN')
  if (metricsToken !== '' && metricsToken.length < 16)
    problems.push(`${where('METRICS_TOKEN')}METRICS_TOKEN must have 16 characters or more`)
  const connections = check(
    'SMTP_CONNECTIONS',
    wholeNumber(get('SMTP_CONNECTIONS'), 1, 100),
    'must be from 1 to 100',
  )
  const smtp =
    get('SMTP_URL') === ''
      ? null
      : check(
          'SMTP_URL',
          smtpServer(get('SMTP_URL')),
          'must be smtp://user:pass@host:port or smtps://…; in a password, % is written %25, @ is %40',
        )
  const limit = (name: SettingName, read: (text: string) => number | null, should: string): number | null =>
    get(name) === '' ? null : check(name, read(get(name)), should)
  const client = check(
    'SMTP_CLIENT',
    oneOf(['onrecord', 'nodemailer'], get('SMTP_CLIENT')),
    'must be onrecord or nodemailer',
  )
  const tls = check(
    'SMTP_TLS',
    oneOf(['auto', 'required', 'off'], get('SMTP_TLS')),
    'must be auto, required or off',
  )
  const warm =
    get('WARM_UP') === ''
      ? null
      : check('WARM_UP', warmUp(get('WARM_UP')), 'must be a day and a number, such as 2026-01-31:200')
  const perHour = limit(
    'SEND_PER_HOUR',
    (text) => wholeNumber(text, 1, 1e9),
    'must be a whole number above 0',
  )
  const rate = limit('SEND_RATE', positive, 'must be a number above 0')
  const domainRate = limit('DOMAIN_RATE', positive, 'must be a number above 0')
  const level = check(
    'LOG_LEVEL',
    oneOf(['silent', 'error', 'warn', 'info', 'debug'], get('LOG_LEVEL')),
    'must be silent, error, warn, info or debug',
  )
  const database = check(
    'DATABASE_URL',
    sqliteFile(get('DATABASE_URL'), root) ?? postgresAddress(get('DATABASE_URL')),
    'must be sqlite:<file> or postgres://user:password@host:port/database; in a password, % is written %25, @ is %40; sslmode is disable, require, verify-ca or verify-full',
  )
  const secret = env['SECRET_KEY']?.trim() ?? ''
  if (secret !== '' && secret.length < SECRET_LENGTH)
    problems.push(`${where('SECRET_KEY')}SECRET_KEY must have ${SECRET_LENGTH} characters or more`)
  const dkim = readDkim(get, publication.from.address, root)
  for (const { name, should } of dkim.problems) problems.push(`${where(name)}${name} ${should}`)
  const bounceDomain =
    get('BOUNCE_DOMAIN') === ''
      ? null
      : check(
          'BOUNCE_DOMAIN',
          domainName(get('BOUNCE_DOMAIN')),
          'must be a domain such as bounces.example.org',
        )
  if (
    problems.length > 0 ||
    base === null ||
    port === null ||
    host === null ||
    trustProxy === null ||
    sessionDays === null ||
    signUps === null ||
    network === null ||
    connections === null ||
    level === null ||
    client === null ||
    tls === null ||
    database === null
  ) {
    throw new OnrecordError('config', problems.join('\n'), {
      hint: `the settings stand in ${join(root, '.env')} or in the environment; “onrecord init” writes one with each explained`,
    })
  }
  return Object.freeze({
    root,
    publication,
    baseUrl: base,
    port,
    host,
    trustProxy,
    sessionDays,
    signUpsPerHour: signUps,
    consentNetwork: network,
    metricsToken: metricsToken || null,
    secretKey: secret || ownSecret(dataDir),
    hasOwnSecret: secret !== '',
    database:
      options.dataDir && !env['DATABASE_URL']
        ? { kind: 'sqlite' as const, file: join(dataDir, 'onrecord.db') }
        : database,
    smtp,
    smtpConnections: connections,
    sendRate: rate,
    sendPerHour: perHour,
    domainRate,
    warmUp: warm,
    smtpClient: client,
    smtpTls: tls,
    dkim: dkim.keys,
    bounceDomain,
    logLevel: level,
    dataDir,
  })
}

function findPublication(options: ConfigOptions): string {
  const cwd = options.cwd ?? process.cwd()
  if (options.dir !== undefined) {
    const root = resolve(cwd, options.dir)
    if (existsSync(join(root, 'onrecord.yaml'))) return root
    const around = publicationAround(root)
    throw new OnrecordError('config', `There is no onrecord.yaml in ${root}.`, {
      hint:
        around === null
          ? `onrecord init ${options.dir} makes a publication there`
          : `the publication is ${around}`,
    })
  }
  const around = publicationAround(resolve(cwd))
  if (around !== null) return around
  throw new OnrecordError('config', `There is no publication here: no onrecord.yaml in ${cwd} or above it.`, {
    hint: '“onrecord init” makes one, “-C <folder>” points to one',
  })
}

/** The nearest folder with `onrecord.yaml`, from `folder` upwards. */
function publicationAround(folder: string): string | null {
  if (existsSync(join(folder, 'onrecord.yaml'))) return folder
  return dirname(folder) === folder ? null : publicationAround(dirname(folder))
}

/** `onrecord.yaml` as it is now. @throws OnrecordError `config` with everything that is wrong with it */
export function readPublication(root: string): Publication {
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

/** The key of a publication that set none: made whole or not at all, whoever else makes it at the same time. */
function ownSecret(dataDir: string): string {
  const file = join(dataDir, 'secret.key')
  if (!existsSync(file)) {
    const unfinished = `${file}.${process.pid}.tmp`
    try {
      mkdirSync(dataDir, { recursive: true })
      writeFileSync(unfinished, `${randomToken()}\n`, { mode: 0o600, flush: true })
      linkSync(unfinished, file)
    } catch (error) {
      if (!existsSync(file)) {
        throw new OnrecordError('io', `${file} cannot be written: ${messageOf(error)}`, {
          hint: 'set SECRET_KEY, or make the folder writable',
          cause: error,
        })
      }
    } finally {
      rmSync(unfinished, { force: true })
    }
  }
  const secret = readFileSync(file, 'utf8').trim()
  if (secret.length >= SECRET_LENGTH) return secret
  throw new OnrecordError('config', `${file} is damaged: it must hold ${SECRET_LENGTH} characters or more.`, {
    hint: 'delete it and run “onrecord restore <backup>”; without the key, unsubscribe links in mail already sent stop working',
  })
}
