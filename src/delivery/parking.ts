import type { Domain, Parked } from './domain.ts'
import type { ClaimedDelivery } from './round.ts'

/** Where rows wait for their domains, in little memory: eight octets for each of a long row. */
export interface Parking {
  readonly size: number
  add(domain: Domain, row: ClaimedDelivery): void
  /** The next one that is at hand. */
  shift(domain: Domain): ClaimedDelivery | undefined
  /** Takes out all of a domain. @returns their ids */
  clear(domain: Domain): readonly number[]
  /** Ids of rows to read again; `bring` is called before this is asked once more. */
  wanted(): readonly number[]
  /** What was read of them; of the others nothing is heard any more. */
  bring(ids: readonly number[], rows: readonly (readonly [Domain, ClaimedDelivery])[]): void
}

/** Rows of one domain, and of all, that are kept whole. */
const WHOLE_OF_DOMAIN = 250
const WHOLE = 10_000
/** A domain with fewer at hand has more of them read. */
const FEW = 50
/** Rows read again at a time. */
const READ = 250

export function createParking(): Parking {
  /** Domains of whose rows too few are at hand. */
  const hungry = new Set<Domain>()
  const reading = new Set<Domain>()
  let whole = 0
  let size = 0
  const keepWhole = (domain: Domain, row: ClaimedDelivery): void => {
    parkedOf(domain).rows.push(row)
    whole += 1
    size += 1
  }
  const feed = (domain: Domain): void => {
    const { rows, ids, taken } = parkedOf(domain)
    if (rows.length < FEW && ids.length > taken) hungry.add(domain)
  }
  return {
    get size() {
      return size
    },
    add(domain, row) {
      const { rows, ids, taken } = parkedOf(domain)
      if (rows.length < WHOLE_OF_DOMAIN && whole < WHOLE && ids.length === taken) keepWhole(domain, row)
      else {
        ids.push(row.id)
        size += 1
        feed(domain)
      }
    },
    shift(domain) {
      const row = domain.parked?.rows.shift()
      if (row === undefined) return undefined
      whole -= 1
      size -= 1
      feed(domain)
      return row
    },
    clear(domain) {
      const { rows, ids, taken } = parkedOf(domain)
      const all = [...rows.map(({ id }) => id), ...ids.slice(taken)]
      whole -= rows.length
      size -= all.length
      domain.parked = null
      hungry.delete(domain)
      return all
    },
    wanted() {
      const wanted: number[] = []
      for (const domain of hungry) {
        const most = Math.min(READ, WHOLE - whole) - wanted.length
        if (most <= 0) break
        wanted.push(...takeIds(parkedOf(domain), most))
        hungry.delete(domain)
        reading.add(domain)
      }
      return wanted
    },
    bring(ids, rows) {
      size -= ids.length
      for (const [domain, row] of rows) keepWhole(domain, row)
      for (const domain of reading) feed(domain)
      reading.clear()
    },
  }
}

/** Whether none of a domain's rows wait here. */
export function hasNone({ parked }: Domain): boolean {
  return parked === null || (parked.rows.length === 0 && parked.ids.length === parked.taken)
}

export function hasAtHand({ parked }: Domain): boolean {
  return parked !== null && parked.rows.length > 0
}

/** Most domains never have to wait. */
function parkedOf(domain: Domain): Parked {
  domain.parked ??= { rows: [], ids: [], taken: 0 }
  return domain.parked
}

function takeIds(parked: Parked, most: number): readonly number[] {
  const ids = parked.ids.slice(parked.taken, parked.taken + most)
  parked.taken += ids.length
  // What was taken is dropped once in a while: of a long list, each time would be slow.
  if (parked.taken * 2 >= parked.ids.length) {
    parked.ids = parked.ids.slice(parked.taken)
    parked.taken = 0
  }
  return ids
}
