import { isGeneral, trips } from './breaker.ts'
import { hold, recover, rest, tryAgain, type Domain } from './domain.ts'
import { createDomains } from './domains.ts'
import type { DomainPace } from './domain-pace.ts'
import { createParking, hasAtHand, hasNone } from './parking.ts'
import { createPutOffs, type PutOff } from './put-offs.ts'
import { maskReply } from './reply-meaning.ts'
import { createReadyHeap } from './ready-heap.ts'
import type { ClaimedDelivery } from './round.ts'
import { createSlowDomains } from './slow-domains.ts'
import { asksToSlowDown } from './slow-down.ts'
import type { Outcome } from './transport.ts'

/**
 * Which of the claimed rows goes next, as far as their domains are concerned. Every row that `add` or
 * `giveBack` brought comes out once: by `take`, or put off. Times are milliseconds on a clock that does
 * not go back.
 */
export interface Traffic {
  add(rows: readonly ClaimedDelivery[]): void
  /**
   * One that may begin now, or null.
   * @param alone whether no other rows can be claimed: then slow domains may have every lane
   */
  take(now: number, alone: boolean): ClaimedDelivery | null
  /** One that was taken waits again. @returns when it had been taken, or null */
  giveBack(delivery: ClaimedDelivery): number | null
  /** One that was taken has its end without an attempt. @returns when it had been taken, or null */
  drop(delivery: ClaimedDelivery): number | null
  note(delivery: ClaimedDelivery, outcome: Outcome, now: number): Noted | null
  /** Ids of rows to read again, which `bring` is to be given. */
  wanted(): readonly number[]
  /** Rows read again; of those that are not among them, nothing is heard any more. */
  bring(ids: readonly number[], rows: readonly ClaimedDelivery[], now: number): void
  /** Domains whose rows wait for a share of a pace that has to be asked for. */
  readonly unpaid: ReadonlySet<Domain>
  /** These were asked for, and may have got some. */
  pay(domains: readonly Domain[], now: number): void
  /** Puts off what would wait longer than until then for a domain that rests. */
  putOffResting(until: number): void
  /** Rows for the store to put off; they are not here any more. */
  putOffs(): readonly PutOff[]
  readonly puttingOff: number
  /** Rows that were not looked at yet. */
  readonly fresh: number
  /** Rows that wait for their domain. */
  readonly parked: number
  readonly underWay: number
  /** When a parked row may begin at the earliest; `Infinity`: when something under way ends, or never. */
  readonly readyAt: number
  /** Why no domain should get anything more, or null. */
  readonly refusedByMany: string | null
}

export interface Noted {
  /** When it had been taken. */
  readonly taken: number
  /** When its domain, which asked for rest, may be tried again; else null. */
  readonly again: number | null
}

interface UnderWay {
  readonly domain: Domain
  readonly at: number
  readonly isSlow: boolean
}

/**
 * @param lanes messages under way at most
 * @param pace of each domain; null: no limit
 */
export function createTraffic(lanes: number, pace: DomainPace | null): Traffic {
  const domains = createDomains(lanes, pace)
  const slow = createSlowDomains(lanes)
  const parking = createParking()
  const putOffs = createPutOffs()
  const ready = createReadyHeap<Domain>()
  const underWay = new Map<number, UnderWay>()
  /** Domains whose rows wait for room among the slow ones. */
  const waitingForRoom = new Set<Domain>()
  const unpaid = new Set<Domain>()
  let fresh: ClaimedDelivery[] = []
  let allLanes = false
  let refusedByMany: string | null = null

  const readyAt = (domain: Domain, now: number): number => {
    // At full width it takes what a lane prepares ahead as well.
    const isNarrow = domain.width < lanes || domain.hold === 'trial'
    if (isNarrow && domain.underWay >= domain.width) return Number.POSITIVE_INFINITY
    if (domain.isSlow && !allLanes && !slow.hasRoom) return Number.POSITIVE_INFINITY
    const from = domain.hold === 'held' ? Math.max(domain.restsUntil, domain.heldUntil) : domain.restsUntil
    return pace === null ? from : Math.max(from, pace.slot(domain, now))
  }
  /** Lets the time call for a domain's rows; those that wait for something under way are listed when that ends. */
  const list = (domain: Domain, now: number): void => {
    if (domain.listed || !hasAtHand(domain)) return
    if (pace?.lacks(domain) === true) unpaid.add(domain)
    const at = readyAt(domain, now)
    if (at < Number.POSITIVE_INFINITY) {
      domain.listed = true
      ready.push(at, domain)
    } else if (domain.isSlow) waitingForRoom.add(domain)
  }
  const listSlow = (now: number): void => {
    for (const domain of [...waitingForRoom]) {
      if (!allLanes && !slow.hasRoom) return
      waitingForRoom.delete(domain)
      list(domain, now)
    }
  }
  const begin = (row: ClaimedDelivery, domain: Domain, now: number): ClaimedDelivery => {
    pace?.begin(domain, now)
    domain.underWay += 1
    domain.lastAt = now
    if (domain.isSlow) slow.begin()
    underWay.set(row.id, { domain, at: now, isSlow: domain.isSlow })
    return row
  }
  /** Takes one off what is under way; `list` then looks whether its place is wanted. */
  const end = ({ id }: ClaimedDelivery): UnderWay | null => {
    const ended = underWay.get(id)
    if (ended === undefined) return null
    underWay.delete(id)
    ended.domain.underWay -= 1
    if (ended.isSlow) slow.end()
    return ended
  }
  const freed = ({ domain, isSlow }: UnderWay, now: number): void => {
    list(domain, now)
    if (isSlow && waitingForRoom.size > 0) listSlow(now)
  }
  const cancel = (delivery: ClaimedDelivery): number | null => {
    const ended = end(delivery)
    if (ended === null) return null
    freed(ended, ended.at)
    return ended.at
  }

  const takeParked = (now: number): ClaimedDelivery | null => {
    while (ready.earliest <= now) {
      const domain = ready.pop()
      if (domain === undefined) return null
      domain.listed = false
      // Since it was listed it may have asked for rest, or begun another of its rows.
      const row = readyAt(domain, now) <= now ? parking.shift(domain) : undefined
      if (row !== undefined) begin(row, domain, now)
      list(domain, now)
      if (row !== undefined) return row
    }
    return null
  }
  const takeFresh = (now: number): ClaimedDelivery | null => {
    for (let row = fresh.pop(); row !== undefined; row = fresh.pop()) {
      const domain = domains.of(row.address, now)
      tryAgain(domain, now)
      if (domain.hold === 'held') putOffs.add(domain, [row.id])
      else if (hasNone(domain) && readyAt(domain, now) <= now) return begin(row, domain, now)
      else {
        parking.add(domain, row)
        list(domain, now)
      }
    }
    return null
  }
  const putOffParked = (domain: Domain): void => {
    putOffs.add(domain, parking.clear(domain))
    waitingForRoom.delete(domain)
    unpaid.delete(domain)
  }

  const refuse = (domain: Domain, reply: string, now: number): void => {
    const held = domains.hold(domain)
    hold(domain, reply, now)
    putOffParked(domain)
    if (isGeneral(held))
      refusedByMany ??= `${held.size} domains refuse our mail for policy (${[...held.keys()].join(', ')}): ${reply}`
  }
  const judge = (domain: Domain, outcome: Outcome, { address }: ClaimedDelivery, now: number): void => {
    const refused = outcome.state === 'rejected' && outcome.class === 'policy'
    // It stands on the rows of others and as the reason of a round.
    if (refused) domain.reply = maskReply(outcome.reply, address)
    domains.note(domain, refused)
    const tripped = trips(domain, refused)
    if (domain.hold === 'none' && tripped) refuse(domain, domain.reply, now)
    if (domain.hold === 'trial' && refused) refuse(domain, domain.reply, now)
    if (refused && domains.areMostRefused)
      refusedByMany ??= `most of the messages are refused for policy: ${domain.reply}`
    if (outcome.state !== 'accepted') return
    if (domain.hold === 'trial') domains.free(domain)
    recover(domain, lanes)
  }

  return {
    add(rows) {
      fresh = fresh.length === 0 ? rows.toReversed() : [...rows.toReversed(), ...fresh]
    },
    take(now, alone) {
      if (alone !== allLanes) {
        allLanes = alone
        listSlow(now)
      }
      return takeParked(now) ?? takeFresh(now)
    },
    giveBack(delivery) {
      fresh.push(delivery)
      return cancel(delivery)
    },
    drop: cancel,
    note(delivery, outcome, now) {
      const ended = end(delivery)
      if (ended === null) return null
      const { domain, at: taken } = ended
      let again: number | null = null
      if (isTheirs(outcome)) {
        slow.note(domain, now - taken)
        judge(domain, outcome, delivery, now)
        if (outcome.state === 'deferred' && asksToSlowDown(outcome.reply)) {
          rest(domain, maskReply(outcome.reply, delivery.address), now)
          again = domain.restsUntil
        }
      }
      freed(ended, now)
      return { taken, again }
    },
    wanted: parking.wanted,
    bring(ids, rows, now) {
      const found = rows.map((row) => [domains.of(row.address, now), row] as const)
      parking.bring(ids, found)
      for (const [domain] of found) {
        // It may have come to be held meanwhile.
        if (domain.hold === 'held') putOffParked(domain)
        else list(domain, now)
      }
    },
    unpaid,
    pay(asked, now) {
      for (const domain of asked) {
        unpaid.delete(domain)
        list(domain, now)
      }
    },
    putOffResting(until) {
      for (const domain of domains.all())
        if (domain.restsUntil > until && !hasNone(domain)) putOffParked(domain)
    },
    putOffs: putOffs.fetch,
    get puttingOff() {
      return putOffs.size
    },
    get fresh() {
      return fresh.length
    },
    get parked() {
      return parking.size
    },
    get underWay() {
      return underWay.size
    },
    get readyAt() {
      return ready.earliest
    },
    get refusedByMany() {
      return refusedByMany
    },
  }
}

/** What a domain said, as against what our own server did not take from us at all. */
function isTheirs(outcome: Outcome): boolean {
  if (outcome.state === 'deferred') return !outcome.serverDown
  return outcome.state !== 'rejected' || outcome.class !== 'fatal'
}
