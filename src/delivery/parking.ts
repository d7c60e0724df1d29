import type { ClaimedDelivery } from './round.ts'

/** Rows of one domain that wait, first come, first served: the first few whole, the others by their ids. */
export interface Parking {
  readonly rows: ClaimedDelivery[]
  ids: number[]
  /** Of `ids`, so many have been fetched. */
  fetched: number
}

export function newParking(): Parking {
  return { rows: [], ids: [], fetched: 0 }
}

export function idsLeft({ ids, fetched }: Parking): number {
  return ids.length - fetched
}

/** Takes the first ids out, to be read again. */
export function takeIds(parking: Parking, most: number): readonly number[] {
  const taken = parking.ids.slice(parking.fetched, parking.fetched + most)
  parking.fetched += taken.length
  if (parking.fetched * 2 >= parking.ids.length) {
    parking.ids = parking.ids.slice(parking.fetched)
    parking.fetched = 0
  }
  return taken
}

/** Takes out everything. */
export function empty(parking: Parking): readonly number[] {
  const all = [...parking.rows.map(({ id }) => id), ...takeIds(parking, idsLeft(parking))]
  parking.rows.length = 0
  return all
}
