import { areMostRefused, type Tripped } from './breaker.ts'
import { domainOf, newDomain, type Domain } from './domain.ts'
import type { DomainPace } from './domain-pace.ts'
import { hasNone } from './parking.ts'

/** The domains a send has to do with; those that nothing is known of are forgotten. */
export interface Domains {
  of(address: string, now: number): Domain
  all(): Iterable<Domain>
  /** Notes an attempt among the latest ones, and whether it was refused for policy. */
  note(domain: Domain, refused: boolean): void
  /** Whether most of the latest are refused for policy, those by domains that are held aside. */
  readonly areMostRefused: boolean
  /** One is held from now on. @returns all that are, with the share each had then */
  hold(domain: Domain): Tripped
  /** One is held no longer. */
  free(domain: Domain): void
}

/** Domains that are remembered without looking for some to forget. */
const MANY = 20_000
/** What is known of a domain is worth nothing after so long, in milliseconds. */
const STALE = 10 * 60_000
/** So many attempts are the latest ones. */
const RECENT = 100

export function createDomains(lanes: number, pace: DomainPace | null): Domains {
  const domains = new Map<string, Domain>()
  const recent: { readonly domain: Domain; readonly refused: boolean }[] = []
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
    note(domain, refused) {
      recent[place] = { domain, refused }
      place = (place + 1) % RECENT
    },
    get areMostRefused() {
      const open = recent.filter(({ domain }) => domain.hold === 'none')
      return areMostRefused(open.map(({ domain, refused }) => ({ domain: domain.name, refused })))
    },
    hold({ name }) {
      tripped.set(
        name,
        recent.filter(({ domain }) => domain.name === name).length / Math.max(1, recent.length),
      )
      return tripped
    },
    free(domain) {
      domain.hold = 'none'
      tripped.delete(domain.name)
    },
  }
}

function canForget(domain: Domain, now: number, lanes: number, pace: DomainPace | null): boolean {
  if (domain.underWay > 0 || !hasNone(domain) || domain.hold !== 'none') return false
  if (domain.restsUntil > now) return false
  if (pace !== null && !pace.forgets(domain, now)) return false
  const isPlain = domain.refused === 0 && domain.width >= lanes && domain.rests === 0 && !domain.isSlow
  return isPlain || now - domain.lastAt > STALE
}
