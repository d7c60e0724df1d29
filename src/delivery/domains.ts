import type { Tripped } from './breaker.ts'
import { domainOf, newDomain, type Domain } from './domain.ts'
import type { Pace } from './pace.ts'
import { hasNone } from './parking.ts'

/** The domains a send has to do with; those that nothing is known of are forgotten. */
export interface Domains {
  of(address: string, now: number): Domain
  all(): Iterable<Domain>
  /** Notes an attempt, for the domain's share of the latest ones. */
  note(domain: Domain): void
  /** One is held from now on. @returns all that are, with the share each had then */
  hold(domain: Domain): Tripped
  /** One is held no longer. */
  free(domain: Domain): void
}

/** Domains that are remembered without looking for some to forget. */
const MANY = 20_000
/** What is known of a domain is worth nothing after so long, in milliseconds. */
const STALE = 10 * 60_000
/** Of the latest attempts so many count for a domain's share. */
const RECENT = 256

export function createDomains(lanes: number, pace: Pace | null): Domains {
  const domains = new Map<string, Domain>()
  const recent: string[] = []
  const tripped = new Map<string, number>()
  let place = 0
  let most = MANY

  const forget = (now: number): void => {
    for (const [name, domain] of domains) {
      if (canForget(domain, now, lanes, pace)) domains.delete(name)
    }
    most = Math.max(MANY, domains.size * 2)
  }
  return {
    of(address, now) {
      const name = domainOf(address)
      const known = domains.get(name)
      if (known !== undefined) return known
      if (domains.size >= most) forget(now)
      const domain = newDomain(name, lanes)
      domains.set(name, domain)
      return domain
    },
    all: () => domains.values(),
    note({ name }) {
      recent[place] = name
      place = (place + 1) % RECENT
    },
    hold({ name }) {
      tripped.set(name, recent.filter((each) => each === name).length / Math.max(1, recent.length))
      return tripped
    },
    free(domain) {
      domain.hold = 'none'
      tripped.delete(domain.name)
    },
  }
}

function canForget(domain: Domain, now: number, lanes: number, pace: Pace | null): boolean {
  if (domain.underWay > 0 || !hasNone(domain) || domain.hold !== 'none') return false
  if (domain.restsUntil > now) return false
  if (pace !== null && !pace.forgets(domain.after, now)) return false
  const isPlain = domain.refused === 0 && domain.width >= lanes && domain.rests === 0 && !domain.isSlow
  return isPlain || now - domain.lastAt > STALE
}
