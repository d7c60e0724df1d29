import type { Limits } from './limits.ts'
import { allowedOn, dayAt, type WarmUp } from './warm-up.ts'

/** What all processes that send through a server know of each other’s limits. */
export interface CommonLimits {
  /** Says with which limits this process sends through a server, again and again until it is released or ends. */
  say(server: string, limits: Limits): Promise<{ release(): Promise<void> }>
  /** With which limits whoever is there sends through it, this process among them. */
  said(server: string): Promise<readonly Limits[]>
}

/** Of each limit the least that anybody has set. @param now milliseconds since the epoch: a warm-up counts by its day */
export function strictest(all: readonly Limits[], now: number): Limits {
  const least = (of: (limits: Limits) => number | null): number | null =>
    all.map(of).reduce((a, b) => (a === null || b === null ? (a ?? b) : Math.min(a, b)), null)
  const today = (warmUp: WarmUp): number => allowedOn(dayAt(now, warmUp.timeZone).name, warmUp)
  return {
    perSecond: least(({ perSecond }) => perSecond),
    perHour: least(({ perHour }) => perHour),
    perDomain: least(({ perDomain }) => perDomain),
    warmUp: all
      .map(({ warmUp }) => warmUp)
      .reduce((a, b) => (a === null || b === null ? (a ?? b) : today(b) < today(a) ? b : a), null),
  }
}

/** Which settings are others here than in other processes that send through the server; null: none. */
export function describeDifferences(server: string, own: Limits, said: readonly Limits[]): string | null {
  const differences = settings.flatMap(([name, read]) => {
    const here = read(own)
    const elsewhere = [...new Set(said.map(read))].filter((each) => each !== here)
    return elsewhere.length === 0 ? [] : [`${name} is ${here} here and ${elsewhere.join(' or ')} elsewhere`]
  })
  if (differences.length === 0) return null
  return `Not all that send through ${server} have the same limits: ${differences.join('; ')}. The strictest hold for all; set the same everywhere and restart what runs.`
}

const set = (value: number | null): string => (value === null ? 'not set' : String(value))

const settings: readonly (readonly [name: string, read: (limits: Limits) => string])[] = [
  ['SEND_RATE', ({ perSecond }) => set(perSecond)],
  ['SEND_PER_HOUR', ({ perHour }) => set(perHour)],
  ['DOMAIN_RATE', ({ perDomain }) => set(perDomain)],
  ['WARM_UP', ({ warmUp }) => (warmUp === null ? 'not set' : `${warmUp.from}:${warmUp.first}`)],
]
