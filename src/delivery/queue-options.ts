import type { Clock } from '../core/clock.ts'
import { createSharedDomainPace, ownDomainPace, type DomainPace } from './domain-pace.ts'
import { createGate, type Gate, type Limits } from './limits.ts'
import type { Round } from './round.ts'
import { createSharedGate } from './shared-gate.ts'
import type { SharedPace } from './shared-pace.ts'
import type { DeliveryStore } from './store.ts'
import type { Sleep } from './waiting.ts'

/** A pace that others keep too, and the server that it is of; null: the queue's own. */
type Shared = { readonly pace: SharedPace; readonly server: string } | null

export interface QueueOptions {
  readonly store: Pick<DeliveryStore, 'claim' | 'reread' | 'postpone' | 'begunSince' | 'nextDue' | 'round'>
  readonly round: Pick<Round, 'id' | 'issue' | 'kind'>
  readonly clock: Clock
  /** From 0 to 1. */
  readonly random: () => number
  /** Lanes that share it. */
  readonly connections: number
  /** Aborted: nothing is begun any more. */
  readonly interrupted: AbortSignal
  readonly limits?: Limits
  readonly shared?: Shared
  /** Whether the next day of a warm-up is waited for; default: it halts, and says when it goes on. */
  readonly waitsForDays?: boolean
  /** Wait before an unreachable server is tried again, or null to give up. */
  readonly reconnectAfter?: (failures: number, reply: string) => number | null
  readonly sleep?: Sleep
  /** How often a waiting queue looks whether the round was paused from elsewhere, in milliseconds; default 1,000. */
  readonly lookAgain?: number
}

/** What holds for all domains together. */
export function gateOf(limits: Limits, shared: Shared): Gate {
  return shared === null ? createGate(limits) : createSharedGate(shared.pace, shared.server, limits)
}

/** The pace of each domain; null: there is no limit. */
export function domainPaceOf({ perDomain }: Limits, shared: Shared): DomainPace | null {
  if (perDomain === null) return null
  return shared === null
    ? ownDomainPace(perDomain)
    : createSharedDomainPace(shared.pace, shared.server, perDomain)
}
