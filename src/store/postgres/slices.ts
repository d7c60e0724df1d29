import type { Begun, ClaimedDelivery, Settlement, Step } from '../../delivery/round.ts'

/** A slice as `claim_slice` gives it. */
export interface Taken {
  readonly first: number
  readonly token: number
  readonly rows: readonly ClaimedDelivery[]
}

interface Slice {
  readonly first: number
  readonly token: number
  /** Not given to the sender yet. */
  readonly rest: ClaimedDelivery[]
  /** Given and not settled. */
  readonly out: Set<number>
  /** Settled, and waiting again: when each can be given once more. */
  readonly again: Map<number, number>
}

/** Which slices of one round this worker has, and what of them its sender has. */
export interface Slices {
  /** Up to `limit` rows that are at hand. */
  give(limit: number): readonly ClaimedDelivery[]
  /** Ids of rows that wait again, and may be given once they are read. */
  waitingAgain(now: number, limit: number): readonly number[]
  /** One of those was read, and is given. */
  given(id: number): void
  /** One of those is not there any more. */
  gone(id: number): void
  add(taken: Taken): void
  /** The slice of a row, or undefined: not taken, or not any more. */
  sliceOf(id: number): number | undefined
  /** Slices of which nothing is left to do now, after these steps. */
  idle(now: number, steps?: readonly Step[]): readonly number[]
  /** These steps were written, and answered so. */
  settle(steps: readonly Step[], answers: readonly (Begun | null)[], now: number): void
  /** First ids and tokens. */
  held(firsts?: ReadonlySet<number>): {
    readonly firsts: readonly number[]
    readonly tokens: readonly number[]
  }
  forget(firsts: Iterable<number>): void
}

export function createSlices(): Slices {
  const slices = new Map<number, Slice>()
  const owners = new Map<number, Slice>()
  /** Given, of slices that were lost since: the sender has them still. */
  const strays = new Set<number>()
  const forget = (slice: Slice): void => {
    slices.delete(slice.first)
    for (const id of slice.out) {
      owners.delete(id)
      strays.add(id)
    }
    for (const id of slice.again.keys()) owners.delete(id)
    for (const { id } of slice.rest) owners.delete(id)
  }
  const end = (id: number, again: number | null): void => {
    const slice = owners.get(id)
    strays.delete(id)
    slice?.out.delete(id)
    if (again === null) owners.delete(id)
    else slice?.again.set(id, again)
  }

  return {
    give(limit) {
      const given: ClaimedDelivery[] = []
      for (const slice of slices.values()) {
        if (given.length >= limit) break
        for (const row of slice.rest.splice(0, limit - given.length)) {
          slice.out.add(row.id)
          given.push(row)
        }
      }
      return given
    },
    waitingAgain(now, limit) {
      const ids: number[] = []
      for (const { again } of slices.values())
        for (const [id, at] of again) if (at <= now && ids.length < limit) ids.push(id)
      return ids
    },
    given(id) {
      const slice = owners.get(id)
      slice?.again.delete(id)
      slice?.out.add(id)
    },
    gone(id) {
      owners.get(id)?.again.delete(id)
      owners.delete(id)
    },
    add({ first, token, rows }) {
      const before = slices.get(first)
      if (before !== undefined) forget(before)
      const slice: Slice = {
        ...{ first, token, again: new Map() },
        // Taken anew after it was lost: whom the sender has already it is not given twice.
        rest: rows.filter(({ id }) => !strays.has(id)),
        out: new Set(rows.flatMap(({ id }) => (strays.delete(id) ? [id] : []))),
      }
      slices.set(first, slice)
      for (const { id } of rows) owners.set(id, slice)
    },
    sliceOf: (id) => owners.get(id)?.first,
    idle(now, steps = []) {
      const ends = new Map(steps.flatMap(({ settle }) => (settle === null ? [] : [[settle.id, settle]])))
      return [...slices.values()].filter((slice) => isIdle(slice, ends, now)).map(({ first }) => first)
    },
    settle(steps, answers, now) {
      for (const [index, { settle, begin }] of steps.entries()) {
        if (settle !== null) end(settle.id, waitsUntil(settle, now))
        // One that was not begun waits again, should its person have moved; if not, it is not there any more.
        if (begin !== null && answers[index] !== 'begun') end(begin.id, now)
      }
    },
    held(firsts) {
      const found = [...slices.values()].filter(({ first }) => firsts?.has(first) ?? true)
      return { firsts: found.map(({ first }) => first), tokens: found.map(({ token }) => token) }
    },
    forget(firsts) {
      for (const first of firsts) {
        const slice = slices.get(first)
        if (slice !== undefined) forget(slice)
      }
    },
  }
}

/** When one that was settled so can be given again; null: never. */
function waitsUntil({ state, nextAt }: Settlement, now: number): number | null {
  if (state === 'queued') return now
  return state === 'deferred' ? (nextAt ?? now) : null
}

function isIdle({ rest, out, again }: Slice, ends: ReadonlyMap<number, Settlement>, now: number): boolean {
  if (rest.length > 0) return false
  for (const at of again.values()) if (at <= now) return false
  for (const id of out) {
    const settled = ends.get(id)
    if (settled === undefined || (waitsUntil(settled, now) ?? Infinity) <= now) return false
  }
  return true
}
