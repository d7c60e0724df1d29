import { existsSync, readFileSync, statSync } from 'node:fs'
import { join } from 'node:path'
import type { Config } from '../../config.ts'
import { isReservedDomain } from '../../delivery/refusals.ts'
import { bitsOf, fingerprint, keyRecipes } from '../../email/dkim-key.ts'
import { storeHealth, type StoreHealth } from '../../store/health.ts'
import type { Moved } from '../../store/moved.ts'
import { moment, size } from '../advance.ts'
import { diagnosis, type Diagnosis } from './finding.ts'
import type { Restored } from '../../delivery/store.ts'

/** The settings, which were read already: those that are valid and still no good for a real send. */
export function settingsOf(config: Config): readonly Diagnosis[] {
  const { address } = config.publication.from
  const fault = isReservedDomain(domainOf(address))
    ? ': the domain is reserved for examples, nobody can have that address'
    : null
  return [
    dotEnv(join(config.root, '.env')),
    secretKey(config),
    baseUrlOf(config),
    diagnosis('settings', 'from', fault === null ? 'ok' : 'todo', address + (fault ?? '')),
  ]
}

/** Where links of the mail lead: a real send refuses what readers could not open. */
function baseUrlOf({ baseUrl }: Config): Diagnosis {
  const { protocol, hostname } = new URL(baseUrl)
  const say = (state: 'ok' | 'todo', text: string): Diagnosis =>
    diagnosis('settings', 'BASE_URL', state, text)
  if (protocol !== 'https:') return say('todo', `${baseUrl} is not https, and a real send is refused`)
  if (isReservedDomain(hostname))
    return say('todo', `${hostname} is reserved for examples: readers cannot open the links`)
  return say('ok', baseUrl)
}

/** The part after the @, in lower case. */
export function domainOf(address: string): string {
  return address.slice(address.lastIndexOf('@') + 1).toLowerCase()
}

function dotEnv(file: string): Diagnosis {
  if (!existsSync(file))
    return diagnosis('settings', '.env', 'ok', 'none: the environment and the defaults hold')
  const open = (statSync(file).mode & 0o044) !== 0
  if (
    open &&
    /^\s*(export\s+)?((SECRET_KEY|SMTP_URL)\s*=\s*\S|DATABASE_URL\s*=\s*["']?postgres)/m.test(
      readFileSync(file, 'utf8'),
    )
  )
    return diagnosis('settings', '.env', 'todo', `others on this machine can read it: chmod 600 ${file}`)
  return diagnosis('settings', '.env', 'ok', file)
}

function secretKey({ dataDir, secretKey }: Config): Diagnosis {
  const file = join(dataDir, 'secret.key')
  const made = existsSync(file) && readFileSync(file, 'utf8').trim() === secretKey
  const text = made ? `made, in ${file}: “onrecord backup” keeps it` : 'set; keep a copy of it'
  return diagnosis('settings', 'SECRET_KEY', 'ok', text)
}

/** The store, looked at and left as it is, and whether the clock agrees with it. */
export function storeOf(file: string, now: number): readonly Diagnosis[] {
  const health = storeHealth(file)
  const say = (name: string, ok: boolean, text: string): Diagnosis =>
    diagnosis('store', name, ok ? 'ok' : 'todo', text)
  if (health === null) return [say('file', true, `none yet: ${file} is made when it is needed`)]
  if (health.trouble !== null) return [say('file', false, health.trouble)]
  const { damage, restored, moved, bytes, free } = health
  return [
    say('file', true, `${file}, ${size(bytes)}`),
    ...(moved === null ? [] : [say('moved', false, movedText(moved))]),
    schemaDiagnosis(health),
    say('integrity', damage === null, damage === null ? 'ok' : `damaged: ${damage}; restore the last backup`),
    // A backup needs as much again; the log of a send and SQLite itself need some.
    say(
      'disk',
      free > bytes + 100e6,
      `${size(free)} free${free > bytes + 100e6 ? '' : ': too little for a send and a backup; make room'}`,
    ),
    restoredDiagnosis(restored),
    clock(health.writtenAt, now),
  ]
}

/** Whether a restore waits for a person. */
export function restoredDiagnosis(restored: Restored | null): Diagnosis {
  const text =
    restored === null
      ? 'no'
      : `as it stood on ${moment(restored.backupAt)} (put back from a backup, or a move was given up): nothing real is sent before “onrecord restore --confirm”`
  return diagnosis('store', 'restored', restored === null ? 'ok' : 'todo', text)
}

/** The file is whole, and all the same nothing may be done in it. */
function movedText({ to, at }: Moved): string {
  return `to ${to}, ${moment(at)}: every command refuses this file; let DATABASE_URL in .env name that database`
}

/** How far the schema is, and whether it is this version's. */
export function schemaDiagnosis(schema: Pick<StoreHealth, 'step' | 'newest' | 'others'>): Diagnosis {
  const isFine = schema.step <= schema.newest && schema.others.length === 0
  return diagnosis('store', 'schema', isFine ? 'ok' : 'todo', schemaText(schema))
}

function schemaText({ step, newest, others }: Pick<StoreHealth, 'step' | 'newest' | 'others'>): string {
  if (step > newest)
    return `step ${step}, from a newer Onrecord; this version knows ${newest}: install the newer one again`
  if (others.length > 0)
    return `step ${others.join(', ')} was another text when this store took it: send nothing; install the version that made the store, or put back a backup of before it`
  if (step === 0) return 'none yet: “onrecord migrate” makes it'
  if (step === newest) return `step ${step}, the newest`
  return `step ${step} of ${newest}; the next command brings it up to date`
}

/** A clock that was set back would sign with times gone by and retry too late. */
function clock(writtenAt: number, now: number): Diagnosis {
  const ahead = writtenAt - now > 60_000
  const text = ahead
    ? `it is ${moment(now)}, and the store was written at ${moment(writtenAt)}: the clock was set back; let it be set by NTP`
    : `${moment(now)}, after all that the store holds`
  return diagnosis('clock', 'time', ahead ? 'todo' : 'ok', text)
}

/** The keys that sign; that they can was found out when they were read. */
export function keysOf({ dkim }: Config): readonly Diagnosis[] {
  if (dkim.length === 0)
    return [
      diagnosis(
        'keys',
        'DKIM',
        'todo',
        `mail is not signed, and large mailbox providers refuse or hide bulk mail that is not: “${keyRecipes.rsa}” makes a key; set DKIM_DOMAIN, DKIM_SELECTOR and DKIM_KEY_FILE`,
      ),
    ]
  const keys = dkim.map((key) => {
    const kind = key.algorithm === 'rsa' ? `RSA, ${bitsOf(key.privateKey)} bits` : 'Ed25519'
    return diagnosis('keys', key.selector, 'ok', `${kind}, for ${key.domain}, key ${fingerprint(key)}`)
  })
  if (dkim.some(({ algorithm }) => algorithm === 'rsa')) return keys
  const text = `many receivers do not know Ed25519 and take the mail for unsigned: “${keyRecipes.rsa}” makes a key to sign with as well`
  return [...keys, diagnosis('keys', 'RSA', 'todo', text)]
}
