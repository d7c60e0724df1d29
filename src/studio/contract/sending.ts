import type { Tier } from '../../core/tier.ts'
import type {
  SendingMoment,
  SendingPlan,
  SendingResult,
  SendingRound,
  SendingServer,
  SendingStatus,
  SendingTo,
} from '../sending.ts'

/** `GET /api/issues/:id/sending`: how it stands; `progress` changes say how it goes on. */
export interface IssueSending {
  /** Null: nothing of it was sent or scheduled. */
  readonly status: SendingStatus | null
  /** All that was ever sent of it, the latest first. */
  readonly rounds: readonly SendingRound[]
  /** How numbers are written here, BCP 47. */
  readonly lang: string
  readonly timeZone: string
}

/** `GET /api/issues/:id/sending/plan`: what “Send” would do now; takes a build. */
export type IssueSendingPlan = SendingPlan

/** `GET /api/issues/:id/sending/result`, 404 where nothing of it was sent. `…/domains.csv` lists every domain. */
export type IssueSendingResult = SendingResult

/** `GET /api/sending/time?at=2026-11-24%2007:30`: what that time is, or why it is none (400). */
export interface SendingTime {
  readonly at: SendingMoment
  /** “in 1 day 3 h” */
  readonly inWords: string
}

/** `POST /api/issues/:id/test`, answered with a `TestResult`. */
export interface TestRequest {
  readonly to: string
  readonly tier: Tier
}

/** `POST /api/issues/:id/send`, answered with `IssueSending`. */
export interface SendRequest {
  /** The number as the person typed it: where it is not that of `to` any more, nothing is sent (409). */
  readonly typed: number
  readonly to: SendingTo
  /** What the page said it would go through: a rehearsal never becomes the real send by a restart in between (409). */
  readonly through: SendingServer['kind']
  /** Null: now; else as `2026-11-24 07:30` in the publication's time zone, or ISO 8601 with an offset. */
  readonly at: string | null
}

/** `POST /api/issues/:id/sending`, answered with `IssueSending`. `cancel` also takes back what is scheduled. */
export interface SteerRequest {
  readonly action: 'pause' | 'resume' | 'cancel'
}

/** `POST /api/issues/:id/sending/unknown`: those whose end is not known; answered with `Resolved`. */
export interface ResolveRequest {
  readonly how: 'hold' | 'resend'
}

export interface Resolved {
  readonly resent: number
  readonly held: number
}

export type {
  ScheduledSend,
  SendingCounts,
  SendingDomain,
  SendingPlan,
  SendingResult,
  SendingRound,
  SendingState,
  SendingStatus,
  SendingTo,
  TestResult,
} from '../sending.ts'
