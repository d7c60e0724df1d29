import { setTimeout as sleep } from 'node:timers/promises'
import type { Tier } from '../core/tier.ts'
import type { MailFormat } from '../email/edition.ts'
import type { Address } from '../subscribers/address.ts'
import type { DeliveryState, Round } from './round.ts'
import type { RejectionClass } from './transport.ts'

/** How the deliveries to one recipient domain stand. */
export interface DomainCount {
  /** In lower case; null: people who were erased. */
  readonly domain: string | null
  readonly total: number
  /** Not on their way yet: queued, claimed and on the wire. */
  readonly waiting: number
  readonly deferred: number
  readonly accepted: number
  /** Refused by the server, at once or by a bounce. */
  readonly refused: number
  readonly unknown: number
}

/** A delivery that a server put off or refused. */
export interface Trouble {
  readonly state: 'deferred' | 'rejected'
  /** Null once the person is erased. */
  readonly address: string | null
  readonly reply: string
  readonly class: RejectionClass | null
  /** When it was said, and when a deferred one is tried again; milliseconds since the epoch. */
  readonly at: number
  readonly nextAt: number | null
}

/** One delivery with all that is kept of it. Times in milliseconds since the epoch. */
export interface DeliveryRecord {
  readonly round: Pick<Round, 'id' | 'issue' | 'newsletter' | 'kind' | 'number' | 'state' | 'transport'>
  /** `weekly 1a2b…`: the look's name and the hash of its files; null where it was not kept. */
  readonly template: string | null
  readonly editionHash: string | null
  readonly tier: Tier
  readonly state: DeliveryState
  /** The person's name in links. */
  readonly publicId: string
  /** As they were frozen; null once the person is erased. */
  readonly address: string | null
  readonly name: string | null
  readonly format: MailFormat
  readonly messageId: string | null
  /** The keys that signed it; null: none did. */
  readonly keyId: string | null
  readonly attempts: number
  readonly firstAttemptAt: number | null
  readonly acceptedAt: number | null
  /** Of a deferred one. */
  readonly nextAt: number | null
  /** When it was sent once more though its end was not known. */
  readonly resentAt: number | null
  readonly updatedAt: number
  readonly reply: string | null
  readonly class: RejectionClass | null
}

/** What the operator sees of a round, read beside the sender and never in its way. */
export interface DeliveryReports {
  /**
   * The domains of up to `limit` rows, from the one after `after` on (null: from the first).
   * @returns `last`: where to go on, or null when that was the end
   */
  domainsOf(
    round: number,
    after: number | null,
    limit: number,
  ): Promise<{ readonly counts: readonly DomainCount[]; readonly last: number | null }>
  /**
   * Whether a worker has something to do: of a round that is `sending`, what is waiting or deferred and
   * due; one that is `freezing` and was left so; of one that is cancelled, and where several may send also of one
   * that is paused, what its sender left on the wire.
   */
  isDue(round: number, now: number): Promise<boolean>
  /** The latest refusals and deferrals, at most `limit` of each, latest first. */
  troubles(round: number, limit: number): Promise<readonly Trouble[]>
  /** Every delivery to a person, whatever their address was then, the newest first. */
  deliveriesTo(who: Address | { readonly publicId: string }): Promise<readonly DeliveryRecord[]>
  /** Deliveries frozen with this very address, of people whose address is another now too. */
  deliveriesAt(issue: string, address: Address): Promise<readonly DeliveryRecord[]>
}

/** Rows counted at a time: some 25 ms of one core. */
const PAGE = 10_000

/**
 * Counts the domains of a round, page by page, so that a list of a million is never read in one go.
 *
 * @param options.share how much of one core it may take, above 0, at most 1
 * @returns null when interrupted
 */
export async function countDomains(
  reports: Pick<DeliveryReports, 'domainsOf'>,
  round: number,
  options: { readonly share?: number; readonly interrupted?: AbortSignal; readonly page?: number } = {},
): Promise<readonly DomainCount[] | null> {
  const { share = 1, interrupted, page = PAGE } = options
  const counts = new Map<string | null, DomainCount>()
  for (let after: number | null = null; ;) {
    if (interrupted?.aborted) return null
    const begun = performance.now()
    const read = await reports.domainsOf(round, after, page)
    for (const each of read.counts) counts.set(each.domain, plus(counts.get(each.domain), each))
    if (read.last === null) return [...counts.values()]
    after = read.last
    const rest = (performance.now() - begun) * (1 / share - 1)
    if (rest >= 1) await sleep(rest, undefined, { signal: interrupted }).catch(() => undefined)
  }
}

/** Those with trouble first, the most of it on top; then those with the most mail. */
export function worstDomains(counts: readonly DomainCount[]): readonly DomainCount[] {
  return counts.toSorted(
    (a, b) =>
      troubleOf(b) - troubleOf(a) || b.total - a.total || (a.domain ?? '').localeCompare(b.domain ?? ''),
  )
}

/** The sum of some domains, under a name of its own. */
export function sumDomains(counts: readonly DomainCount[], domain: string): DomainCount {
  return counts.reduce(plus, {
    domain,
    total: 0,
    waiting: 0,
    deferred: 0,
    accepted: 0,
    refused: 0,
    unknown: 0,
  })
}

function troubleOf({ deferred, refused, unknown }: DomainCount): number {
  return deferred + refused + unknown
}

function plus(sum: DomainCount | undefined, each: DomainCount): DomainCount {
  if (sum === undefined) return each
  return {
    domain: sum.domain,
    total: sum.total + each.total,
    waiting: sum.waiting + each.waiting,
    deferred: sum.deferred + each.deferred,
    accepted: sum.accepted + each.accepted,
    refused: sum.refused + each.refused,
    unknown: sum.unknown + each.unknown,
  }
}
