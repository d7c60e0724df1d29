import type { PaceGranted, SharedPace } from '../../delivery/shared-pace.ts'
import type { Postgres } from './pool.ts'
import { json } from './values.ts'

const HOUR = 3_600_000

/** Kept in the database, in messages and by its clock, so that it holds whoever takes and wherever they run. */
export function openPace(database: Postgres): SharedPace {
  return {
    async take(wanted) {
      const parts = wanted.map(({ name, count, perSecond, perHour, day, refused }, place) => ({
        ...{ place, name, count, rate: perSecond, hour: perHour, refused: refused ?? 0 },
        ...{ day: day?.name ?? null, allowed: day?.allowed ?? null },
      }))
      const row = await database.row('select take_all($1) as taken', [json(parts)])
      return JSON.parse(String(row?.['taken'])) as readonly PaceGranted[]
    },

    async load(name, begun, day) {
      const recent = begun.filter(({ at }) => at > database.clock.now() - HOUR)
      const minutes = new Map<number, number>()
      for (const { at, begun: count } of recent) {
        const minute = Math.floor(at / 60_000)
        minutes.set(minute, (minutes.get(minute) ?? 0) + count)
      }
      const taken = begun.filter(({ at }) => day !== null && at >= day.begins)
      const today = taken.reduce((sum, each) => sum + each.taken, 0)
      await database.row('select load_pace($1, $2, $3, $4) as loaded', [
        ...[name, json([...minutes].map(([minute, count]) => ({ minute, count }))), day?.name ?? null, today],
      ])
    },
  }
}
