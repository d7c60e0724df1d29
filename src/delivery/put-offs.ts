import type { Domain } from './domain.ts'

/** Rows of one domain that the store keeps until it is tried again. */
export interface PutOff {
  readonly ids: readonly number[]
  readonly until: number
  /** For people: why. */
  readonly reply: string
}

/** Rows that were taken and are not to be tried now. */
export interface PutOffs {
  readonly size: number
  add(domain: Domain, ids: readonly number[]): void
  /** All that were added, once. */
  fetch(): readonly PutOff[]
}

export function createPutOffs(): PutOffs {
  const added = new Map<Domain, PutOff & { readonly ids: number[] }>()
  let size = 0
  return {
    get size() {
      return size
    },
    add(domain, ids) {
      if (ids.length === 0) return
      const known = added.get(domain)?.ids ?? []
      for (const id of ids) known.push(id)
      // What it says now: by the time these are fetched its hold may be over.
      added.set(domain, { ids: known, ...reasonOf(domain) })
      size += ids.length
    },
    fetch() {
      if (size === 0) return []
      const all = [...added.values()]
      added.clear()
      size = 0
      return all
    },
  }
}

/** A reply can be long. */
const SHOWN = 200

function reasonOf({ name, hold, heldUntil, restsUntil, reply }: Domain): Pick<PutOff, 'until' | 'reply'> {
  const said = reply.slice(0, SHOWN)
  if (hold === 'held')
    return {
      until: heldUntil,
      reply: `not tried: ${name} refuses our mail for policy and gets none for an hour: ${said}`,
    }
  return { until: restsUntil, reply: `not tried yet: ${name} asked for fewer messages: ${said}` }
}
