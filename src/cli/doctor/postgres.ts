import { messageOf, OnrecordError } from '../../core/errors.ts'
import type { PostgresAddress } from '../../store/postgres/address.ts'
import { elsewhereHint } from '../../store/postgres/home.ts'
import type { PostgresState } from '../../store/postgres/look.ts'
import { moment, size } from '../advance.ts'
import { diagnosis, type Diagnosis } from './finding.ts'
import { restoredDiagnosis, schemaDiagnosis } from './local.ts'

/** Clocks that are further apart show wrong times and try again too early or too late, in milliseconds. */
const APART = 5_000

/** The oldest version that the store is made for. */
const OLDEST = 130_000

/** Two processes at least: `serve` and its worker. */
const PROCESSES = 2

/** The store on PostgreSQL, looked at and left as it is, and whether its clock is ours. */
export async function postgresOf(
  { url, label }: PostgresAddress,
  now: number,
): Promise<readonly Diagnosis[]> {
  const { lookAtPostgres } = await import('../../store/postgres/look.ts')
  try {
    return stateOf(label, await lookAtPostgres(url), now)
  } catch (error) {
    const hint = error instanceof OnrecordError && error.hint !== null ? `; ${error.hint}` : ''
    return [diagnosis('store', 'server', 'todo', `${messageOf(error).replace(/\.$/, '')}${hint}`)]
  }
}

/** What is to be said of a store that was looked at. */
export function stateOf(label: string, state: PostgresState, now: number): readonly Diagnosis[] {
  const say = (name: string, ok: boolean, text: string): Diagnosis =>
    diagnosis('store', name, ok ? 'ok' : 'todo', text)
  const { version, connections, isShared, unsafe, restored, isElsewhere, bytes } = state
  const isOld = version < OLDEST
  const release = `PostgreSQL ${Math.floor(version / 10_000)}.${version % 10_000}`
  return [
    say('server', true, `${label}, ${size(bytes)}`),
    say('version', !isOld, isOld ? `${release}: 13 or newer is needed` : release),
    schemaDiagnosis(state),
    connectionsOf(connections),
    say(
      'durability',
      unsafe.length === 0,
      unsafe.length === 0
        ? 'what is committed stands a crash of the server'
        : `${unsafe.join(' and ')} off: after a crash of the server people may be mailed twice, or the store be damaged; set ${unsafe.map((name) => `${name} = on`).join(' and ')}`,
    ),
    say(
      'pooler',
      !isShared,
      isShared
        ? 'one that gives connections out by transaction is in between: let it do so by session (pool_mode = session), or connect past it; locks and prepared statements need that'
        : 'none in between, or one of sessions',
    ),
    restoredDiagnosis(restored),
    ...(isElsewhere
      ? [
          say(
            'place',
            false,
            `another database than the one it was used in, or filled from a copy since, and nothing real is sent: ${elsewhereHint}`,
          ),
        ]
      : []),
    clock(state.clockAhead, now),
  ]
}

function connectionsOf({ most, taken, each }: PostgresState['connections']): Diagnosis {
  const text = `${most} at most, ${taken} taken now; serve and each worker take up to ${each}`
  const free = most - taken
  return diagnosis(
    'store',
    'connections',
    free >= PROCESSES * each ? 'ok' : 'todo',
    free >= PROCESSES * each ? text : `${text}: raise max_connections`,
  )
}

function clock(ahead: number, now: number): Diagnosis {
  const apart = Math.abs(ahead) > APART
  const how = `${(Math.abs(ahead) / 1_000).toFixed(1)} s ${ahead > 0 ? 'ahead of' : 'behind'} ours`
  const text = apart
    ? `it is ${moment(now)} here, and the server’s clock is ${how}: let NTP set both`
    : `${moment(now)}, and the same on the server`
  return diagnosis('clock', 'time', apart ? 'todo' : 'ok', text)
}
