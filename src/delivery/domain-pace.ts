import type { Domain } from './domain.ts'
import { createPace } from './pace.ts'
import { hasNone } from './parking.ts'
import { portionOf } from './shared-gate.ts'
import type { SharedPace } from './shared-pace.ts'
import { createStock, type Stock } from './stock.ts'

/** The pace of each recipient domain. Times are milliseconds on a clock that does not go back. */
export interface DomainPace {
  /** When the next message to it may begin; `Infinity`: it has to be asked for. */
  slot(domain: Domain, now: number): number
  begin(domain: Domain, now: number): void
  /** Whether what is kept of it makes no difference any more. */
  forgets(domain: Domain, now: number): boolean
  /** Whether it has to be asked for before long. */
  lacks(domain: Domain): boolean
  /** Asks for some of these. @returns those that were asked for */
  pay(domains: ReadonlySet<Domain>, later: () => number): Promise<readonly Domain[]>
  /** Gives back what was asked for and not used. */
  end(): Promise<void>
}

/** Kept by this process alone. */
export function ownDomainPace(perSecond: number): DomainPace {
  const pace = createPace(perSecond)
  return {
    slot: ({ after }, now) => pace.slot(after, now),
    begin(domain, now) {
      domain.after = pace.after(pace.slot(domain.after, now))
    },
    forgets: ({ after }, now) => pace.forgets(after, now),
    lacks: () => false,
    pay: async () => [],
    end: async () => undefined,
  }
}

/** Domains that are asked for in one statement. */
const AT_ONCE = 200

/** Kept with all workers of a store, in portions that are taken ahead. */
export function createSharedDomainPace(pace: SharedPace, server: string, perSecond: number): DomainPace {
  const stocks = new Map<Domain, Stock>()
  const gap = 1_000 / perSecond
  const most = portionOf(perSecond)
  const ask = async (counts: readonly (readonly [Domain, number])[]) =>
    pace.take(
      counts.map(([{ name }, count]) => ({
        ...{ name: `${server} ${name}`, count, perSecond, perHour: null, day: null },
      })),
    )
  return {
    slot: (domain) => stocks.get(domain)?.opensAt ?? Number.POSITIVE_INFINITY,
    begin: (domain) => stocks.get(domain)?.take(),
    forgets(domain) {
      if ((stocks.get(domain)?.count ?? 0) > 0 || !hasNone(domain)) return false
      stocks.delete(domain)
      return true
    },
    lacks: (domain) => (stocks.get(domain)?.count ?? 0) <= most / 2,
    async pay(domains, later) {
      const counts = [...domains].slice(0, AT_ONCE).map((domain) => {
        const { rows = [], ids = [], taken = 0 } = domain.parked ?? {}
        return [domain, Math.max(1, Math.min(most, rows.length + ids.length - taken))] as const
      })
      const answers = await ask(counts)
      const answered = later()
      for (const [index, [domain]] of counts.entries()) {
        const { granted = 0, wait = 0 } = answers[index] ?? {}
        const stock = stocks.get(domain) ?? createStock()
        stocks.set(domain, stock)
        stock.add(granted, answered + wait, gap)
      }
      return counts.map(([domain]) => domain)
    },
    async end() {
      const left = [...stocks].flatMap(([domain, stock]) => {
        const count = stock.clear()
        return count === 0 ? [] : [[domain, -count] as const]
      })
      stocks.clear()
      for (let at = 0; at < left.length; at += AT_ONCE) await ask(left.slice(at, at + AT_ONCE))
    },
  }
}
