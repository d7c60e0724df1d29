import type { Tier } from '../../core/tier.ts'
import type { SendingPlan, SendingResult, SendingStatus } from '../sending.ts'

/** `GET /api/issues/:id/sending`; `sending` events say when to ask again. */
export interface IssueSending {
  readonly plan: SendingPlan
  /** Null: nothing of it was sent or scheduled. */
  readonly status: SendingStatus | null
}

/** `GET /api/issues/:id/sending/result`, 404 where nothing of it was sent. */
export type IssueSendingResult = SendingResult

/** `POST /api/issues/:id/test`, answered with a `TestResult`. */
export interface TestRequest {
  readonly to: string
  readonly tier: Tier
}

/** `POST /api/issues/:id/send`, answered with `IssueSending`. */
export interface SendRequest {
  /** The number as the person typed it: where it is not the plan's any more, nothing is sent (409). */
  readonly typed: number
  /** Null: now; else as `2026-11-24 07:30` in the publication's time zone, or ISO 8601 with an offset. */
  readonly at: string | null
}

/** `POST /api/issues/:id/sending`, answered with `IssueSending`. `cancel` also takes back what is scheduled. */
export interface SteerRequest {
  readonly action: 'pause' | 'resume' | 'cancel'
}

export type { SendingPlan, SendingStatus, TestResult } from '../sending.ts'
