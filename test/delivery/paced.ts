import { createQueue } from '../../src/delivery/queue.ts'
import { noLimits } from '../../src/delivery/limits.ts'
import type { ClaimedDelivery } from '../../src/delivery/round.ts'
import type { SharedPace } from '../../src/delivery/shared-pace.ts'

export interface PacedOptions {
  readonly server: string
  readonly perSecond: number | null
  readonly perDomain?: number
  /** Recipients go to each of so many in turn. */
  readonly domains: number
  readonly milliseconds: number
}

/** A sender’s queue with no end of rows, over ten lanes that take no time. @returns when each message began */
export async function sendThrough(pace: SharedPace, options: PacedOptions): Promise<readonly number[]> {
  const { server, perSecond, perDomain = null, domains, milliseconds } = options
  const ending = new AbortController()
  const times: number[] = []
  let id = 0
  const row = (): ClaimedDelivery => {
    const address = `r${++id}@d${id % domains}.test`
    return {
      ...{ id, publicId: String(id), address, tier: 'subscriber', name: null, format: 'html' },
      ...{ attempts: 0, firstAttemptAt: null },
    }
  }
  const queue = createQueue({
    store: {
      claim: async (_, limit) => (id > 200_000 ? [] : Array.from({ length: limit }, row)),
      reread: async () => [],
      postpone: async () => undefined,
      begunSince: async () => [],
      nextDue: async () => null,
      round: async () => null,
    },
    round: { id: 1, issue: 'i', kind: 'real' },
    clock: { now: Date.now },
    random: Math.random,
    connections: 10,
    interrupted: ending.signal,
    limits: { ...noLimits, perSecond, perDomain },
    shared: { pace, server },
  })
  const lane = async (): Promise<void> => {
    for (;;) {
      const delivery = await queue.next()
      if (delivery === null) return
      times.push(performance.now())
      queue.note(delivery, { state: 'accepted', reply: '250' })
      await new Promise(setImmediate)
    }
  }
  const timer = setTimeout(() => ending.abort(), milliseconds)
  await Promise.all(Array.from({ length: 10 }, lane))
  clearTimeout(timer)
  await queue.end()
  return times
}
