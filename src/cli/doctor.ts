import { Resolver } from 'node:dns/promises'
import type { Lookup } from '../email/dns-lookup.ts'
import { exit, type Context, type ExitCode } from './context.ts'
import { isFine, type Diagnosis } from './doctor/finding.ts'
import { keysOf, settingsOf, storeOf } from './doctor/local.ts'
import { postgresOf } from './doctor/postgres.ts'
import { dnsOf, sendingOf } from './doctor/remote.ts'

export interface DoctorOptions {
  /** Asks no DNS, and no server but one on this machine. */
  readonly offline: boolean
}

/**
 * `onrecord doctor`: whether all that a real send needs is there, and which DNS records to publish. Changes
 * nothing and sends no mail. Exit 1 when something is to be done, or could not be found out.
 */
export async function run(
  context: Context,
  { offline }: DoctorOptions,
  lookup: Lookup = shortResolver(context.interrupted),
): Promise<ExitCode> {
  const config = context.config()
  const { database } = config
  const [store, sending, dns] = await Promise.all([
    database.kind === 'sqlite' ? storeOf(database.file, Date.now()) : postgresOf(database, Date.now()),
    sendingOf(config, offline, context.interrupted),
    dnsOf(config, offline ? null : lookup),
  ])
  const all = [...settingsOf(config), ...store, ...sending, ...keysOf(config), ...dns]
  if (context.interrupted.aborted) return exit.interrupted
  const todo = all.filter((each) => !isFine(each))
  if (context.options.json) context.print(JSON.stringify(all, null, 2))
  else {
    for (const section of sections) print(context, section, all)
    context.print(todo.length === 0 ? 'All is well.' : `${todo.length} to look at.`)
  }
  return todo.length === 0 ? exit.done : exit.refused
}

/** A few seconds for every question; an interruption ends them all. */
function shortResolver(interrupted: AbortSignal): Lookup {
  const resolver = new Resolver({ timeout: 2_000, tries: 2 })
  interrupted.addEventListener('abort', () => resolver.cancel())
  return resolver
}

const sections = ['settings', 'store', 'clock', 'sending', 'keys', 'dns'] as const

const titles: Readonly<Record<Diagnosis['section'], string>> = {
  settings: 'Settings',
  store: 'Store',
  clock: 'Clock',
  sending: 'Sending',
  keys: 'DKIM keys',
  dns: 'DNS records to publish',
}

const states: Readonly<Record<Diagnosis['state'], string>> = {
  ok: 'ok',
  todo: 'to do',
  missing: 'missing',
  differs: 'differs',
  unchecked: 'unknown',
  skipped: 'skipped',
}

const WIDTH = 8

function print({ print }: Context, section: Diagnosis['section'], all: readonly Diagnosis[]): void {
  const some = all.filter((each) => each.section === section)
  if (some.length === 0) return
  print(titles[section])
  const indent = ' '.repeat(WIDTH + 4)
  for (const { name, state, text, found, publish } of some) {
    print(`  ${states[state].padEnd(WIDTH)}  ${name}${text === '' ? '' : `: ${text}`}`)
    for (const each of found) print(`${indent}found    ${each}`)
    if (publish !== null && state !== 'ok') print(`${indent}publish  ${publish}`)
  }
  print('')
}
