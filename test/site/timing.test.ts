import { expect, test } from 'vitest'
import { parseAddress } from '../../src/subscribers/address.ts'
import type { SubscriberStore } from '../../src/subscribers/store.ts'
import type { Wish } from '../../src/subscribers/readers.ts'
import { openBed, type SiteBed } from './bed.ts'

/*
 * Whether the time of an answer tells if an address is known. The forms of both kinds are sent in turn, so
 * that whatever else the machine does falls on both; the medians of many are compared.
 */

const ROUNDS = 1_000
/** Of the median. By what it was measured: up to 0.024 by chance, 0.14 where a form looks its address up. */
const BOUND = 0.07

/** A machine that is busy with something else may spoil a measurement; what is really slower is so each time. */
const again = { retry: 2 } as const

const limits = { sessionDays: 90, signUpsPerHour: 1_000_000 }

function addressOf(text: string) {
  const address = parseAddress(text)
  if (!address.ok) throw new Error(address.reason)
  return address.value
}

const median = (times: readonly number[]): number => times.toSorted((a, b) => a - b)[times.length >> 1] ?? 0

/** How much longer one kind of address takes than the other: (a − b) / b of the medians. */
async function difference(
  bed: SiteBed,
  path: string,
  a: (round: number) => string,
  b: (round: number) => string,
): Promise<number> {
  const times: readonly [number[], number[]] = [[], []]
  const send = async (of: 0 | 1, email: string): Promise<void> => {
    const started = performance.now()
    const response = await bed.post(path, { email, newsletter: 'weekly' })
    await response.text()
    times[of].push(performance.now() - started)
    expect(response.status).toBe(200)
  }
  for (let round = -100; round < ROUNDS; round++) {
    // The first ones warm up; who comes first is changed, for the second finds its paths trodden.
    if (round === 0) times.forEach((each) => each.splice(0))
    const first = round % 2 === 0
    if (first) await send(0, a(round))
    await send(1, b(round))
    if (!first) await send(0, a(round))
  }
  return (median(times[0]) - median(times[1])) / median(times[1])
}

const unknown = (round: number): string => `nobody${1_000 + round}@reader.test`
const known = (round: number): string => `reader${1_000 + round}@reader.test`

async function fill(subscribers: SubscriberStore): Promise<void> {
  for (let round = -100; round < ROUNDS; round++)
    await subscribers.add({
      ...{ address: addressOf(known(round)), name: null, tier: 'subscriber', newsletter: 'weekly' },
      ...{ source: 'test', again: false },
    })
}

test.each(['/subscribe', '/log-in'])(
  '%s takes as long for an address that is known as for one that is not',
  again,
  async (path) => {
    const bed = await openBed({ limits })
    await fill(bed.subscribers)
    expect(Math.abs(await difference(bed, path, known, unknown))).toBeLessThan(BOUND)
  },
)

test('it takes as long for one that is suppressed or erased', again, async () => {
  const bed = await openBed({ limits })
  await fill(bed.subscribers)
  for (let round = -100; round < ROUNDS; round++)
    await (round % 2 === 0
      ? bed.subscribers.suppress(addressOf(known(round)), 'complaint', null)
      : bed.subscribers.erase(addressOf(known(round))))
  expect(Math.abs(await difference(bed, '/subscribe', known, unknown))).toBeLessThan(BOUND)
})

test('the bound is one that a single look at the subscribers breaks', again, async () => {
  const { subscribers, deps } = await openBed({ limits })
  const readers = {
    ...deps.readers,
    async ask(wish: Wish) {
      // What a form must not do.
      await subscribers.find(wish.address)
      await deps.readers.ask(wish)
    },
  }
  await fill(subscribers)
  const bed = await openBed({ limits, readers })
  expect(await difference(bed, '/subscribe', known, unknown)).toBeGreaterThan(BOUND)
})
